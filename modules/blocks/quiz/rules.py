"""Scoring of quiz items (curriculum 3.k), and whether a quiz gives itself away by the length of its answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

SINGLE, MULTIPLE, ORDERING, SHORT = "enkel", "meer", "volgorde", "kort"
KINDS = (SINGLE, MULTIPLE, ORDERING, SHORT)

# V9's idea, for a quiz: whoever always picks the longest answer must not get there.
LONGEST_IS_RIGHT_AT_MOST = 0.6
# In a short answer: what doesn't make it another answer.
_NOISE = re.compile(r"[\W_]+")


def single_points(options: Sequence[Mapping[str, Any]], chosen: int) -> float:
    return float(bool(options[chosen].get("goed")))


def multiple_points(options: Sequence[Mapping[str, Any]], chosen: Collection[int]) -> float:
    """Right ones chosen minus wrong ones chosen, over how many there are; never below 0."""
    right = {index for index, option in enumerate(options) if option.get("goed")}
    hits, misses = len(right & set(chosen)), len(set(chosen) - right)
    return round(max(0, hits - misses) / len(right), 4)


def ordering_points(order: Sequence[int]) -> float:
    """The share that stands in its own place. `order` is a permutation of the authored order."""
    return round(sum(place == option for place, option in enumerate(order)) / len(order), 4)


def spread[T](groups: Sequence[Sequence[T]]) -> list[T]:
    """All of all groups in one row, so that any run of it has about as much of each group as the whole has."""
    places = [
        ((position + (number + 0.5) / len(groups)) / len(group), number, item)
        for number, group in enumerate(groups)
        for position, item in enumerate(group)
    ]
    return [item for _place, _number, item in sorted(places, key=lambda place: place[:2])]


def drawn[T](pool: Sequence[T], many: int, number: int) -> list[T]:
    """Draw `number` (from 1) of `many`: what comes next in the pool, and from the start again when it is used up."""
    first = many * (number - 1)
    return [pool[(first + position) % len(pool)] for position in range(min(many, len(pool)))]


def matched(options: Sequence[Mapping[str, Any]], text: str) -> int:
    """Which of the short answers the author foresaw this is; -1 for none. Case, spaces and punctuation don't count."""
    wanted = _bare(text)
    return next((index for index, option in enumerate(options) if _bare(option["tekst"]) == wanted), -1)


def _bare(text: str) -> str:
    return _NOISE.sub("", text.casefold())


def longest_is_right(items: Sequence[Mapping[str, Any]]) -> float:
    """Among single-choice items with three or more options: the share whose right answer is longer than all others."""
    lengths = [
        (len(right), max(len(o["tekst"]) for o in item["opties"] if not o.get("goed")))
        for item in items
        if item.get("soort", SINGLE) == SINGLE and len(item["opties"]) >= 3
        for right in [next(o["tekst"] for o in item["opties"] if o.get("goed"))]
    ]
    return sum(right > other for right, other in lengths) / len(lengths) if lengths else 0.0
