"""Sessions don't stay behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from jobs.models import Job, Status
from jobs.runner import drain
from learning.people import sessions
from learning.people.models import Person

pytestmark = pytest.mark.django_db


def session(number: int, *, hours: float) -> None:
    ends = timezone.now() + timedelta(hours=hours)
    Session.objects.create(session_key=f"sessie{number}", session_data="", expire_date=ends)


def test_what_has_ended_is_dropped_and_who_is_here_stays(
    client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "AT_ONCE", 2)
    client.force_login(person)
    for number in range(5):
        session(number, hours=-1)
    session(9, hours=0.1)
    assert sessions.forget_ended() == 5
    assert Session.objects.count() == 2
    assert client.get("/leren/").status_code == 200


def test_it_is_done_every_day_from_the_start_on() -> None:
    sessions.forget_daily()
    sessions.forget_daily()
    session(1, hours=-1)
    drain()
    assert not Session.objects.exists()
    [job] = Job.objects.filter(kind=sessions.KIND)
    assert job.status == Status.WAITING
    assert timedelta(hours=23) < job.due - timezone.now() <= timedelta(days=1)
    session(2, hours=-1)
    Job.objects.update(due=timezone.now())
    drain()
    assert not Session.objects.exists()


def test_a_day_on_which_it_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def filter(self, **kwargs: object) -> None:
            raise DatabaseError("full")

    sessions.forget_daily()
    monkeypatch.setattr(Session, "objects", Full())
    drain()
    [job] = Job.objects.filter(kind=sessions.KIND)
    assert job.status == Status.WAITING
