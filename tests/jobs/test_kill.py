"""Processes that die, and two that live at once. On the database the suite runs on."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from jobs import runner
from jobs.models import Job, Status
from tests.jobs.conftest import recorded

pytestmark = pytest.mark.django_db(transaction=True)
SERIALS, KEYS = 6, 60
Line = tuple[str, int]


@contextmanager
def drainer(mode: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.drainer", mode, str(folder / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    database = {key: value for key, value in connection.settings_dict.items() if key != "TEST"}
    tell(process, json.dumps({"database": database, "data": str(folder)}))
    with process:
        yield process
        assert process.stdin
        process.stdin.close()
        assert process.wait(120) == 0


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def begin(process: subprocess.Popen[str], how: str) -> int:
    """The number of the worker that began."""
    tell(process, how)
    assert process.stdout
    return int(process.stdout.readline())


def wait_for_lines(folder: Path, more: int) -> None:
    """Until handlers wrote so many more."""
    enough = len(lines(folder)) + more
    for _ in range(30_000):
        if len(lines(folder)) >= enough:
            return
        time.sleep(0.001)
    raise AssertionError("they never came")


def lines(folder: Path) -> list[Line]:
    """What handlers wrote: each line in one write, so a kill can't cut it short."""
    log = folder / "log"
    text = log.read_text() if log.exists() else ""
    return [tuple(json.loads(line)) for line in text.splitlines()]


def test_twenty_kills_at_random_moments_lose_nothing_and_keep_the_order(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    numbers = itertools.count()
    newest: dict[str, int] = {}

    def record_some(count: int) -> None:
        for _ in range(count):
            serial = chance.randrange(SERIALS)
            key = f"{serial}/{chance.randrange(KEYS)}"
            newest[key] = number = next(numbers)
            recorded(key, [key, number], serial=str(serial))

    with drainer("work", tmp_path) as process:
        for _ in range(20):
            record_some(20)
            worker = begin(process, "until killed")
            record_some(chance.randrange(6))
            wait_for_lines(tmp_path, chance.randrange(6))
            time.sleep(chance.uniform(0, 0.01))
            os.kill(worker, signal.SIGKILL)
        begin(process, "finish")
    written = lines(tmp_path)
    assert not Job.objects.exclude(status=Status.DONE).exists(), f"seed {seed}"
    assert dict(written) == newest, f"seed {seed}"
    for serial in range(SERIALS):
        order = [number for key, number in written if key.startswith(f"{serial}/")]
        assert order == sorted(order), f"seed {seed}"


def test_the_thread_of_the_web_process_is_woken_by_the_commit(tmp_path: Path) -> None:
    with drainer("thread", tmp_path):
        pass
    assert lines(tmp_path) == [("woken", 1)]


def test_a_broker_that_is_down_is_nobodys_problem(tmp_path: Path) -> None:
    with drainer("broker", tmp_path):
        pass
    assert Job.objects.get().status == Status.WAITING


def test_two_runners_at_once_do_each_job_once_and_never_two_of_a_serial(kinds: Any) -> None:
    seen: list[Line] = []
    busy: set[str] = set()
    clashes: list[str] = []
    guard = threading.Lock()

    def handler(payload: dict[str, Any]) -> None:
        serial, number = payload["n"]
        with guard:
            if serial in busy:
                clashes.append(serial)
            busy.add(serial)
        time.sleep(0.001)
        with guard:
            busy.discard(serial)
            seen.append((serial, number))

    def work() -> None:
        try:
            while Job.objects.filter(status__in=[Status.WAITING, Status.RUNNING]).exists():
                runner.drain()
        finally:
            connections.close_all()

    kinds("toy", handler)
    for number in range(60):
        serial = f"s{number % 4}"
        recorded(f"k{number}", [serial, number], serial=serial)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clashes == []
    assert sorted(number for _, number in seen) == list(range(60))
    for serial in ("s0", "s1", "s2", "s3"):
        order = [number for name, number in seen if name == serial]
        assert order == sorted(order)
