"""What was wiped when its term was over, as it is read: run by run, of one organisation. Nobody is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.people.labels import TABLES
from learning.people.models import Destruction
from learning.people.retention import BY_NAME, Words

AT_ONCE = 25
FEW = 5
"""HR reads no count below this: with figures of a group beside it, it would be of somebody."""


@dataclass(frozen=True)
class Count:
    """`said`: how many rows, as it may be read."""

    table: Words
    said: str


@dataclass(frozen=True)
class Line:
    """What went under one kind. `term` in words, as long as it was then; "" where each had a day of its own. `total`:
    of all rows, as it may be read."""

    title: Words
    term: str
    before: datetime
    total: str
    counts: Sequence[Count]


@dataclass(frozen=True)
class Run:
    """`number`: in its address; of the last of its lines."""

    number: int
    made_at: datetime
    lines: Sequence[Line]


def runs(organisation_id: int, page: str | None, *, exact: bool) -> tuple[Page[tuple[datetime, int]], list[Run]]:
    """The newest first, a page at a time. Three queries, whatever there is."""
    every = Destruction.objects.filter(organisation=organisation_id)
    moments = every.values_list("made_at").annotate(number=Max("pk")).order_by("-made_at")
    here: Page[tuple[datetime, int]] = Paginator(moments, AT_ONCE).get_page(page)
    numbers = dict(here)
    rows: dict[datetime, list[Destruction]] = {made_at: [] for made_at in numbers}
    for row in every.filter(made_at__in=list(numbers)).order_by("pk"):
        rows[row.made_at].append(row)
    return here, [Run(numbers[at], at, _lines(lines, exact)) for at, lines in rows.items()]


def run_of(organisation_id: int, number: int, *, exact: bool) -> Run | None:
    """The run that a line is of, whole; None when it isn't of this organisation. Two queries."""
    every = Destruction.objects.filter(organisation=organisation_id)
    line = every.filter(pk=number).first()
    if line is None:
        return None
    return Run(number, line.made_at, _lines(every.filter(made_at=line.made_at).order_by("pk"), exact))


def _lines(rows: Sequence[Destruction] | QuerySet[Destruction], exact: bool) -> list[Line]:
    return [_line(row, exact) for row in rows]


def _line(row: Destruction, exact: bool) -> Line:
    title = BY_NAME[row.kind].title if row.kind in BY_NAME else row.kind
    return Line(title, _term(row), row.before, _total(list(row.counts.values()), exact), _counts(row, exact))


def _total(numbers: Sequence[int], exact: bool) -> str:
    """Where a number isn't said, no sum from which the others could be taken."""
    unsaid = [] if exact else [number for number in numbers if number < FEW]
    if not unsaid or len(numbers) == 1:
        return _said(sum(numbers), exact)
    return _("minstens %(n)s") % {"n": sum(numbers) - sum(unsaid) + len(unsaid)}


def _term(row: Destruction) -> str:
    return ngettext("%(n)s dag", "%(n)s dagen", row.days) % {"n": row.days} if row.days else ""


def _counts(row: Destruction, exact: bool) -> list[Count]:
    return [Count(TABLES.get(table, table), _said(number, exact)) for table, number in row.counts.items()]


def _said(number: int, exact: bool) -> str:
    return str(number) if exact or number >= FEW else _("minder dan %(n)s") % {"n": FEW}
