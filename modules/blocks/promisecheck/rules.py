"""Points for where a promise was put (curriculum 3.l): half for the bin beside the right one.

A bin in the middle lies beside every other, so whoever puts everything there would always have half. What it earns
beside the right one is shared by its neighbours: of three bins a quarter each.
"""

from __future__ import annotations

from collections.abc import Sequence

NEIGHBOUR = 0.5


def promise_points(bins: Sequence[str], right: str, chosen: str) -> float:
    """1 in the right bin, NEIGHBOUR or its share in one next to it in the order of `bins`, else 0; also 0 for one there
    isn't."""
    if right not in bins or chosen not in bins:
        return 0.0
    here, off = bins.index(chosen), abs(bins.index(right) - bins.index(chosen))
    neighbours = (here > 0) + (here < len(bins) - 1)
    return {0: 1.0, 1: NEIGHBOUR / max(1, neighbours)}.get(off, 0.0)
