"""Jobs. Each may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import Then, job
from learning.tracks import reminders, services

MEASURE = "tracks.measure"


@job(reminders.KIND, tries=reminders.TRIES)
def remind(payload: dict[str, Any]) -> Then | None:
    """`{"enrolment": its number}`"""
    return reminders.send(payload["enrolment"])


@periodic(MEASURE, every=timedelta(days=1))
def measure(payload: dict[str, Any]) -> None:
    services.measure_units()
