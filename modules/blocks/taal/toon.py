"""How a text speaks to people and about people: whom it addresses, whom it puts in one box, whom it judges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modules.blocks.taal.lijdend import is_participle
from modules.blocks.taal.zinnen import Sentence, Word, listed, sentences

# A greeting or "Dat kan." needs no "u".
SHORTEST_TO_ADDRESS = 4

_READER = listed("u uw uwe je jij jou jouw jouwe jullie jezelf uzelf jouzelf")
_IMPERATIVES = listed(
    "bel mail schrijf kom kijk lees vraag laat neem stuur geef vertel zeg let denk ga zoek gebruik vul klik "
    "onderteken bekijk bespreek reageer meld lever maak zet houd blijf wacht probeer controleer bewaar vergeet "
    "onthoud stel"
)


@dataclass(frozen=True)
class Found:
    """`words` is what stands from `start` to `end`, or the telling part of it."""

    start: int
    end: int
    words: str


# --- whom it addresses


def unaddressed(text: str) -> list[Found]:
    """Sentences in which no reader is spoken to: no "u" or "je" in any form, no "Bel mij", no question."""
    return [
        Found(sentence.start, sentence.end, sentence.text)
        for sentence in sentences(text)
        if len(found := sentence.words()) >= SHORTEST_TO_ADDRESS
        and not sentence.asks
        and not any(word.low in _READER for word in found)
        and found[0].low not in _IMPERATIVES
    ]


# --- whom it puts in one box

_GROUPS = listed(
    "boeren boerinnen veehouders melkveehouders varkenshouders pluimveehouders akkerbouwers tuinders telers "
    "fruittelers bollentelers vissers jagers ambtenaren beleidsmakers beleidsmedewerkers bestuurders wethouders "
    "politici kamerleden burgers inwoners bewoners omwonenden dorpelingen dorpsbewoners buitenlui stedelingen "
    "stadsmensen stadslui nieuwkomers natuurbeschermers natuurmensen natuurliefhebbers natuurclubs milieuclubs "
    "milieuactivisten activisten boswachters ecologen wetenschappers onderzoekers deskundigen experts adviseurs "
    "consultants juristen rechters vergunningverleners handhavers controleurs inspecteurs jongeren ouderen "
    "pensionado's vrouwen mannen buitenlanders toeristen recreanten wandelaars projectontwikkelaars ondernemers "
    "bankiers banken supermarkten journalisten media managers leidinggevenden collega's linksen rechtsen groenen "
    "stikstofboeren klimaatdrammers"
)
_WITH_THOSE = listed("mensen lui types figuren gasten clubs heren dames volk partijen buren")
_THOSE = listed("die zulke dat soort al deze")
# "Sommige boeren", "met boeren", "drie boeren", "onze boeren": not all of them, or not as the subject.
_SOME = listed(
    "jullie wij we ons sommige veel vele enkele paar aantal twee drie vier vijf zes zeven acht negen tien "
    "twintig honderd meeste weinig beide met van voor aan over door bij tussen naar onder tegen zonder als dan "
    "bepaalde andere jonge lokale deze genoeg hoeveel welke wat hebben zijn kunnen willen laten en of oude om "
    "aanwezige betrokken"
)
_NEVER = listed(
    "alles elke elk iedere niet nooit niks niets altijd alleen geen lak allemaal gewoon toch enkel overal maling per"
)
_BETWEEN = _NEVER | listed("echt ook maar er het dat zich hier ons je gewoonweg nu eenmaal weer zelf wel")
_CLAIMS = listed("willen snappen begrijpen denken luisteren liegen klagen zeuren overdrijven saboteren")
_LOOSE_CLAIMS = listed(
    "hebben kunnen doen geven houden weten moeten komen zien praten leven gaan staan vinden geloven zeggen "
    "vergeten verpesten bedenken beslissen werken betalen"
)
_WELCOME = listed("welkom aanwezig nodig bezig erbij hier er vandaag morgen onderweg met bij in op aan voor naar")
_ONE = {
    "overheid": "de", "politiek": "de", "provincie": "de", "sector": "de", "stad": "de", "gemeente": "de",
    "natuur": "de", "landbouw": "de", "rijksoverheid": "de", "ministerie": "het", "waterschap": "het",
    "platteland": "het", "dorp": "het", "haag": "den", "brussel": "",
}  # fmt: skip
_ONE_CLAIMS = listed("snapt begrijpt luistert denkt wil geeft doet weet liegt kan houdt heeft is")


def identity_statements(text: str) -> list[Found]:
    """ "Boeren willen niet", "die ambtenaren snappen niks": what a whole group is, wants or thinks, as one person."""
    return [found for sentence in sentences(text) for found in _identities(sentence)]


def _identities(sentence: Sentence) -> list[Found]:
    found = []
    all_words = sentence.words()
    for place in range(len(all_words)):
        end = _claim_about_all(all_words, place) or _claim_about_one(all_words, place)
        if end:
            first = _first(all_words, place)
            found.append(_found(sentence, all_words[first], all_words[end]))
    return found


def _claim_about_all(all_words: list[Word], place: int) -> int:
    """The position of the last word of a claim about the group at `place`; 0 when there is none."""
    word = all_words[place].low
    before = all_words[place - 1].low if place else ""
    those = word in _WITH_THOSE and before in _THOSE
    if not (word in _GROUPS or those) or (before in _SOME and not those) or before.isdigit():
        return 0
    verb = place + 1
    if those and verb < len(all_words) and all_words[verb].low in _FROM:
        verb = _after_origin(all_words, verb)
    while verb < len(all_words) and all_words[verb].low in _BETWEEN:
        verb += 1
    if verb == len(all_words):
        return 0
    low, rest = all_words[verb].low, [each.low for each in all_words[verb + 1 : verb + 4]]
    strong = any(each.low in _NEVER for each in all_words[place + 1 : verb])
    if low in _CLAIMS:
        return verb + (1 if rest[:1] and rest[0] in _NEVER else 0)
    if low in _LOOSE_CLAIMS:
        marker = next((at for at, each in enumerate(rest, 1) if each in _NEVER), 0)
        return verb + marker if marker or strong else 0
    if low == "zijn" and rest and rest[0] not in _WELCOME and not any(is_participle(each) for each in rest[:2]):
        return verb + 1
    return 0


_FROM = listed("van uit op in bij")


def _after_origin(all_words: list[Word], place: int) -> int:
    """Past "van de provincie", so that "die lui van de provincie" is one box too."""
    place += 1
    if place < len(all_words) and all_words[place].low in ("de", "het", "den", "dat", "die"):
        place += 1
    return place + 1


def _claim_about_one(all_words: list[Word], place: int) -> int:
    """ "Den Haag luistert nooit": only with a word that makes it all of them, always."""
    word = all_words[place].low
    before = all_words[place - 1].low if place else ""
    if word not in _ONE or (before != _ONE[word] and _ONE[word]):
        return 0
    article = place - (1 if _ONE[word] else 0)
    if article > 0 and all_words[article - 1].low in _SOME:
        return 0
    verb = place + 1
    if verb >= len(all_words) or all_words[verb].low not in _ONE_CLAIMS:
        return 0
    after = [each.low for each in all_words[verb + 1 : verb + 4]]
    return next((verb + at for at, each in enumerate(after, 1) if each in _NEVER), 0)


_WITH_GROUP = listed("die de den het alle al soort dat zulke echte onze")


def _first(all_words: list[Word], place: int) -> int:
    """Where "die", "alle" or "dat soort" before the group begins."""
    while place and all_words[place - 1].low in _WITH_GROUP:
        place -= 1
        if all_words[place].low == "dat" and all_words[place + 1].low != "soort":
            return place + 1
    return place


# --- whom it judges

_ALWAYS = listed("altijd nooit iedereen niemand expres typisch eeuwig steevast")
_SOFTENED = listed("nog voor bijna")
_I_FEEL_THAT = re.compile(
    r"\b(?:(?:ik )?(?:heb|had|krijg|kreeg) (?:toch |wel |soms |echt |steeds |altijd |ik )*(?:het|een|'t) gevoel"
    r"|(?:ik )?voel(?:de)?(?: ik)?|het voelt|het voelde) "
    r"(?:dat|alsof|of) (?:jij|je|jullie|u|hij|ze|zij|niemand|iedereen)\b",
    re.I,
)
_PSEUDO = (
    "genegeerd|aangevallen|gebruikt|misbruikt|bedrogen|gemanipuleerd|afgewezen|onbegrepen|buitengesloten|gekleineerd|"
    "verraden|verwaarloosd|beoordeeld|veroordeeld|gekwetst door jou|onder druk gezet|in de steek gelaten|"
    "niet serieus genomen|niet gehoord|niet gezien|niet begrepen|niet gewaardeerd|voor schut gezet|in de hoek gezet|"
    "in de maling genomen|aan de kant gezet|overvallen|onderschat|klein gehouden|tegengewerkt"
)
_PSEUDO_FEELING = re.compile(
    rf"\b(?:ik )?(?:voel(?:de)?|ben|was) (?:ik )?(?:me |mij )?(?:\w+ ){{0,3}}?(?:{_PSEUDO})\b"
    rf"|\b(?:me|mij) (?:\w+ ){{0,3}}?(?:{_PSEUDO}) (?:voel(?:de)?)\b",
    re.I,
)
_OTHER_IN_NEED = re.compile(
    r"\bdat (?:jij|je|jullie|u|hij|ze|zij)\b|\b(?:van|door) (?:jou|jullie|u|hem|haar|hen)\b", re.I
)
_DEMAND = re.compile(
    r"\b(?:je|jij|u|jullie) (?:moet|moeten|dient|dienen|mag niet|mag nooit|hoort te|horen te)\b"
    r"|(?<!\bik )\b(?:moet|moeten|dient) (?:je|jij|u|jullie)\b|\bik (?:eis|verwacht|verbied|wil niet)\b"
    r"|\b(?:hou|houd|stop) (?:eens |nou |toch |er)*(?:op|mee)\b|\ber(?:mee)? ophouden\b",
    re.I,
)


def judgements(text: str) -> list[Found]:
    """ "Altijd", "nooit", "iedereen", "niemand", "expres", "typisch"; not "nog altijd", "nog nooit", "voor altijd"."""
    return [
        Found(word.start, word.end, word.text)
        for sentence in sentences(text)
        for before, word in zip(["", *(w.low for w in sentence.words())], sentence.words(), strict=False)
        if word.low in _ALWAYS and before not in _SOFTENED
    ]


def feelings_that(text: str) -> list[Found]:
    """ "Ik heb het gevoel dat jij …": after that comes a thought about the other."""
    return _matches(_I_FEEL_THAT, text)


def pseudo_feelings(text: str) -> list[Found]:
    """ "Ik voel me genegeerd" says what the other did; Rosenberg's list, a part of it."""
    return _matches(_PSEUDO_FEELING, text)


def others_in_need(text: str) -> list[Found]:
    """A need with the other in it: "dat jij …", "van jullie"."""
    return _matches(_OTHER_IN_NEED, text)


def demands(text: str) -> list[Found]:
    """A request that leaves no room for no: "je moet", "ik eis", "hou op"."""
    return _matches(_DEMAND, text)


def _matches(pattern: re.Pattern[str], text: str) -> list[Found]:
    return [Found(found.start(), found.end(), found[0]) for found in pattern.finditer(text)]


def _found(sentence: Sentence, first: Word, last: Word) -> Found:
    return Found(first.start, last.end, sentence.text[first.start - sentence.start : last.end - sentence.start])
