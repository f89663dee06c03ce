"""The map as a drawing of our own: two banks with water between, seen from above.

On each bank stand those who push and, nearer to the water, those who join them. The silent middle is the water itself,
wide and without a side; who builds a bridge stands on it; who gets the blame stands apart, downstream. Everybody is a
number. Where one stands is a role: nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modules.blocks.polarisationmap.rules import BRIDGE, JOINER, LEFT, PUSHER, RIGHT, SCAPEGOAT, SILENT

WIDTH, HEIGHT = 400, 320
RADIUS = 11
_STEP = 26


@dataclass(frozen=True)
class Zone:
    """Where a role stands: the middle, and how many fit beside each other."""

    x: float
    y: float
    columns: int


@dataclass(frozen=True)
class Dot:
    """Somebody on the map."""

    number: int
    x: float
    y: float


ZONES: Mapping[tuple[str, str], Zone] = {
    (PUSHER, LEFT): Zone(29, 160, 2),
    (JOINER, LEFT): Zone(90, 160, 2),
    (SILENT, ""): Zone(200, 165, 5),
    (BRIDGE, ""): Zone(200, 61, 6),
    (SCAPEGOAT, ""): Zone(200, 272, 5),
    (JOINER, RIGHT): Zone(310, 160, 2),
    (PUSHER, RIGHT): Zone(371, 160, 2),
}


def dots(placed: Iterable[tuple[int, str, str]]) -> list[Dot]:
    """`placed`: (number, role, pole) of each. Who joins or pushes without a side yet isn't drawn."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, role, pole in placed:
        if (role, pole) in ZONES:
            groups.setdefault((role, pole), []).append(number)
    return sorted((dot for zone, numbers in groups.items() for dot in _in_zone(ZONES[zone], numbers)), key=_by_number)


def _by_number(dot: Dot) -> int:
    return dot.number


def _in_zone(zone: Zone, numbers: list[int]) -> list[Dot]:
    """In rows around the middle of the zone."""
    rows = [numbers[start : start + zone.columns] for start in range(0, len(numbers), zone.columns)]
    found = []
    for row, members in enumerate(rows):
        y = zone.y + (row - (len(rows) - 1) / 2) * _STEP
        for place, number in enumerate(members):
            found.append(Dot(number, zone.x + (place - (len(members) - 1) / 2) * _STEP, y))
    return found
