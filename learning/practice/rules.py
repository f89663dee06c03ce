"""When a practice case is *voldoende* (curriculum 5.4), and what a verdict counts for (3.g). Plain, without a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from modules.blocks.rubric.rules import LEVELS

__all__ = [
    "DISCUSS",
    "ENOUGH",
    "LEARNING_LEVELS",
    "LEVELS",
    "LearningLevel",
    "discuss",
    "is_late",
    "score",
    "verdict_allowed",
]

ENOUGH = 2.5
"""The mean level from which a case is voldoende, where no criterion is at 1."""


DISCUSS = 2
"""Levels so far apart are worth a talk (curriculum 3.h), and no correction (3.g)."""


class LearningLevel(StrEnum):
    """How far it reaches what somebody did (curriculum 4.2): no ranks. By the codes of content and of evidence."""

    INDIVIDUAL = "individueel"
    ORGANISATION = "organisatorisch"
    BETWEEN = "interbestuurlijk"
    SYSTEM = "systemisch"


LEARNING_LEVELS = frozenset(level.value for level in LearningLevel)


def discuss(own: int | None, others: Iterable[int | None]) -> bool:
    """Whether any of the others' levels is that far from how somebody saw themselves."""
    return own is not None and any(other is not None and abs(other - own) >= DISCUSS for other in others)


def is_late(due_on: date, *, today: date, handed_in_on: date | None = None) -> bool:
    """The last day itself is in time, until it ends. All days are days here; of a work the first round counts."""
    return (handed_in_on or today) > due_on


def verdict_allowed(levels: Mapping[str, int]) -> bool:
    """Whether *voldoende* may be given: {criterion: 1 to 4}, all of the rubric."""
    return bool(levels) and min(levels.values()) > LEVELS[0] and sum(levels.values()) >= ENOUGH * len(levels)


def score(levels: Mapping[str, int]) -> float:
    """The mean level / 4, from 0.25 to 1. `levels` aren't empty."""
    return sum(levels.values()) / len(levels) / LEVELS[-1]
