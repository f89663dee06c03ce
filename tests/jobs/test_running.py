from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from pytest_django import DjangoAssertNumQueries

from jobs import clock, leases, queries, registry, runner, services
from jobs.models import Heartbeat, Job, Status
from jobs.registry import GiveUp, TryLater
from tests.jobs.conftest import Clock, recorded

pytestmark = pytest.mark.django_db


class Toy:
    """Does what it is told, one outcome a run; then succeeds."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.seen: list[Any] = []

    def __call__(self, payload: dict[str, Any]) -> None:
        self.seen.append(payload["n"])
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome:
            raise outcome


def toy(kinds: Any, *outcomes: Exception | None, tries: int = registry.MOST_TRIES) -> Toy:
    handler = Toy(*outcomes)
    kinds("toy", handler, tries)
    return handler


def test_a_done_job_says_when_and_is_not_done_again(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds)
    recorded("a", 1)
    runner.drain()
    clock.forward(1000)
    runner.drain()
    assert handler.seen == [1]
    job = Job.objects.get()
    assert (job.status, job.finished_at, job.lease) == (Status.DONE, clock.now() - timedelta(seconds=1000), "")


def a_heartbeat() -> None:
    Heartbeat.objects.create(id=1, seen_at=clock.now())


THEN = {
    "called": a_heartbeat,
    "a statement": registry.Write("INSERT INTO jobs_heartbeat (id, seen_at) VALUES (1, '2026-11-25 09:00:00')", []),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("then", THEN)
def test_what_was_done_is_written_down_together_with_the_end_of_the_job(
    kinds: Any, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    """Both or neither: a process that dies between them would have it done and not know."""
    kinds("toy", lambda payload: THEN[then])
    recorded("a", 1)
    job = leased()
    with monkeypatch.context() as patch:
        patch.setattr(runner, "_FINISH_AGAIN_AFTER", ())
        patch.setattr(runner, "_END", "SELECT %s, %s, %s, %s FROM a_table_that_is_gone")
        with pytest.raises(DatabaseError):
            runner.run(job)
    assert not Heartbeat.objects.exists()
    assert Job.objects.get().status == Status.RUNNING

    Job.objects.update(status=Status.WAITING, due=clock.now())
    runner.drain()
    assert Heartbeat.objects.exists()
    assert Job.objects.get().status == Status.DONE


@pytest.mark.django_db(transaction=True)
def test_a_job_ends_with_the_lease_on_the_next_in_one_transaction(
    kinds: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """On PostgreSQL in one message, for there the round trip costs more than the statements."""
    kinds("toy", lambda payload: None)
    for key in "abc":
        recorded(key)
    first = leased()
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 4):
        second = runner.run(first, True)
    assert second
    assert list(Job.objects.order_by("pk").values_list("status", flat=True)) == ["done", "running", "waiting"]
    assert runner.run(second) is None
    assert list(Job.objects.order_by("pk").values_list("status", flat=True)) == ["done", "done", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_a_next_one_that_another_took_just_before_does_not_stand_in_the_way_of_ending_this_one(
    kinds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two runners meet that each don't see yet what the other took."""
    handler = toy(kinds)
    recorded("other's", 1, serial="s")
    assert leased()
    recorded("ours", 2)
    ours = leased()
    recorded("next", 3, serial="s")
    unseeing = runner._LEASE_STATEMENT[connection.vendor].replace("o.serial = j.serial", "1 = 0")
    monkeypatch.setitem(runner._LEASE_STATEMENT, connection.vendor, unseeing)
    assert runner.run(ours, True) is None
    assert handler.seen == [2]
    assert dict(Job.objects.values_list("key", "status")) == {"other's": "running", "ours": "done", "next": "waiting"}


def leased() -> runner.Leased:
    found = runner.lease_next()
    assert found
    return found


def test_what_fails_is_tried_again_later_and_later(kinds: Any, clock: Clock, chance: None) -> None:
    toy(kinds, *[TryLater("not yet") for _ in range(20)])
    recorded("a", 1)
    waits = []
    for _ in range(14):
        runner.drain()
        job = Job.objects.get()
        waits.append((job.due - clock.now()).total_seconds())
        clock.time = job.due
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]
    assert job.last_reason == "not yet"


