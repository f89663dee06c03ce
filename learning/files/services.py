"""Taking in, keeping until a day, and erasing. A file is its maker's: each verb starts from them or from their file.

While a file comes in, its row says how far (`arrived`), and that is the only truth: a piece is in the store before the
row counts it, and is counted by one statement that says where it stood. Two tabs that send the same piece find each
other there. Both bring the same bytes; who doesn't only spoils what is theirs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jobs.services import record
from learning.files import pieces, purposes, queries
from learning.files.checks import Refused
from learning.files.models import FileState, StoredFile, WipedFile
from learning.files.pieces import PIECE, Blob
from learning.files.purposes import Purpose
from learning.files.store import StoreTrouble
from learning.people.models import Person
from learning.sound import kind_of

__all__ = [
    "ARRIVING",
    "MOST_OPEN",
    "PREPARE",
    "WIPE",
    "Refused",
    "WrongOffset",
    "WrongPiece",
    "append",
    "arriving",
    "begin",
    "due_to_wipe_on",
    "erase",
    "keep_playable",
    "receive",
    "refuse",
    "say_progress",
    "wipe",
    "wipe_now",
    "wiped",
]  # fmt: skip

PREPARE, TIDY, WIPE = "files.prepare", "files.tidy", queries.WIPE
ARRIVING = "komt"
# Somebody with more tabs than this is no learner.
MOST_OPEN = 5


class WrongOffset(Exception):
    """It stands at `at`: another tab was first, or an answer got lost."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class WrongPiece(Exception):
    """What came isn't a whole piece (PIECE bytes, the last one what is left): a connection that broke."""


def begin(person: Person, *, purpose: str, size: int) -> StoredFile:
    """A file of `size` bytes will come. Raises Refused; LookupError when nobody registered the purpose."""
    what = purposes.find(purpose)
    if what is None:
        raise LookupError(purpose)
    if size <= 0:
        raise Refused("leeg")
    if size > what.most_bytes:
        raise Refused("groot")
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two at once count each other
        coming, sent = queries.on_the_way(person)
        if coming >= MOST_OPEN or sent + size > settings.UPLOAD_DAY_BYTES:
            raise Refused("vol")
        return _begun(person, what, size)


def _begun(person: Person, purpose: Purpose, size: int) -> StoredFile:
    now = timezone.now()
    return StoredFile.objects.create(
        person=person,
        purpose=purpose.name,
        expected=size,
        wipe_on=timezone.localdate(now) + queries.ABANDONED,
        made_at=now,
        changed_at=now,
    )


def arriving(file: StoredFile) -> Blob:
    """What was sent, as it was sent."""
    return Blob(file.key, ARRIVING, file.expected)


def append(file: StoredFile, *, offset: int, data: bytes) -> int:
    """The next piece; returns how many bytes there are now. With the last one the file is looked into.

    Raises WrongOffset, WrongPiece, StoreTrouble (nothing is lost: the same may be sent again), and Refused when the
    first bytes are of nothing we play, which spares somebody sending the rest.
    """
    if file.state != FileState.ARRIVING or offset != file.arrived:
        raise WrongOffset(file.arrived)
    if len(data) != min(PIECE, file.expected - offset):
        raise WrongPiece
    return _take(file, offset, data, last=offset + len(data) == file.expected)


def _take(file: StoredFile, offset: int, data: bytes, *, last: bool) -> int:
    if offset == 0 and kind_of(data) is None:
        erase(file)
        raise Refused("soort")
    blob, number = arriving(file), offset // PIECE
    blob.put(number, data, last=last)
    if not _count(file, offset, len(data), last=last):
        at = StoredFile.objects.filter(pk=file.pk, person=file.person_id).values_list("arrived", flat=True).first()
        if at is None:  # erased meanwhile
            blob.drop(number)
        raise WrongOffset(at or 0)
    return offset + len(data)


@transaction.atomic
def _count(file: StoredFile, offset: int, size: int, *, last: bool) -> bool:
    """Whether it stood where this piece begins."""
    here = StoredFile.objects.filter(pk=file.pk, person=file.person_id, state=FileState.ARRIVING, arrived=offset)
    changes: dict[str, object] = {"arrived": offset + size, "changed_at": timezone.now()}
    if last:
        changes.update(expected=offset + size, state=FileState.CHECKING)
    counted = here.update(**changes)
    if counted and last:
        _ask(PREPARE, file)
    return bool(counted)


