"""Growth as a row of plants: a root for depth, leaves for breadth, and beside it three marks of who sees what.

Geometry only; the template draws it. A narrow page gets the same in two rows of five.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

STEP = 66
"""From one level to the next."""
_SKY_WITH_WORDS, _SKY = 160, 138
_BELOW = 4 * STEP + 34


@dataclass(frozen=True)
class Grown:
    """What is drawn of one competence. `series`: {"zelf", "peer", "trainer": 1 to 4}, those there are. `grey`: shown
    longer ago than counts as current."""

    code: str
    word: str
    level: int
    breadth: int
    series: Mapping[str, float]
    grey: bool = False


@dataclass(frozen=True)
class Mark:
    """`path` of a triangle or a diamond; a circle has `x` and `y`."""

    kind: str
    x: float
    y: float
    path: str = ""


@dataclass(frozen=True)
class Plant:
    """`root`: "" while nothing was shown; then a seed lies at `seed`. `sprout`: where nothing grows yet."""

    grown: Grown
    x: int
    stem: str
    leaves: Sequence[str]
    veins: Sequence[str]
    root: str
    hairs: Sequence[str]
    tip: int
    seed: int
    sprout: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Drawing:
    """`depths`: (y of the line, y of its word, "N1")."""

    width: int
    height: int
    soil: str
    ground: str
    depths: Sequence[tuple[int, int, str]]
    plants: Sequence[Plant]
    with_words: bool


def wide(grown: Sequence[Grown]) -> Drawing:
    return _draw(grown, width=900, first=83, apart=86, ground=_SKY_WITH_WORDS, beside=(12, 23, 33), hair=(7, 17))


def narrow(grown: Sequence[Grown]) -> Sequence[Drawing]:
    """Five in a row."""
    return [
        _draw(grown[start : start + 5], width=356, first=61, apart=62, ground=_SKY, beside=(9, 16, 23), hair=(5, 12))
        for start in range(0, len(grown), 5)
    ]


def _draw(
    grown: Sequence[Grown],
    *,
    width: int,
    first: int,
    apart: int,
    ground: int,
    beside: tuple[int, int, int],
    hair: tuple[int, int],
) -> Drawing:
    height = ground + _BELOW
    fifth = width // 5
    return Drawing(
        width=width,
        height=height,
        soil=f"M0 {ground}H{width}V{height}H0z",
        ground=f"M0 {ground}c{fifth} -5 {2 * fifth} 4 {3 * fifth} 0s{width * 3 // 10} 3 {width - 3 * fifth} -1",
        depths=[(ground + STEP * n, ground + STEP * n + 5, f"N{n}") for n in range(1, 5)],
        plants=[_plant(each, at, first + apart * at, ground, beside, hair) for at, each in enumerate(grown)],
        with_words=ground == _SKY_WITH_WORDS,
    )


def _plant(grown: Grown, at: int, x: int, ground: int, beside: tuple[int, int, int], hair: tuple[int, int]) -> Plant:
    grows = bool(grown.level or grown.breadth)
    bend = -1 if at % 2 == 0 else 1
    leaves, veins = zip(*_leaves(grown.breadth, x, ground), strict=True) if grown.breadth else ((), ())
    return Plant(
        grown=grown,
        x=x,
        stem=f"M{x} {ground}c-3 -8 3 -14 0 -{18 + 20 * grown.breadth}" if grows else "",
        leaves=leaves,
        veins=veins,
        root=_root(grown.level, x, ground, bend) if grown.level else "",
        hairs=[path for n in range(grown.level) for path in _hairs(x, ground + STEP * n, bend * (-1) ** n, hair)],
        tip=ground + STEP * grown.level,
        seed=ground + 12,
        sprout="" if grows else f"M{x - 9} {ground - 3}a9 9 0 0 1 18 0",
        marks=list(_marks(grown.series, x, ground, beside)),
    )


def _leaves(n: int, x: int, ground: int) -> Iterator[tuple[str, str]]:
    for at in range(n):
        y, side = ground - 20 - 22 * at, -1 if at % 2 == 0 else 1
        yield (
            f"M{x} {y}c{4 * side} -15 {19 * side} -19 {27 * side} -15c{-2 * side} 11 {-13 * side} 18 {-27 * side} 15z",
            f"M{x} {y}c{8 * side} -7 {14 * side} -10 {20 * side} -12",
        )


def _root(level: int, x: int, ground: int, bend: int) -> str:
    pieces = (f"c{6 * bend * (-1) ** n} 20 {6 * bend * (-1) ** n} 43 0 {STEP}" for n in range(level))
    return f"M{x} {ground}{''.join(pieces)}"


def _hairs(x: int, top: int, bend: int, hair: tuple[int, int]) -> Iterator[str]:
    from_x, (near, far) = x + 4 * bend, hair
    yield f"M{from_x} {top + 23}c{near} 3 {2 * near} 6 {far} 15"
    yield f"M{from_x} {top + 41}c{-near} 3 {-2 * near} 6 {-far} 15"


def _marks(series: Mapping[str, float], x: int, ground: int, beside: tuple[int, int, int]) -> Iterator[Mark]:
    for (kind, path), away in zip(_SHAPES.items(), beside, strict=True):
        if kind in series:
            y = round(ground + STEP * series[kind], 1)
            top, shape = path
            yield Mark(kind, x + away, y, f"M{x + away} {round(y - top, 1)}{shape}" if shape else "")


# {who: (how far above its middle it begins, its shape; a circle has none)}
_SHAPES = {"zelf": (0.0, ""), "peer": (6.5, "l6.5 11h-13z"), "trainer": (7.0, "l7 7-7 7-7-7z")}
