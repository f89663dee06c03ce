"""What this room keeps of people: sound, whose bytes go before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from django.utils.translation import gettext_lazy as _

from jobs.leases import going_on
from learning.files import services
from learning.files.models import FileState, StoredFile
from learning.files.pieces import Blob, Damaged
from learning.files.store import StoreTrouble
from learning.people.models import Person
from learning.people.personal import Facts, NotNow, Sound, about, columns, first_wipes, personal


def sound(file: StoredFile | None) -> Sound | None:
    """As it is played; None while it can't be."""
    part = file.parts.get("opus") if file and file.state == FileState.READY else None
    return Sound("webm", partial(_heard, Blob(file.key, part["blob"], part["size"]))) if file and part else None


def _heard(blob: Blob) -> Iterator[bytes]:
    """What won't open any more ends there: its row says that it was here. Raises StoreTrouble."""
    with suppress(Damaged):
        yield from blob.whole()


def wipe(*files: StoredFile) -> None:
    """Of who is being erased. Raises NotNow."""
    for file in files:
        going_on()
        try:
            services.wipe_now(file, "persoon_gewist")
        except StoreTrouble as trouble:
            raise NotNow(f"the store of files: {trouble}") from trouble


@personal(StoredFile, "person", _("Bestanden van je, zoals geluid dat je stuurde"), sound=sound)
def _file(row: StoredFile) -> Facts:
    return columns(row, "parts")


@first_wipes
def _wipe_sound(person: Person) -> None:
    wipe(*StoredFile.objects.filter(person=person).order_by("pk"))


about(services.PREPARE, "file", StoredFile, "person")
about(services.TIDY, "file", StoredFile, "person")
about(services.WIPE, "file", StoredFile, "person")
