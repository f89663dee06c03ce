"""What this room seals, for a change of keys (`learning.resealing`): every piece in the store.

A store has no way to put something only where it is still the same. So a piece is put back while the row of its file is
held, and only where the row says that this blob stays: who wipes or tidies says so in the row first, and deletes after.
What lies in the store without a row goes with the daily sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db import transaction

from learning.files.models import FileState, StoredFile
from learning.files.pieces import places_of
from learning.files.store import Missing, store
from learning.resealing import FILES_AT_ONCE, Held, rows_after, sealed_in


@sealed_in("learning.StoredFile, in the store")
def _pieces() -> Iterator[Held]:
    here = store()
    for file in rows_after(StoredFile.objects.all(), FILES_AT_ONCE):
        for name in here.names(f"{file.key}/"):
            places = places_of(name)
            if not places:  # half of a piece, from when somebody pulled the plug
                continue
            try:
                sealed = here.get(name)
            except Missing:
                continue
            yield Held(name, sealed, places, partial(_swap, file.pk, name))


@transaction.atomic
def _swap(number: int, name: str, after: bytes) -> bool:
    file = StoredFile.objects.select_for_update().filter(pk=number).exclude(person=None).first()
    if file is None or not _stays(file, name.split("/")[1]):
        return False
    store().put(name, after)
    return True


def _stays(file: StoredFile, blob: str) -> bool:
    if file.state == FileState.READY:
        return blob in {part["blob"] for part in file.parts.values()}
    return file.state != FileState.REFUSED
