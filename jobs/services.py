"""Recording what must happen, and opening again what failed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import get_connection

from jobs import bell, clock
from jobs.models import Job, Status

# By one clock for all who record: PostgreSQL's own, or on SQLite that of the one process.
_TURN = {"postgresql": "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint", "sqlite": "%s"}

# A job that runs goes on running, and once more afterwards; any other waits again, with the newer payload.
_RECORD = """
INSERT INTO jobs_job (kind, key, serial, payload, status, due, turn, tries, lease, receiver, last_reason, recorded_at)
SELECT %s, %s, %s, %s, 'waiting', %s, {turn}, 0, '', '', '', %s WHERE {condition}
ON CONFLICT (kind, key) DO UPDATE SET
    payload = excluded.payload, turn = excluded.turn, recorded_at = excluded.recorded_at, finished_at = NULL,
    serial = CASE WHEN jobs_job.status = 'running' THEN jobs_job.serial ELSE excluded.serial END,
    status = CASE WHEN jobs_job.status = 'running' THEN 'running' ELSE 'waiting' END,
    again_at = CASE WHEN jobs_job.status = 'running' THEN excluded.due ELSE NULL END,
    tries = CASE WHEN jobs_job.status = 'running' THEN jobs_job.tries ELSE 0 END,
    due = CASE WHEN jobs_job.status = 'running' THEN jobs_job.due
               WHEN jobs_job.held_until > excluded.due THEN jobs_job.held_until
               ELSE excluded.due END
"""
_STATEMENT = {vendor: _RECORD.format(turn=turn, condition="true") for vendor, turn in _TURN.items()}
_AFTER = f"WITH first AS ({{first}}) {_RECORD}".format(
    first="{first}", turn=_TURN["postgresql"], condition="EXISTS (SELECT 1 FROM first)"
)


class OutsideTransaction(RuntimeError):
    """A job must be recorded in the transaction that causes it, else one can be there without the other."""


def record(kind: str, key: str, payload: dict[str, Any], *, serial: str = "", due: datetime | None = None) -> None:
    """`payload` must be done by the handler of `kind`, from `due` on (now), at least once after this commit.

    Recorded again under the same key it replaces what waits (newest wins) and is due again; if it runs at that
    moment, it runs once more afterwards. Jobs of one `serial` never run two at once, and in the order in which they
    were recorded; one that is put off holds up those after it, one that failed for good doesn't. In the hot path of
    every answer: one statement, by hand. Raises OutsideTransaction.
    """
    database = _inside(kind)
    with database.cursor() as cursor:
        cursor.execute(_STATEMENT[database.vendor], _values(database, kind, key, payload, serial, due))
    database.on_commit(bell.ring, robust=True)


def record_after(
    first: str, parameters: Sequence[Any], kind: str, key: str, payload: dict[str, Any], *, due: datetime | None = None
) -> None:
    """The same, where the statement `first` (an INSERT … RETURNING) gives a row. In the hot path of every answer too:
    PostgreSQL gets both as one, for there the round trip costs more than the statement. Raises OutsideTransaction."""
    database = _inside(kind)
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            values = _values(database, kind, key, payload, "", due)
            cursor.execute(_AFTER.format(first=first), [*parameters, *values])
            if cursor.rowcount:
                database.on_commit(bell.ring, robust=True)
        elif cursor.execute(first, parameters).fetchone():
            record(kind, key, payload, due=due)


def _inside(kind: str) -> BaseDatabaseWrapper:
    """The connection, for whoever asks more than one thing of it: to look it up costs as much as to ask."""
    database: BaseDatabaseWrapper = get_connection()
    if not database.in_atomic_block:
        raise OutsideTransaction(kind)
    return database


def _values(
    database: BaseDatabaseWrapper, kind: str, key: str, payload: dict[str, Any], serial: str, due: datetime | None
) -> list[Any]:
    """The parameters of _RECORD."""
    adapt = database.ops.adapt_datetimefield_value
    now = adapt(clock.now())
    turn = [_turn()] if database.vendor == "sqlite" else []
    return [kind, key, serial, json.dumps(payload, separators=(",", ":")), adapt(due) if due else now, *turn, now]


_turn_guard = threading.Lock()
_last_turn = 0


def _turn() -> int:
    """Microseconds, always more than the last: a clock that is put back doesn't change the order."""
    global _last_turn  # noqa: PLW0603
    with _turn_guard:
        _last_turn = max(_last_turn + 1, time.time_ns() // 1000)
        return _last_turn


def retry(key: str | None = None, *, kind: str | None = None) -> int:
    """Failed jobs (all, or those of a key or kind) wait again with all their tries. Returns how many."""
    failed = Job.objects.filter(status=Status.FAILED)
    if key is not None:
        failed = failed.filter(key=key)
    if kind is not None:
        failed = failed.filter(kind=kind)
    with transaction.atomic():
        count = failed.update(status=Status.WAITING, tries=0, due=clock.now(), held_until=None, finished_at=None)
        transaction.on_commit(bell.ring, robust=True)
    return count