def test_retry_after_is_honoured_also_when_the_job_is_recorded_anew(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds, TryLater("429", after=600))
    recorded("a", 1)
    runner.drain()
    recorded("a", 2)
    clock.forward(599)
    runner.drain()
    assert handler.seen == [1]
    clock.forward(1)
    runner.drain()
    assert handler.seen == [1, 2]


def test_retry_after_is_honoured_also_when_the_job_was_recorded_anew_while_it_ran(kinds: Any, clock: Clock) -> None:
    seen: list[int] = []

    def handler(payload: dict[str, int]) -> None:
        seen.append(payload["n"])
        if payload["n"] == 1:
            recorded("a", 2)
            raise TryLater("429", after=600)

    kinds("toy", handler)
    recorded("a", 1)
    runner.drain()
    clock.forward(599)
    runner.drain()
    assert seen == [1]
    clock.forward(1)
    runner.drain()
    assert seen == [1, 2]


def test_a_job_that_is_put_off_by_chance_is_due_at_once_when_recorded_anew(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds, TryLater("500"))
    recorded("a", 1)
    runner.drain()
    recorded("a", 2)
    runner.drain()
    assert handler.seen == [1, 2]


def test_after_the_last_try_an_operator_sees_it_and_can_have_it_done(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds, *[TryLater("500") for _ in range(3)], tries=3)
    recorded("a", 1)
    for _ in range(5):
        runner.drain()
        clock.forward(7200)
    assert handler.seen == [1, 1, 1]
    assert [(job.key, job.tries, job.reason) for job in queries.failed()] == [("a", 3, "500")]
    assert services.retry("b") == 0
    assert services.retry("a") == 1
    runner.drain()
    assert queries.failed() == []
    assert handler.seen == [1, 1, 1, 1]


def test_what_never_will_work_fails_at_once(kinds: Any) -> None:
    toy(kinds, GiveUp("the line item is gone"))
    recorded("a", 1)
    runner.drain()
    state = queries.state_of("toy", "a")
    assert state is not None
    assert (state.status, state.reason) == ("failed", "the line item is gone")


def test_giving_up_on_an_older_payload_says_nothing_about_the_newer(kinds: Any) -> None:
    seen: list[int] = []

    def handler(payload: dict[str, int]) -> None:
        seen.append(payload["n"])
        if payload["n"] == 1:
            recorded("a", 2)
            raise GiveUp("no")

    kinds("toy", handler)
    recorded("a", 1)
    runner.drain()
    assert seen == [1, 2]
    assert Job.objects.get().status == Status.DONE


def test_the_reason_of_a_surprise_says_where_and_never_quotes_what_somebody_wrote(
    kinds: Any, caplog: pytest.LogCaptureFixture
) -> None:
    toy(kinds, ValueError("Gerrit is bang voor het waterschap"))
    recorded("a", 1)
    runner.drain()
    job = Job.objects.get()
    assert job.last_reason.startswith("ValueError at test_running.py:")
    assert "Gerrit" not in job.last_reason + caplog.text


def test_a_kind_nobody_knows_waits_for_the_version_that_does(kinds: Any, clock: Clock) -> None:
    recorded("a", 1)
    runner.drain()
    clock.forward(10)
    handler = toy(kinds)
    runner.drain()
    assert handler.seen == [1]


def test_a_job_whose_runner_died_is_done_by_another_when_the_lease_ends(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds)
    recorded("a", 1, serial="s")
    recorded("b", 2, serial="s")
    assert runner.lease_next() is not None
    assert runner.drain() == 0
    clock.forward(leases.LEASE.total_seconds())
    runner.drain()
    assert handler.seen == [1, 2]


def test_a_job_recorded_anew_while_its_runner_dies_is_done_with_the_newer_payload(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds)
    recorded("a", 1)
    runner.lease_next()
    recorded("a", 2)
    assert runner.drain() == 0
    clock.forward(leases.LEASE.total_seconds())
    runner.drain()
    assert set(handler.seen) == {2}


