"""Telling somebody by e-mail that a Herhaalmoment or a Terugblik is open (curriculum 2.0, 6.2): once, if they like.

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
from learning.tracks.content import AFTER, Kind
from learning.tracks.models import Enrolment, NoReminders, Reminder
from learning.tracks.queries import Way
from learning.tracks.returning import TERMS, Phase

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


def awaited(person: Person, way: Way) -> frozenset[Kind]:
    """Of which moments a mail will come when they open. One query, only while one may be awaited."""
    waits = (Phase.AHEAD, Phase.WAITS)
    kinds = frozenset(kind for kind in AFTER if way.edition.moment(kind) and way.window_of(kind).phase in waits)
    return kinds if kinds and can_mail() and person.email and wants(person.pk) else frozenset()


def ask_for(enrolment_id: int, finished_at: datetime) -> None:
    """Have somebody told when what comes after the module opens. Inside the transaction of what made the module done,
    or of what brought them an edition with more to come; asked twice it is once."""
    has = Enrolment.objects.filter(pk=enrolment_id).values_list("edition__returns", "edition__looks_back").first()
    for kind, there in zip(AFTER, has or (), strict=False):
        if there and can_mail():
            payload = {"enrolment": enrolment_id, "moment": kind}
            record(KIND, _key(enrolment_id, kind), payload, due=finished_at + TERMS[kind].opens_after)


def _key(enrolment_id: int, kind: Kind) -> str:
    return f"{KIND}:{enrolment_id}" + ("" if kind is Kind.RETURN else f":{kind}")


def off_address(person_id: int) -> str:
    """Without signing in: whoever has the mail can switch off this person's reminders, and nothing else."""
    return reverse("tracks:no-reminders", args=[mailing.token(person_id, sort=_SORT)])


def person_of(wish: str) -> int | None:
    return mailing.person_of(wish, sort=_SORT)


def send(enrolment_id: int, kind: Kind) -> Then | None:
    """Tell them now, if there is still something to tell; what is returned writes down that it was done.

    Raises TryLater or GiveUp.
    """
    told = Reminder.objects.filter(enrolment=enrolment_id, moment=kind)
    enrolment = Enrolment.objects.filter(pk=enrolment_id).select_related("person", "module").first()
    if enrolment is None or told.exists() or not can_mail():
        return None
    person = enrolment.person
    way = queries.way(person, enrolment.module.slug)
    if way is None or not _has_news(way, kind) or not (person.is_active and person.email and wants(person.pk)):
        return None
    if way.window_of(kind).phase is Phase.WAITS:
        raise TryLater("it isn't open yet", after=60 * 60, counted=False)
    with translation.override(person.language):
        message = _message(person, way, kind)
    mailing.send(message)
    return partial(_write_sent, enrolment_id, kind)


def _has_news(way: Way, kind: Kind) -> bool:
    window = way.window_of(kind)
    return bool(
        way.edition.moment(kind) and not window.done and window.phase in (Phase.WAITS, Phase.OPEN) and window.last_day
    )


def _write_sent(enrolment_id: int, kind: Kind) -> None:
    with transaction.atomic():
        Reminder.objects.get_or_create(enrolment_id=enrolment_id, moment=kind, defaults={"sent_at": timezone.now()})


def _message(person: Person, way: Way, kind: Kind) -> EmailMessage:
    unit = way.edition.moment(kind)
    assert unit is not None
    off = off_address(person.pk)
    text = render_to_string(
        "tracks/reminder.txt",
        {
            "looks_back": kind is Kind.LOOK_BACK,
            "name": person.name,
            "title": way.edition.title,
            "minutes": way.minutes(unit),
            "last_day": way.window_of(kind).last_day,
            "address": settings.BASE_URL + unit_address(way.edition.module, unit.key),
            "off": settings.BASE_URL + off,
        },
    )
    subject = {
        Kind.RETURN: _("Het Herhaalmoment van “%(title)s” is open"),
        Kind.LOOK_BACK: _("De Terugblik op “%(title)s” is open"),
    }[kind]
    message = mailing.message(person.email, subject=subject % {"title": way.edition.title}, text=text, off=off)
    message.attach(calendar.name(kind), calendar_note(way, kind), "text/calendar")
    return message


def calendar_note(way: Way, kind: Kind) -> str:
    """In the language that is on. The edition has that moment, and the module is done."""
    unit, window = way.edition.moment(kind), way.window_of(kind)
    assert unit is not None
    assert window.opens_on is not None
    assert window.last_day is not None
    return calendar.note(
        kind,
        enrolment_id=way.enrolment_id,
        module=way.edition.module,
        unit=unit.key,
        title=way.edition.title,
        opens_on=window.opens_on,
        last_day=window.last_day,
        now=way.now,
    )
