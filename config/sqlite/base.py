"""Django's SQLite backend, with writers queued fairly.

SQLite lets one writer in at a time and leaves the others to poll, so with 32 threads some wait for seconds.
Here a write transaction first takes its turn in a queue of this process: first come, first served. That is
enough because the embedded installation is one process; another process still finds SQLite's own lock.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from django.db.backends.sqlite3 import base


class FairLock:
    """A lock that is handed over in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def acquire(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


_queues: dict[str, FairLock] = {}
_queues_guard = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    _queue: FairLock | None = None

    def _start_transaction_under_autocommit(self) -> None:  # type: ignore[misc] # django-stubs leaves it out
        name = str(self.settings_dict["NAME"])
        with _queues_guard:
            queue = _queues.setdefault(name, FairLock())
        queue.acquire()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            queue.release()
            raise
        self._queue = queue

    def _leave_queue(self) -> None:
        queue, self._queue = self._queue, None
        if queue:
            queue.release()

    def _commit(self) -> Any:  # type: ignore[misc] # django-stubs leaves it out
        try:
            return super()._commit()
        finally:
            if self.connection is None or not self.connection.in_transaction:
                self._leave_queue()

    def _rollback(self) -> Any:  # type: ignore[misc] # django-stubs leaves it out
        try:
            return super()._rollback()
        finally:
            self._leave_queue()

    def _close(self) -> Any:  # type: ignore[misc] # django-stubs leaves it out
        try:
            return super()._close()
        finally:
            self._leave_queue()
