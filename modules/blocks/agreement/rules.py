"""An agreement for a table (curriculum 3.j, 4.3): rules chosen from blocks, and one in the table's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modules.blocks.drafts import verdict
from modules.blocks.formfields import Value

OWN = "eigen"
FIELDS = (OWN,)
CHECKS = ("moet", "elke_groep", "eigen")


def box(block_id: str) -> str:
    """The name of a block's field."""
    return f"blok_{block_id}"


def chosen(data: Mapping[str, Any], values: Mapping[str, Value]) -> list[Mapping[str, Any]]:
    """The author's blocks that are in the agreement, in their order."""
    return [block for block in data["blokken"] if values.get(box(block["id"]))]


def groups(data: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """{name of the group: its blocks}, in the author's order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for block in data["blokken"]:
        found.setdefault(block["groep"], []).append(block)
    return found


def outcome(data: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, str]:
    """{check: good or mind}: what no table can do without, something of each group, an own sentence."""
    here = {block["id"] for block in chosen(data, values)}
    every = all(any(block["id"] in here for block in blocks) for blocks in groups(data).values())
    return {
        "moet": verdict(here >= set(data.get("moet", []))),
        "elke_groep": verdict(every),
        "eigen": verdict(bool(values.get(OWN))),
    }
