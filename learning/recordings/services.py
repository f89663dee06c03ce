"""Keeping and erasing. Each starts from the person whose voice it is."""

from __future__ import annotations

from django.utils import timezone

from learning.people.models import Person
from learning.recordings.models import Recording
from learning.recordings.queries import place
from learning.recordings.sound import Take
from learning.sealing import seal_file


def keep(person: Person, take: Take, *, token: str, usage: str = "", entry_id: int | None = None) -> int:
    """Its number. The same `token` again keeps what is there. Call it in the transaction of what it belongs to."""
    recording = Recording(person=person, usage=usage, entry_id=entry_id, token=token[:64], kind=take.kind)
    recording.sealed, recording.made_at = seal_file(take.data, place(person.pk, recording.token)), timezone.now()
    Recording.objects.bulk_create([recording], ignore_conflicts=True)
    return Recording.objects.values_list("pk", flat=True).get(person=person, token=recording.token)


def erase(person: Person, number: int) -> None:
    """At once and for good. Not theirs or not there: nothing happens."""
    Recording.objects.filter(person=person, pk=number).delete()
