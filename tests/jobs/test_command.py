from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jobs import runner
from jobs.registry import GiveUp
from tests.jobs.conftest import recorded

pytestmark = pytest.mark.django_db


def jobs(*args: str) -> str:
    out = StringIO()
    call_command("jobs", *args, stdout=out)
    return out.getvalue()


def test_an_operator_sees_how_many_of_each_kind_and_state(kinds: Any) -> None:
    kinds("toy", lambda payload: None)
    recorded("a")
    recorded("b")
    runner.drain(limit=1)
    lines = [line.split() for line in jobs().splitlines()]
    assert lines[:2] == [["toy", "done", "1"], ["toy", "waiting", "1"]]


def test_an_empty_table_says_so() -> None:
    assert jobs().splitlines() == ["no jobs", "no runner was ever seen"]
    assert jobs("--failed") == "no failed jobs\n"


def test_failed_jobs_are_listed_with_the_reason_and_retried_by_key_or_all_together(kinds: Any) -> None:
    def refuse(payload: dict[str, Any]) -> None:
        raise GiveUp("the line item is gone")

    kinds("toy", refuse)
    for key in ("a", "b", "c"):
        recorded(key)
    runner.drain()
    assert "toy" in jobs("--failed")
    assert "the line item is gone" in jobs("--failed")
    assert jobs("retry", "a") == "1 failed job will be tried again\n"
    assert jobs("retry") == "2 failed jobs will be tried again\n"
    assert jobs("retry") == "0 failed jobs will be tried again\n"


def test_another_word_is_refused() -> None:
    with pytest.raises(CommandError):
        jobs("remove")
