"""When a practice case is *voldoende* (curriculum 5.4), and what a verdict counts for (3.g). Plain, without a table."""

from __future__ import annotations

from collections.abc import Mapping

from modules.blocks.rubric.rules import LEVELS

__all__ = ["ENOUGH", "LEVELS", "score", "verdict_allowed"]

ENOUGH = 2.5
"""The mean level from which a case is voldoende, where no criterion is at 1."""


def verdict_allowed(levels: Mapping[str, int]) -> bool:
    """Whether *voldoende* may be given: {criterion: 1 to 4}, all of the rubric."""
    return bool(levels) and min(levels.values()) > LEVELS[0] and sum(levels.values()) >= ENOUGH * len(levels)


def score(levels: Mapping[str, int]) -> float:
    """The mean level / 4, from 0.25 to 1. `levels` aren't empty."""
    return sum(levels.values()) / len(levels) / LEVELS[-1]
