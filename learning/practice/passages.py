"""A text with remarks at passages of it: cut where a passage begins or ends, and into sentences to choose from."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

# A sentence ends at a sign or a line end; what follows the last one is one too.
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+[\"”’)]*)?|[.!?…]+")


@dataclass(frozen=True)
class Piece:
    """Part of a text; `numbers`: of the remarks that are about it. `ends`: those whose passage ends here."""

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def cut(text: str, passages: Iterable[tuple[int, int, int]]) -> list[Piece]:
    """`text` in pieces, whole when joined. `passages`: (number, start, end); what lies outside the text is drawn in to
    it, and an empty one stands nowhere."""
    length = len(text)
    inside = [(number, max(0, start), min(end, length)) for number, start, end in passages]
    inside = [each for each in inside if each[1] < each[2]]
    edges = sorted({0, length, *(edge for _, start, end in inside for edge in (start, end))})
    return [
        Piece(
            text[start:end],
            tuple(number for number, first, last in inside if first <= start and end <= last),
            tuple(number for number, _, last in inside if last == end),
        )
        for start, end in itertools.pairwise(edges)
    ]


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, without the spaces around it."""
    found = []
    for match in _SENTENCE.finditer(text):
        words = match.group()
        if stripped := words.strip():
            start = match.start() + words.index(stripped)
            found.append((start, start + len(stripped)))
    return found
