"""What must follow from an attempt."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from jobs.services import record
from learning.tracks.events import attempt_scored


@receiver(attempt_scored, dispatch_uid="runtime.count_cohort")
def count_cohort(sender: object, *, organisation_id: int, usage: str, number: int, **_: Any) -> None:
    """Only first attempts count. Many in a row are one count: the job waits a little and the newest stands for all."""
    if number == 1:
        record(
            "cohort.count", f"cohort.count|{organisation_id}|{usage}", {"organisation": organisation_id, "usage": usage}
        )
