"""What is different between two texts as authors write them, for somebody who reads rather than programs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Change(StrEnum):
    ADDED = "nieuw"
    REMOVED = "weg"
    CHANGED = "anders"


@dataclass(frozen=True)
class Piece:
    """A stretch of text. `mark`: "" in both, "weg" only in the old, "nieuw" only in the new."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class TextDifference:
    """`place`: where in the piece, in the author's own names ("items › L03 › uitleg")."""

    place: str
    pieces: tuple[Piece, ...]


def text_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[TextDifference]:
    """Every value that is other, in the order of `after`, then what is gone."""
    was, now = dict(_flat(before)), dict(_flat(after))
    for place in [*now, *(place for place in was if place not in now)]:
        if was.get(place, "") != now.get(place, ""):
            yield TextDifference(place, tuple(pieces(was.get(place, ""), now.get(place, ""))))


_TAG = re.compile(r"<[^>]+>")


def _flat(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every value with its place; what has an id is called by it, so that a new item doesn't shift the rest."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, (*place, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            name = str(inner["id"]) if isinstance(inner, Mapping) and "id" in inner else str(number)
            yield from _flat(inner, (*place, name))
    elif value is not None:
        yield " › ".join(place), _TAG.sub("", str(value))


_WORD = re.compile(r"\s+|[^\s]+")


def pieces(was: str, now: str) -> Iterator[Piece]:
    """Word by word; a text that is wholly other stands there twice."""
    old, new = _WORD.findall(was), _WORD.findall(now)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("".join(old[a:b]))
            continue
        if a < b:
            yield Piece("".join(old[a:b]), Change.REMOVED)
        if c < d:
            yield Piece("".join(new[c:d]), Change.ADDED)
