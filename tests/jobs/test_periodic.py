"""What must happen again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jobs import periodic, registry, runner
from jobs.models import Job, Status
from tests.jobs.conftest import Clock

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def done(kinds: Any, clock: Clock) -> list[str]:
    """What was done of one kind, "toy", that must be done every day."""
    times: list[str] = []
    periodic.periodic("toy", every=DAY)(lambda payload: times.append("done"))
    return times


def round_of_the_runner() -> None:
    periodic.record_due()
    runner.drain()


def test_it_is_done_once_in_each_period(done: list[str], clock: Clock) -> None:
    for _ in range(50):
        round_of_the_runner()
        clock.forward(3600)

    assert done == ["done"] * 3


def test_what_waits_or_runs_is_not_recorded_again(done: list[str], clock: Clock) -> None:
    assert periodic.record_due() == ["toy"]
    clock.forward(2 * DAY.total_seconds())
    assert periodic.record_due() == []
    runner.lease_next()
    assert periodic.record_due() == []


def test_after_a_failure_it_is_tried_again_in_the_next_period(done: list[str], clock: Clock) -> None:
    round_of_the_runner()
    Job.objects.update(status=Status.FAILED)
    clock.forward(DAY.total_seconds() + 1)
    round_of_the_runner()

    assert done == ["done"] * 2


def test_a_period_longer_than_a_job_is_remembered_is_refused(kinds: Any) -> None:
    with pytest.raises(ValueError, match="remembered"):
        periodic.periodic("toy", every=runner.KEPT + timedelta(seconds=1))
    assert registry.find("toy") is None


def test_jobs_of_that_kind_under_other_keys_do_not_count(done: list[str], clock: Clock) -> None:
    Job.objects.create(
        kind="toy", key="another", payload="{}", status=Status.WAITING, due=clock.time, turn=1, recorded_at=clock.time
    )

    assert periodic.record_due() == ["toy"]
