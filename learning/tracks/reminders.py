"""Telling somebody by e-mail that a Herhaalmoment is open (curriculum 2.0): once, if they like.

Nobody is promised a mail that can't come: the installation must be able to send any (`MAIL_URL`), an address must be
known here (an LMS gives one only sometimes), and the person mustn't have switched reminders off.
"""

from __future__ import annotations

import smtplib
from datetime import datetime
from functools import partial

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jobs.registry import GiveUp, Then, TryLater
from jobs.services import record
from learning.people.models import Person
from learning.tracks import calendar, queries
from learning.tracks.addresses import unit_address
from learning.tracks.models import Enrolment, NoReminders, Reminder
from learning.tracks.queries import Way
from learning.tracks.returning import OPENS_AFTER, Phase

KIND = "tracks.remind"
# A day of a mail server that is down; after that there are still weeks in which the pages say it.
TRIES = 12
_SALT = "learning.tracks.no_reminders"


def can_mail() -> bool:
    return bool(settings.MAIL_FROM)


def wants(person_id: int) -> bool:
    """One query."""
    return not NoReminders.objects.filter(person=person_id).exists()


def want(person_id: int, *, on: bool) -> None:
    """Asked twice it is the same; of somebody who isn't there any more it is nothing."""
    if on:
        NoReminders.objects.filter(person=person_id).delete()
    elif Person.objects.filter(pk=person_id).exists():
        NoReminders.objects.get_or_create(person_id=person_id)


def awaited(person: Person, way: Way) -> bool:
    """Whether a mail will come when the Herhaalmoment opens. One query, only while one may be awaited."""
    waits = way.edition.herhaalmoment is not None and way.window.phase in (Phase.AHEAD, Phase.WAITS)
    return bool(waits and can_mail() and person.email) and wants(person.pk)


def ask_for(enrolment_id: int, finished_at: datetime) -> None:
    """Have somebody told when the Herhaalmoment opens. Inside the transaction of what made the module done."""
    if can_mail() and Enrolment.objects.filter(pk=enrolment_id, edition__returns=True).exists():
        record(KIND, f"{KIND}:{enrolment_id}", {"enrolment": enrolment_id}, due=finished_at + OPENS_AFTER)


def off_token(person_id: int) -> str:
    """In the mail itself: whoever holds it can switch off this person's reminders, and nothing else."""
    return signing.Signer(salt=_SALT).sign(str(person_id))


def person_of(token: str) -> int | None:
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def send(enrolment_id: int) -> Then | None:
    """Tell them now, if there is still something to tell; what is returned writes down that it was done.

    Raises TryLater or GiveUp, never with an address in it: what a mail server says may hold one.
    """
    enrolment = Enrolment.objects.filter(pk=enrolment_id, reminder=None).select_related("person", "module").first()
    if enrolment is None or not can_mail():
        return None
    person = enrolment.person
    way = queries.way(person, enrolment.module.slug)
    if way is None or not _has_news(way) or not (person.is_active and person.email and wants(person.pk)):
        return None
    if way.window.phase is Phase.WAITS:
        raise TryLater("it isn't open yet", after=60 * 60, counted=False)
    with translation.override(person.language):
        message = _message(person, way)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused:
        raise GiveUp("the mail server doesn't take this address") from None
    except ValueError:  # of an LMS: "a@b..nl" has no name in DNS
        raise GiveUp("no mail can go to this address") from None
    except (smtplib.SMTPException, OSError) as error:
        raise TryLater(f"the mail server doesn't take it now ({type(error).__name__})") from None
    return partial(_write_sent, enrolment_id)


def _has_news(way: Way) -> bool:
    window = way.window
    return bool(
        way.edition.herhaalmoment and not window.done and window.phase in (Phase.WAITS, Phase.OPEN) and window.last_day
    )


def _write_sent(enrolment_id: int) -> None:
    with transaction.atomic():
        Reminder.objects.get_or_create(enrolment_id=enrolment_id, defaults={"sent_at": timezone.now()})


def _message(person: Person, way: Way) -> EmailMessage:
    unit = way.edition.herhaalmoment
    assert unit is not None
    off = settings.BASE_URL + reverse("tracks:no-reminders", args=[off_token(person.pk)])
    text = render_to_string(
        "tracks/reminder.txt",
        {
            "name": person.name,
            "title": way.edition.title,
            "minutes": way.minutes(unit),
            "last_day": way.window.last_day,
            "address": settings.BASE_URL + unit_address(way.edition.module, unit.key),
            "off": off,
        },
    )
    message = EmailMessage(
        # A line end in a title, which XML lets through, may not end a header.
        subject=" ".join((_("Het Herhaalmoment van “%(title)s” is open") % {"title": way.edition.title}).split()),
        body=text,
        from_email=settings.MAIL_FROM,
        to=[person.email],
        # RFC 8058: a mail program can switch it off with one press.
        headers={"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    message.attach(calendar.NAME, calendar_note(way), "text/calendar")
    return message


def calendar_note(way: Way) -> str:
    """In the language that is on. The edition has a Herhaalmoment, and the module is done."""
    unit, window = way.edition.herhaalmoment, way.window
    assert unit is not None
    assert window.opens_on is not None
    assert window.last_day is not None
    return calendar.note(
        enrolment_id=way.enrolment_id,
        module=way.edition.module,
        unit=unit.key,
        title=way.edition.title,
        opens_on=window.opens_on,
        last_day=window.last_day,
        now=way.now,
    )
