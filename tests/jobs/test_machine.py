"""Any order of recording, running, failing and dying: the newest payload is delivered, in order, nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jobs import registry, runner
from jobs.models import Job, Receiver, Status
from jobs.registry import GiveUp, TryLater
from tests.jobs.conftest import Clock, recorded

KEYS = ["a", "b", "c", "d", "e"]
SERIAL = {"a": "s", "b": "s", "c": "s", "d": "t", "e": ""}


class Jobs(RuleBasedStateMachine):
    """`newest` is what was last recorded under a key; `delivered` what a handler last succeeded with."""

    clock: Clock

    @initialize()
    def nothing_yet(self) -> None:
        Job.objects.all().delete()
        Receiver.objects.all().delete()
        self.n = 0
        self.newest: dict[str, int] = {}
        self.delivered: dict[str, int] = {}
        self.refused: set[str] = set()
        self.outcome: str = "done"
        self.order: dict[str, list[int]] = {}
        registry._kinds.clear()
        registry.job("toy", tries=4)(self.handle)

    def handle(self, payload: dict[str, Any]) -> None:
        key, n = payload["n"]
        assert n == self.newest[key], "an older payload was handed out"
        outcome, self.outcome = self.outcome, "done"
        if outcome == "record":
            self.record_now(key)
        elif outcome == "later":
            raise TryLater("later")
        elif outcome == "after":
            raise TryLater("later", after=100)
        elif outcome == "give up":
            self.refused.add(key)
            raise GiveUp("no")
        elif outcome == "surprise":
            raise LookupError
        self.delivered[key] = n
        self.order.setdefault(SERIAL[key], []).append(n)

    def record_now(self, key: str, later: float = 0) -> None:
        self.n += 1
        self.newest[key] = self.n
        self.refused.discard(key)
        recorded(key, [key, self.n], serial=SERIAL[key], due=self.clock.now() + timedelta(seconds=later))

    @rule(key=st.sampled_from(KEYS))
    def record(self, key: str) -> None:
        self.record_now(key)

    @rule(outcome=st.sampled_from(["done", "record", "later", "after", "give up", "surprise"]))
    def run_one(self, outcome: str) -> None:
        self.outcome = outcome
        runner.drain(limit=1)

    @rule()
    def a_runner_dies(self) -> None:
        runner.lease_next()

    @rule(seconds=st.sampled_from([1, 5, 20, 200, 4000]))
    def time_goes_by(self, seconds: int) -> None:
        self.clock.forward(seconds)

    @invariant()
    def never_two_of_a_serial(self) -> None:
        running = list(Job.objects.filter(status=Status.RUNNING).exclude(serial="").values_list("serial", flat=True))
        assert len(running) == len(set(running))

    @invariant()
    def each_serial_in_order(self) -> None:
        for serial, order in getattr(self, "order", {}).items():
            if serial:
                assert order == sorted(order)

    @precondition(lambda self: getattr(self, "n", 0) > 0)
    @rule()
    def in_the_end_all_is_delivered(self) -> None:
        self.outcome = "done"
        for _ in range(12):
            self.clock.forward(4000)
            runner.drain()
        failed = set(Job.objects.filter(status=Status.FAILED).values_list("key", flat=True))
        assert self.refused <= failed
        assert not Job.objects.exclude(status__in=[Status.DONE, Status.FAILED]).exists()
        for key, n in self.newest.items():
            assert key in failed or self.delivered.get(key) == n


@pytest.mark.django_db
def test_nothing_is_lost_and_the_newest_wins_whatever_happens(clock: Clock, kinds: Any) -> None:
    Jobs.clock = clock
    run_state_machine_as_test(
        Jobs,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