class Intake:
    """A file that comes in one go, of which nobody says how large it is: at most `most` bytes. No more than a piece of
    it is held. What isn't brought to its end is erased."""

    def __init__(self, person: Person, *, purpose: str, most: int) -> None:
        """Raises what `begin` raises."""
        self._file, self._held, self._at = begin(person, purpose=purpose, size=most), bytearray(), 0

    def push(self, chunk: bytes) -> None:
        """Raises Refused, StoreTrouble; then it is erased."""
        self._held += chunk
        while len(self._held) > PIECE:  # the last piece stays here until we know that it is
            self._keep(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]

    def end(self) -> StoredFile:
        """Raises as `push`."""
        if not self._held:
            self.forget()
            raise Refused("leeg")
        self._keep(bytes(self._held), last=True)
        return StoredFile.objects.get(pk=self._file.pk)

    def forget(self) -> None:
        erase(self._file)

    def _keep(self, data: bytes, *, last: bool) -> None:
        try:
            if self._at + len(data) > self._file.expected:
                raise Refused("groot")
            self._at = _take(self._file, self._at, data, last=last)
        except WrongOffset:  # erased meanwhile
            raise Refused("stuk") from None
        except (Refused, StoreTrouble):
            self.forget()
            raise


def receive(person: Person, *, purpose: str, chunks: Iterable[bytes], most: int) -> StoredFile:
    """A file in `chunks` of any length, at most `most` bytes together, to be kept. Raises Refused, StoreTrouble: then
    nothing of it is."""
    intake = Intake(person, purpose=purpose, most=most)
    for chunk in chunks:
        intake.push(chunk)
    file = intake.end()
    keep(file)
    return file


@transaction.atomic
def keep(file: StoredFile) -> None:
    """Its form was sent: from now on it stays as long as its purpose says. What nobody keeps is abandoned. Sent
    again it stays no longer: its room may have set a day since."""
    purpose = purposes.find(file.purpose)
    abandoned = timezone.localdate(file.made_at) + queries.ABANDONED
    if purpose and StoredFile.objects.filter(pk=file.pk, wipe_on__lte=abandoned).exists():
        due_to_wipe_on(file, timezone.localdate() + timedelta(days=purpose.days))


@transaction.atomic
def due_to_wipe_on(file: StoredFile, day: date | None) -> None:
    """It goes on that day, whatever its purpose says; None: only when its maker or their room says so."""
    StoredFile.objects.filter(pk=file.pk).update(wipe_on=day)


def erase(file: StoredFile) -> None:
    """Nobody sees or hears it any more from this moment; its bytes go in a job, at once."""
    wipe(file, "gewist")


@transaction.atomic
def wipe(file: StoredFile, reason: str) -> None:
    """As `erase`, for a `reason` that the proof will name."""
    StoredFile.objects.filter(pk=file.pk).update(person=None, changed_at=timezone.now())
    _ask(WIPE, file, reason=reason)


def wipe_now(file: StoredFile, reason: str) -> None:
    """As `wipe`, and its bytes are gone when this returns: for who erases a person, and must know it is so. Broken off,
    the job does the rest. Outside any transaction. Raises StoreTrouble."""
    wipe(file, reason)
    pieces.delete(file.key)
    wiped(file.key, reason)


def _ask(kind: str, file: StoredFile, **more: str) -> None:
    """Jobs of one file never run two at once: what is being made playable isn't wiped under somebody's hands."""
    record(kind, f"{kind}:{file.pk}", {"file": file.pk, **more}, serial=f"file:{file.pk}")


# --- what the jobs write down (`learning.files.tasks`)


def say_progress(file: StoredFile, percentage: int) -> bool:
    """False when nobody waits for it any more."""
    here = StoredFile.objects.filter(pk=file.pk, state__in=[FileState.CHECKING, FileState.CONVERTING])
    return bool(here.exclude(person=None).update(state=FileState.CONVERTING, progress=percentage))


@transaction.atomic
def keep_playable(file: StoredFile, *, seconds: float, parts: dict[str, dict[str, object]]) -> None:
    here = StoredFile.objects.filter(pk=file.pk, state__in=[FileState.CHECKING, FileState.CONVERTING])
    here.update(state=FileState.READY, progress=100, seconds=seconds, parts=parts, reason="", changed_at=timezone.now())
    _ask(TIDY, file)


@transaction.atomic
def refuse(file: StoredFile, reason: str) -> None:
    """Why stays to be read for a while; the bytes go at once."""
    here = StoredFile.objects.filter(pk=file.pk, state__in=[FileState.CHECKING, FileState.CONVERTING])
    here.update(state=FileState.REFUSED, reason=reason, parts={}, changed_at=timezone.now())
    _ask(TIDY, file)


@transaction.atomic
def wiped(key: uuid.UUID, reason: str) -> None:
    """Its bytes are gone from the store: the row goes, and the proof comes, in one commit."""
    file = StoredFile.objects.select_for_update().filter(key=key).first()
    if file is None:
        return
    WipedFile.objects.create(
        key=file.key, purpose=file.purpose, due_on=file.wipe_on, reason=reason, wiped_at=timezone.now()
    )
    file.delete()


def tidy(file: StoredFile) -> None:
    """Away with all that isn't played: what was sent, and what was made half. Raises StoreTrouble."""
    pieces.delete(file.key, but=[part["blob"] for part in file.parts.values()])
