"""What was arranged: whether HR's pages are open, who follows which leerlijn, and who looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from learning.competences.models import HRBasis, Look, TrackForTeam
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.tracks import additions
from learning.tracks.models import Track

AT_ONCE = 1_000

# Of a large organisation these are thousands: more than a database takes as numbers.
_INSIDE = """
    WITH RECURSIVE inside(id) AS (
        SELECT id FROM learning_team WHERE id = %s
        UNION SELECT team.id FROM learning_team team JOIN inside ON team.parent_id = inside.id
    )
    SELECT id FROM inside
"""


def basis(organisation_id: int) -> HRBasis | None:
    """What holds now. One query."""
    newest = HRBasis.objects.filter(organisation=organisation_id).select_related("recorded_by").order_by("-pk").first()
    return newest if newest and newest.withdrawn_at is None else None


def organisations() -> QuerySet[Organisation]:
    """Those of which what was recorded last holds. No query by itself."""
    newest = HRBasis.objects.filter(organisation=OuterRef("pk")).order_by("-pk")
    holds = newest.annotate(holds=Q(withdrawn_at=None)).values("holds")[:1]
    return Organisation.objects.filter(Subquery(holds)).order_by("pk")


def bases(organisation_id: int) -> list[HRBasis]:
    """All that was ever recorded, the newest first. One query."""
    return list(HRBasis.objects.filter(organisation=organisation_id).select_related("recorded_by").order_by("-pk"))


def assignments(organisation_id: int) -> list[TrackForTeam]:
    """By leerlijn and team. One query."""
    found = TrackForTeam.objects.filter(track__organisation=organisation_id).select_related("track", "team__parent")
    return list(found.order_by("track__title", "team__name", "pk"))


def followed_in(organisation_id: int, track_id: int, periods: Sequence[str]) -> dict[str, frozenset[int]]:
    """{half-year: the teams the leerlijn was given to then}. One query."""
    found = [each for each in assignments(organisation_id) if each.track_id == track_id]
    return {
        period: frozenset(each.team_id for each in found if _was_followed(each, *_ends_of(period)))
        for period in periods
    }


def _was_followed(each: TrackForTeam, first: date, last: date) -> bool:
    return each.starts_on <= last and (each.ends_on is None or each.ends_on >= first)


def _ends_of(period: str) -> tuple[date, date]:
    """The first day of a half-year, and its last or today."""
    year, half = map(int, period.split("H"))
    first, last = (date(year, 1, 1), date(year, 6, 30)) if half == 1 else (date(year, 7, 1), date(year, 12, 31))
    return first, min(last, timezone.localdate())


def assignment(organisation_id: int, number: int) -> TrackForTeam | None:
    """One query."""
    return TrackForTeam.objects.filter(track__organisation=organisation_id, pk=number).first()


def registers(organisation_id: int) -> list[TrackForTeam]:
    """Where certificates of persons may be seen: what is a formal demand of the job, and was told. One query."""
    return [each for each in assignments(organisation_id) if is_announced(each)]


def is_announced(each: TrackForTeam) -> bool:
    return each.required and each.announced_on is not None and each.announced_on <= timezone.localdate()


def people_of(each: TrackForTeam) -> QuerySet[Person]:
    """Who is in the team or in one inside it, by name. No query by itself."""
    members = TeamMembership.objects.filter(team__in=RawSQL(_INSIDE, [each.team_id]))  # noqa: S611 no words of others
    found = Person.objects.filter(
        pk__in=members.values("person"), organisation=each.track.organisation_id, is_active=True
    )
    return found.order_by("name", "pk")


def certified(each: TrackForTeam, people: Sequence[Person]) -> list[tuple[Person, bool]]:
    """Whether each has the certificate of the leerlijn: yes or no, and nothing besides. One query."""
    have = additions.certified(each.track.slug, [person.pk for person in people])
    return [(person, person.pk in have) for person in people]


def all_certified(each: TrackForTeam) -> Iterator[tuple[str, bool]]:
    """(name, whether they have the certificate) of everybody in a register, by name, some at a time. One query."""
    people = people_of(each).annotate(has=additions.is_certified(each.track.slug))
    return people.values_list("name", "has").iterator(chunk_size=AT_ONCE)


def looks(organisation_id: int) -> QuerySet[Look]:
    """The newest first. No query by itself."""
    return Look.objects.filter(organisation=organisation_id).select_related("person").order_by("-at", "-pk")


def tracks(organisation_id: int) -> list[Track]:
    """By title. One query."""
    return list(Track.objects.filter(organisation=organisation_id).order_by("title", "pk"))


def teams(organisation_id: int) -> list[tuple[Team, int]]:
    """(team, how many it stands in), by name, each below the one it stands in. One query."""
    every = sorted(Team.objects.filter(organisation=organisation_id), key=lambda team: (team.name.casefold(), team.pk))
    inside: dict[int | None, list[Team]] = {}
    for team in every:
        inside.setdefault(team.parent_id, []).append(team)

    def below(parent: int | None, depth: int) -> list[tuple[Team, int]]:
        return [found for team in inside.get(parent, ()) for found in ((team, depth), *below(team.pk, depth + 1))]

    return below(None, 0)
