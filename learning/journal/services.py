"""Writes and reads of a journal, always by its owner: every function starts from the person it belongs to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from learning.journal.models import JournalEntry
from learning.people.models import Person
from learning.sealing import seal, unseal

MAX_TAGS, MAX_TAG = 8, 40


@dataclass(frozen=True)
class Entry:
    """An entry, opened for its owner."""

    id: int
    usage: str
    text: str
    tags: tuple[str, ...]
    written_at: datetime
    changed_at: datetime


def write(person: Person, *, text: str, tags: list[str], token: str, usage: str = "") -> None:
    """Add an entry. The same `token` again changes nothing."""
    now = timezone.now()
    JournalEntry.objects.bulk_create(
        [
            JournalEntry(
                person=person, usage=usage, token=token[:64], sealed=_sealed(person.pk, token[:64], text, tags),
                written_at=now, changed_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def replace(person: Person, *, entry_id: int, text: str, tags: list[str]) -> bool:
    """Write an entry anew. False when it isn't theirs or isn't there."""
    entry = JournalEntry.objects.filter(person=person, pk=entry_id).first()
    if entry is None:
        return False
    entry.sealed, entry.changed_at = _sealed(person.pk, entry.token, text, tags), timezone.now()
    entry.save(update_fields=["sealed", "changed_at"])
    return True


def delete(person: Person, *, entry_id: int) -> None:
    """At once and for good."""
    JournalEntry.objects.filter(person=person, pk=entry_id).delete()


def entries(person: Person, *, usage: str | None = None) -> list[Entry]:
    """Somebody's own entries, newest first; of one activity with `usage`. One query."""
    own = JournalEntry.objects.filter(person=person)
    if usage is not None:
        own = own.filter(usage=usage)
    return [_open(entry) for entry in own]


class Notebook:
    """The journal as an activity sees it: see `modules/blocks/journal` for what it promises."""

    def __init__(self, person: Person, usage: str) -> None:
        self._person, self._usage = person, usage

    def entries(self) -> list[dict[str, object]]:
        return [
            {"id": str(entry.id), "text": entry.text, "tags": list(entry.tags), "written": entry.written_at}
            for entry in entries(self._person, usage=self._usage)
        ]

    def write(self, text: str, tags: list[str], token: str) -> None:
        write(self._person, text=text, tags=tags, token=token, usage=self._usage)

    def replace(self, id: str, text: str, tags: list[str]) -> None:  # noqa: A002 the block's word
        if id.isdigit():
            replace(self._person, entry_id=int(id), text=text, tags=tags)

    def delete(self, id: str) -> None:  # noqa: A002 the block's word
        if id.isdigit():
            delete(self._person, entry_id=int(id))

    def href(self) -> str:
        return reverse("journal:entries")


def _sealed(person_id: int, token: str, text: str, tags: list[str]) -> bytes:
    kept = [tag.strip()[:MAX_TAG] for tag in tags if tag.strip()][:MAX_TAGS]
    return seal(json.dumps({"text": text, "tags": kept}), _place(person_id, token))


def _open(entry: JournalEntry) -> Entry:
    held = json.loads(unseal(entry.sealed, _place(entry.person_id, entry.token)))
    return Entry(entry.pk, entry.usage, held["text"], tuple(held["tags"]), entry.written_at, entry.changed_at)


def _place(person_id: int, token: str) -> str:
    return f"journal|{person_id}|{token}"
