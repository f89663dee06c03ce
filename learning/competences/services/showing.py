"""What may be shown of an organisation, worked out once a day by the rules of `learning.competences.privacy`.

Pages of HR read what is kept here, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from learning.competences import privacy
from learning.competences.models import ShownFigure, ShownOf
from learning.competences.privacy import Change, Shown, Team
from learning.competences.services import tables
from learning.competences.services.tables import Table
from learning.people.models import Organisation
from learning.people.models import Team as TeamRow

TOP = 0
"""The organisation itself stands at the top of its teams, and holds who is in none."""
ABSENT = "-"


def period_of(day: date) -> str:
    """The half-year: "2026H2"."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def rest_of(row: int) -> int:
    """The row of what is taken together inside a row."""
    return -1 - row


People = dict[int, str]
"""{person: the character of their value}"""
Edges = tuple[int, ...]
"""Where bins begin."""
Remembered = dict[int, dict[int, str]]
"""{row: {person: a character for each column of a table, "-" where they aren't in it}}"""


@dataclass
class _Organisation:
    """`inside`: {team: the teams in it}."""

    row: Organisation
    names: Mapping[int, str]
    inside: Mapping[int, Sequence[int]]
    period: str
    k: int


@dataclass
class _Figure:
    """One column of one table. `now`: {team: People} of a team itself. `was`: {row: People} of a row with all in it, as
    last shown; `standing`: {row: (the row it stood in, its bins)} then."""

    table: Table
    code: str
    now: Mapping[int, People]
    was: Mapping[int, People]
    standing: Mapping[int, tuple[int | None, Edges]]


def show(organisation: Organisation, *, on: date | None = None) -> int:
    """Show what may be shown now; how many figures are new. What may not be shown anew stays as it was, also in a new
    half-year. Done again on the same day nothing changes."""
    period, k = period_of(on or timezone.localdate()), privacy.least(settings.FIGURES_K)
    with transaction.atomic():
        _carry_on(organisation, period)
        whole = _organisation(organisation, period, k)
        return sum(_show_table(whole, table) for table in tables.of(organisation))


def _carry_on(organisation: Organisation, period: str) -> None:
    """A half-year begins with what was shown last."""
    figures = ShownFigure.objects.filter(organisation=organisation)
    last = figures.filter(period__lte=period).order_by("-period").values_list("period", flat=True).first()
    if last is None or last == period:
        return
    copies = list(figures.filter(period=last))
    for figure in copies:
        figure.pk, figure.period = None, period
    ShownFigure.objects.bulk_create(copies, batch_size=500)


def _organisation(organisation: Organisation, period: str, k: int) -> _Organisation:
    inside: dict[int, list[int]] = defaultdict(list)
    names = {}
    for team in TeamRow.objects.filter(organisation=organisation).order_by("pk"):
        names[team.pk] = team.name
        inside[team.parent_id or TOP].append(team.pk)
    return _Organisation(organisation, names, inside, period, k)


def _show_table(whole: _Organisation, table: Table) -> int:
    remembered: Remembered = defaultdict(dict)
    shown = ShownOf.objects.filter(person__organisation=whole.row, table=table.name)
    for person, row, values in shown.values_list("person", "row", "values").iterator(chunk_size=5_000):
        remembered[row][person] = values
    standing: dict[str, dict[int, tuple[int | None, Edges]]] = defaultdict(dict)
    figures = ShownFigure.objects.filter(organisation=whole.row, period=whole.period, kind=table.name)
    for code, row, parent, bins in figures.values_list("competence", "row", "parent", "bins"):
        standing[code][row] = (parent, _edges(bins))
    after = {row: dict(people) for row, people in remembered.items()}
    new = 0
    for at, code in enumerate(table.codes):
        figure = _Figure(table, code, _now(whole, table, at), _was(remembered, at), standing[code])
        for row, people in _show_one(whole, figure).items():
            new += 1
            _put(after, row, at, people, len(table.codes))
    _remember(table, remembered, after)
    return new


def _edges(bins: Iterable[Sequence[object]]) -> Edges:
    return tuple(values[0] for values, _n in bins)  # type: ignore[index]


def _now(whole: _Organisation, table: Table, at: int) -> dict[int, People]:
    """A few who are in no team count nowhere: they would be what the whole has more than its teams."""
    now: dict[int, People] = defaultdict(dict)
    for person, (team, values) in table.people.items():
        now[team or TOP][person] = values[at]
    if len(now[TOP]) < whole.k and len(now) > 1:
        now[TOP] = {}
    return now


def _was(remembered: Remembered, at: int) -> dict[int, People]:
    return {
        row: {person: values[at] for person, values in people.items() if values[at] != ABSENT}
        for row, people in remembered.items()
    }


Rows = dict[int, tuple[Shown, int | None]]
"""{row: (what is shown there, the row it stands in)}"""


