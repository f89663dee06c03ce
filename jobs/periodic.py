"""What must happen again and again: a job that is recorded anew when its time has come.

    @periodic("lti.keys", every=timedelta(days=1))
    def look_after_keys(payload: dict[str, Any]) -> None: …

The runner looks each hour (`record_due`), so that is how exact it is. Two runners that look at the same moment may have
it done twice, as any job may be.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from jobs import clock
from jobs.models import Job, Status
from jobs.registry import MOST_TRIES, Handler, job
from jobs.services import record

LONGEST = timedelta(days=7)
"""A job that was done is remembered this long (`jobs.runner.KEPT`), so nothing can be done less often."""

_OPEN = frozenset({Status.WAITING, Status.RUNNING})
_periods: dict[str, timedelta] = {}


def periodic(kind: str, *, every: timedelta, tries: int = MOST_TRIES) -> Callable[[Handler], Handler]:
    """The decorated function is done once in each period, with an empty payload; also when it failed the last time."""
    if every > LONGEST:
        raise ValueError("longer ago than a job is remembered")
    register = job(kind, tries=tries)

    def registered(handler: Handler) -> Handler:
        _periods[kind] = every
        return register(handler)

    return registered


def record_due() -> list[str]:
    """Records what is due and isn't waiting or running already; returns the kinds. One query where nothing is due."""
    now = clock.now()
    rows = Job.objects.filter(kind__in=_periods, key=F("kind")).values_list("kind", "status", "finished_at")
    there = {kind: None if status in _OPEN else finished_at for kind, status, finished_at in rows}
    due = []
    for kind, period in _periods.items():
        finished_at = there.get(kind)
        if kind not in there or (finished_at is not None and finished_at <= now - period):
            due.append(kind)
    for kind in due:
        with transaction.atomic():
            record(kind, kind, {})
    return due
