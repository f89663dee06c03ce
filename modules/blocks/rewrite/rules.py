"""Rewriting in rounds (curriculum 3.k): how often one may, and when it is enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MOST_ROUNDS = 3


def rounds(item: Mapping[str, Any]) -> int:
    """How many versions of `item` one may write."""
    return int(item.get("rondes", MOST_ROUNDS))


def rounds_left(item: Mapping[str, Any], versions: Sequence[str]) -> int:
    return max(0, rounds(item) - len(versions))


def needed(data: Mapping[str, Any]) -> int:
    """How many items need a first version before it is done: `minstens`, or all; never more than there are."""
    total = len(data["items"])
    return min(total, int(data.get("minstens", total)))
