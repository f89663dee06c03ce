"""Judging on conditions (curriculum 3.k, unit 4.1): exact counts whole, the neighbour on the scale half."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

NEIGHBOUR = 0.5


def judged(scale: Sequence[str], right: str, chosen: str) -> float:
    """1 for `right`, NEIGHBOUR beside it on the scale, else 0. What isn't on the scale earns nothing."""
    if chosen not in scale or right not in scale:
        return 0.0
    off = abs(scale.index(right) - scale.index(chosen))
    return 1.0 if off == 0 else NEIGHBOUR if off == 1 else 0.0


def item_points(scale: Sequence[str], key: Mapping[str, str], chosen: Mapping[str, str]) -> float:
    """0..1: the mean over the conditions of the key."""
    if not key:
        return 0.0
    return round(fmean(judged(scale, right, chosen.get(name, "")) for name, right in key.items()), 4)
