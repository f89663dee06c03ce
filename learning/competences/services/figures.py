"""Counting teams, and showing what may be shown of them.

Two things apart. Counts follow what people do: a team of which somebody's level changed is stale and counted again by a
job; counted anew from everybody it is the same. What is shown follows the counts once a day at most, by the rules of
`learning.competences.privacy`: pages of HR read nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from jobs.services import record
from learning.competences import privacy
from learning.competences.models import Reached, ShownFigure, ShownOf, StaleTeam, TeamCount
from learning.competences.privacy import Change, Shown, Team
from learning.competences.rules import CODES
from learning.people.models import Organisation, Person, TeamMembership
from learning.people.models import Team as TeamRow

KIND = "competences.count_teams"
WAITS = timedelta(minutes=1)
AT_ONCE = 100

LEVEL, BREADTH = "niveau", "breedte"
KINDS = (LEVEL, BREADTH)
VALUES = (0, 1, 2, 3, 4)
ABSENT = "-"
TOP = 0
"""The organisation itself stands at the top of its teams, and holds who is in none."""


def _team_of(person: str) -> Subquery:
    """For a query with somebody in column `person`: the team they count in. Of two the one they joined first, so that
    everybody is counted once."""
    first = TeamMembership.objects.filter(person=OuterRef(person)).order_by("since", "pk")
    return Subquery(first.values("team")[:1])


def make_stale(person_id: int) -> None:
    """Somebody's level changed. Inside a transaction; two statements, and one for the first in a while."""
    person = Person.objects.filter(pk=person_id).annotate(counts_in=_team_of("pk"))
    team = person.values_list("counts_in", flat=True).first()
    if team is None:
        return
    _team, first = StaleTeam.objects.get_or_create(team_id=team, defaults={"since": timezone.now()})
    if first:
        record(KIND, KIND, {}, due=timezone.now() + WAITS)


