"""Sessions that have ended: of no use to anybody, and they say who was here. Dropped daily, by a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import batched
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from jobs.services import record
from learning.people.models import Person

KIND, KEY = "people.forget_sessions", "daily"
AT_ONCE = 500  # so that whoever is answering at that moment hardly waits for the database


@transaction.atomic
def forget_daily() -> None:
    """From now on: `forget_ended` sees to the next day. Asked for twice it is done once."""
    record(KIND, KEY, {})


def forget_ended() -> int:
    """How many were dropped. The next time is recorded first: whatever goes wrong today, there is a tomorrow."""
    now, dropped = timezone.now(), 0
    with transaction.atomic():
        record(KIND, KEY, {}, due=now + timedelta(days=1))
    ended = Session.objects.filter(expire_date__lt=now)
    while some := list(ended.values_list("pk", "session_data", "expire_date")[:AT_ONCE]):
        _were_seen((data, ends) for _key, data, ends in some)
        dropped += ended.filter(pk__in=[key for key, _data, _ends in some]).delete()[0]
    return dropped


def _were_seen(ended: Iterable[tuple[str, datetime]]) -> None:
    """Whose sessions these were, were here on the day that they began, or went on. A statement a day."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    days: dict[date, set[str]] = {}
    for data, ends in ended:
        if who := store.decode(data).get(SESSION_KEY):
            days.setdefault(timezone.localdate(ends - timedelta(seconds=settings.SESSION_COOKIE_AGE)), set()).add(who)
    for day, people in days.items():
        saw(people, on=day)


def saw(people: Iterable[str | int], *, on: date) -> None:
    """These people (by number) were here that day."""
    known = Q(seen_on=None) | Q(seen_on__lt=on)
    Person.objects.filter(known, pk__in=people).update(seen_on=on)


@receiver(user_logged_out, dispatch_uid="people.saw_leaving")
def _saw_leaving(*, user: Person | None, **kwargs: Any) -> None:
    """Their session is gone before a night can see it."""
    if user is not None:
        saw([user.pk], on=timezone.localdate())


def end_all(person: Person) -> int:
    """Wherever they are signed in, they are no more; how many sessions. Reads all there are: only they know whose they
    are."""
    theirs = list(_keys_of(person))
    for some in batched(theirs, AT_ONCE):
        Session.objects.filter(pk__in=some).delete()
    return len(theirs)


def is_here(person: Person) -> bool:
    """Signed in somewhere now. Reads sessions until one is theirs."""
    return next(_keys_of(person), None) is not None


def _keys_of(person: Person) -> Iterator[str]:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key, data in Session.objects.values_list("pk", "session_data").iterator():
        if store.decode(data).get(SESSION_KEY) == str(person.pk):
            yield key
