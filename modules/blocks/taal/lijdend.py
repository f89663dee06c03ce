"""Passive forms: a form of "worden" or "zijn" with a past participle, in one clause.

"Zijn" also makes the perfect of verbs such as "gaan", and goes with participles that have become adjectives; those
are in a list. What isn't sure isn't found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from modules.blocks.taal.zinnen import Sentence, Word, listed

_BECOME = listed("word wordt worden werd werden")
_BE = listed("is zijn was waren ben bent")
_HAVE = listed("heb hebt heeft hebben had hadden")

# Before "ge-" or an inseparable stem: "op-genomen", "toe-gezegd", "openbaar-gemaakt".
_BEFORE = (
    "aan|achter|af|bekend|bij|binnen|dicht|door|goed|in|klaar|langs|los|mede|mee|na|neer|om|onder|op|open|openbaar|over|"
    "rond|samen|stil|tegen|terug|toe|tot stand|tussen|uit|vast|vol|voor|vooruit|voort|vrij|waar|weer|weg|thuis|teleur"
)
_GE = re.compile(rf"(?:{_BEFORE})?ge[a-zëïé-]{{2,}}(?:d|t|en)|(?:{_BEFORE})?g[e]daan")
_WEAK = re.compile(rf"(?:{_BEFORE})?(?:be|ver|ont|her|er|mis|over|onder|vol|door|weer)[a-zëïé]{{2,}}[dt]")
# Strong verbs whose participle has no "ge-": the -en alone says nothing.
_STRONG = listed(
    "aanbevolen aangehouden bedrogen begrepen behouden bekeken bekropen bescheiden beschoten beschreven besloten "
    "besproken betrokken bevolen bevonden bewezen bezonnen doorbroken doorgekomen herkozen hernomen herroepen "
    "herschreven herzien misbegrepen omschreven onderbroken ondernomen ondergebracht onderschreven ondervonden "
    "ontboden ontnomen ontslagen ontvangen ontworpen ontzien overdreven overeengekomen overgenomen overwogen "
    "overtroffen verboden verbonden verbroken vergeten vergeven verkregen verlaten vernomen verschoven verstoten "
    "verwezen verworpen verworven verzonden verzwegen voorgeschreven voorzien uitbesteed herkend opbesteed "
    "toebedeeld voorbehouden"
)
# Looks like a participle and is something else: a noun, an adjective, an infinitive, a form of the present.
_NONE = listed(
    "beurt gemiddeld geldend gerrit geert gert gerard geertruid berend bert herbert bernard bernd everhard verder "
    "bed beeld beleid bereid berecht bericht besluit best bestand bestuit bewust bekend beleefd bemand bont "
    "gebied gebed gebeurt geduld gedicht geeft geest geit geld geldt gelooft geluid gemoed geniet geremd gerecht "
    "gevecht gewest gewicht gezicht gezond gedoemd geschikt gewoond geenszins gegrond gepast gehecht gemeend "
    "gebrand gebeuren gebieden gebouwen gebreken gebruiken gedachten gedeelten gedichten geduchten gelden geloven "
    "geluiden gemeenten genieten gerechten geruchten geschenken geschillen gesprekken getallen getuigen gevaren "
    "gevechten gevel geven gevallen gevoelens gevolgen gewassen gewesten gewichten gewinnen gewonden gezichten "
    "gezinnen geheimen gegevens gemeenschappen gelegenheden gebeurtenissen geheugen geboden gebergten gerust "
    "gewend gewoon gezelschappen opgeven aangeven doorgeven meegeven toegeven uitgeven vrijgeven weergeven "
    "teruggeven overgeven afgeven omgeven opgeeft aangeeft doorgeeft meegeeft toegeeft uitgeeft vrijgeeft "
    "weergeeft teruggeeft ontwerpt oprecht onrecht onderricht overheid overmoed onderhoud onderscheid overzicht "
    "overschot overlast ontbijt ontbreekt ontstaat ontzet ontvangt onthoudt onderwerpt overkant overwicht "
    "overwint overlegt verband verbod verdriet verkeerd verlicht verschilt verstand verweert verzet verblijft "
    "vertelt verdient vergeet verliest verdwijnt verandert verwijst verschijnt verkoopt verplicht vermoeid "
    "verbaasd verdrietig verliefd erfgoed ervaart herfst hernieuwt misschien mist misdaad beest betaalt begint "
    "begrijpt belooft bestaat bestuurt betekent betreft bevat bezoekt behoort bedoelt besteedt beseft beweert "
    "bekijkt beschrijft bespreekt vervult onderzoekt onderneemt overweegt overdrijft herhaalt herinnert herkent "
    "volt voldoet volhoudt volgt volmacht voltijd doorgaat doordacht weerstand weerbericht"
)
# With "zijn": the perfect of verbs that don't do anything to anybody, and participles that are adjectives by now.
_PERFECT = listed(
    "aangekomen aangebroken aangesloten afgelopen afgenomen afgestudeerd bedaard begonnen bekend benieuwd bereid "
    "bevriend bezorgd betrokken bewust gebaat gebeurd gebleken gebleven geboren gedaald geëindigd gegaan gegroeid "
    "geïnteresseerd gehecht gekomen gekrompen geland geleden gelukt gelegen gemotiveerd genezen gerust geschikt "
    "geschrokken geslaagd gesloten gespannen gestart gestegen gestopt gestorven getrouwd gescheiden gevallen "
    "gevestigd geweest gewend geworden gezond geopend gehaast gestrest gefrustreerd geïrriteerd gereed gevlucht "
    "gezakt gekrenkt gegroet gedreven gekant ingestort meegekomen meegegaan mislukt omgekomen ontstaan ontsnapt "
    "ontploft opgegroeid opgehouden opgelucht opgestaan overleden overtuigd terechtgekomen teleurgesteld "
    "teruggegaan teruggekeerd teruggekomen toegenomen uitgegroeid uitgekomen uitgeput uitgevallen verantwoord "
    "verbaasd verdwenen veranderd verdeeld verhuisd verkeerd verliefd verlopen vermoeid verplicht verrast "
    "verschenen verschoten verslaafd vertrokken vertrouwd verwant voorbij voorbijgegaan weggegaan weggevallen "
    "weggelopen binnengekomen opgekomen uitgegaan doorgegaan misgegaan goedgekomen voldaan verbonden verbitterd "
    "ontevreden ontroerd ontspannen overspannen ervaren bescheiden beperkt bezet bedoeld gericht gebaseerd "
    "geneigd gesteld gedoemd ingewikkeld uitgesproken beladen verontwaardigd gevuld ingeburgerd thuisgekomen "
    "thuisgebleven doorgelopen misgelopen opgelopen vastgelopen teruggelopen omgevallen meegevallen tegengevallen "
    "opgevallen uitgelopen gelopen gereden gevlogen gesprongen gezeten gestaan"
)
_NOUN = re.compile(r"(?:heid|teit|kunst|kracht|schacht|dienst|winst|komst|macht|plicht|zicht|stand)$")
_PRESENT = re.compile(r"(?<![eiok])(?<!verw)end$")
# Where another clause begins.
_NEXT = listed(
    "dat die omdat zodat als terwijl hoewel toen wanneer of want maar en doordat voordat nadat tenzij wat wie "
    "waar hoe waarom zoals dus indien opdat mits waarin waarop waarmee waardoor waarover waarbij waaruit"
)
_BREAK = re.compile(r"[,;:()–—]|\s-\s")


@dataclass(frozen=True)
class Passive:
    """The two words and where they stand; `form` first as in the sentence."""

    start: int
    end: int
    words: str


def is_participle(word: str) -> bool:
    """Whether `word`, in small letters, is a past participle as far as its form tells."""
    if word in _NONE or _NOUN.search(word):
        return False
    if word in _STRONG or _GE.fullmatch(word):
        return True
    # "vervelend" and "volgend" are present participles; "verdiend" and "verleend" aren't.
    return bool(_WEAK.fullmatch(word)) and not _PRESENT.search(word)


@dataclass(frozen=True)
class _Clause:
    """`free`: participles that no verb has taken yet. `active`: has "hebben" or "worden", so "zijn" is no passive."""

    words: list[Word]
    free: list[Word]
    active: bool

    @classmethod
    def read(cls, words: list[Word]) -> _Clause:
        free = [word for place, word in enumerate(words) if _may_be_passive(word, words[max(0, place - 1) : place])]
        return cls(words, free, any(word.low in _HAVE or word.low in _BECOME for word in words))

    def take(self, *, but_not: frozenset[str] = frozenset()) -> Word | None:
        """The first free participle, which isn't free any more; None when there is none outside `but_not`."""
        place = next((place for place, word in enumerate(self.free) if word.low not in but_not), None)
        return None if place is None else self.free.pop(place)


