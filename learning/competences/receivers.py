"""Who showed something is worked out anew."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from learning.competences.services import evidence
from learning.practice.events import shown
from learning.tracks.events import attempt_scored


@receiver([attempt_scored, shown], dispatch_uid="competences.make_stale")
def _make_stale(*, person_id: int, **kwargs: Any) -> None:
    evidence.make_stale(person_id)
