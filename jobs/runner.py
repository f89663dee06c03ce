"""Takes what is due, has it done, and writes down what came of it.

Any number of runners may work on one table. What is promised, with what keeps it:

- Nothing is lost. A job is a row, written in the transaction that caused it. It is leased in one statement and finished
  in one place, `_finish`; a process may die at any moment in between, and then the lease ends (`leases`) and the job is
  done by another. On SQLite, where one process works, the next one knows at once that it is alone (`release_all`).
  Runners look by themselves every POLL, so a message that a broker loses costs seconds.
- Nothing is done twice, but after a crash: when a process died after the work and before `_finish`. A handler bears
  that (`registry`). Who lost the lease can't finish.
- The newest wins. A job recorded anew while it ran, or while its runner lay dead, runs once more, with what is newer.
- One at a time of a `serial`, in the order of recording: a constraint of the table, not only of `_LEASE`.
"""

from __future__ import annotations

import json
import logging
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, Min

from jobs import backoff, circuit, clock, leases, registry
from jobs.models import Heartbeat, Job, Status
from jobs.registry import GiveUp, Kind, Then, TryLater

log = logging.getLogger(__name__)

POLL = 3.0
BREATH = 0.5
BEAT = timedelta(seconds=10)
KEPT = timedelta(days=7)
_FINISH_AGAIN_AFTER = (0.1, 0.5, 2.0)

# A job of a serial waits for one of it that runs, and for those before it, unless they are for a later day. `status` is
# named twice for the index "jobs_to_do": without that a job is looked for among all there ever were.
_LEASE = """
UPDATE jobs_job SET status = 'running', lease = %s, due = %s, tries = tries + 1
WHERE id = (
    SELECT j.id FROM jobs_job j
    WHERE j.status IN ('waiting', 'running') AND j.status = 'waiting' AND j.due <= %s AND (j.serial = '' OR NOT EXISTS (
        SELECT 1 FROM jobs_job o
        WHERE o.serial = j.serial AND o.status IN ('waiting', 'running') AND o.id <> j.id AND (
            o.status = 'running' OR (o.turn < j.turn AND (o.tries > 0 OR o.due <= %s)))))
    ORDER BY j.due, j.turn LIMIT 1 {lock})
RETURNING id
"""
_LEASE_STATEMENT = {"sqlite": _LEASE.format(lock=""), "postgresql": _LEASE.format(lock="FOR UPDATE OF j SKIP LOCKED")}

Run = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Done:
    """`then` is written together with the end of the job."""

    then: Then | None = None


Outcome = Done | TryLater | GiveUp


def drain(run_job: Run | None = None, *, limit: int | None = None) -> int:
    """Does what is due until nothing is, or `limit` jobs. Returns how many were taken.

    `run_job` is what runs one: the Celery task, or `run` itself.
    """
    taken = 0
    _drop_worn_connection()
    if not _something_due():
        return taken
    _take_back()
    while (limit is None or taken < limit) and (leased := lease_next()):
        taken += 1
        (run_job or run)(*leased)
        _drop_worn_connection()
    return taken


def _drop_worn_connection() -> None:
    """As between two requests. Not inside a transaction: a test may run us in one."""
    if not connection.in_atomic_block:
        close_old_connections()


def seconds_to_next(taken: int) -> float:
    """Until something is due, at most POLL. Never at once when nothing could be `taken`: what is due then waits for
    another of its serial, and asking for it again and again would take the place of that other."""
    waiting = Job.objects.filter(status__in=[Status.WAITING, Status.RUNNING])
    due: datetime | None = waiting.aggregate(first=Min("due"))["first"]
    if due is None:
        return POLL
    return min(POLL, max(0.0 if taken else BREATH, (due - clock.now()).total_seconds()))


def lease_next() -> tuple[int, str] | None:
    """The number of a job that is ours now, and our lease on it; None when nothing can be done now."""
    lease = secrets.token_hex(16)
    for _ in range(10):
        try:
            with transaction.atomic():
                number = _take(lease)
        except IntegrityError:
            # Another took one of the same serial in this very moment ("never_two_of_a_serial_at_once").
            continue
        return None if number is None else (number, lease)
    return None


def _something_due() -> bool:
    """A read: an idle runner takes no turn among the writers."""
    return Job.objects.filter(status__in=[Status.WAITING, Status.RUNNING], due__lte=clock.now()).exists()


def _take_back() -> None:
    """Jobs whose lease ended wait again: in their turn, so one recorded anew goes behind what came before that."""
    now = clock.now()
    ended = Job.objects.filter(status=Status.RUNNING, due__lte=now)
    with transaction.atomic():
        ended.filter(again_at=None).update(status=Status.WAITING, lease="")
        ended.exclude(again_at=None).update(
            status=Status.WAITING, lease="", due=F("again_at"), again_at=None, tries=0, held_until=None
        )


def _take(lease: str) -> int | None:
    now = clock.now()
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_LEASE_STATEMENT[connection.vendor], [lease, adapt(now + leases.LEASE), adapt(now), adapt(now)])
        row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class _Leased:
    """What there is to know of a job to do it."""

    pk: int
    kind: str
    payload: str
    tries: int
    receiver: str


# By hand, as is the way a job nearly always ends: building these cost more than running them.
_LOOK = "SELECT id, kind, payload, tries, receiver FROM jobs_job WHERE id = %s AND lease = %s AND status = 'running'"
_END = """
UPDATE jobs_job SET status = 'done', finished_at = %s, lease = '', last_reason = '', held_until = NULL, receiver = %s
WHERE id = %s AND lease = %s AND status = 'running' AND again_at IS NULL AND receiver IN ('', %s)
"""


