"""From evidence to a level (curriculum 4.3): a table that anybody can read, and that gives the same answer each time.

Plain data in, an explained answer out. More evidence never lowers a level, and its order doesn't matter. What somebody
thinks of themselves, or a colleague of them, stands beside a level and never counts. N3 and N4 always rest on a person:
only a practice item that a trainer confirmed gets there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from learning.practice.rules import LearningLevel

__all__ = [
    "CODES",
    "COUNTS_FOR",
    "CRITERION_MET",
    "CURRENT_MONTHS",
    "DELAY_DAYS",
    "ENOUGH_TO_DECIDE",
    "ENOUGH_TO_RECOGNISE",
    "RULES",
    "VERSION",
    "WIDE",
    "Asked",
    "Item",
    "LearningLevel",
    "Level",
    "Missing",
    "Need",
    "Source",
    "breadth",
    "delayed",
    "level_of",
    "months_between",
]

VERSION = 1
"""Stored with every answer: another table of rules is another version."""

CODES = tuple(f"C{n}" for n in range(1, 11))
"""The ten competences (curriculum 4.1), in their order."""

ENOUGH_TO_RECOGNISE = 0.6
ENOUGH_TO_DECIDE = 0.65
CRITERION_MET = 0.75
"""Level 3 of 4 of a rubric's criterion."""
DELAY_DAYS = 7
CURRENT_MONTHS = 24


class Source(StrEnum):
    KNOWLEDGE = "kennis"
    DECISION = "beslissing"
    PRACTICE = "praktijk"
    OTHERS = "anderen"
    SELF = "zelf"
    PEER = "peer"


COUNTS_FOR: dict[Source, int] = {
    Source.KNOWLEDGE: 1,
    Source.DECISION: 2,
    Source.PRACTICE: 3,
    Source.OTHERS: 4,
    Source.SELF: 0,
    Source.PEER: 0,
}
"""The highest level a source may help to reach."""


# Depth is the level; breadth is how many learning levels hold accepted evidence (curriculum 4.2).
WIDE = frozenset({LearningLevel.BETWEEN, LearningLevel.SYSTEM})


@dataclass(frozen=True)
class Item:
    """A piece of evidence of one competence.

    `score` is from 0 to 1 (a criterion's level / 4). `activity` tells one activity from another, `situation` one talk,
    table or area from another. `confirmed`: by a trainer; of `anderen` by both who assessed it. `prior`: of somebody
    who came with experience and showed it straight away.
    """

    key: str
    source: Source
    score: float
    on: date
    activity: str
    situation: str = ""
    learning_level: LearningLevel = LearningLevel.INDIVIDUAL
    confirmed: bool = False
    prior: bool = False


class Need(StrEnum):
    """What is still asked for a level; `Missing` says how many."""

    RECOGNISED = "herkend"
    ACTIVITIES = "activiteiten"
    DECIDED = "beslist"
    DECIDED_ACTIVITIES = "beslist_activiteiten"
    DELAYED = "uitgesteld"
    SITUATIONS = "praktijksituaties"
    CONFIRMED = "bevestigd"
    OTHERS = "anderen"
    BREADTH = "breedte"
    WIDE = "wijd"


@dataclass(frozen=True)
class Missing:
    need: Need
    n: int


@dataclass(frozen=True)
class Asked:
    """A need of a rule: how many there are of how many wanted, and which items those are."""

    need: Need
    wanted: int
    there: int
    items: tuple[Item, ...]

    @property
    def short(self) -> int:
        return max(0, self.wanted - self.there)


@dataclass(frozen=True)
class Level:
    """`level`: 0 (nothing shown yet) to 4. `used`: the items it rests on, oldest first. `missing`: for the next level.
    `shown_in`: the year of the newest of them; `current` is off when that is more than 24 months ago."""

    level: int
    used: tuple[Item, ...]
    missing: tuple[Missing, ...]
    by_prior: bool
    shown_in: int | None
    current: bool
    version: int = VERSION


def _counting(items: Iterable[Item], *, level: int, score: float) -> list[Item]:
    """Those that may help to reach a level and reach the score."""
    return [item for item in items if COUNTS_FOR[item.source] >= level and item.score >= score]


def _first_of_each(items: Sequence[Item], of: Callable[[Item], str]) -> tuple[Item, ...]:
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(of(item), item)
    return tuple(found.values())


def delayed(items: Sequence[Item]) -> list[Item]:
    """Those of at least a week after the first of them all (`items` are in order)."""
    return [item for item in items if (item.on - items[0].on).days >= DELAY_DAYS]


