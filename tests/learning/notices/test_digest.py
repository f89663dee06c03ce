"""One mail a day with what somebody didn't see yet, for whom it can reach and who wants it."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jobs.models import Job
from jobs.registry import GiveUp, TryLater
from learning.notices import digest, kinds, queries, services
from learning.notices.models import Notice
from learning.notices.services import tell
from learning.people.models import Person
from tests.learning.notices.conftest import ADDRESS, GONE

HERE = ZoneInfo("Europe/Amsterdam")

pytestmark = pytest.mark.usefixtures("can_mail")


@pytest.fixture
def somebody(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(email=ADDRESS, name="Sanne de Wit")
    person.refresh_from_db()
    return person


def told(person: Person, *cases: str) -> None:
    for case in cases:
        tell(person.pk, "proef.case", key=f"case:{case}", facts={"case": case})


def mailed(person: Person) -> list[EmailMessage]:
    """As the job does it."""
    before = len(mail.outbox)
    then = digest.send(person.pk)
    if then:
        then()
    return mail.outbox[before:]


def test_one_mail_holds_all_that_is_new_in_the_order_it_came(somebody: Person) -> None:
    told(somebody, "een", "twee", GONE)
    (message,) = mailed(somebody)
    assert message.to == [ADDRESS]
    assert message.subject == "2 berichten voor je bij Tussenruimte"
    assert "Dag Sanne de Wit," in message.body
    assert message.body.index("Nieuws over een.") < message.body.index("Nieuws over twee.")
    assert "http://localhost:8000/leren/?case=een" in message.body
    assert GONE not in message.body


def test_where_a_kind_has_no_sentence_for_mail_it_says_its_label(somebody: Person) -> None:
    tell(somebody.pk, "proef.ronde", key="ronde:1", facts={"round": 1})
    (message,) = mailed(somebody)
    assert "- Er is een ronde binnen\n" in message.body
    assert "Ronde 1" not in message.body


def test_it_is_sent_once_also_when_the_job_runs_twice(somebody: Person) -> None:
    told(somebody, "een")
    assert len(mailed(somebody)) == 1
    assert mailed(somebody) == []
    told(somebody, "twee")
    (message,) = mailed(somebody)
    assert "Nieuws over een." not in message.body


def test_what_was_seen_already_isnt_mailed(somebody: Person) -> None:
    told(somebody, "een", "twee")
    services.see_all(somebody, until=Notice.objects.get(key="case:een").pk)
    (message,) = mailed(somebody)
    assert "Nieuws over een." not in message.body


def test_it_is_in_the_language_of_who_gets_it(somebody: Person) -> None:
    Person.objects.update(language="en")
    told(somebody, "een")
    (message,) = mailed(somebody)
    assert message.subject == "1 message for you at Tussenruimte"
    assert "Hello Sanne de Wit," in message.body


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_who_cant_be_mailed_isnt(change: dict[str, Any], somebody: Person) -> None:
    told(somebody, "een")
    Person.objects.update(**change)
    assert mailed(somebody) == []
    assert digest.ask_for_all() == 0


def test_who_was_erased_meanwhile_is_nobody(somebody: Person) -> None:
    number = somebody.pk
    told(somebody, "een")
    somebody.delete()
    assert digest.send(number) is None


def test_a_place_that_cant_mail_asks_for_none(somebody: Person, settings: Any) -> None:
    settings.MAIL_FROM = ""
    told(somebody, "een")
    assert digest.ask_for_all() == 0
    assert mailed(somebody) == []


def test_a_kind_can_be_off_by_mail_and_so_can_all(somebody: Person) -> None:
    told(somebody, "een")
    tell(somebody.pk, "proef.ronde", key="ronde:1", facts={"round": 1})
    every = ["proef.case", "proef.ronde"]
    services.choose(somebody, every, on_page=every, by_mail=["proef.ronde"], mail=True)
    (message,) = mailed(somebody)
    assert "- Er is een ronde binnen\n" in message.body
    assert "Nieuws over een." not in message.body
    told(somebody, "twee")
    services.choose(somebody, every, on_page=every, by_mail=every, mail=False)
    assert mailed(somebody) == []


def test_what_is_older_than_a_week_is_no_news(somebody: Person) -> None:
    told(somebody, "een")
    Notice.objects.update(made_at=timezone.now() - timedelta(days=8))
    assert digest.ask_for_all() == 0
    assert mailed(somebody) == []


def test_a_long_list_is_cut_and_says_how_much_more_there_is(somebody: Person) -> None:
    told(somebody, *map(str, range(33)))
    (message,) = mailed(somebody)
    assert message.body.count("Nieuws over") == digest.MOST
    assert "En nog 3 berichten." in message.body
    assert mailed(somebody) == []


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ConnectionRefusedError(), TryLater),
        (smtplib.SMTPServerDisconnected(), TryLater),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no " + ADDRESS.encode())}), GiveUp),
    ],
)
def test_a_mail_server_that_is_down_is_asked_again_and_nothing_counts_as_mailed(
    error: Exception, raised: type[Exception], somebody: Person
) -> None:
    told(somebody, "een")
    with patch.object(EmailMessage, "send", side_effect=error), pytest.raises(raised) as said:
        digest.send(somebody.pk)
    assert ADDRESS not in str(said.value.reason)  # type: ignore[attr-defined]
    assert Notice.objects.get().mailed_at is None
    assert len(mailed(somebody)) == 1


def test_everybody_with_news_has_one_job_with_a_number_and_nothing_else(somebody: Person) -> None:
    told(somebody, "een", "twee")
    assert digest.ask_for_all() == 1
    assert digest.ask_for_all() == 1
    job = Job.objects.get(kind=digest.KIND)
    assert job.payload == f'{{"person":{somebody.pk}}}'
    assert timezone.localtime(job.due).hour == digest.HOUR


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 given one
def test_the_next_morning_is_seven_oclock_here_within_25_hours(now: datetime) -> None:
    morning = digest.next_morning(now)
    assert (morning.astimezone(HERE).hour, morning.minute, morning.second) == (digest.HOUR, 0, 0)
    assert timedelta(0) < morning - now <= timedelta(hours=25)


def test_one_press_in_a_mail_program_switches_it_off(somebody: Person) -> None:
    told(somebody, "een")
    (message,) = mailed(somebody)
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    stranger = Client(enforce_csrf_checks=True)
    assert "Geen mail meer over je berichten?" in stranger.get(address).content.decode()
    assert queries.wants_mail(somebody.pk)
    stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert not queries.wants_mail(somebody.pk)
    stranger.post(address, {"mail": "aan"})
    assert queries.wants_mail(somebody.pk)


def test_a_made_up_address_switches_nothing_off(somebody: Person) -> None:
    own = digest.off_address(somebody.pk)
    other = own.replace(f"/{somebody.pk}:", f"/{somebody.pk + 1}:")
    assert other != own
    assert Client().post(other).status_code == 404


def test_titles_of_two_lines_add_no_header(somebody: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    line = kinds.Line("Hoi", "/leren/", mailed="Hoi\r\nBcc: iedereen@elders.example")
    monkeypatch.setitem(kinds._kinds, "proef.case", kinds.Kind("proef.case", "Proef", lambda person, facts: [line]))
    told(somebody, "een")
    (message,) = mailed(somebody)
    assert message.recipients() == [ADDRESS]
    assert "Bcc" not in str(message.message()).split("\n\n")[0]
