"""What HR reads of groups: rows of `ShownFigure` and nothing else, so that no page can show more than may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from learning.competences import privacy
from learning.competences.models import ShownFigure
from learning.competences.rules import CODES

WHOLE = 0
"""The row of the whole organisation."""


@dataclass(frozen=True)
class Place:
    """A row as it stood in a half-year. `depth`: how many rows it stands in. `name` is "" for the whole and for what
    is taken together."""

    row: int
    parent: int | None
    name: str
    depth: int = 0

    @property
    def is_rest(self) -> bool:
        return self.row < 0


@dataclass(frozen=True)
class Shape:
    """Which rows there are: {half-year: those shown then, each below the one it stands in}; the newest half-year
    first. Of an organisation they are thousands: those of a half-year are read when somebody asks for them."""

    periods: Mapping[str, Sequence[Place]]

    def around(self, period: str, row: int, *, most: int) -> Sequence[Place]:
        """All of a half-year. Of more than `most`, those somebody can go on to from a row, or from the whole where it
        isn't there: those it stands in, and those in it; where there are none in it, those beside it."""
        places = self.periods[period]
        return places if len(places) <= most else _near(places, row)

    def within(self, teams: Mapping[str, frozenset[int]]) -> Shape:
        """Only the rows of these teams, {half-year: teams}, and those in them, below a whole of their own. Without the
        half-years that have none."""
        found = {period: list(_within(places, teams[period])) for period, places in self.periods.items()}
        return Shape({period: [Place(WHOLE, None, ""), *places] for period, places in found.items() if places})

    def tops(self, period: str) -> list[int]:
        """The rows that make up the whole."""
        return [each.row for each in self.periods[period] if each.parent == WHOLE]


def shape(organisation_id: int, kind: str, competence: str) -> Shape:
    """One query, and one for each half-year that is looked at; two where it has more teams than can be chosen."""
    return _Stored(_Periods(organisation_id, kind, competence))


class _Periods(Mapping[str, Sequence[Place]]):
    def __init__(self, organisation_id: int, kind: str, competence: str) -> None:
        self._of, self._competence = (organisation_id, kind), competence
        rows = ShownFigure.objects.filter(_of(organisation_id, kind), competence=competence)
        self._rows = rows.values_list("row", "parent", "name")
        whole = rows.filter(row=WHOLE).order_by("-period")
        self._places = dict[str, Sequence[Place] | None](dict.fromkeys(whole.values_list("period", flat=True)))

    def __getitem__(self, period: str) -> Sequence[Place]:
        places = self._places[period]
        if places is None:
            places = self._places[period] = list(_laid_out(self._rows.filter(period=period)))
        return places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def around(self, period: str, row: int, *, most: int) -> Sequence[Place]:
        rows = list(self._rows.filter(period=period)[: most + 1])
        if len(rows) <= most:
            places = self._places[period] = list(_laid_out(rows))
            return places
        key = [*self._of, self._competence, period]
        above = RawSQL(_ABOVE, [*key, row, WHOLE, *key])  # noqa: S611 no words of others
        inside = self._rows.filter(period=period, parent__in=above)
        return _near(list(_laid_out([(WHOLE, None, ""), *inside])), row)


@dataclass(frozen=True)
class _Stored(Shape):
    """Of a whole organisation."""

    periods: _Periods

    def around(self, period: str, row: int, *, most: int) -> Sequence[Place]:
        return self.periods.around(period, row, most=most)


# Two rows, and those they stand in.
_ABOVE = """
    WITH RECURSIVE above AS (
        SELECT "row", parent FROM learning_shownfigure
        WHERE organisation_id = %s AND kind = %s AND competence = %s AND period = %s AND "row" IN (%s, %s)
        UNION SELECT figure."row", figure.parent FROM learning_shownfigure figure
        JOIN above ON figure."row" = above.parent
        WHERE organisation_id = %s AND kind = %s AND competence = %s AND period = %s
    )
    SELECT "row" FROM above
"""


def _laid_out(rows: Iterable[tuple[int, int | None, str]]) -> Iterator[Place]:
    """By name, what is taken together last: nobody is first here for being best."""
    inside: dict[int | None, list[tuple[bool, str, int, str]]] = {}
    for row, parent, name in rows:
        inside.setdefault(parent, []).append((row < 0, name.casefold(), row, name))

    def below(parent: int | None, depth: int) -> Iterator[Place]:
        for is_rest, _folded, row, name in sorted(inside.get(parent, ())):
            yield Place(row, parent, name, depth)
            if not is_rest:
                yield from below(row, depth + 1)

    return below(None, 0)


def _near(places: Sequence[Place], row: int) -> list[Place]:
    by_row = {each.row: each for each in places}
    here = by_row.get(row, places[0])
    inside = {each.parent for each in places} & {here.row} or {here.parent}
    kept = {each.row for each in _above(here, by_row)} | {each.row for each in places if each.parent in inside}
    return [each for each in places if each.row in kept]


def _above(place: Place, by_row: Mapping[int, Place]) -> Iterator[Place]:
    """It, and those it stands in."""
    yield place
    if place.parent is not None and place.parent in by_row:
        yield from _above(by_row[place.parent], by_row)


def _within(places: Sequence[Place], teams: frozenset[int]) -> Iterator[Place]:
    depth_of: dict[int, int] = {}
    for each in places:
        if each.parent in depth_of:
            depth_of[each.row] = depth_of[each.parent] + 1
            yield Place(each.row, each.parent, each.name, depth_of[each.row])
        elif each.row in teams:
            depth_of[each.row] = 1
            yield Place(each.row, WHOLE, each.name, 1)


