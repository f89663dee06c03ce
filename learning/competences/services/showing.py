"""What may be shown of an organisation, worked out once a day by the rules of `learning.competences.privacy`.

Pages of HR read what is kept here, and nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from sys import intern

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from learning.competences import privacy
from learning.competences.models import ShownFigure, ShownMeasure, ShownOf
from learning.competences.privacy import Change, Own, Row, Shown
from learning.competences.seen import kept_apart
from learning.competences.services import tables
from learning.competences.services.remembering import forget, remember
from learning.competences.services.tables import Population, Table
from learning.people.models import Organisation

ABSENT = "-"
_LEFT = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
""" "A" is who left a row at value 0, and so on."""
_EARLIER = -1_000_000_000
"""From here down no row of the figures has its number: there stands who was in one before many of them went."""


def period_of(day: date) -> str:
    """The half-year: "2026H2"."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


People = dict[int, str]
"""{person: the character of their value}"""
Stood = dict[int, int]
"""The bins of a row that was shown: {first value: people}"""
Standing = dict[int, tuple[int | None, Stood]]
"""{row: (the row it stood in, its bins)}"""
Called = dict[int, tuple[str, int]]
"""{row: (its name, k)}"""
Remembered = dict[int, dict[int, str]]
"""{row: {person: a character for each column of a table, "-" where they aren't in it, a capital where they no longer
are}}"""


@dataclass(frozen=True)
class _Showing:
    population: Population
    period: str
    k: int

    @property
    def organisation(self) -> Organisation:
        return self.population.organisation


@dataclass
class _Figure:
    """One column of one table. `now`: {team: People} of a team itself. `own`: what bins are made of. `was`: {row:
    People} of a row with all in it, as last shown; `left`: of who had left before; `standing`: what was shown then."""

    table: Table
    code: str
    now: Mapping[int, People]
    own: Mapping[int, Own]
    was: Mapping[int, People]
    left: Mapping[int, People]
    standing: Standing
    called: Called


def show(organisation: Organisation, *, on: date | None = None) -> int:
    """Show what may be shown now; how many figures are new. What may not be shown anew stays as it was, also in a new
    half-year, unless nobody follows it any more then. Done again on the same day nothing changes."""
    today = on or timezone.localdate()
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # one after the other
        is_new = carry_on(ShownFigure.objects.filter(organisation=organisation), period_of(today))
        found = tables.population(organisation, on=today)
        showing = _Showing(found, period_of(today), privacy.least(settings.FIGURES_K))
        shown: set[str] = set()
        new = 0
        for table in tables.of(found):
            new += _show_table(showing, table)
            shown |= {table.name} if table.people else set()
        if is_new:
            _let_go(showing, shown)
    return new


def carry_on[Kept: (ShownFigure, ShownMeasure)](ever: QuerySet[Kept], period: str) -> bool:
    """A half-year begins with what was shown last, of all that an organisation was `ever` shown. Whether it begins
    now."""
    last = ever.filter(period__lte=period).order_by("-period").values_list("period", flat=True).first()
    if last is None or last == period:
        return False
    copies = list(ever.filter(period=last))
    for each in copies:
        each.pk, each.period = None, period
    ever.bulk_create(copies, batch_size=500)
    return True


def _let_go(showing: _Showing, shown: set[str]) -> None:
    """A half-year that begins when nobody follows a leerlijn any more, holds nothing of it."""
    figures = ShownFigure.objects.filter(organisation=showing.organisation, period=showing.period)
    figures.exclude(kind__in=shown).delete()


