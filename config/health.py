"""For whoever watches over the process: is it alive, and can it do its work?"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from jobs import queries as jobs

# Three sweeps missed: whoever does the work in the background has stopped.
HEARTBEAT_LIMIT = 30.0


def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """503 with what is wrong, by name only: nothing about the machine or its people."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database,
        "migrations": _migrations,
        "broker": _broker,
        "worker": _worker,
    }
    found = {name: _passes(check) for name, check in checks.items()}
    fine = all(found.values())
    return JsonResponse(
        {
            "status": "ok" if fine else "not ready",
            "checks": {name: "ok" if good else "failed" for name, good in found.items()},
        },
        status=HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE,
    )


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
