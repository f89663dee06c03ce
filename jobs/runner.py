"""Takes what is due, has it done, and writes down what came of it.

Any number of runners may work on one table. What is promised, with what keeps it:

- Nothing is lost. A job is a row, written in the transaction that caused it. It is leased in one statement and finished
  in one place, `_finish`, where its runner leases the next in the same transaction; a process may die at any moment in
  between, and then the lease ends (`leases`) and the job is done by another. On SQLite, where one process works, the
  next one knows at once that it is alone (`release_all`). Runners look by themselves every POLL, so a message that a
  broker loses costs seconds.
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
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, Min

from jobs import backoff, circuit, clock, leases, registry
from jobs.models import Heartbeat, Job, Status
from jobs.registry import GiveUp, Kind, Then, TryLater, Write

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
RETURNING id, lease, kind, payload, tries, receiver, EXISTS (
    SELECT 1 FROM jobs_receiver r WHERE r.name = jobs_job.receiver AND r.paused_until IS NOT NULL)
"""
_LEASE_STATEMENT = {"sqlite": _LEASE.format(lock=""), "postgresql": _LEASE.format(lock="FOR UPDATE OF j SKIP LOCKED")}


@dataclass(frozen=True, slots=True)
class Leased:
    """A job that is ours until `until`, longer when that is renewed; with what there is to know to do it. `may_rest`:
    its receiver had a rest lately, and may have it still."""

    number: int
    lease: str
    kind: str
    payload: str
    tries: int
    receiver: str
    may_rest: bool
    until: datetime


Run = Callable[[Leased, bool], Leased | None]


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
    if not connection.in_atomic_block:
        close_old_connections()
    if not _something_due():
        return taken
    _take_back()
    job: Leased | None = None
    while (limit is None or taken < limit) and (job := job or lease_next()):
        taken += 1
        job = (run_job or run)(job, taken != limit)
        _drop_worn_connection()
    return taken


def _drop_worn_connection() -> None:
    """One that failed isn't used again. Not inside a transaction: a test may run us in one. One that works stays ours
    until the last job is done: handing it back to the pool after each costs as much as a job's statements."""
    if connection.errors_occurred and not connection.in_atomic_block:
        close_old_connections()


def seconds_to_next(taken: int) -> float:
    """Until something is due, at most POLL. Never at once when nothing could be `taken`: what is due then waits for
    another of its serial, and asking for it again and again would take the place of that other."""
    waiting = Job.objects.filter(status__in=[Status.WAITING, Status.RUNNING])
    due: datetime | None = waiting.aggregate(first=Min("due"))["first"]
    if due is None:
        return POLL
    return min(POLL, max(0.0 if taken else BREATH, (due - clock.now()).total_seconds()))


def lease_next() -> Leased | None:
    """A job that is ours now; None when nothing can be done now."""
    for _ in range(10):
        try:
            until, values = _to_lease()
            return _leased(_together([(_LEASE_STATEMENT[connection.vendor], values)]), until)
        except IntegrityError:
            # Another took one of the same serial in this very moment ("never_two_of_a_serial_at_once").
            continue
    return None


def _to_lease() -> tuple[datetime, list[Any]]:
    """The end of a lease that begins now, and the parameters of _LEASE."""
    now = clock.now()
    until = now + leases.LEASE
    adapt = connection.ops.adapt_datetimefield_value
    return until, [secrets.token_hex(16), adapt(until), adapt(now), adapt(now)]


def _leased(row: tuple[Any, ...] | None, until: datetime) -> Leased | None:
    return Leased(*[*row, until]) if row else None


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


# A job that went well, recorded anew while it ran or not: then it waits again, as if just recorded. By hand, as is
# leasing: building these cost more than running them.
_END = """
UPDATE jobs_job SET
    status = CASE WHEN again_at IS NULL THEN 'done' ELSE 'waiting' END,
    finished_at = CASE WHEN again_at IS NULL THEN %s END,
    tries = CASE WHEN again_at IS NULL THEN tries ELSE 0 END,
    due = COALESCE(again_at, due), again_at = NULL, lease = '', last_reason = '', held_until = NULL,
    receiver = COALESCE(NULLIF(%s, ''), receiver)
WHERE id = %s AND lease = %s AND status = 'running'
"""


def run(job: Leased, and_next: bool = False) -> Leased | None:
    """Does the job, unless the lease on it ended before we came to it. Only trouble with the database comes out.

    With `and_next`, returns the next one, leased in the transaction that ends this one. None: there was none that
    could be done in that moment, or this one didn't end well; whoever asks looks for themselves.
    """
    if clock.now() >= job.until:
        return None
    kind = registry.find(job.kind)
    circuit.forget_whom(known_awake="" if job.may_rest else job.receiver)
    with leases.held(job.number, job.lease):
        outcome = _outcome(job, kind)
        return _finish_surely(
            job, outcome, circuit.whom(), kind.tries if kind else registry.MOST_TRIES, and_next=and_next
        )


