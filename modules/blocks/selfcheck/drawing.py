"""The radar of a self-check, as numbers for an SVG. What it says stands in a table beside it too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from modules.blocks.selfcheck.rules import Scores

WIDTH, HEIGHT, RADIUS = 400, 372, 122
MIDDLE = (WIDTH / 2, HEIGHT / 2)
HIGHEST = 5


@dataclass(frozen=True)
class Axis:
    code: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """`path` of SVG; broken where a competence has no answer. `dots` are the points that are known."""

    path: str
    dots: tuple[tuple[float, float], ...]


def axes(codes: Sequence[str]) -> list[Axis]:
    """From the top, clockwise."""
    found = []
    for index, code in enumerate(codes):
        x, y = _point(index, len(codes), HIGHEST)
        label_x, label_y = _point(index, len(codes), HIGHEST + 0.75)
        lean = label_x - MIDDLE[0]
        anchor = "middle" if abs(lean) < 12 else "start" if lean > 0 else "end"
        found.append(Axis(code, x, y, label_x, label_y + 5, anchor))
    return found


def rings(codes: Sequence[str]) -> list[str]:
    """One for each word of the scale, drawn by hand: a little loose between the axes."""
    found = []
    for step in range(1, HIGHEST + 1):
        points = [_point(index, len(codes), step) for index in range(len(codes))]
        path = f"M{_text(points[0])}"
        for index in range(len(points)):
            after = points[(index + 1) % len(points)]
            loose = 1 + 0.02 * math.sin(3 * index + step)
            bend = _between(index, len(codes), step * loose)
            path += f"Q{_text(bend)} {_text(after)}"
        found.append(path + "Z")
    return found


def line(codes: Sequence[str], scores: Scores) -> Line:
    known = [
        (index, _point(index, len(codes), score))
        for index, code in enumerate(codes)
        if (score := scores.get(code)) is not None
    ]
    if len(known) == len(codes):
        return Line("M" + "L".join(_text(point) for _, point in known) + "Z", tuple(point for _, point in known))
    places = dict(known)
    path = ""
    for index, point in known:
        after = places.get((index + 1) % len(codes))
        if after is not None:
            path += f"M{_text(point)}L{_text(after)}"
    return Line(path, tuple(point for _, point in known))


def _point(index: float, n: int, score: float) -> tuple[float, float]:
    angle = 2 * math.pi * index / n
    far = RADIUS * score / HIGHEST
    return round(MIDDLE[0] + far * math.sin(angle), 1), round(MIDDLE[1] - far * math.cos(angle), 1)


def _between(index: int, n: int, score: float) -> tuple[float, float]:
    """The bend that makes a curve of a ring."""
    return _point(index + 0.5, n, score / math.cos(math.pi / n) if n > 2 else score)


def _text(point: tuple[float, float]) -> str:
    return f"{point[0]} {point[1]}"
