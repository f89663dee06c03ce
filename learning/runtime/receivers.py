"""What must follow from an attempt."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from learning.runtime import cohorts
from learning.tracks.events import attempt_scored


@receiver(attempt_scored, dispatch_uid="runtime.count_cohort")
def count_cohort(sender: object, *, organisation_id: int, usage: str, number: int, **_: Any) -> None:
    """Only first attempts count."""
    if number == 1:
        cohorts.to_count(organisation_id, usage)