def _show_table(showing: _Showing, table: Table) -> int:
    remembered = _remembered(showing, table.name)
    standing: dict[str, Standing] = defaultdict(dict)
    called: dict[str, Called] = defaultdict(dict)
    figures = ShownFigure.objects.filter(organisation=showing.organisation, period=showing.period, kind=table.name)
    columns = figures.values_list("competence", "row", "parent", "bins", "name", "k")
    for code, row, parent, bins, name, k in columns.iterator(chunk_size=5_000):
        standing[code][row], called[code][row] = (parent, {values[0]: n for values, n in bins}), (intern(name), k)
    after = dict(remembered)
    earlier: dict[int, int] = {}
    new = 0
    for at, code in enumerate(table.codes):
        now = _now(table, at)
        own = _own(showing.population, table, at, now)
        was, left = _was(remembered, at)
        figure = _Figure(table, code, now, own, was, left, standing[code], called[code])
        for row, people in _show_one(showing, figure).items():
            new += 1
            if _is_kept(was, row, people or {}, showing.k):
                place = earlier.setdefault(row, min(_EARLIER, *after) - 1)
                _put(after, None, place, at, was[row], len(table.codes))
            _put(after, remembered.get(row), row, at, people, len(table.codes))
    _remember(table, remembered, after)
    return new


def _is_kept(was: Mapping[int, People], row: int, now: People, k: int) -> bool:
    """Whether it stays remembered who was in a row: many of them went. Where a few did, what is shown since differs by
    more than them (`privacy.is_hidden`)."""
    before = was.get(row, {})
    many = len(before.keys() - now.keys()) >= k
    return many and not any(place < _EARLIER and people == before for place, people in was.items())


def _remembered(showing: _Showing, table: str) -> Remembered:
    """Somebody is in a row of each team above theirs, mostly with the same values: those are kept once."""
    found: Remembered = {}
    same: dict[int, int] = {}
    shown = ShownOf.objects.filter(person__organisation=showing.organisation, table=table)
    for person, row, values in shown.values_list("person", "row", "values").iterator(chunk_size=5_000):
        found.setdefault(row, {})[same.setdefault(person, person)] = intern(values)
    return found


def _now(table: Table, at: int) -> dict[int, People]:
    now: dict[int, People] = defaultdict(dict)
    for person, (team, values) in table.people.items():
        now[team][person] = values[at]
    return now


def first_shown(found: Population, table: Table, at: int, *, k: int) -> Shown | None:
    """What may be shown of a column of which nothing was shown before; None of too few."""
    return privacy.show(found.rows, _own(found, table, at, _now(table, at)), values=table.values, k=k)


def _own(found: Population, table: Table, at: int, now: Mapping[int, People]) -> dict[int, Own]:
    fitted: dict[int, Counter[str]] = {team: Counter(people.values()) for team, people in now.items()}
    for team, values in table.beside.values():
        fitted.setdefault(team, Counter())[values[at]] += 1
    own = {team: fitted[team].copy() if team in now else Counter[str]() for team in fitted}
    for person, told in table.told.items():
        if told[at] == "1" and person in table.people:
            team, values = table.people[person]
            fitted[team][values[at]] -= 1
    apart: Counter[int] = Counter()
    for person, only in table.apart.items():
        apart[table.people[person][0]] += only[at] == "1"
    return {
        team: Own(
            _numbers(own[team]),
            {found.follows[team] & table.near: _numbers(counts)},
            {(1, ""): apart[team]} if table.apart else table.beyond.get(team, {}),
        )
        for team, counts in fitted.items()
    }


def _numbers(counts: Mapping[str, int]) -> dict[int, int]:
    return {tables.number(value): n for value, n in counts.items()}


def _was(remembered: Remembered, at: int) -> tuple[dict[int, People], dict[int, People]]:
    """(who was in each row, who had left it before)"""
    was: dict[int, People] = {}
    left: dict[int, People] = {}
    for row, people in remembered.items():
        was[row], left[row] = {}, {}
        for person, values in people.items():
            if values[at] in _LEFT:
                left[row][person] = tables.character(_LEFT.index(values[at]))
            elif values[at] != ABSENT:
                was[row][person] = values[at]
    return was, left