def count_stale() -> int:
    """The teams of which somebody changed; how many. May run twice."""
    done = 0
    while stale := list(StaleTeam.objects.order_by("since").values_list("team", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            StaleTeam.objects.filter(team__in=stale).delete()
            _count(stale)
        done += len(stale)
    return done


def count_all() -> None:
    """All teams anew, from everybody."""
    for batch in _batches(list(TeamRow.objects.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            _count(batch)


def _batches(teams: Sequence[int]) -> Iterable[Sequence[int]]:
    return (teams[start : start + AT_ONCE] for start in range(0, len(teams), AT_ONCE))


def _count(teams: Sequence[int]) -> None:
    counts: dict[tuple[int, str, str, int], int] = defaultdict(int)
    for team, competence, level, breadth in _reached(teams):
        counts[team, competence, LEVEL, level] += 1
        counts[team, competence, BREADTH, breadth] += 1
    TeamCount.objects.filter(team__in=teams).delete()
    TeamCount.objects.bulk_create(
        [TeamCount(team_id=team, competence=code, kind=kind, value=value, n=n)
         for (team, code, kind, value), n in sorted(counts.items())],
        batch_size=1_000,
    )  # fmt: skip


def _reached(teams: Sequence[int]) -> Iterable[tuple[int, str, int, int]]:
    """(team, competence, level, breadth) of everybody who counts in these teams."""
    rows = Reached.objects.filter(person__is_active=True).annotate(counts_in=_team_of("person"))
    for team, competence, level, learning_levels in (
        rows.filter(counts_in__in=teams)
        .values_list("counts_in", "competence", "level", "learning_levels")
        .iterator(chunk_size=5_000)
    ):
        yield team, competence, level, len(learning_levels)


# --- what is shown


def period_of(day: date) -> str:
    """The half-year: "2026H2"."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def rest_of(row: int) -> int:
    """The row of what is taken together inside a row."""
    return -1 - row


Digits = dict[int, str]
"""{person: one digit for each competence}"""


@dataclass
class _Everybody:
    """An organisation as it is now, and as it was last shown.

    `now`: {kind: {team: Digits}} of a team itself. `was`: {kind: {row: Digits}} of a row with all in it. `standing`:
    {(kind, code): {row: the row it stood in}} as last shown.
    """

    teams: Mapping[int, TeamRow]
    tree: Mapping[int, Sequence[int]]
    now: Mapping[str, Mapping[int, Digits]]
    was: Mapping[str, dict[int, Digits]]
    standing: Mapping[tuple[str, str], Mapping[int, int | None]]


def show(organisation: Organisation, *, on: date | None = None) -> int:
    """Show what may be shown of an organisation now; how many figures are new. What may not be shown anew stays as it
    was, also in a new half-year. Done again on the same day nothing changes."""
    k = privacy.least(settings.FIGURES_K)
    period = period_of(on or timezone.localdate())
    with transaction.atomic():
        _carry_on(organisation, period)
        everybody = _everybody(organisation, period, k)
        new = 0
        for at, code in enumerate(CODES):
            for kind in KINDS:
                new += _show_one(organisation, everybody, period=period, kind=kind, at=at, code=code, k=k)
        _remember(organisation, everybody)
    return new


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


def _everybody(organisation: Organisation, period: str, k: int) -> _Everybody:
    teams = {team.pk: team for team in TeamRow.objects.filter(organisation=organisation).order_by("pk")}
    tree: dict[int, list[int]] = defaultdict(list)
    for team in teams.values():
        tree[team.parent_id or TOP].append(team.pk)
    standing: dict[tuple[str, str], dict[int, int | None]] = defaultdict(dict)
    for figure in ShownFigure.objects.filter(organisation=organisation, period=period, kind__in=KINDS).only(
        "kind", "competence", "row", "parent"
    ):
        standing[figure.kind, figure.competence][figure.row] = figure.parent
    return _Everybody(teams, tree, _now(organisation, k), _was(organisation), standing)


def _now(organisation: Organisation, k: int) -> dict[str, dict[int, Digits]]:
    """A few who are in no team count nowhere: they would be what the whole has more than its teams."""
    active = Person.objects.filter(organisation=organisation, is_active=True).annotate(counts_in=_team_of("pk"))
    people = dict(active.values_list("pk", "counts_in"))
    found: dict[str, dict[int, list[str]]] = {kind: {} for kind in KINDS}
    rows = Reached.objects.filter(person__organisation=organisation, person__is_active=True)
    for person, code, level, learning_levels in rows.values_list(
        "person", "competence", "level", "learning_levels"
    ).iterator(chunk_size=5_000):
        at = CODES.index(code)
        found[LEVEL].setdefault(person, ["0"] * len(CODES))[at] = str(level)
        found[BREADTH].setdefault(person, ["0"] * len(CODES))[at] = str(len(learning_levels))
    now: dict[str, dict[int, Digits]] = {kind: defaultdict(dict) for kind in KINDS}
    for kind in KINDS:
        for person, digits in found[kind].items():
            now[kind][people[person] or TOP][person] = "".join(digits)
        if len(now[kind][TOP]) < k and len(now[kind]) > 1:
            now[kind][TOP] = {}
    return now


def _was(organisation: Organisation) -> dict[str, dict[int, Digits]]:
    was: dict[str, dict[int, Digits]] = {kind: defaultdict(dict) for kind in KINDS}
    shown = ShownOf.objects.filter(person__organisation=organisation)
    for person, row, levels, breadths in shown.values_list("person", "row", "levels", "breadths").iterator():
        was[LEVEL][row][person] = levels
        was[BREADTH][row][person] = breadths
    return was


def _show_one(
    organisation: Organisation, everybody: _Everybody, *, period: str, kind: str, at: int, code: str, k: int
) -> int:
    """One figure of one competence: levels or breadth."""
    shown = privacy.show(_counted(everybody, TOP, kind, at), values=VALUES, k=k)
    if shown is None:
        return 0
    after: dict[int, dict[int, str]] = {}
    rows = _rows(everybody, shown, kind, at, after)
    standing = everybody.standing[kind, code]
    change = _change(everybody, shown, kind, at, after, standing)
    new = privacy.renewed(change, k)
    if not new:
        return 0
    _write(organisation, everybody, rows, new, standing, period=period, kind=kind, code=code, k=k)
    for row in new:
        _put(everybody.was[kind], row, at, after[row])
    for row in _gone(rows, new, standing):
        _put(everybody.was[kind], row, at, {})
    return len(new)


def _counted(everybody: _Everybody, team: int, kind: str, at: int) -> Team:
    counts: dict[int, int] = defaultdict(int)
    for digits in everybody.now[kind].get(team, {}).values():
        counts[int(digits[at])] += 1
    return Team(team, counts, tuple(_counted(everybody, each, kind, at) for each in everybody.tree.get(team, ())))


Rows = dict[int, tuple[Shown, int | None]]
"""{row: (what is shown there, the row it stands in)}"""


def _rows(everybody: _Everybody, shown: Shown, kind: str, at: int, after: dict[int, dict[int, str]]) -> Rows:
    """All rows that would be shown; fills `after` with who is in each now."""
    after[shown.key] = _inside(everybody, shown.key, kind, at)
    rows: Rows = {shown.key: (shown, None)}
    for team in shown.teams:
        rows |= _rows(everybody, team, kind, at, after)
        rows[team.key] = (team, shown.key)
    if shown.rest:
        row = rest_of(shown.key)
        rows[row] = (shown.rest, shown.key)
        after[row] = _own(everybody, shown.key, kind, at)
        for taken in shown.taken:
            after[row] |= _inside(everybody, taken, kind, at)
    return rows


def _own(everybody: _Everybody, team: int, kind: str, at: int) -> dict[int, str]:
    return {person: digits[at] for person, digits in everybody.now[kind].get(team, {}).items()}


def _inside(everybody: _Everybody, team: int, kind: str, at: int) -> dict[int, str]:
    found = _own(everybody, team, kind, at)
    for inner in everybody.tree.get(team, ()):
        found |= _inside(everybody, inner, kind, at)
    return found


def _change(
    everybody: _Everybody,
    shown: Shown,
    kind: str,
    at: int,
    after: Mapping[int, dict[int, str]],
    standing: Mapping[int, int | None],
) -> Change:
    inside = [_change(everybody, team, kind, at, after, standing) for team in shown.teams]
    if shown.rest:
        row = rest_of(shown.key)
        inside.append(Change(row, _before(everybody, row, kind, at), after[row]))
    stood = {row for row, parent in standing.items() if parent == shown.key}
    return Change(
        shown.key,
        _before(everybody, shown.key, kind, at),
        after[shown.key],
        tuple(inside),
        as_one=bool(stood) and stood != {each.key for each in inside},
    )


def _before(everybody: _Everybody, row: int, kind: str, at: int) -> dict[int, str]:
    was = everybody.was[kind].get(row, {})
    return {person: digits[at] for person, digits in was.items() if digits[at] != ABSENT}


def _gone(rows: Rows, new: frozenset[int], standing: Mapping[int, int | None]) -> list[int]:
    """Rows that stood in a row whose inside was shown anew, and stand there no longer; with all in them."""
    anew = {parent for row, (_shown, parent) in rows.items() if row in new and parent is not None}
    gone = [row for row, parent in standing.items() if parent in anew and row not in new and row not in rows]
    for row in gone:
        gone += [inner for inner, parent in standing.items() if parent == row and inner not in gone]
    return gone


def _write(
    organisation: Organisation,
    everybody: _Everybody,
    rows: Rows,
    new: frozenset[int],
    standing: Mapping[int, int | None],
    *,
    period: str,
    kind: str,
    code: str,
    k: int,
) -> None:
    now = timezone.now()
    figures = ShownFigure.objects.filter(organisation=organisation, period=period, kind=kind, competence=code)
    figures.filter(row__in=_gone(rows, new, standing)).delete()
    ShownFigure.objects.bulk_create(
        [
            ShownFigure(
                organisation=organisation, row=row, parent=rows[row][1], name=_name(everybody, row), period=period,
                kind=kind, competence=code, bins=[[list(values), n] for values, n in rows[row][0].bins],
                n=rows[row][0].n, k=k, shown_at=now,
            )
            for row in sorted(new)
        ],
        update_conflicts=True, unique_fields=["organisation", "period", "kind", "competence", "row"],
        update_fields=["parent", "name", "bins", "n", "k", "shown_at"],
    )  # fmt: skip


def _name(everybody: _Everybody, row: int) -> str:
    return everybody.teams[row].name if row in everybody.teams else ""


def _put(was: dict[int, Digits], row: int, at: int, digits: Mapping[int, str]) -> None:
    """Remember who is in a row of one figure."""
    there = was.setdefault(row, {})
    for person in there.keys() | digits.keys():
        old = there.get(person, ABSENT * len(CODES))
        there[person] = old[:at] + digits.get(person, ABSENT) + old[at + 1 :]


def _remember(organisation: Organisation, everybody: _Everybody) -> None:
    """Write down what changed of who is in which row."""
    nowhere = ABSENT * len(CODES)
    wanted: dict[tuple[int, int], tuple[str, str]] = {}
    for which, kind in enumerate(KINDS):
        for row, digits in everybody.was[kind].items():
            for person, digit in digits.items():
                both = list(wanted.get((person, row), (nowhere, nowhere)))
                both[which] = digit
                wanted[person, row] = (both[0], both[1])
    there = {(shown.person_id, shown.row): shown for shown in ShownOf.objects.filter(person__organisation=organisation)}
    empty = {place for place, both in wanted.items() if both == (nowhere, nowhere)}
    ShownOf.objects.filter(pk__in=[shown.pk for place, shown in there.items() if place in empty]).delete()
    changed = [
        ShownOf(person_id=person, row=row, levels=both[0], breadths=both[1])
        for (person, row), both in wanted.items()
        if (person, row) not in empty
        and ((person, row) not in there or (there[person, row].levels, there[person, row].breadths) != both)
    ]
    ShownOf.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["person", "row"], update_fields=["levels", "breadths"],
        batch_size=1_000,
    )  # fmt: skip
