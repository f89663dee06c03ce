"""One mail when a Herhaalmoment opens, for whom it can reach and who wants it; and a note for the calendar."""

from __future__ import annotations

import logging
import smtplib
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from jobs import runner
from jobs.models import Job
from jobs.registry import GiveUp, TryLater
from learning.people.models import Person
from learning.runtime.publishing import publish_folder
from learning.tracks import reminders
from learning.tracks.calendar import LONGEST_LINE, note
from learning.tracks.content import Kind
from learning.tracks.events import edition_finished
from learning.tracks.models import Enrolment, ModuleEdition, NoReminders, Reminder
from learning.tracks.returning import TERMS
from tests.factories import enrolled, published
from tests.learning.frame import complete, framed, framed_folder

ADDRESS = "sanne@land-en-water.example"
MODULE = "/leren/proefmodule/"
WEEK = timedelta(days=7)
OPENS_AFTER = TERMS[Kind.RETURN].opens_after


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    return framed(tmp_path / "omlijst")


@pytest.fixture
def enrolment(person: Person, edition: ModuleEdition) -> Enrolment:
    Person.objects.filter(pk=person.pk).update(email=ADDRESS, name="Sanne de Wit")
    return enrolled(person, edition)


@pytest.fixture
def can_mail(settings: Any) -> None:
    settings.MAIL_FROM = "leren@tussenruimte.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def due(enrolment: Enrolment) -> None:
    """The module was done a week ago, and jobs are done now."""
    complete(enrolment, ago=WEEK)
    reminders.ask_for(enrolment.pk, timezone.now() - WEEK)
    runner.drain()


@pytest.mark.usefixtures("can_mail")
def test_a_module_that_is_done_has_a_mail_waiting_for_the_day_it_opens(enrolment: Enrolment) -> None:
    before = timezone.now()
    complete(enrolment)
    edition_finished.send(None, enrolment_id=enrolment.pk, person_id=enrolment.person_id, module="proefmodule")
    job = Job.objects.get(kind=reminders.KIND)
    assert before + OPENS_AFTER <= job.due <= timezone.now() + OPENS_AFTER
    runner.drain()
    assert mail.outbox == []


@pytest.mark.usefixtures("can_mail")
def test_it_says_what_waits_where_and_until_when_with_a_note_for_the_calendar(enrolment: Enrolment) -> None:
    due(enrolment)
    (message,) = mail.outbox
    with translation.override("nl"):
        last = date_format(timezone.localdate(timezone.now() - WEEK + timedelta(days=60)), "j F Y")
    assert message.to == [ADDRESS]
    assert message.subject == "Het Herhaalmoment van “Proefmodule” is open"
    assert "Dag Sanne de Wit," in message.body
    assert f"tot en met {last}" in message.body
    assert f"{MODULE}herhaal/" in message.body
    ((name, content, kind),) = message.attachments
    assert (name, kind) == ("herhaalmoment.ics", "text/calendar")
    assert "SUMMARY:Herhaalmoment: Proefmodule" in str(content)


@pytest.mark.usefixtures("can_mail")
def test_a_title_of_two_lines_stops_no_mail_and_adds_no_header(person: Person, tmp_path: Path) -> None:
    course = framed_folder(tmp_path / "regels") / "course.xml"
    course.write_text(course.read_text().replace('="Proefmodule"', '="Proef&#13;&#10;Bcc: iedereen@elders.example"'))
    Person.objects.filter(pk=person.pk).update(email=ADDRESS)
    due(enrolled(person, publish_folder(course.parent)))
    (message,) = mail.outbox
    assert message.subject == "Het Herhaalmoment van “Proef Bcc: iedereen@elders.example” is open"
    assert message.recipients() == [ADDRESS]


@pytest.mark.usefixtures("can_mail")
def test_it_is_sent_once(enrolment: Enrolment) -> None:
    due(enrolment)
    reminders.ask_for(enrolment.pk, timezone.now() - WEEK)
    runner.drain()
    assert len(mail.outbox) == 1
    assert Reminder.objects.get().enrolment == enrolment


@pytest.mark.usefixtures("can_mail")
def test_it_is_in_the_language_of_who_gets_it(enrolment: Enrolment) -> None:
    Person.objects.update(language="en")
    due(enrolment)
    assert "is open" in mail.outbox[0].subject
    assert "Het Herhaalmoment" not in mail.outbox[0].subject
    assert "Dag" not in mail.outbox[0].body