Rows = dict[int, tuple[Shown, int | None]]
"""{row: (what is shown there, the row it stands in)}"""


def _show_one(showing: _Showing, figure: _Figure) -> dict[int, People | None]:
    """{row: who is in it now} of the rows that are shown anew, None of those that are gone with their team. Of a team
    that only stands there no longer, who was in it stays remembered, for it may come back."""
    shown = privacy.show(showing.population.rows, figure.own, values=figure.table.values, k=showing.k)
    if shown is None:
        return {}
    rows: Rows = {}
    _lay_out(shown, None, rows)
    after = {row.key: _inside(figure, row) for row in _every(showing.population.rows) if row.key in rows}
    change = _change(figure, shown, after)
    new = privacy.renewed(change, showing.k)
    new = kept_apart(change, new, _seen(showing, figure, change), showing.k)
    gone = _gone(rows, new, figure.standing)
    if new:
        _write(showing, figure, rows, new, gone)
    names = showing.population.names
    ended = [row for row in gone if (privacy.rest_of(row) if row < 0 else row) not in names]
    return {**{row: after[row] for row in new}, **dict.fromkeys(ended)}


def _seen(showing: _Showing, figure: _Figure, change: Change) -> Iterator[People]:
    """Who was in each row that was shown, of this table and of those that tell the same; those are read if need be. Who
    was erased since is in it as nobody we know: a row with them less would tell of them."""
    yield from _with_erased(figure.was, {row: sum(bins.values()) for row, (_parent, bins) in figure.standing.items()})
    for name in figure.table.alike:
        yield from _seen_in(showing, name)
    if figure.table.begun_in and _has_new(change):
        now = {person: value for people in figure.now.values() for person, value in people.items()}
        for name in figure.table.begun_in:
            yield from (_by_who_began(figure.table, people, now) for people in _seen_in(showing, name))


def _seen_in(showing: _Showing, name: str) -> Iterator[People]:
    was, _left = _was(_remembered(showing, name), 0)
    figures = ShownFigure.objects.filter(organisation=showing.organisation, kind=name).order_by("period")
    return _with_erased(was, dict(figures.values_list("row", "n")))


def _has_new(change: Change) -> bool:
    return change.is_new or any(map(_has_new, change.rows))


def _by_who_began(table: Table, people: People, now: People) -> People:
    """As in this table: who began then and now, or neither, stays where they are."""
    none, begun = map(tables.character, table.values[:2])
    found = {}
    for person, then in people.items():
        here, began = now.get(person, none), then != tables.character(tables.ASSIGNED)
        found[person] = here if (here != none) == began else begun if began else none
    return found


def _with_erased(was: Mapping[int, People], stood: Mapping[int, int]) -> Iterator[People]:
    """`stood`: how many there were in each row when it was shown."""
    for row, people in was.items():
        lost = stood.get(row, 0) - len(people)
        yield {**people, **{-1 - n: ABSENT for n in range(lost)}} if lost > 0 else people


def _lay_out(shown: Shown, parent: int | None, rows: Rows) -> None:
    rows[shown.key] = (shown, parent)
    for each in shown.rows:
        _lay_out(each, shown.key, rows)


def _every(row: Row) -> Iterable[Row]:
    yield row
    for each in row.rows:
        yield from _every(each)


def _inside(figure: _Figure, row: Row) -> People:
    found: People = {}
    for member in row.members:
        found |= figure.now.get(member, {})
    return found


