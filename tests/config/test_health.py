"""What whoever watches over the process hears, and what it costs when everybody asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from config import health
from jobs import runner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """A process that has looked at nothing yet; and none after us hears what we made up."""
    for check in health.CHECKS.values():
        check.forget()
    yield
    for check in health.CHECKS.values():
        check.forget()


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def monotonic(self) -> float:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(health, "time", clock)
    return clock


class Check:
    """Says what it is told to, and counts how often it was asked."""

    def __init__(self, *, good: bool = True) -> None:
        self.good, self.asked = good, 0

    def __call__(self) -> bool:
        self.asked += 1
        if not self.good:
            raise OSError("gone")
        return True


def test_a_process_that_can_work_says_so(client: Client) -> None:
    runner.beat()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "broker": "ok", "worker": "ok"},
    }
    assert response.headers["Cache-Control"] == "no-store"


def test_what_is_wrong_is_said_by_name_only(client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "amqp://beheer:hunter2@127.0.0.1:9"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {
        "database": "ok", "migrations": "ok", "broker": "failed", "worker": "failed",
    }  # fmt: skip
    assert "hunter2" not in response.text


def test_a_flood_of_questions_is_one_look(client: Client, django_assert_max_num_queries: Any, clock: Clock) -> None:
    runner.beat()
    client.get("/readyz")
    with django_assert_max_num_queries(0):
        for _ in range(50):
            assert client.get("/readyz").status_code == 200
    clock.time += health.LOOK_EVERY
    with django_assert_max_num_queries(2):
        assert client.get("/readyz").status_code == 200


def test_it_is_looked_at_again_when_that_time_is_over(clock: Clock) -> None:
    check = Check()
    kept = health.Kept(check, every=5, wrong_every=1)
    assert kept()
    check.good = False
    clock.time += 4.9
    assert kept()
    clock.time += 0.1
    assert not kept()
    check.good = True
    clock.time += 0.9
    assert not kept()
    clock.time += 0.1
    assert kept()
    assert check.asked == 3


def test_migrations_that_are_done_stay_done(clock: Clock) -> None:
    check = Check(good=False)
    kept = health.Kept(check, every=health.FOR_GOOD, wrong_every=5)
    assert not kept()
    check.good = True
    clock.time += 5
    assert kept()
    clock.time += 10**9
    assert kept()
    assert check.asked == 2


def test_nobody_waits_for_a_look_that_takes_long(clock: Clock) -> None:
    begun, go_on = threading.Event(), threading.Event()
    slow = [False]

    def check() -> bool:
        if slow[0]:
            begun.set()
            assert go_on.wait(10)
        return not slow[0]

    kept = health.Kept(check, every=1, wrong_every=1)
    assert kept()
    slow[0], clock.time = True, clock.time + 1
    looking = threading.Thread(target=kept)
    looking.start()
    assert begun.wait(10)
    assert kept(), "what was found last"
    go_on.set()
    looking.join(10)
    assert not kept()
