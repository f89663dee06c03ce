"""What must be arranged before HR sees anything, and which team follows which leerlijn (curriculum 4.5)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from jobs.services import record
from learning.competences.models import HRBasis, TrackForTeam
from learning.people.models import Person, Team
from learning.tracks.models import Track

LONGEST_BASIS = 2_000
SHOW = "competences.show_first"


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
    """This team, with those in it, follows the leerlijn; assigned again, its dates change. Raises NotTheirs, CantBe."""
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
    return made


@transaction.atomic
def take_away(organisation_id: int, number: int) -> bool:
    """The team doesn't follow that leerlijn any more; whether it did. What its people did stays theirs."""
    found = TrackForTeam.objects.filter(pk=number, track__organisation=organisation_id)
    return found.delete()[0] > 0
