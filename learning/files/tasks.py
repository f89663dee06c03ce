"""Looking into what came, making it playable, and wiping. Each may be killed half-way and begin again."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from itertools import batched
from typing import Any

from django.utils import timezone

from jobs.leases import going_on
from jobs.periodic import periodic
from jobs.registry import Then, TryLater, job
from learning.files import pieces, purposes, queries, services
from learning.files.checks import Refused
from learning.files.converting import PARTS, Sent, playable
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE, Blob, Damaged
from learning.files.scanner import ScannerDown, is_clean
from learning.files.store import StoreTrouble, store
from learning.sound import Memory, kind_of

_OPEN = (FileState.CHECKING, FileState.CONVERTING)


class _Gone(Exception):
    """Somebody erased it while we were at it."""


@job(services.PREPARE)
def prepare(payload: dict[str, Any]) -> Then | None:
    """What was sent becomes what can be played, or is refused."""
    file = StoredFile.objects.filter(pk=payload["file"], state__in=_OPEN).exclude(person=None).first()
    purpose = purposes.find(file.purpose) if file else None
    if file is None:
        return None
    if purpose is None:
        raise TryLater("nobody registered this purpose")
    with _outside():
        try:
            return _prepared(file, purpose.most_seconds)
        except Refused as refused:
            return partial(services.refuse, file, refused.reason)
        except Damaged:
            return partial(services.refuse, file, "stuk")
        except _Gone:
            return None


def _prepared(file: StoredFile, most_seconds: int) -> Then:
    blob = services.arriving(file)
    if not is_clean(_read(blob)):
        raise Refused("besmet")
    kind = kind_of(blob.get(0))
    if kind is None:
        raise Refused("soort")
    sent = Sent(kind, blob.size, partial(_read, blob))
    with playable(sent, most_seconds=most_seconds, going=partial(_going, file)) as made:
        parts = {name: _stored(file.key, name, memory) for name, memory in made.parts.items()}
    return partial(services.keep_playable, file, seconds=made.seconds, parts=parts)


def _read(blob: Blob) -> Iterator[bytes]:
    for piece in blob.whole():
        going_on()
        yield piece


def _going(file: StoredFile, percentage: int) -> None:
    going_on()
    if not services.say_progress(file, percentage):
        raise _Gone


def _stored(key: uuid.UUID, name: str, memory: Memory) -> dict[str, object]:
    """Under a name of its own each time: who takes this up after us never mixes with what we left."""
    blob = Blob(key, f"{name}-{secrets.token_hex(4)}", memory.size)
    for number in range(blob.count):
        blob.put(number, memory.read(number * PIECE, PIECE), last=number == blob.count - 1)
        going_on()
    return {"blob": blob.name, "size": blob.size, "media_type": PARTS[name][4]}


@job(services.TIDY)
def tidy(payload: dict[str, Any]) -> None:
    """Away with what isn't played: what was sent, and what was made half."""
    file = StoredFile.objects.filter(pk=payload["file"], state__in=[FileState.READY, FileState.REFUSED]).first()
    if file:
        with _outside():
            services.tidy(file)


@job(services.WIPE)
def wipe(payload: dict[str, Any]) -> Then | None:
    """First from the store, then from the table: as long as the row is there, somebody knows what to wipe."""
    file = StoredFile.objects.filter(pk=payload["file"]).first()
    if file is None:
        return None
    with _outside():
        pieces.delete(file.key)
    return partial(services.wiped, file.key, payload["reason"])


@periodic("files.wipe_due", every=timedelta(days=1))
def wipe_due(payload: dict[str, Any]) -> None:
    """Whose day has come, who has nobody, what was left behind; and what lies in the store without a row."""
    for file, reason in queries.to_wipe(timezone.now()):
        services.wipe(file, reason)
    with _outside():
        sweep()


def sweep() -> int:
    """What a crash left in the store; returns of how many files. A row is there before its first piece, so what has
    none by now has lost it."""
    swept = 0
    for names in batched(store().files(), 100):
        keys = set(_keys(names))
        known = set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in keys - known:
            pieces.delete(key)
            swept += 1
        going_on()
    return swept


def _keys(names: Iterable[str]) -> Iterator[uuid.UUID]:
    """What isn't one isn't ours: left alone."""
    for name in names:
        with suppress(ValueError):
            yield uuid.UUID(name)


@contextmanager
def _outside() -> Iterator[None]:
    """What is outside this process and isn't well gets time."""
    try:
        yield
    except StoreTrouble as trouble:
        raise TryLater(f"the store of files: {trouble}", receiver=store().address) from trouble
    except ScannerDown as trouble:
        raise TryLater(str(trouble), receiver="clamd") from trouble
