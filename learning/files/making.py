"""A file that a job of the house makes for somebody, such as all that is kept of them: sealed piece by piece while it
is written, never whole anywhere. Nobody hears it; who gets it is for the room that made it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone

from jobs.leases import going_on
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE, Blob
from learning.files.queries import ABANDONED
from learning.files.services import due_to_wipe_on, keep_playable
from learning.people.models import Person


class Gone(Exception):
    """Nobody waits for it any more: it was erased, or whose it is can't come in."""


def begin(person: Person, *, purpose: str) -> StoredFile:
    """In the transaction of the caller. What isn't finished goes in two days."""
    now = timezone.now()
    return StoredFile.objects.create(
        person=person, purpose=purpose, state=FileState.CONVERTING, expected=0,
        wipe_on=timezone.localdate(now) + ABANDONED, made_at=now, changed_at=now,
    )  # fmt: skip


class Writer:
    """A file that is open for writing, as `zipfile` wants one that can't go back. For a job, in its own thread."""

    def __init__(self, file: StoredFile) -> None:
        self._file, self._held, self._number, self._size = file, bytearray(), 0, 0
        # Under a name of its own each time: who takes this up after us never mixes with what we left.
        self._blob = Blob(file.key, f"file-{secrets.token_hex(4)}", 0)

    def write(self, data: bytes) -> int:
        """Raises StoreTrouble, and Gone."""
        self._held += data
        self._size += len(data)
        while len(self._held) > PIECE:  # the last piece stays here until we know that it is
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def flush(self) -> None:
        """A piece goes when it is full."""

    def say(self, percentage: int) -> None:
        """How far it is. Raises Gone."""
        going_on()
        here = StoredFile.objects.filter(pk=self._file.pk, state=FileState.CONVERTING, person__is_active=True)
        if not here.update(progress=percentage):
            raise Gone

    def end(self) -> Blob:
        """All of it, to be kept (`keep`). Raises StoreTrouble, and Gone."""
        self._put(bytes(self._held), last=True)
        return Blob(self._blob.file, self._blob.name, self._size)

    def _put(self, data: bytes, *, last: bool) -> None:
        going_on()
        if not StoredFile.objects.filter(pk=self._file.pk, person__is_active=True).exists():
            raise Gone
        self._blob.put(self._number, data, last=last)
        self._number += 1


def keep(file: StoredFile, blob: Blob, *, media_type: str, days: int) -> None:
    """It is ready, for so many days. In the transaction that ends the job."""
    part = {"blob": blob.name, "size": blob.size, "media_type": media_type}
    keep_playable(file, seconds=0, parts={"file": part})
    due_to_wipe_on(file, timezone.localdate() + timedelta(days=days))


def made(file: StoredFile) -> tuple[Blob, str] | None:
    """What was made, and its media type; None while it isn't ready. No query."""
    part = file.parts.get("file") if file.state == FileState.READY else None
    return (Blob(file.key, part["blob"], part["size"]), part["media_type"]) if part else None
