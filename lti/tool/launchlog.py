"""What became of the last launches of each platform, for who looks after the connection. Never who it was.

Of launches that go well one every few seconds is written, in its own transaction. Refusals are written for platforms we
know, a few a minute, and how many were left out beside the next one: whoever sends ten thousand bad launches fills
nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lti.tool.models import LaunchRecord

log = logging.getLogger(__name__)

KEPT = 200
"""The newest of each platform; at most PRUNE_EVERY more for each process."""

PRUNE_EVERY = 50

REFUSALS_A_MINUTE = 10
"""Of a platform, in one process. A class of thirty that is refused leaves ten lines, and a number for the rest."""

_TABLE = LaunchRecord._meta.db_table
_INSERT = (
    f"INSERT INTO {_TABLE} (platform_id, at, message, code, reference, deployment_id, unwritten)"  # noqa: S608
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


BETWEEN = 2.0
"""Seconds between two lines of launches that went well, of a platform and a kind, in one process. A log is to see that
it works, not to count; a statement a launch would be a tenth of what it costs."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`deployment_id` is only given where the signature was good and nothing but the deployment is unknown."""

    platform: int
    code: str
    reference: str
    message: str = ""
    deployment_id: str = ""


@dataclass(slots=True)
class _Minute:
    began: float
    written: int = 0
    left_out: int = 0


_guard = threading.Lock()
_minutes: dict[int, _Minute] = {}
_went_well: dict[tuple[int, str], float] = {}
_writes: Counter[int] = Counter()


def came_in(platform: int, *, message: str) -> None:
    """Inside the transaction of the launch. One statement at most every BETWEEN seconds; once in a while one more, to
    prune."""
    now = time.monotonic()
    if now - _went_well.get((platform, message), -BETWEEN) < BETWEEN:
        return
    _went_well[platform, message] = now
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [platform, _now(), message, "", "", "", 0])
    _prune_sometimes(platform)


def refused(refusal: Refusal) -> None:
    """Never stands in the way of the page that explains it."""
    left_out = _admitted(refusal.platform)
    if left_out is None:
        return
    row = [
        refusal.platform, _now(), refusal.message, refusal.code, refusal.reference, refusal.deployment_id, left_out,
    ]  # fmt: skip
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_INSERT, row)
            _prune_sometimes(refusal.platform)
    except DatabaseError as error:
        log.warning("a refusal wasn't written down: %s", type(error).__name__)


def prune(platform: int) -> None:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_TABLE} WHERE platform_id = %s AND id <= ("  # noqa: S608
            f"SELECT id FROM {_TABLE} WHERE platform_id = %s ORDER BY id DESC LIMIT 1 OFFSET {KEPT})",
            [platform, platform],
        )


def _admitted(platform: int) -> int | None:
    """How many were left out since the last that was written; None when this one is left out, too."""
    now = time.monotonic()
    with _guard:
        minute = _minutes.get(platform)
        if minute is None or now - minute.began >= 60:
            minute = _minutes[platform] = _Minute(now, left_out=minute.left_out if minute else 0)
        if minute.written >= REFUSALS_A_MINUTE:
            minute.left_out += 1
            return None
        minute.written += 1
        left_out, minute.left_out = minute.left_out, 0
        return left_out


def _prune_sometimes(platform: int) -> None:
    with _guard:
        _writes[platform] += 1
        due = _writes[platform] % PRUNE_EVERY == 0
    if due:
        prune(platform)


def _now() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now())