def run(number: int, lease: str) -> None:
    """Does the job if the lease on it still holds. Only trouble with the database comes out."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [number, lease])
        row = cursor.fetchone()
    if row is None:
        return
    job = _Leased(*row)
    kind = registry.find(job.kind)
    circuit.forget_whom()
    with leases.held(number, lease):
        outcome = _outcome(job, kind)
        _finish_surely(job, lease, outcome, circuit.whom(), kind.tries if kind else registry.MOST_TRIES)


def _outcome(job: _Leased, kind: Kind | None) -> Outcome:
    if kind is None:
        # A version of the code that doesn't know it yet, or no longer.
        return TryLater("nobody does jobs of this kind")
    if job.tries > kind.tries:
        # It ended the process each time: no handler came to say what was wrong.
        return GiveUp("every try ended half-way")
    try:
        if job.receiver:
            circuit.refuse_when_paused(job.receiver)
        then = kind.handler(json.loads(job.payload))
    except (TryLater, GiveUp) as outcome:
        return outcome
    except Exception as error:
        # Not the message: it may quote what somebody wrote.
        reason = f"{type(error).__name__} at {_place(error)}"
        log.error("job %s %s: %s", job.kind, job.pk, reason)
        return TryLater(reason)
    return Done(then)


def _place(error: BaseException) -> str:
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    return f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}" if step else "?"


def _finish_surely(job: _Leased, lease: str, outcome: Outcome, receiver: str, tries: int) -> None:
    """The work is done: not writing that down would have it done again, so a full disk or a lost connection gets a
    few chances. After those the lease ends, and the job is done again."""
    for wait in _FINISH_AGAIN_AFTER:
        try:
            _finish(job.pk, lease, outcome, receiver, tries)
        except DatabaseError as error:
            if connection.in_atomic_block:
                raise
            log.warning("job %s %s can't be finished yet: %s", job.kind, job.pk, type(error).__name__)
            _drop_worn_connection()
            time.sleep(wait)
        else:
            return
    _finish(job.pk, lease, outcome, receiver, tries)


def _finish(number: int, lease: str, outcome: Outcome, receiver: str, most_tries: int) -> None:
    """One transaction. The job itself isn't touched when the lease went to another in the meantime."""
    now = clock.now()
    with transaction.atomic():
        if isinstance(outcome, Done) and outcome.then:
            outcome.then()
        if isinstance(outcome, Done) and _end(number, lease, receiver, now):
            if receiver:
                circuit.answered(receiver)
            return
        job = Job.objects.select_for_update().filter(id=number, lease=lease, status=Status.RUNNING).first()
        if job is None:
            return
        receiver = getattr(outcome, "receiver", "") or receiver or job.receiver
        changes = _changes(job, outcome, now, most_tries)
        Job.objects.filter(id=number).update(lease="", again_at=None, receiver=receiver, **changes)
        _tell_circuit(receiver, outcome)


def _end(number: int, lease: str, receiver: str, now: datetime) -> bool:
    """Nearly every job, in one statement. False for one that this doesn't fit."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(_END, [moment, receiver, number, lease, receiver])
        return bool(cursor.rowcount)


def _changes(job: Job, outcome: Outcome, now: datetime, most_tries: int) -> dict[str, Any]:
    held = now + timedelta(seconds=outcome.after) if isinstance(outcome, TryLater) and outcome.after else None
    reason = "" if isinstance(outcome, Done) else outcome.reason[:200]
    changes: dict[str, Any] = {"held_until": held, "last_reason": reason}
    if job.again_at:
        # Recorded anew while it ran: as if just recorded, but for the pause a receiver asked for.
        return changes | {"status": Status.WAITING, "due": max(job.again_at, held or job.again_at), "tries": 0}
    if isinstance(outcome, Done):
        return changes | {"status": Status.DONE, "finished_at": now}
    tries = job.tries - (isinstance(outcome, TryLater) and not outcome.counted)
    if isinstance(outcome, GiveUp) or tries >= most_tries:
        return changes | {"status": Status.FAILED, "finished_at": now, "held_until": None}
    due = held or now + timedelta(seconds=backoff.delay(tries, random.random()))  # noqa: S311 spreads, hides nothing
    return changes | {"status": Status.WAITING, "due": due, "tries": tries}


def _tell_circuit(receiver: str, outcome: Outcome) -> None:
    if not receiver:
        return
    if isinstance(outcome, TryLater):
        if outcome.counted:
            circuit.failed(receiver, outcome.after)
    else:
        # Even a refusal is an answer.
        circuit.answered(receiver)


def release_all() -> None:
    """Only for who knows that no other runner lives: what was running when the process died is due at once."""
    Job.objects.filter(status=Status.RUNNING).update(due=clock.now())


def beat() -> None:
    """A sign of life, at most once every BEAT."""
    now = clock.now()
    if not Heartbeat.objects.filter(seen_at__gt=now - BEAT).exists():
        Heartbeat.objects.update_or_create(id=1, defaults={"seen_at": now})


def prune(limit: int = 1000) -> int:
    """Forgets done jobs after KEPT, at most `limit` at a time. Returns how many."""
    old = Job.objects.filter(status=Status.DONE, finished_at__lt=clock.now() - KEPT).order_by("finished_at")
    numbers = list(old.values_list("id", flat=True)[:limit])
    # Named again: one may have been opened anew since.
    return Job.objects.filter(id__in=numbers, status=Status.DONE).delete()[0] if numbers else 0
