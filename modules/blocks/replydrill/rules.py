"""Replies and what they are worth (curriculum 3.k), and whether a drill gives itself away by the length of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

WORTH = (1, 0.5, 0)
REPLIES = 3
# V9's idea, for a drill: whoever always picks the longest reply must not get there.
LONGEST_IS_BEST_AT_MOST = 0.6
# Over fewer items a share says nothing.
ENOUGH_ITEMS = 3


def reply_points(item: Mapping[str, Any], chosen: int) -> float:
    """0..1. `chosen` is a position in the replies as authored; one there isn't (any more) is worth nothing."""
    replies = item["reacties"]
    return float(replies[chosen]["waarde"]) if 0 <= chosen < len(replies) else 0.0


def longest_is_best(items: Sequence[Mapping[str, Any]]) -> float:
    """Among items with one best reply: the share in which that one is longer than all others; 0 below ENOUGH_ITEMS."""
    longer = []
    for item in items:
        best = [reply for reply in item["reacties"] if reply["waarde"] == max(r["waarde"] for r in item["reacties"])]
        if len(best) == 1:
            others = [len(reply["tekst"]) for reply in item["reacties"] if reply is not best[0]]
            longer.append(len(best[0]["tekst"]) > max(others))
    return sum(longer) / len(longer) if len(longer) >= ENOUGH_ITEMS else 0.0
