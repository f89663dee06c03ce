"""Telling somebody by e-mail that a Herhaalmoment is open (curriculum 2.0): once, if they like.

Nobody is promised a mail that can't come: the installation must be able to send any (`MAIL_URL`), an address must be
known here (an LMS gives one only sometimes), and the person mustn't have switched reminders off.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jobs.registry import Then, TryLater
from jobs.services import record
from learning import mailing
from learning.mailing import can_mail
from learning.people.models import Person
from learning.tracks import calendar, queries
from learning.tracks.addresses import unit_address
from learning.tracks.models import Enrolment, NoReminders, Reminder
from learning.tracks.queries import Way
from learning.tracks.returning import OPENS_AFTER, Phase

KIND = "tracks.remind"
# A day of a mail server that is down; after that there are still weeks in which the pages say it.
TRIES = 12
_SORT = "learning.tracks.no_reminders"


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


def off_address(person_id: int) -> str:
    """Without signing in: whoever has the mail can switch off this person's reminders, and nothing else."""
    return reverse("tracks:no-reminders", args=[mailing.token(person_id, sort=_SORT)])


def person_of(wish: str) -> int | None:
    return mailing.person_of(wish, sort=_SORT)


def send(enrolment_id: int) -> Then | None:
    """Tell them now, if there is still something to tell; what is returned writes down that it was done.

    Raises TryLater or GiveUp.
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
    mailing.send(message)
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
    off = off_address(person.pk)
    text = render_to_string(
        "tracks/reminder.txt",
        {
            "name": person.name,
            "title": way.edition.title,
            "minutes": way.minutes(unit),
            "last_day": way.window.last_day,
            "address": settings.BASE_URL + unit_address(way.edition.module, unit.key),
            "off": settings.BASE_URL + off,
        },
    )
    message = mailing.message(
        person.email, subject=_("Het Herhaalmoment van “%(title)s” is open") % {"title": way.edition.title},
        text=text, off=off,
    )  # fmt: skip
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
