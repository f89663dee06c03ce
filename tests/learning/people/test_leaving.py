"""Who left, or isn't heard of any more: by when theirs goes, who is told, and that it goes whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from jobs.models import Job
from jobs.runner import drain
from learning.journal import services as journal
from learning.journal.models import JournalEntry
from learning.notices import digest, silence
from learning.notices import queries as notices
from learning.notices.models import Notice
from learning.people import leaving, personal, retention, sessions
from learning.people.models import Destruction, Person
from learning.people.retention import AHEAD, GONE, SILENT
from learning.people.services import suspend
from tests.factories import PersonFactory
from tests.factories.nights import night

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(email="weg@proef.example", name="Wim")


@pytest.fixture
def can_mail(settings: Any) -> None:
    settings.MAIL_FROM = "leren@proef.example"


@pytest.fixture
def silent(settings: Any) -> None:
    settings.RETENTION_SILENT_MONTHS = 12


def marked(person: Person) -> Person:
    leaving.mark(person.organisation_id, timezone.now())
    person.refresh_from_db()
    return person


def ago(person: Person, days: int) -> None:
    Person.objects.filter(pk=person.pk).update(left_at=timezone.now() - timedelta(days=days))


def unseen(person: Person, days: int) -> None:
    Person.objects.filter(pk=person.pk).update(seen_on=timezone.localdate() - timedelta(days=days))


def test_from_the_day_that_somebody_left_their_term_runs(person: Person) -> None:
    assert marked(person).left_at is None
    suspend(person)
    assert marked(person).left_at is not None
    then = person.left_at
    assert marked(person).left_at == then


def test_who_may_come_in_again_never_left(person: Person) -> None:
    suspend(person)
    marked(person)
    Person.objects.update(is_active=True)
    assert marked(person).left_at is None


def test_who_came_back_and_left_again_before_the_night_has_a_whole_term_anew(person: Person) -> None:
    suspend(person)
    marked(person)
    ago(person, 91)
    suspend(person)
    assert Person.objects.get().left_at
    Person.objects.update(is_active=True)
    suspend(person)
    marked(person)
    assert not night(GONE)
    assert Person.objects.filter(pk=person.pk).exists()


def test_after_ninety_days_all_of_theirs_is_gone_and_one_line_says_so(person: Person) -> None:
    journal.write(person, text="Van mij.", tags=[], token="vorm-0001")
    suspend(person)
    marked(person)
    ago(person, 89)
    assert not night(GONE)
    ago(person, 90)
    assert night(GONE) == {"learning.Person": 1}
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not JournalEntry.objects.exists()
    assert Destruction.objects.get().organisation_id == person.organisation_id


def test_for_whom_a_job_is_at_work_waits_and_holds_nobody_up(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    for each in (person, other):
        suspend(each)
        marked(each)
        ago(each, 91)
    monkeypatch.setattr(personal, "is_being_done", lambda who, **_: who.pk == person.pk)
    with pytest.raises(personal.NotNow):
        night(GONE)
    assert Person.objects.get() == person
    assert Destruction.objects.get().counts == {"learning.Person": 1}
    monkeypatch.undo()
    assert night(GONE)


def test_who_left_is_told_once_by_mail_by_when_and_how_to_get_theirs(person: Person, can_mail: None) -> None:
    suspend(person)
    for _day in range(3):
        marked(person)
        drain()
    (message,) = mail.outbox
    assert message.to == [person.email]
    last = timezone.localdate(timezone.now() + timedelta(days=90)) - timedelta(days=1)
    assert f"na {date_format(last, 'j F Y')} weg" in message.subject
    assert f"tot en met {date_format(last, 'j F Y')}" in message.body
    assert "export van je gegevens" in message.body
    assert person.organisation.name in message.body
    assert "Wim" in message.body


def test_who_came_back_before_the_mail_went_gets_none(person: Person, can_mail: None) -> None:
    suspend(person)
    marked(person)
    Person.objects.update(is_active=True)
    drain()
    assert not mail.outbox


def test_without_mail_nobody_is_promised_one(person: Person) -> None:
    suspend(person)
    marked(person)
    assert not Job.objects.filter(kind=leaving.FAREWELL).exists()


# --- silence


def test_somebody_is_seen_when_their_session_has_ended(client: Client, person: Person) -> None:
    client.force_login(person)
    ends = timezone.now() - timedelta(days=3)
    Session.objects.update(expire_date=ends)
    sessions.forget_ended()
    person.refresh_from_db()
    began = ends - timedelta(seconds=configured.SESSION_COOKIE_AGE)
    assert person.seen_on == timezone.localdate(began)


def test_an_older_session_makes_nobody_less_seen(client: Client, person: Person) -> None:
    unseen(person, 1)
    client.force_login(person)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=9))
    sessions.forget_ended()
    person.refresh_from_db()
    assert person.seen_on == timezone.localdate() - timedelta(days=1)


def test_who_signs_out_was_seen_today(client: Client, person: Person) -> None:
    unseen(person, 50)
    client.force_login(person)
    client.post("/uitloggen/")
    person.refresh_from_db()
    assert person.seen_on == timezone.localdate()


def test_a_session_that_cannot_be_read_is_dropped_all_the_same(person: Person) -> None:
    Session.objects.create(session_key="x", session_data="kapot", expire_date=timezone.now() - timedelta(days=1))
    assert sessions.forget_ended() == 1


def test_nobody_goes_for_being_silent_unless_that_is_switched_on(person: Person) -> None:
    unseen(person, 3000)
    retention.wipe_all()
    assert Person.objects.filter(pk=person.pk).exists()
    assert not Notice.objects.exists()


def test_who_was_here_before_anybody_kept_that_begins_today(person: Person, silent: None) -> None:
    retention.wipe_all()
    person.refresh_from_db()
    assert person.seen_on == timezone.localdate()


def test_who_is_silent_is_told_thirty_days_before_and_then_goes(person: Person, silent: None) -> None:
    unseen(person, 400)
    for _day in range(2):
        retention.wipe_all()
    (notice,) = Notice.objects.filter(kind=silence.SILENCE)
    (shown,) = notices.shown(person, [notice])
    assert shown.line
    assert "Log vóór" in shown.line.text
    Notice.objects.update(made_at=timezone.now() - AHEAD)
    retention.wipe_all()
    assert not Person.objects.filter(pk=person.pk).exists()
    assert Destruction.objects.get(kind=SILENT.name).counts == {"learning.Person": 1}


def test_the_word_of_it_comes_by_mail(person: Person, silent: None, can_mail: None) -> None:
    unseen(person, 400)
    retention.wipe_all()
    digest.send(person.pk)
    (message,) = mail.outbox
    assert "Je was hier lang niet" in message.body


def test_who_signs_in_once_stays(client: Client, person: Person, silent: None) -> None:
    """Also in the last night, when no session of theirs has ended yet."""
    unseen(person, 400)
    retention.wipe_all()
    Notice.objects.update(made_at=timezone.now() - AHEAD)
    client.force_login(person)
    retention.wipe_all()
    person.refresh_from_db()
    assert person.is_active
    assert person.seen_on == timezone.localdate()
    retention.wipe_all()
    assert not Notice.objects.filter(kind=silence.SILENCE).exists()


def test_who_signs_in_while_they_would_go_stays(
    client: Client, person: Person, silent: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen(person, 400)
    retention.wipe_all()
    Notice.objects.update(made_at=timezone.now() - AHEAD)

    def suspended_just_after(who: Person) -> None:
        client.force_login(who)
        suspend(who)

    monkeypatch.setattr(silence, "suspend", suspended_just_after)
    retention.wipe_all()
    person.refresh_from_db()
    assert person.is_active
    assert person.seen_on == timezone.localdate()
    assert sessions.is_here(person)
