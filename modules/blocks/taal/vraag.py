"""Closed questions: those that somebody can only answer with yes or no (curriculum 1.3, the LSD drill).

A question is open when one of its clauses begins with a question word; when it is a few words that only ask to go
on ("En toen?"); when it invites ("Wil je daar iets over vertellen?"); or when it checks what one has just heard
("Klopt dat?"). Anything else with a question mark is closed, and so is a tag ("…, toch?").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from modules.blocks.taal.zinnen import Sentence, Word, listed, sentences, words

_ASKING = listed(
    "wat wie wiens waar wanneer welk welke waarom hoe hoezo hoeveel hoelang hoever waardoor waarover waarop "
    "waarvan waarmee waarin waarbij waaraan waarvoor waaruit waarnaar waartoe waarheen waarvandaan"
)
_PREPOSITIONS = listed(
    "aan bij door in met na naar om onder op over per sinds tegen tot tussen uit van vanaf volgens voor zonder"
)
# What may stand before the question itself.
_OPENERS = listed(
    "en maar dus nou nu ja nee oké ok goed zeg dan want hm hmm och ah tja eigenlijk precies even eens sorry juist"
)
_GO_ON = listed(
    "toen|daarna|nu|dan|jij|u|jullie|jou|verder|zoals|namelijk|bijvoorbeeld|met jou|met u|voor jou|"
    "voor u|bij jou|bij u|thuis|pardon|sorry|hè|ja|nee|o ja|o nee|oh|echt|nog meer|nog iets|"
    "anders|vertel|bedoel je"
)
# A summary with one of these after it hands the word back.
_CHECKS = re.compile(
    r"(?:of )?(?:klopt (?:dat|het|dit)(?: zo| een beetje)?|zeg ik (?:het|dat) (?:zo )?goed|"
    r"(?:begrijp|hoor|zie|vat) ik (?:je|u|het|dat|jullie)(?: zo)?(?: goed| verkeerd)?(?: samen)?|"
    r"heb ik (?:je|u|het|dat) (?:zo )?goed (?:begrepen|gehoord)|is dat zo|of niet helemaal|"
    r"of is het iets anders|is het iets anders|of vergis ik me|vergis ik me)"
)
# Two patterns, for one with "anything" between them would look at the rest of the text again from each "kan".
_MAY = re.compile(r"\b(?:kan|kun|kunt|kunnen|wil|wilt|willen|zou|zouden|mag)\b")
_TELL = re.compile(
    r"\b(?:vertellen|uitleggen|toelichten|beschrijven|schetsen|laten zien|meenemen|zeggen wat|zeggen hoe|zeggen waar|"
    r"zeggen wie|aanwijzen|horen hoe|horen wat)\b"
)
_ASKS_TO_TELL = listed("vertel beschrijf schets noem leg help neem laat schrijf teken stel")
# White space is looked at from its start alone.
_TAG = re.compile(
    r"(?:,\s+niet|(?:,|(?<![\s,])(?=\s))\s+"
    r"(?:toch|of niet|of wel|niet dan|niet waar|nietwaar|hè|he|toch zeker))\s*\?"
)
_SUBJECTS = listed("je jij u jullie")
_SUBORDINATE = listed("als toen wanneer omdat nu terwijl zodra voordat nadat sinds hoewel")
_CUT = re.compile(r"[,;:–—]|\s-\s")


@dataclass(frozen=True)
class Closed:
    """`words` is how the question opens, or its tag."""

    start: int
    end: int
    words: str


def closed_questions(text: str) -> list[Closed]:
    """Each closed question in `text`, in order. One typed without its mark counts when it has no other end."""
    found = [closed for sentence in sentences(text) if sentence.asks for closed in _closed(sentence)]
    if "?" not in text:
        found += [closed for sentence in sentences(text)[:1] for closed in _unmarked(sentence)]
    return found


def _closed(sentence: Sentence) -> list[Closed]:
    if tag := _TAG.search(sentence.text):
        place = tag.start() + len(tag[0]) - len(tag[0].lstrip(", "))
        return [Closed(sentence.start + place, sentence.start + tag.end(), sentence.text[place : tag.end()])]
    clauses = _clauses(sentence)
    if any(_opens(clause) for clause in clauses) or _is_harmless(sentence, clauses):
        return []
    return [_opening(sentence, _asking_clause(clauses))]


def _opens(clause: list[Word]) -> bool:
    """Whether a question word stands first in `clause`, or after "en", "maar", "dus" further on in it."""
    low = [word.low for word in clause]
    at = 0
    while at < len(low) - 1 and low[at] in _OPENERS:
        at += 1
    if low[at] in _ASKING or low[at] in _ASKS_TO_TELL:
        return True
    if low[at] in _PREPOSITIONS and at + 1 < len(low) and low[at + 1] in (*_ASKING, "hoeverre", "wat"):
        return True
    return any(one in ("en", "maar", "dus") and two in _ASKING for one, two in pairwise(low[1:]))


def _is_harmless(sentence: Sentence, clauses: list[list[Word]]) -> bool:
    """Going on, checking, inviting."""
    last = " ".join(word.low for word in clauses[-1])
    whole = " ".join(word.low for clause in clauses for word in clause)
    bare = re.sub(rf"^(?:(?:{'|'.join(_OPENERS)}) )+", "", last)
    checks = _CHECKS.fullmatch(bare) or _CHECKS.fullmatch(last)
    return bare in _GO_ON or bool(checks) or _invites(whole)


def _invites(clauses: str) -> bool:
    """Whether it asks to tell: "kun je … uitleggen"."""
    may = _MAY.search(clauses)
    return bool(may and _TELL.search(clauses, may.end()))


def _asking_clause(clauses: list[list[Word]]) -> list[Word]:
    """The clause with the verb before its subject, else the first."""
    for clause in clauses:
        low = [word.low for word in clause]
        if low[0] in _SUBORDINATE:
            continue
        if any(two in _SUBJECTS and one not in _OPENERS for one, two in pairwise(low[:3])):
            return clause
    return clauses[0]


def _opening(sentence: Sentence, clause: list[Word]) -> Closed:
    head = clause[:3]
    start, end = head[0].start, head[-1].end
    return Closed(start, end, sentence.text[start - sentence.start : end - sentence.start])


def _unmarked(sentence: Sentence) -> list[Closed]:
    """ "Vind je niet dat het beter kan", typed without a question mark. "Heb je vragen, bel dan" is none."""
    found = sentence.words()
    low = [word.low for word in found]
    begins = len(low) > 2 and low[1] in _SUBJECTS and low[0] in _VERBS and low[0] not in _ASKING
    if not begins or _CUT.search(sentence.text) or sentence.text[-1] in ".!…" or _invites(" ".join(low)):
        return []
    return [_opening(sentence, found)]


_VERBS = listed(
    "ben bent is was heb hebt had kan kun kunt kon wil wilt wilde wou mag mocht moet moest zal zul zult zou word "
    "wordt werd ga gaat ging doe doet deed vind vindt vond denk denkt dacht weet wist hoef hoeft durf durft snap "
    "snapt begrijp begrijpt zie ziet hoor hoort merk voel voelt bedoel bedoelt geloof gelooft kom komt blijf "
    "blijft"
)


def _clauses(sentence: Sentence) -> list[list[Word]]:
    clauses: list[list[Word]] = []
    begin = 0
    for end in [*(cut.start() for cut in _CUT.finditer(sentence.text)), len(sentence.text)]:
        if clause := words(sentence.text[begin:end], sentence.start + begin):
            clauses.append(clause)
        begin = end
    return clauses