@dataclass(frozen=True)
class Part:
    """A bin. `share`: of a hundred, in steps of five where there are fewer than twenty people. `start` and `width` are
    where it is drawn, from 0 to 100."""

    values: tuple[int, ...]
    n: int
    share: int
    start: float
    width: float

    @property
    def shade(self) -> int:
        return self.values[-1]

    @property
    def x(self) -> str:
        return f"{self.start:.2f}"

    @property
    def w(self) -> str:
        return f"{self.width:.2f}"


@dataclass(frozen=True)
class Figure:
    """`n` people, in `parts`. `shown_at`: when five of them had changed."""

    row: int
    name: str
    period: str
    competence: str
    n: int
    parts: Sequence[Part]
    k: int
    shown_at: datetime

    @property
    def is_parted(self) -> bool:
        """Else it says how many they are, and nothing more."""
        return len(self.parts) > 1

    def from_on(self, value: int) -> Part | None:
        """Who is at this value or above, where that may be known: a part begins there."""
        above = [part for part in self.parts if part.values[0] >= value]
        if not above or above[0].values[0] != value:
            return None
        n = sum(part.n for part in above)
        share = privacy.percent(n, self.n)
        return Part(tuple(at for part in above for at in part.values), n, share, 0, share)


@dataclass(frozen=True)
class Read:
    """Of one row: `now`, {competence: figure}; `before`, of one competence by half-year, the oldest first; and
    `inside`: the rows in it."""

    now: Mapping[str, Figure]
    before: Sequence[Figure]
    inside: Sequence[Figure]


def read(organisation_id: int, kind: str, *, period: str, row: int, competence: str) -> Read:
    """`competence`: the one of which what was before and what is inside is wanted. One query."""
    inside = Q(parent=row, period=period, competence=competence)
    here = Q(row=row, period=period, competence__in=CODES if competence else [""])
    before = Q(row=row, period__lte=period, competence=competence)
    figures = [(each, _figure(each)) for each in _any_of(organisation_id, kind, [inside, here, before])]
    return Read(
        {figure.competence: figure for each, figure in figures if (each.row, each.period) == (row, period)},
        sorted((figure for each, figure in figures if _is_before(each, row, competence)), key=lambda each: each.period),
        sorted(
            (figure for each, figure in figures if each.parent == row and each.period == period and each.row != row),
            key=lambda each: (each.row < 0, each.name.casefold(), each.row),
        ),
    )


def read_added(organisation_id: int, kind: str, *, shape: Shape, period: str, competence: str) -> Read:
    """Of the rows that make up the whole of a `shape`, taken together: nothing but a sum of what may be shown of each.
    One query."""
    tops = {each: shape.tops(each) for each in shape.periods if each <= period}
    now = Q(row__in=tops[period], period=period, competence__in=CODES)
    then = [Q(row__in=rows, period=each, competence=competence) for each, rows in tops.items()]
    found: dict[tuple[str, str], list[ShownFigure]] = {}
    for row in _any_of(organisation_id, kind, [now, *then]):
        found.setdefault((row.period, row.competence), []).append(row)
    return Read(
        {code: _added(rows) for (each, code), rows in found.items() if each == period},
        [_added(found[each, competence]) for each in sorted(tops) if (each, competence) in found],
        sorted(
            (_figure(row) for row in found.get((period, competence), ())),
            key=lambda each: (each.name.casefold(), each.row),
        ),
    )


def _any_of(organisation_id: int, kind: str, wanted: Iterable[Q]) -> QuerySet[ShownFigure]:
    """Each of `wanted` holds all columns of an index: what stands outside an OR makes SQLite read all of a kind."""
    ours = _of(organisation_id, kind)
    return ShownFigure.objects.filter(reduce(or_, (ours & each for each in wanted)))


def _of(organisation_id: int, kind: str) -> Q:
    """Where more people are asked for than before, what was made for fewer isn't read until it is made anew."""
    return Q(organisation=organisation_id, kind=kind, k__gte=privacy.least(settings.FIGURES_K))


def _added(rows: Sequence[ShownFigure]) -> Figure:
    """On the bins that all of them have."""
    edges = frozenset[int].intersection(*(frozenset(values[0] for values, _n in row.bins) for row in rows))
    order = [value for values, _n in rows[0].bins for value in values]
    first_of, first = {}, order[0]
    for value in order:
        first = value if value in edges else first
        first_of[value] = first
    people: Counter[int] = Counter()
    for row in rows:
        for values, n in row.bins:
            people[first_of[values[0]]] += n
    bins = [(tuple(value for value in order if first_of[value] == at), people[at]) for at in order if at in edges]
    newest = max(rows, key=lambda row: row.shown_at)
    return _drawn(newest, bins, row=WHOLE, name="")


def _is_before(each: ShownFigure, row: int, competence: str) -> bool:
    return each.row == row and each.competence == competence


def _figure(row: ShownFigure) -> Figure:
    return _drawn(row, [(tuple(values), n) for values, n in row.bins], row=row.row, name=row.name)


def _drawn(shown: ShownFigure, bins: Iterable[tuple[tuple[int, ...], int]], *, row: int, name: str) -> Figure:
    counted = list(bins)
    total = sum(n for _values, n in counted)
    shares = [privacy.percent(n, total) for _values, n in counted]
    whole = sum(shares) or 1
    parts, at = [], 0.0
    for (values, n), share in zip(counted, shares, strict=True):
        width = 100 * share / whole
        parts.append(Part(values, n, share, round(at, 2), round(width, 2)))
        at += width
    return Figure(row, name, shown.period, shown.competence, total, parts, shown.k, shown.shown_at)
