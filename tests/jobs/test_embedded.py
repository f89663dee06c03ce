from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from jobs import bell, embedded, queries, runner
from jobs.models import Job, Status
from tests.jobs.conftest import recorded

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets runners pass each other")
def test_on_sqlite_one_loop_works_and_the_next_takes_over_at_once_when_it_is_gone(
    kinds: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    seen: list[int] = []
    kinds("toy", lambda payload: seen.append(payload["n"]))
    first, second = embedded.Loop(), embedded.Loop()
    first.round()
    recorded("a", 1)
    runner.lease_next()
    second.round()
    assert seen == []
    assert Job.objects.get().status == Status.RUNNING
    first.close()
    second.round()
    second.close()
    assert seen == [1]


def test_a_round_shows_a_sign_of_life_and_says_when_to_look_again(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    loop = embedded.Loop()
    assert loop.round() == runner.POLL
    loop.close()
    age = queries.heartbeat_age()
    assert age is not None
    assert age >= 0


def test_where_workers_do_the_work_the_web_process_starts_no_thread(settings: Any) -> None:
    settings.CELERY_BROKER_URL = "amqp://127.0.0.1:9"
    assert embedded.start() is False


def test_the_bell_wakes_who_waits_and_is_silent_afterwards() -> None:
    bell._here.set()
    assert bell.wait(60) is True
    assert bell.wait(0) is False


def test_the_workers_are_asked_twice_at_most_and_a_broker_that_is_gone_raises_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class App:
        calls = 0

        def send_task(self, name: str, **options: Any) -> None:
            self.calls += 1
            assert name == "jobs.drain"
            assert options["retry"] is False
            raise ConnectionRefusedError("amqp://user:secret@host")

    app = App()
    bell._send(app)
    assert app.calls == 2
    assert "secret" not in caplog.text
