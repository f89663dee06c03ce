"""How a share goes from half-year to half-year: a row of columns for each step that may be known in two or more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from learning.competences.queries.hr.figures import Figure
from learning.competences.views.hr import words


@dataclass(frozen=True)
class Column:
    """`share`: of a hundred; None where too few people are on either side."""

    label: str
    share: int | None

    @property
    def top(self) -> int:
        return 100 - (self.share or 0)


@dataclass(frozen=True)
class Line:
    label: str
    columns: Sequence[Column]


def lines(before: Sequence[Figure], names: Sequence[str]) -> list[Line]:
    """`before`: by half-year, the oldest first. `names`: what it is called to be at each value or further; everybody is
    at the first."""
    found = []
    for value, label in list(enumerate(names))[1:]:
        columns = [_column(figure, value) for figure in before]
        if sum(column.share is not None for column in columns) > 1:
            found.append(Line(label, columns))
    return found


def _column(figure: Figure, value: int) -> Column:
    part = figure.from_on(value)
    return Column(words.period(figure.period), part.share if part else None)