def _change(figure: _Figure, shown: Shown, after: Mapping[int, People]) -> Change:
    """Where other teams stand alone than before, or in other bins, they are shown anew together or not at all. Of a row
    that comes back, each value may have been shown apart."""
    before = figure.was.get(shown.key, {})
    _parent, bins_then = figure.standing.get(shown.key, (None, {}))
    order = "".join(map(tables.character, figure.table.values))
    stood = {tables.character(first): n for first, n in bins_then.items()}
    if before and not stood:
        counted = Counter(before.values())
        stood = {value: counted[value] for value in order}
    inside = {row: set(bins) for row, (parent, bins) in figure.standing.items() if parent == shown.key}
    now = {row.key: {values[0] for values, _n in row.bins} for row in shown.rows}
    return Change(
        shown.key,
        before,
        after[shown.key],
        stood,
        frozenset(tables.character(values[0]) for values, _n in shown.bins),
        order,
        tuple(_change(figure, row, after) for row in shown.rows),
        bool(inside) and inside != now,
        figure.left.get(shown.key, {}),
        shown.key not in figure.standing,
    )


def _gone(rows: Rows, new: frozenset[int], standing: Standing) -> list[int]:
    """Rows that stood in a row whose inside was shown anew, and stand there no longer; with all in them."""
    anew = {parent for row, (_shown, parent) in rows.items() if row in new and parent is not None}
    gone = [row for row, (parent, _bins) in standing.items() if parent in anew and row not in new and row not in rows]
    for row in gone:
        gone += [inner for inner, (parent, _bins) in standing.items() if parent == row and inner not in gone]
    return gone


def _write(showing: _Showing, figure: _Figure, rows: Rows, new: frozenset[int], gone: Sequence[int]) -> None:
    now, names = timezone.now(), showing.population.names
    found = {row: rows[row] for row in sorted(new) if not _says_so(showing, figure, row, *rows[row])}
    which = {
        "organisation": showing.organisation, "period": showing.period, "kind": figure.table.name,
        "competence": figure.code,
    }  # fmt: skip
    ShownFigure.objects.filter(**which, row__in=gone).delete()
    ShownFigure.objects.bulk_create(
        [
            ShownFigure(
                **which, row=row, parent=parent, name=names.get(row, ""),
                bins=[[list(values), n] for values, n in shown.bins], n=shown.n, k=showing.k, shown_at=now,
            )
            for row, (shown, parent) in found.items()
        ],
        update_conflicts=True, unique_fields=["organisation", "kind", "competence", "row", "period"],
        update_fields=["parent", "name", "bins", "n", "k", "shown_at"],
    )  # fmt: skip


def _says_so(showing: _Showing, figure: _Figure, row: int, shown: Shown, parent: int | None) -> bool:
    """What stands there is the same: it stays, with the day on which it came."""
    bins = {values[0]: n for values, n in shown.bins}
    name = showing.population.names.get(row, "")
    return figure.standing.get(row) == (parent, bins) and figure.called.get(row) == (name, showing.k)


def _put(
    after: Remembered, before: dict[int, str] | None, row: int, at: int, people: People | None, width: int
) -> None:
    """Remember who is in a row of one column, and who left it; nobody where it is gone for good. What was there
    `before` stays as it is: a row of which something changed is another."""
    there = after.setdefault(row, {})
    for person in there.keys() | (people or {}).keys():
        old = there.get(person, ABSENT * width)
        new = ABSENT if people is None else people.get(person) or _as_left(old[at])
        if new != old[at]:
            if there is before:
                there = after[row] = dict(there)
            there[person] = intern(old[:at] + new + old[at + 1 :])


def _as_left(value: str) -> str:
    return value if value == ABSENT or value in _LEFT else _LEFT[tables.number(value)]


def _remember(table: Table, before: Remembered, after: Remembered) -> None:
    """Write down what changed of who is in which row."""
    nobody = ABSENT * len(table.codes)
    changed = {row: people for row, people in after.items() if people is not before.get(row)}
    for row, people in changed.items():
        there = before.get(row, {})
        forget(table.name, row, [person for person, values in people.items() if values == nobody and person in there])
    remember(
        table.name,
        (
            (person, row, values)
            for row, people in changed.items()
            for person, values in people.items()
            if values != nobody and before.get(row, {}).get(person) != values
        ),
    )