def _recognises(items: Sequence[Item]) -> list[Asked]:
    """N1: two items, of two activities."""
    good = _counting(items, level=1, score=ENOUGH_TO_RECOGNISE)
    by_activity = _first_of_each(good, lambda item: item.activity)
    return [
        Asked(Need.RECOGNISED, 2, len(good), tuple(good)),
        Asked(Need.ACTIVITIES, 2, len(by_activity), by_activity),
    ]


def _practises(items: Sequence[Item]) -> list[Asked]:
    """N2: three decisions or practice, of two activities, one of them a week after the first."""
    good = _counting(items, level=2, score=ENOUGH_TO_DECIDE)
    by_activity = _first_of_each(good, lambda item: item.activity)
    later = delayed(good) if good else []
    return [
        Asked(Need.DECIDED, 3, len(good), tuple(good)),
        Asked(Need.DECIDED_ACTIVITIES, 2, len(by_activity), by_activity),
        Asked(Need.DELAYED, 1, len(later), tuple(later)),
    ]


def _applies(items: Sequence[Item]) -> list[Asked]:
    """N3: two different real situations at 3 of 4, one of them confirmed by a trainer."""
    good = [item for item in _counting(items, level=3, score=CRITERION_MET) if item.source is Source.PRACTICE]
    # Of a situation that was seen more often, what a trainer confirmed stands for it.
    situations = _first_of_each(sorted(good, key=lambda item: not item.confirmed), lambda item: item.situation)
    confirmed = tuple(item for item in situations if item.confirmed)
    return [
        Asked(Need.SITUATIONS, 2, len(situations), situations),
        Asked(Need.CONFIRMED, 1, len(confirmed), confirmed),
    ]


def _brings_further(items: Sequence[Item]) -> list[Asked]:
    """N4: something with others that both assessors found good, at two learning levels, one of them a wide one."""
    others = [item for item in items if item.source is Source.OTHERS and item.score >= CRITERION_MET and item.confirmed]
    cells = _first_of_each(_accepted(items), lambda item: item.learning_level)
    wide = tuple(item for item in cells if item.learning_level in WIDE)
    return [
        Asked(Need.OTHERS, 1, len(others), tuple(others)),
        Asked(Need.BREADTH, 2, len(cells), cells),
        Asked(Need.WIDE, 1, len(wide), wide),
    ]


RULES: tuple[Callable[[Sequence[Item]], list[Asked]], ...] = (_recognises, _practises, _applies, _brings_further)
"""What N1 to N4 ask, each on top of the ones before."""


def _accepted(items: Sequence[Item]) -> list[Item]:
    """Evidence at N2 or more, which fills a cell of the profile (curriculum 4.2)."""
    return _counting(items, level=2, score=ENOUGH_TO_DECIDE)


def breadth(items: Iterable[Item]) -> frozenset[LearningLevel]:
    """The learning levels at which there is accepted evidence."""
    return frozenset(item.learning_level for item in _accepted(_ordered(items)))


def _ordered(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.on, item.key))


def level_of(items: Iterable[Item], *, today: date) -> Level:
    """The highest level of which the rule and those below it hold, with what it rests on and what the next one asks."""
    ordered = _ordered(items)
    asked = [rule(ordered) for rule in RULES]
    prior = _applies([item for item in ordered if item.prior])
    by_prior = _met(prior)
    reached = 0
    while reached < len(RULES) and (_met(asked[reached]) or (by_prior and reached < 3)):
        reached += 1
    used = _used(asked[:reached] if not by_prior else [*filter(_met, asked[:reached]), prior])
    newest = max((item.on for item in used), default=None)
    return Level(
        level=reached,
        used=used,
        missing=_missing(asked[reached]) if reached < len(RULES) else (),
        by_prior=by_prior and not all(_met(each) for each in asked[:2]),
        shown_in=newest.year if newest else None,
        current=newest is None or months_between(newest, today) < CURRENT_MONTHS,
    )


def _met(asked: Iterable[Asked]) -> bool:
    return all(each.short == 0 for each in asked)


def _missing(asked: Iterable[Asked]) -> tuple[Missing, ...]:
    return tuple(Missing(each.need, each.short) for each in asked if each.short)


def _used(rules: Iterable[list[Asked]]) -> tuple[Item, ...]:
    used = {item.key: item for asked in rules for each in asked for item in each.items}
    return tuple(_ordered(used.values()))


def months_between(earlier: date, later: date) -> int:
    """Whole months."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)