@pytest.mark.usefixtures("can_mail")
@pytest.mark.parametrize("reason", ["no address", "switched off", "left", "done already", "closed"])
def test_nothing_is_sent_to_whom_it_says_nothing(enrolment: Enrolment, reason: str) -> None:
    ago = timedelta(days=62) if reason == "closed" else WEEK
    complete(enrolment, ago=ago)
    if reason == "no address":
        Person.objects.update(email="")
    elif reason == "switched off":
        NoReminders.objects.create(person=enrolment.person)
    elif reason == "left":
        Person.objects.update(is_active=False)
    elif reason == "done already":
        Enrolment.objects.update(returned_at=timezone.now())
    assert reminders.send(enrolment.pk, Kind.RETURN) is None
    assert mail.outbox == []


def test_without_a_mail_server_nothing_is_recorded_and_no_page_promises_a_mail(
    learner: Client, enrolment: Enrolment
) -> None:
    complete(enrolment)
    reminders.ask_for(enrolment.pk, timezone.now())
    assert not Job.objects.filter(kind=reminders.KIND).exists()
    page = learner.get(MODULE).text
    assert "krijg je één mail" not in page
    assert "Zet het in je agenda" in page
    assert "verstuurt geen mail" in learner.get("/leren/herinneringen/").text


@pytest.mark.usefixtures("can_mail")
def test_a_page_promises_a_mail_only_to_whom_it_will_come(learner: Client, enrolment: Enrolment) -> None:
    complete(enrolment)
    assert "krijg je één mail" in learner.get(MODULE).text
    NoReminders.objects.create(person=enrolment.person)
    assert "krijg je één mail" not in learner.get(MODULE).text
    NoReminders.objects.all().delete()
    Person.objects.update(email="")
    assert "krijg je één mail" not in learner.get(MODULE).text
    assert "kennen geen mailadres" in learner.get("/leren/herinneringen/").text


@pytest.mark.usefixtures("can_mail")
def test_a_module_without_a_herhaalmoment_has_no_mail(person: Person, tmp_path: Path) -> None:
    old = enrolled(person, published(tmp_path / "oud", key="oud"))
    reminders.ask_for(old.pk, timezone.now())
    assert not Job.objects.filter(kind=reminders.KIND).exists()


# --- what goes wrong outside