def test_who_lost_the_lease_can_not_finish(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds)
    recorded("a", 1)
    first = runner.lease_next()
    assert first
    clock.forward(leases.LEASE.total_seconds())
    runner.drain(limit=0)
    second = runner.lease_next()
    assert second
    runner.run(first)
    assert handler.seen == []
    runner._finish(first, runner.Done(), "", 5)
    assert Job.objects.get().status == Status.RUNNING
    runner.run(second)
    assert Job.objects.get().status == Status.DONE


def test_a_job_that_kills_every_process_fails_in_the_end(kinds: Any, clock: Clock) -> None:
    handler = toy(kinds, tries=3)
    recorded("a", 1)
    for _ in range(3):
        runner.drain(limit=0)
        assert runner.lease_next()
        clock.forward(leases.LEASE.total_seconds())
    runner.drain()
    assert handler.seen == []
    assert Job.objects.get().status == Status.FAILED


def finishing_fails(monkeypatch: pytest.MonkeyPatch, times: int) -> list[float]:
    """Writing down the outcome fails so many times, as with a full disk. Returns the waits in between."""
    waits: list[float] = []
    finish, failures = runner._finish, iter(range(times))

    def sometimes(*words: Any, **named: Any) -> runner.Leased | None:
        if next(failures, None) is not None:
            raise OperationalError("database or disk is full")
        return finish(*words, **named)

    monkeypatch.setattr(runner, "_finish", sometimes)
    monkeypatch.setattr("time.sleep", waits.append)
    return waits


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_full_for_a_moment_does_not_have_the_job_done_twice(
    kinds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = toy(kinds)
    waits = finishing_fails(monkeypatch, 2)
    recorded("a", 1)
    runner.drain()
    assert handler.seen == [1]
    assert waits == [0.1, 0.5]
    assert Job.objects.get().status == Status.DONE


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_full_has_the_job_done_again_when_the_lease_ends(
    kinds: Any, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    handler = toy(kinds)
    finishing_fails(monkeypatch, 4)
    recorded("a", 1)
    with pytest.raises(OperationalError):
        runner.drain()
    assert Job.objects.get().status == Status.RUNNING
    clock.forward(leases.LEASE.total_seconds())
    runner.drain()
    assert handler.seen == [1, 1]
    assert Job.objects.get().status == Status.DONE


def test_done_jobs_are_forgotten_after_a_week_and_others_never(kinds: Any, clock: Clock) -> None:
    toy(kinds, GiveUp("no"))
    for key in ("failed", "old"):
        recorded(key, 1)
        runner.drain()
    clock.forward(6 * 86400)
    recorded("young", 1)
    runner.drain()
    clock.forward(86401)
    recorded("waiting", 1)
    assert runner.prune(limit=5) == 1
    assert set(Job.objects.values_list("key", flat=True)) == {"failed", "young", "waiting"}


def test_a_heartbeat_is_there_and_grows_old(clock: Clock) -> None:
    assert queries.heartbeat_age() is None
    runner.beat()
    clock.forward(4)
    runner.beat()
    assert queries.heartbeat_age() == 4
    clock.forward(runner.BEAT.total_seconds())
    runner.beat()
    assert queries.heartbeat_age() == 0
    assert Heartbeat.objects.count() == 1


def test_the_next_look_is_when_something_is_due_and_within_the_poll(kinds: Any, clock: Clock) -> None:
    assert runner.seconds_to_next(0) == runner.POLL
    recorded("a", 1, due=clock.now() + timedelta(seconds=2))
    assert runner.seconds_to_next(0) == 2
    recorded("b", 1)
    assert runner.seconds_to_next(1) == 0


def test_what_waits_for_another_of_its_serial_is_not_asked_for_without_a_breath(kinds: Any, clock: Clock) -> None:
    toy(kinds)
    recorded("a", 1, serial="s")
    recorded("b", 2, serial="s")
    assert runner.lease_next()
    taken = runner.drain()
    assert taken == 0
    assert runner.seconds_to_next(taken) == runner.BREATH


def test_two_handlers_for_a_kind_are_a_mistake_that_stops_the_start(kinds: Any) -> None:
    def first(payload: dict[str, Any]) -> None: ...
    def second(payload: dict[str, Any]) -> None: ...

    kinds("toy", first)
    kinds("toy", first)
    with pytest.raises(ValueError, match="two handlers"):
        kinds("toy", second)
