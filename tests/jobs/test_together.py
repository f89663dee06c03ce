"""Jobs of one kind that are done along with another."""

from __future__ import annotations

from typing import Any

import pytest

from jobs import queries, runner, together
from jobs.models import Job, Status
from tests.jobs.conftest import Clock, recorded

pytestmark = pytest.mark.django_db


def test_those_of_the_kind_that_are_due_the_longest_waiting_first(clock: Clock) -> None:
    for number, kind in enumerate(("toy", "other", "toy", "toy")):
        recorded(f"key-{number}", number, kind=kind)
        clock.forward(1)
    recorded("later", 9, due=clock.now().replace(year=2030))
    assert [job.payload for job in together.waiting("toy", limit=9)] == [{"n": 0}, {"n": 2}, {"n": 3}]
    assert [job.payload for job in together.waiting("toy", limit=2)] == [{"n": 0}, {"n": 2}]


def test_they_are_done_with_the_one_that_took_them_along(kinds: Any) -> None:
    taken = []

    def take_along(payload: dict[str, Any]) -> Any:
        others = together.waiting("toy", limit=2)
        taken.append([payload, *(job.payload for job in others)])
        return together.done(others)

    kinds("toy", take_along)
    for number in range(4):
        recorded(f"key-{number}", number)
    assert runner.drain() == 2
    assert taken == [[{"n": 0}, {"n": 1}, {"n": 2}], [{"n": 3}]]
    assert [(tally.status, tally.count) for tally in queries.tallies()] == [("done", 4)]
    assert not Job.objects.filter(finished_at=None).exists()


def test_one_that_another_took_meanwhile_stays_theirs(kinds: Any) -> None:
    def slow(payload: dict[str, Any]) -> Any:
        others = together.waiting("toy", limit=1)
        Job.objects.filter(pk__in=[job.number for job in others]).update(status=Status.RUNNING, lease="x" * 32)
        return together.done(others)

    kinds("toy", slow)
    for number in range(2):
        recorded(f"key-{number}", number)
    runner.run(runner.lease_next())  # type: ignore[arg-type]
    assert sorted(Job.objects.values_list("status", flat=True)) == ["done", "running"]


def test_when_the_handler_fails_the_others_wait_as_they_did(kinds: Any) -> None:
    def fails(payload: dict[str, Any]) -> Any:
        together.waiting("toy", limit=5)
        raise RuntimeError

    kinds("toy", fails)
    for number in range(2):
        recorded(f"key-{number}", number)
    runner.run(runner.lease_next())  # type: ignore[arg-type]
    assert set(Job.objects.values_list("status", flat=True)) == {"waiting"}


def test_put_off_holds_up_only_that_kind_and_makes_nothing_sooner(clock: Clock) -> None:
    recorded("now", 1)
    recorded("later", 2, due=clock.now().replace(year=2030))
    recorded("other", 3, kind="other")
    together.put_off("toy", 60)
    due = dict(Job.objects.values_list("key", "due"))
    assert (due["now"] - clock.now()).total_seconds() == 60
    assert due["later"].year == 2030
    assert due["other"] == clock.now()


def test_with_none_to_take_along_there_is_nothing_to_write_down() -> None:
    assert together.done([]) is None
