"""Django's SQLite backend, with writers queued fairly and flushed to disk together, and statements read once.

SQLite lets one writer in at a time and leaves the others to poll, so with 32 threads some wait for seconds.
Here a write transaction first takes its turn in a queue of this process: first come, first served. That is
enough because the embedded installation is one process; another process still finds SQLite's own lock.

With `synchronous=FULL` each commit waits for the disk with the write lock in its hands, so 32 threads wait for
32 flushes in a row. Here the transaction commits to the write-ahead log, hands over its turn, and only then waits
until the log is on disk; one flush serves all who committed before it began. The promise is the same: a transaction
that returns survives a power cut. What others read meanwhile may not be on disk yet, but whatever they write because
of it lies behind it in the log, so it can't survive alone.
"""

from __future__ import annotations

import functools
import os
import threading
from collections import deque
from typing import Any

from django.db import OperationalError
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


class SharedFlush:
    """Brings a file to disk for everybody who has written to it, as few times as possible."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._changed = threading.Condition()
        self._written = self._flushed = self._lost = 0
        self._busy = False

    def wait(self) -> None:
        """Returns once all that this thread has written is on disk. Raises OperationalError when it can't be."""
        with self._changed:
            self._written += 1
            mine = self._written
            while self._flushed < mine and self._lost < mine:
                if self._busy:
                    self._changed.wait()
                else:
                    self._flush()
            if self._flushed < mine:
                raise OperationalError("disk I/O error: what was written may not have reached the disk")

    def _flush(self) -> None:
        """For all who wrote until now; who writes meanwhile waits for the next."""
        until, self._busy = self._written, True
        self._changed.release()
        try:
            to_disk(self._path)
            flushed = True
        except OSError:
            flushed = False
        finally:
            self._changed.acquire()
            self._busy = False
            self._changed.notify_all()
        if flushed:
            self._flushed = until
        else:
            # The system forgets what it couldn't write, so a second try that succeeds would prove nothing.
            self._lost = until


def to_disk(path: str) -> None:
    """A log that is gone was copied into the database, and flushed there, by whoever closed it last."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fdatasync(file)
    finally:
        os.close(file)


class Writers:
    """What the connections to one database share."""

    def __init__(self, name: str) -> None:
        self.turn, self.log = FairLock(), SharedFlush(f"{name}-wal")


_writers: dict[str, Writers] = {}
_writers_guard = threading.Lock()


def writers_of(name: str) -> Writers:
    with _writers_guard:
        if name not in _writers:
            _writers[name] = Writers(name)
        return _writers[name]


class Cursor(base.SQLiteCursorWrapper):
    """Remembers statements as SQLite reads them. Django looks in each for its %s anew every time, and the driver then
    finds its own prepared statement by text that it hasn't seen before: a twelfth of what an answer costs."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None and len(query) < _LONGEST:
            return _converted(query)
        return super().convert_query(query, param_names=param_names)


# In letters: what is longer has a place for each of many rows, and hardly ever comes back.
_LONGEST = 5_000


@functools.lru_cache(maxsize=256)
def _converted(query: str) -> str:
    converted: str = base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
    return converted


class DatabaseWrapper(base.DatabaseWrapper):
    _writers: Writers | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        writers = writers_of(str(self.settings_dict["NAME"]))
        writers.turn.acquire()
        try:
            # Outside our transactions FULL stays as it is: only here somebody waits for the log.
            self.connection.execute("PRAGMA synchronous=NORMAL")
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # django-stubs leaves it out
        except BaseException:
            writers.turn.release()
            raise
        self._writers = writers

    def _leave_queue(self) -> Writers | None:
        writers, self._writers = self._writers, None
        if writers:
            writers.turn.release()
        return writers

    def _commit(self) -> Any:
        try:
            done = super()._commit()  # type: ignore[misc] # django-stubs leaves it out
        finally:
            writers = None
            if self.connection is None or not self.connection.in_transaction:
                writers = self._leave_queue()
        if writers:
            self.connection.execute("PRAGMA synchronous=FULL")
            writers.log.wait()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc] # django-stubs leaves it out
        finally:
            if self._leave_queue():
                self.connection.execute("PRAGMA synchronous=FULL")

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc] # django-stubs leaves it out
        finally:
            self._leave_queue()