def passives(sentence: Sentence) -> list[Passive]:
    """Each passive form in `sentence`, in order."""
    clauses = [_Clause.read(words) for words in _clauses(sentence)]
    found: list[Passive] = []
    for number, clause in enumerate(clauses):
        for place, verb in enumerate(clause.words):
            partner = None
            if verb.low in _BECOME:
                # "wordt, gelet op het plan, niet verleend": a clause set between commas may stand between the two.
                partner = next(
                    (word for each in (clause, *clauses[number + 2 : number + 3]) if (word := each.take())), None
                )
            elif verb.low in _BE and not clause.active and not (verb.low == "zijn" and _owns(clause.words, place)):
                partner = clause.take(but_not=_PERFECT)
            if partner:
                found.append(_passive(*sorted((verb, partner), key=lambda word: word.start)))
    return found


def _passive(first: Word, last: Word) -> Passive:
    between = " " if last.start - first.end == 1 else " … "
    return Passive(first.start, last.end, f"{first.text}{between}{last.text}")


def _may_be_passive(word: Word, before: list[Word]) -> bool:
    """A participle, but not of "worden" or "zijn" itself, not a name ("Herbert"), and not what a house is like
    ("een verbouwd huis")."""
    if not is_participle(word.low) or word.low in ("geworden", "geweest"):
        return False
    return not before or not (word.text[0].isupper() or before[0].low in _BEFORE_NOUN)


_BEFORE_NOUN = listed("een de geen elk ieder zo'n")
_BEFORE_OWNED = listed(
    "in op aan van met voor bij over uit door naar tegen onder tot zonder om al ook en hij heeft had"
)


def _owns(words: list[Word], place: int) -> bool:
    """Whether the "zijn" at `place` is "his": first in its clause, or after a preposition."""
    return place == 0 or words[place - 1].low in _BEFORE_OWNED


def _clauses(sentence: Sentence) -> list[list[Word]]:
    clauses: list[list[Word]] = [[]]
    last = sentence.start
    for word in sentence.words():
        between = sentence.text[last - sentence.start : word.start - sentence.start]
        if clauses[-1] and (word.low in _NEXT or _BREAK.search(between)):
            clauses.append([])
        clauses[-1].append(word)
        last = word.end
    return clauses
