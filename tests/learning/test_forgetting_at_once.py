"""Somebody comes back in the very moment in which what they did in a module would go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from learning.people.retention import LEARNING
from learning.runtime import storage
from learning.runtime.models import Attempt, BlockState
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory, published
from tests.factories.nights import night
from tests.learning.test_forgetting import learned, past_its_term

pytestmark = pytest.mark.django_db(transaction=True)

_MOMENT = 1.5  # longer than PostgreSQL takes to see that two wait for each other


@pytest.fixture
def enrolment(tmp_path: Path) -> Enrolment:
    enrolment = learned(PersonFactory.create(), published(tmp_path / "proefmodule"))
    past_its_term(enrolment)
    return enrolment


def beside(work: Callable[[], Any]) -> tuple[threading.Thread, list[Exception]]:
    """`work` in a thread and a connection of its own, and what it raised."""
    wrong: list[Exception] = []

    def alone() -> None:
        try:
            work()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=alone)
    thread.start()
    return thread, wrong


def answered_in_the_night(enrolment: Enrolment, activity: str, now: datetime) -> list[Exception]:
    """The night comes when an answer has begun; what went wrong in it. Raises Gone."""
    try:
        with transaction.atomic():
            state, standing = storage.hold(enrolment.person_id, f"proefmodule/{activity}", now)
            assert standing
            thread, wrong = beside(lambda: night(LEARNING))
            thread.join(_MOMENT)
            attempt = {"number": 2, "answers": {}, "score": 1.0}
            storage.keep(state, standing, progress=None, attempts=[attempt], more_done=0, now=now)
    finally:
        thread.join()
    return wrong


def test_who_goes_on_with_an_activity_while_it_would_go_keeps_all_of_it(enrolment: Enrolment) -> None:
    now = timezone.now()
    assert not answered_in_the_night(enrolment, "quiz-1-1", now)
    assert Enrolment.objects.get().touched_at == now
    assert Attempt.objects.count() == 3
    assert BlockState.objects.count() == 2


def test_who_begins_an_activity_keeps_all_of_it_or_is_told_that_nothing_is_there(enrolment: Enrolment) -> None:
    """Before they can begin one they open its page, which is doing something. Here they didn't."""
    try:
        assert not answered_in_the_night(enrolment, "quiz-1-3", timezone.now())
    except storage.Gone:
        assert not Enrolment.objects.exists()
    assert Attempt.objects.count() == 3 * Enrolment.objects.count()
