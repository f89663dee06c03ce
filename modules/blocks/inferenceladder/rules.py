"""Scoring of the ladder of inference (curriculum 3.e). Rungs go from 1, what was there to see, to 7, what one did."""

from __future__ import annotations

RUNGS = tuple(range(1, 8))
SEEN, DONE = RUNGS[0], RUNGS[-1]
ONE_OFF = 0.5


def rung_points(right: int, chosen: int) -> float:
    """1 on its own rung, ONE_OFF one rung away, else 0."""
    off = abs(right - chosen)
    return 1.0 if off == 0 else ONE_OFF if off == 1 else 0.0
