"""Jobs of one kind that a handler does along with its own, because their receiver takes many at once.

They are not leased: another runner may take one at the same moment, and then it is done twice. So this is for kinds
that are harmless twice at once too, and whose payload never changes once it is recorded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from jobs import clock
from jobs.models import OPEN, Job, Status
from jobs.registry import Write

_DONE = """
UPDATE jobs_job SET status = 'done', finished_at = %s, last_reason = '', held_until = NULL
WHERE id IN ({marks}) AND status = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    number: int
    payload: dict[str, Any]


def waiting(kind: str, *, limit: int) -> list[Waiting]:
    """At most `limit` jobs of this kind that are due, the longest waiting first. One query."""
    # OPEN besides the status: that is what the index "jobs_to_do" is of.
    due = Job.objects.filter(OPEN, kind=kind, status=Status.WAITING, due__lte=clock.now()).order_by("due", "turn")
    return [Waiting(number, json.loads(payload)) for number, payload in due.values_list("pk", "payload")[:limit]]


def done(jobs: Sequence[Waiting]) -> Write | None:
    """What a handler returns that did these too: those nobody took meanwhile are done."""
    if not jobs:
        return None
    marks = ", ".join(["%s"] * len(jobs))
    return Write(
        _DONE.format(marks=marks),
        [connection.ops.adapt_datetimefield_value(clock.now()), *(job.number for job in jobs)],
    )


def put_off(kind: str, seconds: float) -> None:
    """None of this kind is due before then: their receiver has a rest, and finding that out one by one costs as much
    as doing them."""
    until = clock.now() + timedelta(seconds=seconds)
    Job.objects.filter(OPEN, kind=kind, status=Status.WAITING, due__lt=until).update(due=until)
