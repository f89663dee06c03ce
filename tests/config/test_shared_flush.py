"""A transaction on SQLite that returns is on disk, and those who wait for the disk wait together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from config.sqlite import base
from config.sqlite.base import SharedFlush
from learning.people.models import Organisation


class Disk:
    """Stands in for the disk: `flush` is held up while `slow` is taken, and refuses when `full`."""

    def __init__(self) -> None:
        self.slow, self.full, self.flushes = threading.Lock(), False, 0

    def flush(self, path: str) -> None:
        self.flushes += 1
        with self.slow:
            if self.full:
                raise OSError("no space left on device")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(base, "to_disk", disk.flush)
    return disk


def until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.001)


def crowd_behind_a_slow_flush(disk: Disk, log: SharedFlush, threads: ThreadPoolExecutor) -> list[BaseException | None]:
    """One starts a flush; seven more write while it lasts. What each of the eight was told."""
    disk.slow.acquire()
    waiting = [threads.submit(log.wait)]
    until(lambda: disk.flushes == 1)
    waiting += [threads.submit(log.wait) for _ in range(7)]
    until(lambda: log._written == 8)
    disk.slow.release()
    return [future.exception(timeout=30) for future in waiting]


def test_those_who_write_during_a_flush_share_the_next(disk: Disk) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert crowd_behind_a_slow_flush(disk, SharedFlush("log"), threads) == [None] * 8
    assert disk.flushes == 2


def test_a_flush_that_fails_is_told_to_everybody_who_waited_for_it(disk: Disk) -> None:
    disk.full = True
    with ThreadPoolExecutor(8) as threads:
        told = crowd_behind_a_slow_flush(disk, SharedFlush("log"), threads)
    assert [type(error) for error in told] == [OperationalError] * 8
    assert disk.flushes == 2


def test_after_a_flush_that_failed_the_next_one_counts_again(disk: Disk) -> None:
    log = SharedFlush("log")
    disk.full = True
    with pytest.raises(OperationalError):
        log.wait()
    disk.full = False
    log.wait()
    assert disk.flushes == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_returns_after_its_flush_and_lets_the_next_writer_in_before_it(disk: Disk) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does this by itself")
    written = threading.Event()

    def write(slug: str) -> None:
        try:
            with transaction.atomic():
                Organisation.objects.create(slug=slug, name="x")
            written.set()
        finally:
            connection.close()

    disk.slow.acquire()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(write, "eerste")
        until(lambda: disk.flushes == 1)
        second = threads.submit(write, "tweede")
        until(lambda: Organisation.objects.count() == 2)
        assert not written.is_set()
        disk.slow.release()
        first.result(timeout=30)
        second.result(timeout=30)
    assert written.is_set()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_outside_a_transaction_is_flushed_by_sqlite_itself() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does this by itself")
    with transaction.atomic():
        Organisation.objects.create(slug="een", name="x")
    with connection.cursor() as cursor:
        full = 2
        assert cursor.execute("PRAGMA synchronous").fetchone() == (full,)


@pytest.mark.django_db(transaction=True)
def test_after_a_transaction_that_is_undone_sqlite_flushes_by_itself_again() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does this by itself")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        full = 2
        assert cursor.execute("PRAGMA synchronous").fetchone() == (full,)
