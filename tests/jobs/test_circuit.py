from datetime import timedelta
from typing import Any

import pytest

from jobs import circuit, runner
from jobs.models import Job, Receiver, Status
from jobs.registry import TryLater
from tests.jobs.conftest import Clock, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chance")]
LMS, OTHER = "https://lms.example", "https://other.example"


class Network:
    """Two receivers; those in `down` answer 500, or 429 with what is in `retry_after`."""

    def __init__(self, kinds: Any) -> None:
        self.down: set[str] = set()
        self.retry_after: float | None = None
        self.calls: list[str] = []
        kinds("toy", self.send)

    def send(self, payload: dict[str, Any]) -> None:
        receiver = payload["n"]
        circuit.toward(receiver)
        self.calls.append(receiver)
        if receiver in self.down:
            raise TryLater("no answer", self.retry_after, receiver=receiver)


def test_a_receiver_that_keeps_failing_gets_a_rest_and_others_do_not_wait(kinds: Any, clock: Clock) -> None:
    network = Network(kinds)
    network.down = {LMS}
    for n in range(20):
        recorded(f"lms-{n}", LMS)
    recorded("other", OTHER)
    runner.drain()
    assert network.calls.count(LMS) == 3
    assert network.calls.count(OTHER) == 1


def test_after_the_rest_one_finds_out_and_a_longer_rest_follows(kinds: Any, clock: Clock) -> None:
    network = Network(kinds)
    network.down = {LMS}
    for n in range(20):
        recorded(f"lms-{n}", LMS)
    runner.drain()
    first = Receiver.objects.get()
    assert first.paused_until
    clock.time = first.paused_until
    clock.forward(60)
    runner.drain()
    assert network.calls.count(LMS) == 4
    second = Receiver.objects.get()
    assert second.failures == 4
    assert second.paused_until == clock.now() + timedelta(seconds=20)


def test_when_it_answers_again_everything_is_delivered_once(kinds: Any, clock: Clock) -> None:
    network = Network(kinds)
    network.down = {LMS}
    for n in range(20):
        recorded(f"lms-{n}", LMS)
    runner.drain()
    network.down = set()
    network.calls.clear()
    clock.forward(3600)
    runner.drain()
    assert network.calls == [LMS] * 20
    assert not Receiver.objects.exists()
    assert not Job.objects.exclude(status=Status.DONE).exists()


def test_a_rest_costs_a_job_no_try(kinds: Any, clock: Clock) -> None:
    network = Network(kinds)
    network.down = {LMS}
    for n in range(5):
        recorded(f"lms-{n}", LMS)
    runner.drain()
    assert sorted(Job.objects.values_list("tries", flat=True)) == [0, 0, 1, 1, 1]


def test_what_a_receiver_asks_holds_for_all_its_jobs(kinds: Any, clock: Clock) -> None:
    network = Network(kinds)
    network.down, network.retry_after = {LMS}, 600
    recorded("a", LMS)
    runner.drain()
    network.down = set()
    recorded("b", LMS)
    clock.forward(599)
    runner.drain()
    assert network.calls == [LMS]
    clock.forward(61)
    runner.drain()
    assert network.calls == [LMS] * 3


def test_a_job_that_named_its_receiver_is_not_even_asked_during_the_rest(kinds: Any, clock: Clock) -> None:
    asked: list[int] = []

    def handler(payload: dict[str, Any]) -> None:
        asked.append(1)
        raise TryLater("no answer", receiver=LMS)

    kinds("toy", handler)
    recorded("a", 1)
    for _ in range(3):
        runner.drain()
        recorded("a", 1)
    runner.drain()
    assert len(asked) == 3
