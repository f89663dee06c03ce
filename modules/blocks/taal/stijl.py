"""The style of a text of our own: how long its sentences are, how often nobody does anything, what nobody says.

For checking content (curriculum 0 and 6.3: B1 to B2, short sentences, no jargon). `check_style` gives findings; what is
a fault is for whoever asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from modules.blocks.taal.lijdend import passives
from modules.blocks.taal.zinnen import sentences

# Words in the longest sentence and in a mean one; the share of sentences with a passive form in it.
LONGEST, MEAN, PASSIVE = 25, 14.0, 0.2
# A mean over fewer sentences says nothing.
ENOUGH_SENTENCES = 5

# What officials write → what people say.
JARGON = {
    "implementeren": "invoeren", "implementatie": "invoering", "faciliteren": "helpen", "committeren": "toezeggen",
    "commitment": "toezegging", "stakeholders": "betrokkenen", "stakeholder": "betrokkene", "draagvlak": "steun",
    "uitrollen": "invoeren", "borgen": "vasthouden", "borging": "hoe we het vasthouden", "kaders": "grenzen",
    "kaderstellend": "met grenzen", "integraal": "in samenhang", "integrale": "samenhangende", "traject": "weg",
    "opschalen": "groter maken", "afkaderen": "begrenzen", "agendasetting": "wat op de agenda komt",
    "ketenpartners": "wie samenwerken", "beleidsmatig": "in het beleid", "governance": "wie waarover beslist",
    "monitoren": "volgen", "monitoring": "volgen", "evalueren": "terugkijken", "prioriteren": "kiezen wat eerst komt",
    "optimaliseren": "verbeteren", "initiëren": "beginnen", "realiseren": "maken", "participatie": "meedoen",
    "participeren": "meedoen", "participatietraject": "meedenken", "geëffectueerd": "uitgevoerd",
    "effectueren": "uitvoeren", "mitigeren": "verzachten", "mitigerende": "verzachtende", "conform": "volgens",
    "middels": "met", "teneinde": "om", "tevens": "ook", "echter": "maar", "derhalve": "daarom", "aangaande": "over",
    "betreffende": "over", "inzake": "over", "alsmede": "en", "dienen te": "moeten", "dient te": "moet",
    "met betrekking tot": "over", "ten aanzien van": "over", "ten behoeve van": "voor", "in het kader van": "voor",
    "naar aanleiding van": "na", "door middel van": "met", "op basis van": "met", "gelet op": "door",
    "ter zake": "hierover", "voornoemde": "deze", "desbetreffende": "deze", "onderhavige": "deze",
    "men": "we of mensen",
    "meenemen in": "denken aan", "acteren op": "iets doen met", "landen bij": "aankomen bij",
    "stip op de horizon": "doel", "neuzen dezelfde kant op": "het eens zijn",
    "slag maken": "verder komen",
}  # fmt: skip
# A word for one sex where anybody is meant → one for all.
GENDERED = {
    "hij of zij": "die", "zij of hij": "die", "hij/zij": "die", "zij/hij": "die", "zijn of haar": "diens",
    "haar of zijn": "diens", "zijn/haar": "diens", "hem of haar": "die persoon", "hem/haar": "die persoon",
    "dames en heren": "beste mensen", "vakman": "vakmens", "vakmannen": "vakmensen", "zakenman": "ondernemer",
    "zakenlui": "ondernemers", "mankracht": "menskracht", "manuren": "uren", "mannetje": "iemand",
    "manschappen": "mensen", "woordvoerster": "woordvoerder", "wethoudster": "wethouder", "raadsman": "adviseur",
    "ambtenares": "ambtenaar", "adviseuse": "adviseur", "onderzoekster": "onderzoeker", "directrice": "directeur",
    "voorzitster": "voorzitter", "timmerman": "timmermens", "brandweerman": "brandweerlid", "cameraman": "filmer",
    "tussenpersoon m/v": "tussenpersoon", "bemannen": "bezetten", "bemanning": "bezetting",
    "vrouwelijke boer": "boer", "vrouwelijke ambtenaar": "ambtenaar", "mannelijke verpleger": "verpleger",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """`kind`: lange_zin, gemiddelde, lijdend, jargon or geslacht. `words` is what stands from `start` to `end`; about
    the whole text it is the figure, and the place is all of it. `instead`: what to write, "" where that is open."""

    kind: str
    start: int
    end: int
    words: str
    instead: str = ""


def sentence_lengths(text: str) -> list[int]:
    """The number of words of each sentence."""
    return [len(sentence.words()) for sentence in sentences(text)]


def passive_share(text: str) -> float:
    """0..1: the share of sentences with a passive form; 0 for an empty text."""
    found = sentences(text)
    return sum(bool(passives(sentence)) for sentence in found) / len(found) if found else 0.0


def jargon(text: str) -> list[Finding]:
    """Each word or phrase of JARGON in `text`, as a whole word."""
    return _listed_words("jargon", tuple(JARGON.items()), text)


def gendered(text: str) -> list[Finding]:
    """Each word or phrase of GENDERED in `text`, as a whole word."""
    return _listed_words("geslacht", tuple(GENDERED.items()), text)


def long_sentences(text: str, longest: int = LONGEST) -> list[Finding]:
    """Each sentence of more than `longest` words."""
    return [
        Finding("lange_zin", sentence.start, sentence.end, sentence.text)
        for sentence in sentences(text)
        if len(sentence.words()) > longest
    ]


def check_style(text: str, *, longest: int = LONGEST, mean: float = MEAN, passive: float = PASSIVE) -> list[Finding]:
    """All findings in the order of the text, those about the whole of it last."""
    found = sorted([*long_sentences(text, longest), *jargon(text), *gendered(text)], key=lambda each: each.start)
    lengths = sentence_lengths(text)
    if len(lengths) >= ENOUGH_SENTENCES:
        average, share = sum(lengths) / len(lengths), passive_share(text)
        if average > mean:
            found.append(Finding("gemiddelde", 0, len(text), f"{average:.1f}".replace(".", ",")))
        if share > passive:
            found.append(Finding("lijdend", 0, len(text), f"{round(100 * share)}%"))
    return found


def _listed_words(kind: str, listed: tuple[tuple[str, str], ...], text: str) -> list[Finding]:
    pattern, instead = _pattern(listed), dict(listed)
    return [
        Finding(kind, found.start(), found.end(), found[0], instead[" ".join(found[0].lower().split())])
        for found in pattern.finditer(text)
    ]


@cache
def _pattern(listed: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """The longest phrase first, so that "hij of zij" isn't read as less."""
    phrases = sorted((phrase for phrase, _ in listed), key=len, reverse=True)
    alternatives = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<![\w/-])(?:{alternatives})(?![\w/-])", re.I)
