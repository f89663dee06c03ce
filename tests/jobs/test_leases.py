"""Who lives keeps its job, who is gone loses it."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection

from jobs import leases, runner
from jobs.models import Job, Status
from tests.jobs.conftest import Clock, recorded

pytestmark = pytest.mark.django_db
LEASE, LONGEST = leases.LEASE.total_seconds(), leases.LONGEST.total_seconds()


def test_a_job_that_lasts_longer_than_a_lease_stays_with_a_runner_that_lives(kinds: Any, clock: Clock) -> None:
    seen: list[int] = []

    def handler(payload: dict[str, int]) -> None:
        seen.append(payload["n"])
        for _ in range(6):
            clock.forward(LEASE / 2)
            leases.renew()
            assert runner.drain() == 0

    kinds("toy", handler)
    recorded("a", 1)
    runner.drain()
    assert seen == [1]
    assert Job.objects.get().status == Status.DONE


def test_a_handler_that_hangs_loses_its_job_and_can_not_finish_it_any_more(kinds: Any, clock: Clock) -> None:
    outcomes: list[str] = []

    def handler(payload: dict[str, int]) -> None:
        outcomes.append("began")
        if len(outcomes) == 1:
            clock.forward(LONGEST)
            leases.renew()
            assert runner.drain() == 1
            assert Job.objects.get().status == Status.DONE
            recorded("a", 2)
            outcomes.append("woke up")

    kinds("toy", handler)
    recorded("a", 1)
    runner.drain(limit=1)
    assert outcomes == ["began", "began", "woke up"]
    assert Job.objects.get().status == Status.WAITING


def test_a_handler_that_gets_somewhere_may_last_longer_than_the_longest(kinds: Any, clock: Clock) -> None:
    seen: list[int] = []

    def handler(payload: dict[str, int]) -> None:
        seen.append(payload["n"])
        for _ in range(6):
            clock.forward(LEASE / 2)
            for _ in range(int(LONGEST / LEASE)):
                leases.going_on()
                leases.renew()
                assert runner.drain() == 0
                clock.forward(LEASE / 2)
            leases.renew()

    kinds("toy", handler)
    recorded("a", 1)
    runner.drain()
    assert seen == [1]
    leases.going_on()  # of nothing: nothing happens


def test_a_lease_that_went_to_another_is_not_renewed_by_the_first(kinds: Any, clock: Clock) -> None:
    recorded("a", 1)
    first = runner.lease_next()
    assert first
    with leases.held(first.number, first.lease):
        clock.forward(LEASE)
        runner.drain(limit=0)
        assert runner.lease_next()
        ends = Job.objects.get().due
        clock.forward(1)
        leases.renew()
        assert Job.objects.get().due == ends


def test_what_is_done_is_not_renewed(kinds: Any, clock: Clock) -> None:
    kinds("toy", lambda payload: None)
    recorded("a", 1)
    runner.drain()
    before = Job.objects.values().get()
    clock.forward(1)
    leases.renew()
    assert Job.objects.values().get() == before


def test_a_handler_that_fails_lets_go_of_its_lease(kinds: Any) -> None:
    def handler(payload: dict[str, int]) -> None:
        assert len(leases._held) == 1
        raise LookupError

    kinds("toy", handler)
    recorded("a", 1)
    runner.drain()
    assert leases._held == {}


@pytest.mark.django_db(transaction=True)
def test_a_process_renews_by_itself_also_after_a_database_that_failed(
    kinds: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(leases, "LEASE", leases.LEASE / 50)
    renew, failed, renewed = leases.renew, threading.Event(), threading.Event()

    def at_first_the_disk_is_full() -> None:
        if not failed.is_set():
            failed.set()
            raise OperationalError("disk full while writing 'Gerrit'")
        renew()
        renewed.set()

    def handler(payload: dict[str, int]) -> None:
        begin = Job.objects.get().due
        connection.close()
        assert renewed.wait(60)
        assert Job.objects.get().due > begin

    monkeypatch.setattr(leases, "renew", at_first_the_disk_is_full)
    kinds("toy", handler)
    recorded("a", 1)
    runner.drain()
    assert failed.is_set()
    assert Job.objects.get().status == Status.DONE
    assert "OperationalError" in caplog.text
    assert "Gerrit" not in caplog.text
