"""For whoever watches over the process: is it alive, and can it do its work?

Anybody may ask, so asking often costs no more than asking now and then: each process looks at most once in so many
seconds, whoever asks meanwhile hears what was found last, and nobody waits for somebody else's look but the first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from jobs import queries as jobs

# Three sweeps missed: whoever does the work in the background has stopped.
HEARTBEAT_LIMIT = 30.0
LOOK_EVERY = 1.0
BROKER_EVERY = 5.0  # seconds; each is a connection
FOR_GOOD = float("inf")


class Kept:
    """What a check said, for `every` seconds; what is wrong, for at most `wrong_every`."""

    def __init__(self, check: Callable[[], bool], *, every: float, wrong_every: float) -> None:
        self._check, self._every, self._wrong_every = check, every, wrong_every
        self._last: tuple[float, bool] | None = None
        self._looking = threading.Lock()

    def __call__(self) -> bool:
        if self._last and self._is_fresh(*self._last):
            return self._last[1]
        if not self._looking.acquire(blocking=self._last is None):
            return self._last is not None and self._last[1]
        try:
            if self._last is None or not self._is_fresh(*self._last):
                good = _passes(self._check)
                self._last = (time.monotonic(), good)
            return self._last[1]
        finally:
            self._looking.release()

    def _is_fresh(self, at: float, good: bool) -> bool:
        return time.monotonic() - at < (self._every if good else self._wrong_every)

    def forget(self) -> None:
        self._last = None


def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """503 with what is wrong, by name only: nothing about the machine or its people."""
    found = {name: check() for name, check in CHECKS.items()}
    fine = all(found.values())
    response = JsonResponse(
        {
            "status": "ok" if fine else "not ready",
            "checks": {name: "ok" if good else "failed" for name, good in found.items()},
        },
        status=HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE,
    )
    response["Cache-Control"] = "no-store"
    return response


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> bool:
    if not settings.CELERY_BROKER_URL:
        return True
    from config.celery import app  # noqa: PLC0415 the broker's client is only loaded where there is a broker

    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return True


def _worker() -> bool:
    age = jobs.heartbeat_age()
    return age is not None and age < HEARTBEAT_LIMIT


CHECKS = {
    "database": Kept(_database, every=LOOK_EVERY, wrong_every=LOOK_EVERY),
    # A process never gets more migrations than it started with; those that are done stay done.
    "migrations": Kept(_migrations, every=FOR_GOOD, wrong_every=BROKER_EVERY),
    "broker": Kept(_broker, every=BROKER_EVERY, wrong_every=BROKER_EVERY),
    "worker": Kept(_worker, every=LOOK_EVERY, wrong_every=LOOK_EVERY),
}
