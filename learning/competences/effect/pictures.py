"""What a measure looks like: a bar of parts, or marks on a line. Geometry only; the template draws it, and beside it
stands in words all it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 200
"""Of a picture; 4 on both sides is air, so that a mark at an end is whole."""
_AIR = 4
DARKEST = 4


@dataclass(frozen=True)
class Piece:
    """`shade`: from 0, light, to DARKEST."""

    x: float
    width: float
    shade: int


@dataclass(frozen=True)
class Mark:
    """`kind`: "open", "dicht" or "ruit"."""

    kind: str
    x: float


@dataclass(frozen=True)
class Picture:
    """`aim`: where the suggested aim stands, None without one. `line`: whether marks stand on a line from `x` to `end`,
    of which `way` is what lies between two of them."""

    pieces: Sequence[Piece] = ()
    marks: Sequence[Mark] = ()
    aim: float | None = None
    way: tuple[float, float] | None = None

    @property
    def x(self) -> int:
        return _AIR

    @property
    def end(self) -> int:
        return WIDTH - _AIR


def place(value: float, least: float, most: float) -> float:
    share = (min(max(value, least), most) - least) / (most - least)
    return round(_AIR + share * (WIDTH - 2 * _AIR), 1)


def share(percent: int, aim: int | None = None) -> Picture:
    """A bar that is filled so far."""
    full = place(percent, 0, 100)
    rest = Piece(full, WIDTH - _AIR - full, 0)
    return Picture([Piece(_AIR, round(full - _AIR, 1), DARKEST), rest], aim=None if aim is None else place(aim, 0, 100))


def parts(shares: Iterable[int]) -> Picture:
    """A bar of all parts beside each other, the later the darker."""
    sizes = list(shares)
    whole, at, pieces = sum(sizes) or 1, 0, []
    for number, size in enumerate(sizes):
        start, end = (place(edge, 0, whole) for edge in (at, at + size))
        shade = round(DARKEST * number / max(1, len(sizes) - 1))
        pieces.append(Piece(start, round(end - start, 1), shade))
        at += size
    return Picture(pieces)


def marks(values: Sequence[tuple[str, float]], least: float, most: float, aim: float | None = None) -> Picture:
    """Marks on a line; between the first and the last of two lies the way."""
    there = [Mark(kind, place(value, least, most)) for kind, value in values]
    way = (there[0].x, there[-1].x) if len(there) > 1 else None
    return Picture(marks=there, aim=None if aim is None else place(aim, least, most), way=way)
