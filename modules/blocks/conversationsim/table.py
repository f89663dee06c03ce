"""The table from above: who sits where, and who is speaking. Places on a drawing of 492 by 330, after the design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KITCHEN, TABLE = "keuken", "tafel"
YOU = "jij"
# Longer names get smaller letters, to stay inside their circle.
LONG_NAME = 7

# Per place: the middle of the circle, and the chair behind it.
_SEATS = {
    "links": (52, 158, "M10 128c-8 18-8 42 0 60"),
    "rechts": (440, 158, "M482 128c8 18 8 42 0 60"),
    "voor": (246, 278, "M216 318c18 8 42 8 60 0"),
    "achter": (246, 46, "M216 6c18-8 42-8 60 0"),
    "linksvoor": (150, 278, "M120 318c18 8 42 8 60 0"),
    "rechtsvoor": (342, 278, "M312 318c18 8 42 8 60 0"),
    "linksachter": (130, 46, "M100 6c18-8 42-8 60 0"),
    "deur": (405, 40, ""),
}
# Where a cup stands for who sits there.
_CUPS = {
    "links": (140, 122),
    "rechts": (352, 194),
    "voor": (276, 205),
    "achter": (226, 108),
    "linksvoor": (168, 200),
    "rechtsvoor": (322, 200),
    "linksachter": (150, 112),
}


@dataclass(frozen=True)
class Seat:
    name: str
    place: str
    x: int
    y: int
    chair: str
    cup: tuple[int, int] | None
    speaking: bool

    @property
    def is_you(self) -> bool:
        return self.name.casefold() == YOU

    @property
    def is_long(self) -> bool:
        return len(self.name) > LONG_NAME


@dataclass(frozen=True)
class Table:
    seats: tuple[Seat, ...]
    kitchen: bool

    @property
    def door(self) -> bool:
        return any(seat.place == "deur" for seat in self.seats)

    @property
    def speaker(self) -> str:
        return next((seat.name for seat in self.seats if seat.speaking), "")


def table_of(data: Mapping[str, Any], speaker: str = "") -> Table | None:
    """The author's table, or None where there is none. Somebody in the doorway makes it a kitchen."""
    authored = data.get("tafel")
    if not authored:
        return None
    seats = []
    for given in authored["plaatsen"]:
        x, y, chair = _SEATS[given["plek"]]
        speaking = bool(speaker) and given["naam"].casefold() == speaker.casefold()
        seats.append(Seat(given["naam"], given["plek"], x, y, chair, _CUPS.get(given["plek"]), speaking))
    standing = any(seat.place == "deur" for seat in seats)
    return Table(tuple(seats), authored.get("beeld", KITCHEN if standing else TABLE) == KITCHEN)
