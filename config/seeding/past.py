"""What was shown in half-years before this one, so that there is a trend: by the rules for what is shown now, of those
whose team followed the leerlijn then, as far as they were then. Each half-year by itself."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from config.seeding import bulk
from config.seeding.bulk import Row
from config.seeding.people import LONGEST, Somebody
from learning.competences import privacy
from learning.competences.models import ShownFigure
from learning.competences.privacy import Own, Shown
from learning.competences.rules import CODES
from learning.competences.services import tables
from learning.competences.services.showing import period_of
from learning.competences.services.tables import ASSIGNED, BREADTH, COMPLETE, LEVEL, Population, number, progress_in
from learning.people.models import Organisation
from learning.tracks.models import Track

_COLUMNS = (
    "organisation_id", "row", "parent", "name", "period", "kind", "competence", "bins", "n", "k", "shown_at",
)  # fmt: skip
_NOTHING = "0" * len(CODES)


class Stood(NamedTuple):
    """Where somebody was then: depth and breadth, a character for each competence, and how far in the leerlijn."""

    depth: str
    breadth: str
    far: int


Crowd = Mapping[int, Counter[Stood]]
"""{team: {where they stood: people}}"""
Counting = Callable[[Stood, int], tuple[int, bool]]
"""(the value in a column, whether another table tells it)"""


def write(organisation: Organisation, track: Track, people: Sequence[Somebody], *, modules: int) -> int:
    """How many figures. Inside a transaction; of an organisation of which nothing was shown yet."""
    k = privacy.least(settings.FIGURES_K)
    rows = (
        row
        for last in ends_before(timezone.localdate())
        for row in _half_year(last, tables.population(organisation, on=last), track, people, modules, k)
    )
    return bulk.insert(ShownFigure, _COLUMNS, rows)


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
    crowd = _crowd(people, found, (timezone.localdate() - last).days, modules)
    kinds: list[tuple[str, Sequence[str], int, Counting]] = [
        (LEVEL, CODES, 5, _depth),
        (BREADTH, CODES, 5, _breadth),
        (progress_in(track.pk), ("",), COMPLETE + 1, _far),
    ]
    shown_at = f"{bulk.day(last)} 20:00:00{bulk.utc()}"
    for kind, codes, values, counting in kinds:
        for at, code in enumerate(codes):
            shown = privacy.show(found.rows, _own(crowd, counting, at), values=range(values), k=k)
            for each, parent in _laid_out(shown, None) if shown else ():
                bins = json.dumps([[list(values), n] for values, n in each.bins])
                yield (
                    found.organisation.pk, each.key, parent, found.names.get(each.key, ""), period_of(last), kind, code,
                    bins, each.n, k, shown_at,
                )  # fmt: skip


def _crowd(people: Sequence[Somebody], found: Population, ago: int, modules: int) -> Crowd:
    crowd: dict[int, Counter[Stood]] = defaultdict(Counter)
    for who in people:
        team = found.teams.get(who.number)
        if team is not None:
            crowd[team][_stood(who, who.began - ago, modules)] += 1
    return crowd


def _stood(who: Somebody, day: int, modules: int) -> Stood:
    if who.life is None or day < 0:
        return Stood(_NOTHING, _NOTHING, ASSIGNED)
    depth, breadth = who.life.levels_on(day)
    return Stood(depth, breadth, who.life.progress_on(day, modules))


def _depth(stood: Stood, at: int) -> tuple[int, bool]:
    """Who showed nothing is known to be at N0."""
    level = number(stood.depth[at])
    return level, level == 0 and stood.breadth[at] == "0"


def _breadth(stood: Stood, at: int) -> tuple[int, bool]:
    """Who began nothing is known to have shown nothing."""
    return number(stood.breadth[at]), stood.far == ASSIGNED


def _far(stood: Stood, at: int) -> tuple[int, bool]:
    """Where certificates are shown by name, those who have one are known; of then nobody knows who had it, so all who
    were done count as known."""
    return stood.far, stood.far == COMPLETE


def _own(crowd: Crowd, counting: Counting, at: int) -> dict[int, Own]:
    own = {}
    for team, people in crowd.items():
        counts, fitted = Counter[int](), Counter[int]()
        for stood, n in people.items():
            value, told = counting(stood, at)
            counts[value] += n
            fitted[value] += 0 if told else n
        own[team] = Own(counts, {privacy.NOTHING: fitted})
    return own


def _laid_out(shown: Shown, parent: int | None) -> Iterator[tuple[Shown, int | None]]:
    yield shown, parent
    for each in shown.rows:
        yield from _laid_out(each, shown.key)
