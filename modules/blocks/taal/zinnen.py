"""Sentences and words of a Dutch text, each with its place in it."""

from __future__ import annotations

import re
from dataclasses import dataclass


def listed(words: str) -> frozenset[str]:
    """The words of a list, written as one text with a space or, where a word has spaces itself, a | between them."""
    return frozenset(words.split("|") if "|" in words else words.split())


# A point after these doesn't end a sentence.
_SHORT = listed(
    "bijv bv o.a o.m m.b.t d.w.z i.v.m t.a.v t.o.v m.a.w n.a.v a.u.b dhr mevr mw dr mr drs ir ing prof nr ca vgl "
    "blz jl resp incl excl evt z.o.z i.p.v t.b.v t.m p.s"
)
# Nowhere does a row of points begin in its middle: so a row that ends nothing is looked at once.
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’)\]]*(?=\s|$)|\n\s*\n|\n(?=\s*[-•–*])")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True)
class Word:
    """A word as it stands, `low` in small letters. `start` and `end` are places in the whole text."""

    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """`text[start:end]`, without white space around it."""

    text: str
    start: int
    end: int

    @property
    def asks(self) -> bool:
        return "?" in self.text.rstrip("\"'”’)]!. ")[-1:]

    def words(self) -> list[Word]:
        return words(self.text, self.start)


def words(text: str, offset: int = 0) -> list[Word]:
    """Each word, without punctuation; "o.a." is two, "e-mail" and "foto's" are one."""
    return [
        Word(found[0], found[0].lower().replace("’", "'"), offset + found.start(), offset + found.end())
        for found in _WORD.finditer(text)
    ]


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in order; a blank line and a line of a list end one too. Never one without a word."""
    found: list[Sentence] = []
    begin = 0
    for end in _END.finditer(text):
        if end[0].startswith(".") and _only_shortens(text, begin, end.start(), end.end()):
            continue
        found += _sentence(text, begin, end.end())
        begin = end.end()
    return found + _sentence(text, begin, len(text))


def _only_shortens(text: str, begin: int, point: int, after: int) -> bool:
    """Whether the point belongs to "bijv." or to an initial, and the sentence goes on."""
    before = text[begin:point].rsplit(None, 1)[-1:] or [""]
    word = before[0].lower().lstrip("(\"'“‘")
    initial = len(word) == 1 and word.isalpha() and before[0].isupper()
    return (word in _SHORT or initial) and text[after:].strip() != ""


def _sentence(text: str, begin: int, end: int) -> list[Sentence]:
    piece = text[begin:end]
    start = begin + len(piece) - len(piece.lstrip())
    piece = piece.strip()
    return [Sentence(piece, start, start + len(piece))] if _WORD.search(piece) else []
