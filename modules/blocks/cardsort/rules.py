"""Scoring of sorted cards (curriculum 3.k): partial credit per card; a sequence with a tolerance of one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# "sequence scored with tolerance ±1": within one place counts as right.
TOLERANCE = 1


def bin_points(card: Mapping[str, Any], chosen: str) -> float:
    """1 in its own bin, what the author gave for another in `half`, else 0."""
    if chosen == card["bak"]:
        return 1.0
    return float(card.get("half", {}).get(chosen, 0))


def place_points(right: Sequence[str], order: Sequence[str], card: str) -> float:
    """1 when `card` stands in `order` within TOLERANCE of its place in `right`, else 0."""
    return float(abs(right.index(card) - order.index(card)) <= TOLERANCE)


def sequence_score(right: Sequence[str], order: Sequence[str]) -> float:
    """0..1. `order` is a permutation of `right`."""
    return round(sum(place_points(right, order, card) for card in right) / len(right), 4)


def moved(order: Sequence[str], card: str, step: int) -> list[str]:
    """`order` with `card` one place earlier (-1) or later (1); at the edge it stays."""
    result = list(order)
    here = result.index(card)
    there = min(max(here + step, 0), len(result) - 1)
    result.insert(there, result.pop(here))
    return result
