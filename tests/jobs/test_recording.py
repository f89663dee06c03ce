import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from jobs import bell, runner, services
from jobs.models import Heartbeat, Job, Status
from tests.jobs.conftest import Clock, recorded

pytestmark = pytest.mark.django_db


def ran(kinds: Any) -> list[Any]:
    seen: list[Any] = []
    kinds("toy", lambda payload: seen.append(payload["n"]))
    return seen


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(services.OutsideTransaction):
        services.record("toy", "a", {})
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_recorded_and_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(bell, "ring", lambda: rung.append(1))

    def fail() -> None:
        with transaction.atomic():
            services.record("toy", "a", {})
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert not Job.objects.exists()
    assert not rung


def test_a_commit_wakes_the_runner(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> None:
    rung: list[int] = []
    monkeypatch.setattr(bell, "ring", lambda: rung.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        recorded("a")
        assert not rung
    assert rung == [1]


def test_recording_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    recorded("a", 1)
    with transaction.atomic(), django_assert_num_queries(1):
        services.record("toy", "a", {"n": 2}, serial="s")


_FIRST = """
INSERT INTO jobs_heartbeat (id, seen_at) VALUES (%s, CURRENT_TIMESTAMP) ON CONFLICT (id) DO NOTHING RETURNING id
"""


def test_after_a_statement_that_gave_no_row_nothing_is_recorded_and_nobody_woken(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(bell, "ring", lambda: rung.append(1))
    for key in ("first", "second"):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            services.record_after(_FIRST, [1], "toy", key, {"n": 1})
    assert [(job.key, job.payload, job.status) for job in Job.objects.all()] == [("first", '{"n":1}', Status.WAITING)]
    assert rung == [1]


def test_what_is_recorded_after_a_statement_opens_again_as_any_other(kinds: Any) -> None:
    done: list[Any] = []
    kinds("toy", done.append)
    for number in (1, 2):
        Heartbeat.objects.all().delete()
        with transaction.atomic():
            services.record_after(_FIRST, [1], "toy", "k", {"n": number})
        runner.drain()
    assert done == [{"n": 1}, {"n": 2}]


@pytest.mark.django_db(transaction=True)
def test_recording_after_a_statement_outside_a_transaction_is_refused_before_it() -> None:
    with pytest.raises(services.OutsideTransaction):
        services.record_after(_FIRST, [1], "toy", "k", {})
    assert not Heartbeat.objects.exists()


def test_the_newest_wins_while_it_waits(kinds: Any) -> None:
    seen = ran(kinds)
    for n in (1, 2, 3):
        recorded("a", n)
    assert runner.drain() == 1
    assert seen == [3]


def test_the_same_key_of_another_kind_is_another_job(kinds: Any) -> None:
    seen = ran(kinds)
    kinds("other", lambda payload: seen.append(payload["n"]))
    recorded("a", 1)
    recorded("a", 2, kind="other")
    runner.drain()
    assert seen == [1, 2]


def test_recorded_again_while_it_runs_it_runs_once_more_with_the_newer_payload(kinds: Any) -> None:
    seen: list[int] = []

    def handler(payload: dict[str, int]) -> None:
        seen.append(payload["n"])
        if payload["n"] == 1:
            recorded("a", 2, serial="s")

    kinds("toy", handler)
    recorded("a", 1, serial="s")
    runner.drain()
    assert seen == [1, 2]
    assert Job.objects.get().status == Status.DONE


def test_after_it_is_done_it_can_be_recorded_again(kinds: Any) -> None:
    seen = ran(kinds)
    for n in (1, 2):
        recorded("a", n)
        runner.drain()
    assert seen == [1, 2]
    assert Job.objects.count() == 1


def test_recording_again_opens_what_failed_for_good(kinds: Any) -> None:
    kinds("toy", lambda payload: 1 / 0, tries=1)
    recorded("a", 1)
    runner.drain()
    assert Job.objects.get().status == Status.FAILED
    recorded("a", 2)
    job = Job.objects.get()
    assert (job.status, job.tries, json.loads(job.payload)) == (Status.WAITING, 0, {"n": 2})


def test_nothing_runs_before_it_is_due(kinds: Any, clock: Clock) -> None:
    seen = ran(kinds)
    with transaction.atomic():
        services.record("toy", "a", {"n": 1}, due=clock.now() + runner.KEPT)
    assert runner.drain() == 0
    clock.forward(runner.KEPT.total_seconds())
    assert runner.drain() == 1
    assert seen == [1]


def test_jobs_of_a_serial_run_in_the_order_they_were_recorded(kinds: Any) -> None:
    seen = ran(kinds)
    for n in range(10):
        recorded(f"k{n % 7}", n, serial="s")
    runner.drain()
    assert seen == [3, 4, 5, 6, 7, 8, 9]


def test_a_later_job_of_a_serial_waits_for_one_that_is_put_off(kinds: Any, clock: Clock) -> None:
    seen: list[int] = []

    def handler(payload: dict[str, int]) -> None:
        if payload["n"] == 1 and len(seen) == 0:
            seen.append(0)
            raise LookupError
        seen.append(payload["n"])

    kinds("toy", handler)
    recorded("a", 1, serial="s")
    recorded("b", 2, serial="s")
    recorded("c", 3, serial="other")
    runner.drain()
    assert seen == [0, 3]
    clock.forward(3600)
    runner.drain()
    assert seen == [0, 3, 1, 2]


def test_a_job_for_a_later_day_does_not_hold_up_its_serial(kinds: Any, clock: Clock) -> None:
    seen = ran(kinds)
    recorded("a", 1, serial="s", due=clock.now() + runner.KEPT)
    recorded("b", 2, serial="s")
    runner.drain()
    assert seen == [2]


def test_a_job_that_failed_for_good_does_not_hold_up_its_serial(kinds: Any) -> None:
    seen = ran(kinds)
    kinds("broken", lambda payload: 1 / 0, tries=1)
    recorded("a", 1, kind="broken", serial="s")
    recorded("b", 2, serial="s")
    runner.drain()
    assert seen == [2]


def test_a_clock_that_is_put_back_does_not_change_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 10)
    first, second = services._turn(), services._turn()
    assert first < second


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite can be told how large its disk is")
def test_a_full_disk_loses_the_whole_answer_and_nothing_of_what_was_there() -> None:
    recorded("a", 1)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            with pytest.raises(DatabaseError, match="full"):
                recorded("b", "x" * 200_000)
            recorded("a", 2)
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    assert [json.loads(job.payload) for job in Job.objects.all()] == [{"n": 2}]
