"""Points for where a promise was put (curriculum 3.l): half for the bin beside the right one."""

from __future__ import annotations

from collections.abc import Sequence

NEIGHBOUR = 0.5


def promise_points(bins: Sequence[str], right: str, chosen: str) -> float:
    """1 in the right bin, NEIGHBOUR in one next to it in the order of `bins`, else 0; also 0 for one there isn't."""
    if right not in bins or chosen not in bins:
        return 0.0
    return {0: 1.0, 1: NEIGHBOUR}.get(abs(bins.index(right) - bins.index(chosen)), 0.0)
