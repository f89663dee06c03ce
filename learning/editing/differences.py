"""What is different between two editions, for somebody who reads rather than programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from learning.comparing import Change, TextDifference, text_differences
from learning.tracks.content import Activity, Edition, Unit


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
    texts = tuple(text_differences(_words_of(before), _words_of(after))) if before and after else ()
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
        texts = tuple(text_differences(_authored(before[1]), _authored(activity)))
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
