"""Points of a chosen action, and which situations still need the right one (curriculum 3.k, unit 3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def action_points(item: Mapping[str, Any], action: str) -> float:
    """0..1: what the key gives for `action`; one it doesn't name is worth nothing."""
    return float(item["sleutel"].get(action, 0))


def is_key(item: Mapping[str, Any]) -> bool:
    """Whether this is a situation in which one has to know what to do."""
    return item.get("sleutelsituatie") is True


def is_safe(item: Mapping[str, Any], chosen: Iterable[str]) -> bool:
    """Whether one may go on after having chosen these: always, or at a key situation once one of them was right."""
    return not is_key(item) or any(action_points(item, action) == 1 for action in chosen)
