"""What there is to do, for operators and for pages that wait for something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from jobs import clock
from jobs.models import Heartbeat, Job, Status


@dataclass(frozen=True)
class Tally:
    """How many jobs of a kind are in a status ("waiting", "running", "done", "failed")."""

    kind: str
    status: str
    count: int


@dataclass(frozen=True)
class JobState:
    kind: str
    key: str
    status: str
    tries: int
    reason: str
    due: datetime


def tallies() -> list[Tally]:
    rows = Job.objects.values("kind", "status").annotate(count=Count("id")).order_by("kind", "status")
    return [Tally(row["kind"], row["status"], row["count"]) for row in rows]


def failed(limit: int = 200) -> list[JobState]:
    """The newest first."""
    return [_state(job) for job in Job.objects.filter(status=Status.FAILED).order_by("-finished_at")[:limit]]


def unfinished(kinds: Iterable[str], limit: int = 5000) -> list[JobState]:
    """What waits, runs or failed of these kinds, the oldest first. One query."""
    rows = Job.objects.filter(kind__in=list(kinds)).exclude(status=Status.DONE).order_by("pk")
    return [_state(job) for job in rows[:limit]]


def state_of(kind: str, key: str) -> JobState | None:
    job = Job.objects.filter(kind=kind, key=key).first()
    return _state(job) if job else None


def heartbeat_age() -> float | None:
    """Seconds since a runner was last seen; None when none ever was. A runner shows itself every `runner.BEAT`."""
    seen = Heartbeat.objects.values_list("seen_at", flat=True).first()
    return (clock.now() - seen).total_seconds() if seen else None


def _state(job: Job) -> JobState:
    return JobState(job.kind, job.key, job.status, job.tries, job.last_reason, job.due)
