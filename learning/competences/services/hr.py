"""What must be arranged before HR sees anything, and which team follows which leerlijn (curriculum 4.5)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobs.services import record
from learning.competences import notices
from learning.competences.models import HRBasis, TrackForTeam
from learning.competences.queries.hr import arranged
from learning.notices.services import Telling, tell_many
from learning.people.models import Person, Team, TeamMembership
from learning.tracks.models import Track

LONGEST_BASIS = 2_000
SHOW, TELL = "competences.show_first", "competences.tell_demand"
_NEW = timedelta(days=7)
"""Who came into a team in these days may not have heard yet."""


class NotArranged(Exception):
    """Something is missing, or has yet to happen."""


class NotTheirs(Exception):
    """A leerlijn or a team of another organisation."""


class CantBe(Exception):
    """It ends before it begins, or is required and nobody was told."""


@transaction.atomic
def record_basis(by: Person, *, legal_basis: str, dpia_on: date, agreement_on: date) -> HRBasis:
    """From now on HR's pages of their organisation are open, and its people are counted for them. Takes the place of
    what was recorded before, which stays. Raises NotArranged."""
    if not legal_basis.strip() or max(dpia_on, agreement_on) > timezone.localdate():
        raise NotArranged
    record(SHOW, f"{SHOW}:{by.organisation_id}", {"organisation": by.organisation_id})
    return HRBasis.objects.create(
        organisation_id=by.organisation_id, legal_basis=legal_basis.strip(), dpia_on=dpia_on, agreement_on=agreement_on,
        recorded_by=by, recorded_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def withdraw_basis(organisation_id: int) -> bool:
    """HR's pages are shut, from the next look on; whether they were open. What was recorded before doesn't revive."""
    standing = HRBasis.objects.filter(organisation=organisation_id, withdrawn_at=None)
    return standing.update(withdrawn_at=timezone.now()) > 0


@transaction.atomic
def assign(
    organisation_id: int,
    *,
    track: Track,
    team: Team,
    starts_on: date,
    ends_on: date | None,
    required: bool,
    announced_on: date | None,
) -> TrackForTeam:
    """This team, with those in it, follows the leerlijn; assigned again, its dates change. Of a demand all of them hear
    from us, whoever else told them. Raises NotTheirs, CantBe."""
    if {track.organisation_id, team.organisation_id} != {organisation_id}:
        raise NotTheirs
    if (ends_on and ends_on < starts_on) or (required and announced_on is None):
        raise CantBe
    made, _new = TrackForTeam.objects.update_or_create(
        track=track, team=team,
        defaults={
            "starts_on": starts_on, "ends_on": ends_on, "required": required,
            "announced_on": announced_on if required else None,
        },
    )  # fmt: skip
    if required and announced_on:
        demand = {"track": track.pk, "team": team.pk, "on": announced_on.isoformat()}
        record(TELL, f"{TELL}:{made.pk}:{announced_on}", demand)
    return made


@transaction.atomic
def tell_demand(track_id: int, team_id: int, on: date) -> None:
    """Who is in the team hears from which day on HR reads whether they have the certificate: also where it was taken
    away since, unless it never held."""
    demand = TrackForTeam.objects.filter(track=track_id, team=team_id, required=True, announced_on=on)
    track = Track.objects.filter(pk=track_id).first()
    if track and (on <= timezone.localdate() or demand.exists()):
        _tell(arranged.people_of(TrackForTeam(track=track, team_id=team_id)), track_id, on)


@transaction.atomic
def tell_newcomers(organisation_id: int) -> None:
    """Who came into a team of which something is demanded."""
    for each in arranged.assignments(organisation_id):
        if each.required and each.announced_on:
            new = TeamMembership.objects.filter(since__gte=timezone.localdate() - _NEW).values("person")
            _tell(arranged.people_of(each).filter(pk__in=new), each.track_id, each.announced_on)


def _tell(people: QuerySet[Person], track_id: int, on: date) -> None:
    facts = {"track": track_id, "on": on.isoformat()}
    numbers = people.values_list("pk", flat=True).iterator(chunk_size=arranged.AT_ONCE)
    tell_many(notices.DEMANDED, (Telling(number, f"{track_id}:{on}", facts) for number in numbers))


@transaction.atomic
def take_away(organisation_id: int, number: int) -> bool:
    """The team doesn't follow that leerlijn any more; whether it did. What its people did stays theirs."""
    found = TrackForTeam.objects.filter(pk=number, track__organisation=organisation_id)
    return found.delete()[0] > 0