@pytest.mark.usefixtures("can_mail")
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"who?")}), GiveUp),
        (smtplib.SMTPServerDisconnected(f"no {ADDRESS}"), TryLater),
        (ConnectionRefusedError(111, ADDRESS), TryLater),
    ],
)
def test_what_a_mail_server_says_is_not_repeated(
    enrolment: Enrolment, error: Exception, expected: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    complete(enrolment, ago=WEEK)
    with patch.object(EmailMessage, "send", side_effect=error), pytest.raises(expected) as raised:
        reminders.send(enrolment.pk, Kind.RETURN)
    assert ADDRESS not in str(raised.value)
    assert not Reminder.objects.exists()


@pytest.mark.usefixtures("can_mail")
@pytest.mark.parametrize("address", ["sanne@län..d.example", f"sanne@{'ä' * 70}.example"])
def test_an_address_no_mail_can_go_to_is_not_tried_for_a_day(enrolment: Enrolment, address: str) -> None:
    Person.objects.update(email=address)
    complete(enrolment, ago=WEEK)
    with pytest.raises(GiveUp) as raised:
        reminders.send(enrolment.pk, Kind.RETURN)
    assert "sanne" not in str(raised.value)


@pytest.mark.usefixtures("can_mail")
def test_neither_log_nor_job_names_anybody(enrolment: Enrolment, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    due(enrolment)
    assert len(mail.outbox) == 1
    jobs = " ".join(map(str, Job.objects.values_list("kind", "key", "payload", "last_reason")))
    for text in (caplog.text, jobs):
        assert ADDRESS not in text
        assert "Sanne" not in text


# --- switching it off


def off_address(message: EmailMessage) -> str:
    header = str(message.extra_headers["List-Unsubscribe"]).strip("<>")
    assert header in str(message.body)
    return header.partition("://")[2].partition("/")[2]


@pytest.mark.usefixtures("can_mail")
def test_a_mail_program_switches_it_off_with_one_press_without_signing_in(client: Client, enrolment: Enrolment) -> None:
    due(enrolment)
    (message,) = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(f"/{off_address(message)}", {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert NoReminders.objects.get().person == enrolment.person


@pytest.mark.usefixtures("can_mail")
def test_looking_at_the_link_switches_nothing_and_its_one_button_does(client: Client, enrolment: Enrolment) -> None:
    due(enrolment)
    address = f"/{off_address(mail.outbox[0])}"
    page = client.get(address)
    assert "Stuur mij geen herinneringen" in page.text
    assert not NoReminders.objects.exists()
    assert "Sanne" not in page.text
    client.post(address, {"herinneringen": "uit"})
    assert NoReminders.objects.exists()
    assert "Stuur ze toch weer" in client.get(address).text
    client.post(address, {"herinneringen": "aan"})
    assert not NoReminders.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("wish", ["iets", "1:onzin", "1"])
def test_a_link_that_was_made_up_does_nothing(client: Client, person: Person, wish: str) -> None:
    for method in (client.get, client.post):
        assert method(f"/leren/herinneringen/uit/{wish}/").status_code == 404
    assert not NoReminders.objects.exists()


@pytest.mark.django_db
def test_a_link_of_half_a_year_ago_says_where_it_is_switched_off_and_does_nothing(
    client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, sent = reminders.off_address(person.pk), time.time()
    day = 24 * 60 * 60
    monkeypatch.setattr(time, "time", lambda: sent + 179 * day)
    assert client.post(address).status_code == 200
    NoReminders.objects.all().delete()
    monkeypatch.setattr(time, "time", lambda: sent + 181 * day)
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 410
        assert 'href="/leren/herinneringen/"' in response.text
    assert not NoReminders.objects.exists()


@pytest.mark.django_db
def test_a_link_of_somebody_who_is_gone_is_harmless(client: Client, person: Person) -> None:
    address = reminders.off_address(person.pk + 1)
    assert client.post(address).status_code == 200
    assert not NoReminders.objects.exists()


@pytest.mark.usefixtures("can_mail")
def test_i_switch_it_off_and_on_on_my_own_page(learner: Client, enrolment: Enrolment) -> None:
    assert ADDRESS in learner.get("/leren/herinneringen/").text
    learner.post("/leren/herinneringen/", {"herinneringen": "uit"})
    assert NoReminders.objects.get().person == enrolment.person
    assert "Stuur mij weer herinneringen" in learner.get("/leren/herinneringen/").text
    learner.post("/leren/herinneringen/", {"herinneringen": "aan"})
    assert not NoReminders.objects.exists()


# --- the calendar


def test_the_note_is_there_when_the_module_is_done(learner: Client, enrolment: Enrolment) -> None:
    assert learner.get(f"{MODULE}herhaalmoment.ics").status_code == 404
    done = complete(enrolment)
    response = learner.get(f"{MODULE}herhaalmoment.ics")
    assert response["Content-Type"].startswith("text/calendar")
    day = timezone.localdate(done + OPENS_AFTER)
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\n" in response.text
    assert f"{MODULE}herhaal/" in response.text.replace("\r\n ", "")


def test_a_note_keeps_to_its_form_whatever_a_title_holds() -> None:
    today = timezone.localdate()
    with translation.override("nl"):
        text = note(
            Kind.RETURN, enrolment_id=1, module="m", unit="u", title="Één, twee; drie\\vier\nDTEND:nu " + "é" * 90,
            opens_on=today, last_day=today, now=timezone.now(),
        )  # fmt: skip
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= LONGEST_LINE for line in lines)
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:Herhaalmoment: Één\\, twee\\; drie\\\\vier\\nDTEND:nu éé" in whole
    assert whole.count("\r\nDTEND") == 1


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028"])
def test_no_end_of_a_line_in_a_title_ends_a_line_of_the_note(end: str) -> None:
    today = timezone.localdate()
    text = note(
        Kind.RETURN, enrolment_id=1, module="m", unit="u", title=f"Een{end}DTEND:nu", opens_on=today, last_day=today,
        now=timezone.now(),
    )  # fmt: skip
    assert [line[:5] for line in text.splitlines()].count("DTEND") == 1
    assert "Een\\nDTEND:nu" in text


def test_a_note_is_of_one_event() -> None:
    today = timezone.localdate()
    assert (
        note(
            Kind.RETURN,
            enrolment_id=1,
            module="m",
            unit="u",
            title="x",
            opens_on=today,
            last_day=today,
            now=timezone.now(),
        ).count("UID:")
        == 1
    )
