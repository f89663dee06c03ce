"""Levels of behaviour (curriculum 3.h). Levels count from 1; each says what somebody does."""

from __future__ import annotations

import re

LEVELS = (1, 2, 3, 4)
# Curriculum 3.h: quoted evidence of at least one sentence. A word or two isn't one.
FEWEST_WORDS = 4


def is_sentence(text: str) -> bool:
    """Enough words to say what happened. Whether it is good evidence is for people."""
    return len(re.findall(r"[^\W_]+", text)) >= FEWEST_WORDS


# How well and how often: what somebody does is said by what is left. "Niet" is no degree.
_DEGREES = """
aardig adequaat altijd beetje beter best bijna dikwijls duidelijk effectief en enigszins erg extreem gemiddeld goed
goede grotendeels heel helemaal helder herhaaldelijk juist juiste matig matige meer meest meestal minder netjes nog
nooit of onvoldoende ook perfect prima redelijk regelmatig ruim slecht slechte slechter soms steeds sterk sterke
tamelijk uiterst uitstekend uitstekende vaak vaker veel voldoende voortdurend vrij vrijwel wel weinig zeer zelden zwak
zwakke
"""
_DEGREE = frozenset(_DEGREES.split())
# "Stelt open vragen", "Blijft waar het was".
FEWEST_OF_BEHAVIOUR = 3


def without_degree(text: str) -> tuple[str, ...]:
    """The words that say what somebody does: "Stelt vaak goede open vragen" → ("stelt", "open", "vragen")."""
    return tuple(word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _DEGREE)


def says_behaviour(text: str) -> bool:
    """Curriculum 3.h: each level describes behaviour, no adverbs only. "Luistert heel goed" doesn't."""
    return len(without_degree(text)) >= FEWEST_OF_BEHAVIOUR
