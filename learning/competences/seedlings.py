"""A plant as small as a cell of a table: as deep as the level, as broad as the learning levels (see `drawing`). It says
nothing that isn't beside it in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 28, 60
_GROUND, _STEP, _UP, _MIDDLE = 29, 7, 6, 14


@dataclass(frozen=True)
class Seedling:
    """`root` is "" where nothing was shown yet; then a seed lies at `tip`. `grey`: shown longer ago than counts."""

    name: str
    ground: str
    stem: str
    leaves: Sequence[str]
    root: str
    tip: int
    grey: bool


def seedling(level: int, breadth: int, *, grey: bool) -> Seedling:
    """From N0 to N4, at none to four learning levels."""
    bends = "".join(f"c{3 * (-1) ** n} 2 {3 * (-1) ** n} 5 0 {_STEP}" for n in range(level))
    return Seedling(
        name=f"plantje-{level}-{breadth}{'-eerder' if grey else ''}",
        ground=f"M3 {_GROUND}h{WIDTH - 6}",
        stem=f"M{_MIDDLE} {_GROUND}v-{3 + _UP * breadth}" if level or breadth else "",
        leaves=[_leaf(n) for n in range(breadth)],
        root=f"M{_MIDDLE} {_GROUND}{bends}" if level else "",
        tip=_GROUND + _STEP * level if level else _GROUND + 5,
        grey=grey,
    )


def _leaf(n: int) -> str:
    y, side = _GROUND - 3 - _UP * n, -1 if n % 2 == 0 else 1
    return f"M{_MIDDLE} {y}c{side} -4 {5 * side} -6 {10 * side} -5c{-side} 4 {-5 * side} 6 {-10 * side} 5z"
