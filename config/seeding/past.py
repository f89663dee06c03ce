"""What was shown in half-years before this one, so that there is a trend: by the rules for what is shown now, of those
whose team followed the leerlijn then, as far as they were then. Each half-year by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from config.seeding import bulk
from config.seeding.bulk import Row
from config.seeding.people import LONGEST, Somebody
from learning.competences import privacy
from learning.competences.models import ShownFigure
from learning.competences.privacy import Follows, Shown
from learning.competences.rules import CODES
from learning.competences.services import tables
from learning.competences.services.showing import first_shown, period_of
from learning.competences.services.tables import ASSIGNED, COMPLETE, Population, Table, character, progress_in
from learning.people.models import Organisation
from learning.tracks.models import Track

_COLUMNS = (
    "organisation_id", "row", "parent", "name", "period", "kind", "competence", "bins", "n", "k", "shown_at",
)  # fmt: skip
_NOTHING = "0" * len(CODES)


def write(organisation: Organisation, track: Track, people: Sequence[Somebody], *, modules: int) -> int:
    """How many figures. Inside a transaction; of an organisation of which nothing was shown yet."""
    k = privacy.least(settings.FIGURES_K)
    written = 0
    for last in ends_before(timezone.localdate()):
        found = tables.population(
            organisation, on=last
        )  # before the first row: PostgreSQL is asked nothing during COPY
        written += bulk.insert(ShownFigure, _COLUMNS, _half_year(last, found, track, people, modules, k))
    return written


def ends_before(today: date) -> list[date]:
    """The last days of the half-years before this one, as far back as anybody began; the oldest first."""
    found = []
    day = tables.half_year(today) - timedelta(days=1)
    while (today - day).days < LONGEST:
        found.append(day)
        day = tables.half_year(day) - timedelta(days=1)
    return found[::-1]


def _half_year(
    last: date, found: Population, track: Track, people: Sequence[Somebody], modules: int, k: int
) -> Iterator[Row]:
    shown_at = f"{bulk.day(last)} 20:00:00{bulk.utc()}"
    ago = (timezone.localdate() - last).days
    counted = [who for who in people if who.number in found.teams]
    for table in (*_levels(found, counted, ago), _progress(found, track, counted, ago, modules)):
        for at, code in enumerate(table.codes):
            shown = first_shown(found, table, at, k=k)
            for each, parent in _laid_out(shown, None) if shown else ():
                bins = json.dumps([[list(values), n] for values, n in each.bins])
                yield (
                    found.organisation.pk, each.key, parent, found.names.get(each.key, ""), period_of(last), table.name,
                    code, bins, each.n, k, shown_at,
                )  # fmt: skip


def _levels(found: Population, people: Sequence[Somebody], ago: int) -> Iterator[Table]:
    begun = {who.number: who.life.levels_on(who.began - ago) for who in people if who.life and who.began >= ago}
    nothing = (_NOTHING, _NOTHING)
    depth = {who.number: begun.get(who.number, nothing)[0] for who in people}
    breadth = {who.number: begun.get(who.number, nothing)[1] for who in people}
    return tables.of_levels(found, depth, breadth, begun)


def _progress(found: Population, track: Track, people: Sequence[Somebody], ago: int, modules: int) -> Table:
    """Where certificates are shown by name, those who have one are known; of then nobody knows who had it, so all who
    were done count as known."""
    placed, done = {}, {}
    for who in people:
        began = who.life is not None and who.began >= ago
        far = who.life.progress_on(who.began - ago, modules) if who.life and began else ASSIGNED
        placed[who.number] = (found.teams[who.number], character(far))
        if far == COMPLETE:
            done[who.number] = "1"
    near = Follows({track.pk})
    return Table(progress_in(track.pk), ("",), range(COMPLETE + 1), placed, told=done, near=near)


def _laid_out(shown: Shown, parent: int | None) -> Iterator[tuple[Shown, int | None]]:
    yield shown, parent
    for each in shown.rows:
        yield from _laid_out(each, shown.key)
