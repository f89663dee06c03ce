"""Who is gone, and what becomes of what there is of them (curriculum 4.5).

Somebody has left when they were suspended; what there is of them then goes after RETENTION_GONE_DAYS. Where
RETENTION_SILENT_MONTHS is set, who wasn't seen for that long goes too (`learning.notices.silence`). Each is erased
whole, as by `learning.people.erasing`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jobs.services import record
from learning import mailing
from learning.people import erasing
from learning.people.models import Person
from learning.people.retention import AT_ONCE, GONE, Counts, warns, wipes

FAREWELL = "people.farewell"


@warns(GONE)
def mark(organisation_id: int, now: datetime) -> None:
    """Since when whoever can't come in is gone, and that whoever was never seen was here today: of who was here before
    anybody kept that, a term begins now. Who left is told once by mail what becomes of theirs."""
    here = Person.objects.filter(organisation=organisation_id)
    here.filter(seen_on=None).update(seen_on=timezone.localdate(now))
    here.filter(is_active=True).exclude(left_at=None).update(left_at=None)
    left = here.filter(is_active=False, left_at=None)
    while some := list(left.values_list("pk", "email")[:AT_ONCE]):
        with transaction.atomic():
            here.filter(pk__in=[number for number, _email in some]).update(left_at=now)
            for number, email in some:
                if email and mailing.can_mail():
                    record(FAREWELL, f"{FAREWELL}:{number}", {"person": number})


def farewell(person_id: int) -> None:
    """Tell them by when theirs goes, and that they can have it before. Raises TryLater or GiveUp."""
    person = Person.objects.select_related("organisation").filter(pk=person_id, is_active=False).first()
    if person is None or person.left_at is None or not person.email or not mailing.can_mail():
        return
    with translation.override(person.language):
        # In the night in which the term is over it goes: the day before is the last one whole.
        day = timezone.localdate(person.left_at + timedelta(days=GONE.number)) - timedelta(days=1)
        text = render_to_string(
            "people/farewell.txt", {"name": person.name, "day": day, "organisation": person.organisation.name}
        )
        subject = _("Wat er van je is bij Tussenruimte, gaat na %(day)s weg") % {"day": date_format(day, "j F Y")}
        message = EmailMessage(subject=subject, body=text, from_email=settings.MAIL_FROM, to=[person.email])
    mailing.send(message)


def _left(organisation_id: int, before: datetime) -> QuerySet[Person]:
    return Person.objects.filter(organisation=organisation_id, is_active=False, left_at__lte=before)


def make_ready(rows: QuerySet[Person]) -> None:
    """What lies outside the database goes first. Raises NotNow."""
    for person in rows:
        erasing.make_ready(person)


def erase(rows: QuerySet[Person]) -> Counts:
    """Each who was made ready, whole (`learning.people.erasing`); of what hangs on them nothing is counted. Raises
    NotNow."""
    numbers = list(rows.values_list("pk", flat=True))
    return {Person._meta.label: sum(erasing.let_go(number, asked=False) for number in numbers)}


# One at a time: for whom a job is at work waits until tomorrow.
wipes(GONE, due=_left, first=make_ready, at_once=1)(erase)
