"""A runner in a thread of this process: of the one web process, or of a Celery worker's.

It is woken by `bell.ring` and looks by itself every few seconds. On SQLite one runner works at a time, the one that
holds a lock on a file: when its process dies, by whatever cause, the lock is free, and the next knows that nobody
works on what was running.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from typing import IO

from django.conf import settings
from django.db import close_old_connections, connection

from jobs import bell, periodic, runner, tasks

log = logging.getLogger(__name__)

_TIDY_EVERY = 3600.0
_guard = threading.Lock()
_process: int | None = None


def start() -> bool:
    """For the web process, after any fork: a runner here, unless workers do the work (BROKER_URL)."""
    return not settings.CELERY_BROKER_URL and start_thread()


def start_thread() -> bool:
    """Once a process. Returns whether it was started now."""
    global _process  # noqa: PLW0603
    with _guard:
        if _process == os.getpid():
            return False
        threading.Thread(target=Loop().run_for_ever, name="jobs", daemon=True).start()
        _process = os.getpid()
        return True


class Loop:
    """Rounds of looking and doing, each of which may raise what the database raises."""

    def __init__(self) -> None:
        self._lock: IO[str] | None = None
        self._tidied = time.monotonic() - _TIDY_EVERY

    def run_for_ever(self) -> None:
        while True:
            try:
                wait = self.round()
            except Exception as error:
                # A full disk, a database that is restarted: the thread outlives it. No message: it may quote a row.
                log.error("jobs: %s; trying again", type(error).__name__)
                wait = runner.POLL
            finally:
                close_old_connections()
            bell.wait(wait)

    def round(self) -> float:
        """Does what is due. Returns the seconds until there may be more."""
        if not self._alone():
            return runner.POLL
        runner.beat()
        if time.monotonic() - self._tidied >= _TIDY_EVERY:
            periodic.record_due()
            runner.prune()
            self._tidied = time.monotonic()
        taken = tasks.drain()
        return runner.seconds_to_next(taken)

    def _alone(self) -> bool:
        """On SQLite: whether we are the one runner. PostgreSQL lets runners pass each other."""
        if connection.vendor != "sqlite" or self._lock:
            return True
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        file = (settings.DATA_DIR / "jobs.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._lock = file
        runner.release_all()
        return True

    def close(self) -> None:
        """Leaves the work to another."""
        if self._lock:
            self._lock.close()
            self._lock = None
