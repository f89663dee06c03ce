"""What is different between two editions, for somebody who reads rather than programs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from learning.tracks.content import Activity, Edition, Unit


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


@dataclass(frozen=True)
class ActivityDifference:
    key: str
    title: str
    change: Change
    texts: tuple[TextDifference, ...] = ()
    moved_to: str = ""


@dataclass(frozen=True)
class UnitDifference:
    key: str
    number: str
    title: str
    change: Change
    texts: tuple[TextDifference, ...]
    activities: tuple[ActivityDifference, ...]


def differences(old: Edition, new: Edition) -> list[UnitDifference]:
    """Per unit that changed, in the order of `new`, then what is gone. Empty when nothing a reader sees changed."""
    units = [*new.units, *(unit for unit in old.units if unit.key not in new.unit_by_key)]
    found = (_unit(old, new, unit.key) for unit in units)
    return [each for each in found if each.change != Change.CHANGED or each.texts or each.activities]


def _unit(old: Edition, new: Edition, key: str) -> UnitDifference:
    before, after = old.unit_by_key.get(key), new.unit_by_key.get(key)
    unit = after or before
    assert unit is not None
    texts = tuple(_texts(_words_of(before), _words_of(after))) if before and after else ()
    return UnitDifference(
        key, unit.number, unit.title, _change(before, after), texts, tuple(_activities(old, new, key))
    )


def _change(before: object, after: object) -> Change:
    if not before:
        return Change.ADDED
    return Change.CHANGED if after else Change.REMOVED


def _words_of(unit: Unit) -> dict[str, Any]:
    return {"nummer": unit.number, "titel": unit.title, "inleiding": unit.intro, "minuten": unit.minutes}


def _activities(old: Edition, new: Edition, unit: str) -> Iterator[ActivityDifference]:
    """Of the activities that stand in `unit` now, and of those that stood there and are nowhere now."""
    here = new.unit_by_key[unit].activities if unit in new.unit_by_key else ()
    for activity in here:
        before = old.by_key.get(activity.key)
        if before is None:
            yield ActivityDifference(activity.key, activity.title, Change.ADDED)
            continue
        texts = tuple(_texts(_authored(before[1]), _authored(activity)))
        moved = "" if before[0].key == unit else before[0].title
        if texts or moved:
            yield ActivityDifference(activity.key, activity.title, Change.CHANGED, texts, moved)
    for activity in old.unit_by_key[unit].activities if unit in old.unit_by_key else ():
        if activity.key not in new.by_key:
            yield ActivityDifference(activity.key, activity.title, Change.REMOVED)


# What is worked out from the text at publishing, and what stands there twice.
_WORKED_OUT = frozenset({"opbouw", "woorden", "leestijd"})


def _authored(activity: Activity) -> dict[str, Any]:
    authored = {key: value for key, value in activity.fields["authored"].items() if key not in _WORKED_OUT}
    return {**authored, "verplicht": "ja" if activity.required else "nee"}


def _texts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[TextDifference]:
    was, now = dict(_flat(before)), dict(_flat(after))
    for place in [*now, *(place for place in was if place not in now)]:
        if was.get(place, "") != now.get(place, ""):
            yield TextDifference(place, tuple(_pieces(was.get(place, ""), now.get(place, ""))))


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


def _pieces(was: str, now: str) -> Iterator[Piece]:
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
