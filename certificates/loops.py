"""The two streams down the side of the document: a closed loop for each unit that was done. Plain geometry, in mm."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT, MOST = 22.0, 257.0, 72.0
# Around the drawing, for the width of its lines.
EDGE = 1.0
# One side of a loop in a square of 100: from the knot above, out to the left, to the knot below.
_SIDE = ((50, 0), (26, 10), (8, 24), (8, 50), (8, 76), (26, 90), (50, 100))


@dataclass(frozen=True)
class Loop:
    """`left` and `right` are paths; `upper_left`: the upper stream (double line) runs left. (`x`, `y`): the number."""

    number: str
    left: str
    right: str
    space: str
    upper_left: bool
    x: float
    y: float

    @property
    def upper(self) -> str:
        return self.left if self.upper_left else self.right

    @property
    def under(self) -> str:
        return self.right if self.upper_left else self.left


def loops(numbers: list[str]) -> list[Loop]:
    """One above the other; a few units don't make loops taller than MOST."""
    if not numbers:
        return []
    tall = min(MOST, HEIGHT / len(numbers))
    return [_loop(number, index, tall) for index, number in enumerate(numbers)]


@dataclass(frozen=True)
class Frame:
    """Of the drawing: its size in mm, and the same as an SVG viewBox."""

    width: float
    height: float
    box: str


def frame(count: int) -> Frame:
    width, height = WIDTH + 2 * EDGE, min(MOST, HEIGHT / max(count, 1)) * count + 2 * EDGE
    return Frame(width, round(height, 2), f"{-EDGE} {-EDGE} {width} {height:.2f}")


def _loop(number: str, index: int, tall: float) -> Loop:
    top = index * tall
    left = [(x * WIDTH / 100, top + y * tall / 100) for x, y in _SIDE]
    right = [(WIDTH - x, y) for x, y in left]
    return Loop(
        number=number,
        left=f"M{_point(*left[0])}{_curves(left)}",
        right=f"M{_point(*right[0])}{_curves(right)}",
        space=f"M{_point(*left[0])}{_curves(left)}{_curves(right[::-1])}Z",
        upper_left=index % 2 == 1,
        x=WIDTH / 2,
        y=round(top + tall / 2, 2),
    )


def _curves(points: list[tuple[float, float]]) -> str:
    """From the first point, where the pen is, by two Bézier curves to the last."""
    rest = [_point(*point) for point in points[1:]]
    return f"C{' '.join(rest[:3])}C{' '.join(rest[3:])}"


def _point(x: float, y: float) -> str:
    return f"{x:.2f} {y:.2f}"
