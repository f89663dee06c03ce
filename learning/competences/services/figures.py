"""Counting teams. Counts follow what people do: a team of which somebody's level changed is stale and counted again by
a job; counted anew from everybody it is the same. Nobody is shown them: see `showing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from jobs.services import record
from learning.competences.models import Reached, StaleTeam, TeamCount
from learning.people.models import Person, TeamMembership
from learning.people.models import Team as TeamRow

KIND = "competences.count_teams"
WAITS = timedelta(minutes=1)
AT_ONCE = 100

LEVEL, BREADTH = "niveau", "breedte"
KINDS = (LEVEL, BREADTH)


def team_of(person: str) -> Subquery:
    """For a query with somebody in column `person`: the team they count in. Of two the one they joined first, so that
    everybody is counted once."""
    first = TeamMembership.objects.filter(person=OuterRef(person)).order_by("since", "pk")
    return Subquery(first.values("team")[:1])


def make_stale(person_id: int) -> None:
    """Somebody's level changed. Inside a transaction; two statements, and one for the first in a while."""
    person = Person.objects.filter(pk=person_id).annotate(counts_in=team_of("pk"))
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
    rows = Reached.objects.filter(person__is_active=True).annotate(counts_in=team_of("person"))
    for team, competence, level, learning_levels in (
        rows.filter(counts_in__in=teams)
        .values_list("counts_in", "competence", "level", "learning_levels")
        .iterator(chunk_size=5_000)
    ):
        yield team, competence, level, len(learning_levels)
