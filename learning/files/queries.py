"""Which files there are. One query each; the owner's own, unless it says otherwise."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TypedDict

from django.db.models import CharField, Count, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from jobs.models import OPEN, Job
from learning.files import purposes
from learning.files.checks import sentence
from learning.files.models import FileState, StoredFile
from learning.people.models import Person

WIPE = "files.wipe"
# What doesn't go on for so long, or whose form doesn't come, is left behind.
ABANDONED = timedelta(days=2)
# Who was told why something was refused has had time to read it.
READ = timedelta(days=7)


class Standing(TypedDict):
    """How a file does, as a page shows it. `offset` and `size` in bytes, `progress` a percentage; `wrong`: why it was
    refused, in words."""

    state: str
    offset: int
    size: int
    progress: int
    seconds: float | None
    wrong: str


def of(person: Person, key: str | uuid.UUID) -> StoredFile | None:
    """None when it isn't theirs, isn't there, or `key` isn't one."""
    try:
        number = key if isinstance(key, uuid.UUID) else uuid.UUID(key)
    except ValueError:
        return None
    return StoredFile.objects.filter(person=person, key=number).first()


def on_the_way(person: Person) -> tuple[int, int]:
    """How many files of theirs are coming in, and how many bytes they sent or announced in a day."""
    since = timezone.now() - timedelta(days=1)
    mine = StoredFile.objects.filter(person=person)
    found = mine.aggregate(
        coming=Count("pk", filter=Q(state=FileState.ARRIVING)), bytes=Sum("expected", filter=Q(made_at__gte=since))
    )
    return found["coming"], found["bytes"] or 0


def standing(file: StoredFile) -> Standing:
    """No query."""
    purpose = purposes.find(file.purpose)
    most = {"seconds": purpose.most_seconds, "size": purpose.most_bytes} if purpose else {}
    return {
        "state": file.state,
        "offset": file.arrived,
        "size": file.expected,
        "progress": file.progress,
        "seconds": file.seconds,
        "wrong": sentence(file.reason, **most) if file.state == FileState.REFUSED else "",
    }


def to_wipe(now: datetime) -> list[tuple[StoredFile, str]]:
    """Every file that nobody waits for any more, of everybody, with why. What has a day goes by `terms`. Three
    queries."""
    asked = Job.objects.filter(OPEN, kind=WIPE, key=Concat(Value(f"{WIPE}:"), Cast(OuterRef("pk"), CharField())))
    due = {
        "gewist": Q(Q(person=None), ~Exists(asked)),
        "blijven_liggen": Q(state=FileState.ARRIVING, changed_at__lte=now - ABANDONED),
        "geweigerd": Q(state=FileState.REFUSED, changed_at__lte=now - READ),
    }
    found: dict[int, tuple[StoredFile, str]] = {}
    for reason, condition in due.items():
        for file in StoredFile.objects.filter(condition):
            found.setdefault(file.pk, (file, reason))
    return list(found.values())
