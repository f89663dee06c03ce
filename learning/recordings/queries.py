"""Hearing back. One query each; opened for who may, which the caller has seen to."""

from __future__ import annotations

from dataclasses import dataclass

from learning.people.models import Person
from learning.recordings.models import Recording
from learning.recordings.sound import KINDS
from learning.sealing import unseal_file


@dataclass(frozen=True)
class Sound:
    """`kind`: "webm", "mp4", …; `media_type`: what a browser calls that."""

    kind: str
    data: bytes

    @property
    def media_type(self) -> str:
        return KINDS[self.kind][2]


def own(person: Person, number: int) -> Sound | None:
    """None when it isn't theirs or isn't there."""
    return _opened(Recording.objects.filter(person=person, pk=number).first())


def of_entry(entry_id: int) -> Sound | None:
    """What was said with a journal entry."""
    return _opened(Recording.objects.filter(entry=entry_id).first())


def place(person_id: int, token: str) -> str:
    return f"recording|{person_id}|{token}"


def _opened(row: Recording | None) -> Sound | None:
    return Sound(row.kind, unseal_file(row.sealed, place(row.person_id, row.token))) if row else None