def _show_one(whole: _Organisation, figure: _Figure) -> dict[int, People]:
    """{row: who is in it now} of the rows that are shown anew, {} of those that are gone."""
    shown = privacy.show(_counted(whole, figure, TOP), values=range(figure.table.values), k=whole.k)
    if shown is None:
        return {}
    after: dict[int, People] = {}
    rows = _rows(whole, figure, shown, after)
    new = privacy.renewed(_change(figure, shown, after), whole.k)
    gone = _gone(rows, new, figure.standing)
    if new:
        _write(whole, figure, rows, new, gone)
    return {**{row: after[row] for row in new}, **{row: {} for row in gone}}


def _counted(whole: _Organisation, figure: _Figure, team: int) -> Team:
    counts: dict[int, int] = defaultdict(int)
    for value in figure.now.get(team, {}).values():
        counts[tables.number(value)] += 1
    return Team(team, counts, tuple(_counted(whole, figure, each) for each in whole.inside.get(team, ())))


def _rows(whole: _Organisation, figure: _Figure, shown: Shown, after: dict[int, People]) -> Rows:
    """All rows that would be shown; fills `after` with who is in each now."""
    after[shown.key] = _inside(whole, figure, shown.key)
    rows: Rows = {shown.key: (shown, None)}
    for team in shown.teams:
        rows |= _rows(whole, figure, team, after)
        rows[team.key] = (team, shown.key)
    if shown.rest:
        row = rest_of(shown.key)
        rows[row] = (shown.rest, shown.key)
        after[row] = dict(figure.now.get(shown.key, {}))
        for taken in shown.taken:
            after[row] |= _inside(whole, figure, taken)
    return rows


def _inside(whole: _Organisation, figure: _Figure, team: int) -> People:
    found = dict(figure.now.get(team, {}))
    for inner in whole.inside.get(team, ()):
        found |= _inside(whole, figure, inner)
    return found


def _change(figure: _Figure, shown: Shown, after: Mapping[int, People]) -> Change:
    """Where other teams stand alone than before, or in other bins, they are shown anew together or not at all."""
    inside = [_change(figure, team, after) for team in shown.teams]
    edges = {team.key: _edges(team.bins) for team in shown.teams}
    if shown.rest:
        row = rest_of(shown.key)
        inside.append(Change(row, figure.was.get(row, {}), after[row]))
        edges[row] = _edges(shown.rest.bins)
    stood = {row: bins for row, (parent, bins) in figure.standing.items() if parent == shown.key}
    return Change(
        shown.key,
        figure.was.get(shown.key, {}),
        after[shown.key],
        tuple(inside),
        as_one=bool(stood) and stood != edges,
    )


def _gone(rows: Rows, new: frozenset[int], standing: Mapping[int, tuple[int | None, Edges]]) -> list[int]:
    """Rows that stood in a row whose inside was shown anew, and stand there no longer; with all in them."""
    anew = {parent for row, (_shown, parent) in rows.items() if row in new and parent is not None}
    gone = [row for row, (parent, _bins) in standing.items() if parent in anew and row not in new and row not in rows]
    for row in gone:
        gone += [inner for inner, (parent, _bins) in standing.items() if parent == row and inner not in gone]
    return gone


def _write(whole: _Organisation, figure: _Figure, rows: Rows, new: frozenset[int], gone: Sequence[int]) -> None:
    now = timezone.now()
    which = {"organisation": whole.row, "period": whole.period, "kind": figure.table.name, "competence": figure.code}
    ShownFigure.objects.filter(**which, row__in=gone).delete()
    ShownFigure.objects.bulk_create(
        [
            ShownFigure(
                **which, row=row, parent=rows[row][1], name=whole.names.get(row, ""),
                bins=[[list(values), n] for values, n in rows[row][0].bins], n=rows[row][0].n, k=whole.k, shown_at=now,
            )
            for row in sorted(new)
        ],
        update_conflicts=True, unique_fields=["organisation", "period", "kind", "competence", "row"],
        update_fields=["parent", "name", "bins", "n", "k", "shown_at"],
    )  # fmt: skip


def _put(after: Remembered, row: int, at: int, people: People, width: int) -> None:
    """Remember who is in a row of one column."""
    there = after.setdefault(row, {})
    for person in there.keys() | people.keys():
        old = there.get(person, ABSENT * width)
        there[person] = old[:at] + people.get(person, ABSENT) + old[at + 1 :]


def _remember(table: Table, before: Remembered, after: Remembered) -> None:
    """Write down what changed of who is in which row."""
    nobody = ABSENT * len(table.codes)
    for row, people in after.items():
        gone = [person for person, values in people.items() if values == nobody and person in before.get(row, {})]
        for some in batched(gone, 500):
            ShownOf.objects.filter(table=table.name, row=row, person__in=some).delete()
    ShownOf.objects.bulk_create(
        [
            ShownOf(person_id=person, row=row, table=table.name, values=values)
            for row, people in after.items()
            for person, values in people.items()
            if values != nobody and before.get(row, {}).get(person) != values
        ],
        update_conflicts=True, unique_fields=["person", "table", "row"], update_fields=["values"], batch_size=1_000,
    )  # fmt: skip