def _outcome(job: Leased, kind: Kind | None) -> Outcome:
    if kind is None:
        # A version of the code that doesn't know it yet, or no longer.
        return TryLater("nobody does jobs of this kind")
    if job.tries > kind.tries:
        # It ended the process each time: no handler came to say what was wrong.
        return GiveUp("every try ended half-way")
    try:
        if job.may_rest:
            circuit.refuse_when_paused(job.receiver)
        then = kind.handler(json.loads(job.payload))
    except (TryLater, GiveUp) as outcome:
        return outcome
    except Exception as error:
        # Not the message: it may quote what somebody wrote.
        reason = f"{type(error).__name__} at {_place(error)}"
        log.error("job %s %s: %s", job.kind, job.number, reason)
        return TryLater(reason)
    return Done(then)


def _place(error: BaseException) -> str:
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    return f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}" if step else "?"


def _finish_surely(job: Leased, outcome: Outcome, receiver: str, tries: int, *, and_next: bool) -> Leased | None:
    """The work is done: not writing that down would have it done again, so a full disk or a lost connection gets a
    few chances. After those the lease ends, and the job is done again."""
    waits = iter(_FINISH_AGAIN_AFTER)
    while True:
        try:
            return _finish(job, outcome, receiver, tries, and_next=and_next)
        except DatabaseError as error:
            # The next doesn't stand in the way of ending this one: as in `lease_next`, it may be taken by another.
            is_taken, and_next = and_next and isinstance(error, IntegrityError), False
            wait = 0.0 if is_taken else next(waits, None)
            if wait is None or (connection.in_atomic_block and not is_taken):
                raise
            if not is_taken:
                log.warning("job %s %s can't be finished yet: %s", job.kind, job.number, type(error).__name__)
                _drop_worn_connection()
                time.sleep(wait)


def _finish(job: Leased, outcome: Outcome, receiver: str, most_tries: int, *, and_next: bool = False) -> Leased | None:
    """One transaction. The job itself isn't touched when the lease went to another in the meantime. Returns the next
    job, leased in it."""
    if isinstance(outcome, Done):
        return _end(job, outcome.then, receiver, and_next=and_next)
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(id=job.number, lease=job.lease, status=Status.RUNNING).first()
        if row is None:
            return None
        receiver = (outcome.receiver if isinstance(outcome, TryLater) else "") or receiver or row.receiver
        changes = _changes(row, outcome, clock.now(), most_tries)
        Job.objects.filter(id=job.number).update(lease="", again_at=None, receiver=receiver, **changes)
        _tell_circuit(receiver, outcome)
    return None


def _end(job: Leased, then: Then | None, receiver: str, *, and_next: bool) -> Leased | None:
    """Nearly every job, and the lease on the next."""
    moment = connection.ops.adapt_datetimefield_value(clock.now())
    until, to_lease = _to_lease()
    statements = [(then.statement, then.values)] if isinstance(then, Write) else []
    statements.append((_END, [moment, receiver, job.number, job.lease]))
    if receiver:
        statements.append((circuit.ANSWERED, [receiver]))
    if and_next:
        statements.append((_LEASE_STATEMENT[connection.vendor], to_lease))
    if then is None or isinstance(then, Write):
        row = _together(statements)
    else:
        with transaction.atomic():
            then()
            row = _together(statements)
    return _leased(row, until) if and_next else None


def _together(statements: Sequence[tuple[str, Sequence[Any]]]) -> tuple[Any, ...] | None:
    """All of them or none; the first row of the last, which must give rows when it is asked for.

    PostgreSQL gets them in one message, which is a transaction by itself (manual, 53.2.2.1): there a round trip costs
    more than a statement.
    """
    at_once = connection.vendor == "postgresql"
    one_transaction = nullcontext() if at_once and not connection.in_atomic_block else transaction.atomic()
    with one_transaction, connection.cursor() as cursor:
        if at_once:
            values = [value for _, each in statements for value in each]
            cursor.execute(";".join(statement for statement, _ in statements), values)
            while cursor.nextset():
                pass
        else:
            for statement, each in statements:
                cursor.execute(statement, each)
        row: tuple[Any, ...] | None = cursor.fetchone() if cursor.description else None
        return row


def _changes(job: Job, outcome: TryLater | GiveUp, now: datetime, most_tries: int) -> dict[str, Any]:
    held = now + timedelta(seconds=outcome.after) if isinstance(outcome, TryLater) and outcome.after else None
    changes: dict[str, Any] = {"held_until": held, "last_reason": outcome.reason[:200]}
    if job.again_at:
        # Recorded anew while it ran: as if just recorded, but for the pause a receiver asked for.
        return changes | {"status": Status.WAITING, "due": max(job.again_at, held or job.again_at), "tries": 0}
    tries = job.tries - (isinstance(outcome, TryLater) and not outcome.counted)
    if isinstance(outcome, GiveUp) or tries >= most_tries:
        return changes | {"status": Status.FAILED, "finished_at": now, "held_until": None}
    due = held or now + timedelta(seconds=backoff.delay(tries, random.random()))  # noqa: S311 spreads, hides nothing
    return changes | {"status": Status.WAITING, "due": due, "tries": tries}


def _tell_circuit(receiver: str, outcome: TryLater | GiveUp) -> None:
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
