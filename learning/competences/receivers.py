"""Who began or showed something is worked out anew."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from learning.competences import notices, permissions  # noqa: F401 kinds of notices make themselves known
from learning.competences.queries.hr import arranged
from learning.competences.services import evidence
from learning.owndata.additions import lets_hr_look
from learning.practice.events import shown
from learning.practice.permissions import also_reads
from learning.tracks.events import attempt_scored, enrolled

also_reads(permissions.reads_round)


@receiver([attempt_scored, enrolled, shown], dispatch_uid="competences.make_stale")
def _make_stale(*, person_id: int, **kwargs: Any) -> None:
    evidence.make_stale(person_id)


@lets_hr_look
def _basis(organisation_id: int) -> str:
    """In the notice of what is kept of people."""
    held = arranged.basis(organisation_id)
    return held.legal_basis if held else ""
