"""What somebody didn't see yet, in one mail a morning, in their language: titles, and nobody's name or words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import batched

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from jobs.registry import Then
from jobs.services import record
from learning import mailing
from learning.notices import queries
from learning.notices.models import Notice, NoticeChoice
from learning.notices.services import ALL, AT_ONCE
from learning.people.models import Person

KIND = "notices.mail"
HOUR = 7  # here
# A day of a mail server that is down; tomorrow's mail has it too.
TRIES = 12
NEWS = timedelta(days=7)
"""What is older isn't mailed any more: for whom mail was off, or a place that begins to send it."""
MOST = 30  # lines in one mail; the page has them all

_SORT = "learning.notices.mail"


def off_address(person_id: int) -> str:
    """Without signing in: whoever has the mail can switch off this person's mail about notices, and nothing else."""
    return reverse("notices:no-mail", args=[mailing.token(person_id, sort=_SORT)])


def person_of(wish: str) -> int | None:
    return mailing.person_of(wish, sort=_SORT)


def ask_for_all() -> int:
    """Have everybody mailed who has something to read, tomorrow morning or this one. How many they are."""
    if not mailing.can_mail():
        return 0
    people = _to_mail().filter(person__is_active=True).exclude(person__email="")
    numbers = list(people.order_by("person").values_list("person", flat=True).distinct())
    morning = next_morning(timezone.now())
    for some in batched(numbers, AT_ONCE):
        with transaction.atomic():
            for number in some:
                record(KIND, f"{KIND}:{number}", {"person": number}, due=morning)
    return len(numbers)


def next_morning(now: datetime) -> datetime:
    """The first time from now on that it is seven o'clock here, whatever the clocks do that night."""
    here = timezone.localtime(now)
    day = here.date() if here.hour < HOUR else here.date() + timedelta(days=1)
    return timezone.make_aware(datetime(day.year, day.month, day.day, HOUR))  # noqa: DTZ001 made aware at once


def send(person_id: int) -> Then | None:
    """Mail them what they didn't see yet; what is returned writes down what was mailed.

    Raises TryLater or GiveUp.
    """
    person = Person.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    if person is None or not mailing.can_mail():
        return None
    notices = list(_to_mail().filter(person=person).order_by("made_at", "pk"))
    with translation.override(person.language):
        lines = [
            (each.line.mailed or str(each.label), settings.BASE_URL + each.line.href)
            for each in queries.shown(person, notices)
            if each.line
        ]
        message = _message(person, lines) if lines else None
    if message is None:
        return None
    mailing.send(message)
    return partial(_write_mailed, [notice.pk for notice in notices])


def _to_mail() -> QuerySet[Notice]:
    """What is new, wasn't mailed, and may be."""
    choices = NoticeChoice.objects.filter(person=OuterRef("person"), by_mail=False)
    off = choices.filter(Q(kind=OuterRef("kind")) | Q(kind=ALL))
    news = Notice.objects.filter(seen_at=None, mailed_at=None, made_at__gt=timezone.now() - NEWS)
    return news.exclude(Exists(off))


def _write_mailed(numbers: Sequence[int]) -> None:
    Notice.objects.filter(pk__in=numbers).update(mailed_at=timezone.now())


def _message(person: Person, lines: Sequence[tuple[str, str]]) -> EmailMessage:
    off = off_address(person.pk)
    text = render_to_string(
        "notices/digest.txt",
        {
            "name": person.name,
            "lines": lines[:MOST],
            "more": len(lines[MOST:]),
            "page": settings.BASE_URL + reverse("notices:mine"),
            "off": settings.BASE_URL + off,
        },
    )
    subject = ngettext(
        "%(n)s bericht voor je bij Tussenruimte", "%(n)s berichten voor je bij Tussenruimte", len(lines)
    ) % {"n": len(lines)}  # fmt: skip
    return mailing.message(person.email, subject=subject, text=text, off=off)
