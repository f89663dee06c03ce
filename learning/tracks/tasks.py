"""Jobs. Each may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import Then, job
from learning.tracks import reminders, services
from learning.tracks.content import Kind

MEASURE = "tracks.measure"


@job(reminders.KIND, tries=reminders.TRIES)
def remind(payload: dict[str, Any]) -> Then | None:
    """`{"enrolment": its number, "moment": a Kind}`; without one it is a Herhaalmoment's."""
    return reminders.send(payload["enrolment"], Kind(payload.get("moment", Kind.RETURN)))


@periodic(MEASURE, every=timedelta(days=1))
def measure(payload: dict[str, Any]) -> None:
    services.measure_units()
