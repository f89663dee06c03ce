"""Sessions that have ended: of no use to anybody, and they say who was here. Dropped daily, by a job."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from itertools import batched

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
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
    while keys := list(ended.values_list("pk", flat=True)[:AT_ONCE]):
        dropped += ended.filter(pk__in=keys).delete()[0]
    return dropped


def end_all(person: Person) -> int:
    """Wherever they are signed in, they are no more; how many sessions. Reads all there are: only they know whose they
    are."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = Session.objects.values_list("pk", "session_data").iterator()
    theirs = [key for key, data in rows if store.decode(data).get(SESSION_KEY) == str(person.pk)]
    for some in batched(theirs, AT_ONCE):
        Session.objects.filter(pk__in=some).delete()
    return len(theirs)
