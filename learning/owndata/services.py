"""Asking for all that is kept of oneself, and asking to be erased. Jobs do both; see `tasks`."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import datetime
from functools import partial
from typing import Literal

from django.core import signing
from django.db import transaction
from django.utils import timezone

from jobs.queries import state_of
from jobs.registry import Then
from jobs.services import record
from learning.files import making
from learning.files import services as files
from learning.files.models import StoredFile
from learning.files.pieces import Blob
from learning.notices.services import tell
from learning.owndata import notices, queries
from learning.owndata.models import OwnExport
from learning.owndata.queries import ERASE, EXPORT, FORGET, Bound, job_key
from learning.people import exporting
from learning.people.models import Group, Organisation, Person
from learning.people.services import suspend
from learning.sealing import WontOpen, seal_file, unseal_file

PURPOSE, MEDIA_TYPE = "persoon.gegevens", "application/zip"
# After the day on which FORGET wipes it: should that job be lost, the daily round of files does.
_AT_LATEST = queries.KEPT.days + 1
_ERASING, _GOING = "owndata.erasing", "owndata.going"
FORM_HOLDS = 60 * 60
"""Seconds that the last form before erasing may lie open."""


class TooSoon(Exception):
    """They asked a while ago; from `at` on they may ask anew."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class StillBound(Exception):
    """Others would be stuck if they went now."""

    def __init__(self, bound: Bound) -> None:
        super().__init__(bound)
        self.bound = bound


# --- taking it along


@transaction.atomic
def ask(person: Person) -> None:
    """Have all of it made into one file; what was made before goes at once. Asked again while it is being made, nothing
    changes. Raises TooSoon, and then what was made before stays."""
    now = timezone.now()
    _hold(person.pk)  # two tabs come here one by one, and the end of the seven days before or after
    export, _new = OwnExport.objects.get_or_create(person=person, defaults={"asked_at": now})
    there = queries.standing(person)
    if there.status == "bezig":
        return
    if there.again_at:
        raise TooSoon(there.again_at)
    if export.file:
        files.erase(export.file)
    OwnExport.objects.filter(pk=export.pk).update(asked_at=now, made_at=None, file=None)
    record(EXPORT, job_key(EXPORT, person.pk), {"person": person.pk})


def make(person_id: int) -> Then | None:
    """What was asked for. Asked for no longer, made already, or whose it is can't come in any more: nothing is left of
    it. Raises StoreTrouble."""
    begun = _begin(person_id)
    if begun is None:
        return None
    export, person, file = begun
    writer = making.Writer(file)
    try:
        exporting.write(person, writer, going=writer.say)
        blob = writer.end()
    except making.Gone:
        files.wipe_now(file, "gewist")
        return None
    return partial(_keep, export, person, file, blob)


@transaction.atomic
def _begin(person_id: int) -> tuple[OwnExport, Person, StoredFile] | None:
    """A try after one that broke off goes on in the same file."""
    person = _hold(person_id)
    export = OwnExport.objects.filter(person=person_id, made_at=None).first()
    if person is None or not person.is_active or export is None:
        return None
    if export.file is None:
        export.file = making.begin(person, purpose=PURPOSE)
        export.save(update_fields=["file"])
    return export, person, export.file


def _hold(person_id: int) -> Person | None:
    return Person.objects.select_for_update().filter(pk=person_id).first()


def _keep(export: OwnExport, person: Person, file: StoredFile, blob: Blob) -> None:
    """In the transaction that ends the job. Another try was first, or they went: nothing is kept."""
    now = timezone.now()
    if not OwnExport.objects.filter(pk=export.pk, file=file.pk, made_at=None).update(made_at=now):
        return
    making.keep(file, blob, media_type=MEDIA_TYPE, days=_AT_LATEST)
    tell(person.pk, notices.READY, key=notices.key_of(now), facts={"made": now.isoformat()})
    record(FORGET, job_key(FORGET, person.pk), {"person": person.pk}, due=now + queries.KEPT)


@transaction.atomic
def forget(person_id: int) -> None:
    """What was made seven days ago is wiped, with a proof; what is newer stays."""
    _hold(person_id)
    past = OwnExport.objects.filter(person=person_id, made_at__lte=timezone.now() - queries.KEPT).first()
    if past is None:
        return
    if past.file:
        files.wipe(past.file, "dag")
    past.delete()


# --- going


@transaction.atomic
def ask_erasing(person: Person) -> None:
    """From now on they can't come in; a job erases them at once. Raises StillBound, and then nothing changed."""
    # One at a time: of two who are each other's last colleague one stays.
    Organisation.objects.select_for_update().filter(pk=person.organisation_id).values_list("pk").first()
    trained = Group.objects.filter(members__person=person, members__is_trainer=True).values("pk")
    list(Group.objects.select_for_update().filter(pk__in=trained).order_by("pk").values_list("pk"))
    bound = queries.bound(person)
    if bound:
        raise StillBound(bound)
    suspend(person)
    record(ERASE, job_key(ERASE, person.pk), {"person": person.pk})


def form_for(person: Person) -> str:
    """What the last form before erasing carries: of one person, for an hour."""
    return signing.TimestampSigner(salt=_ERASING).sign(person.pseudonym.hex)


def person_of(form: str) -> uuid.UUID | None:
    """The pseudonym of whose form it is; None for one that is too old, or none of ours."""
    try:
        return uuid.UUID(signing.TimestampSigner(salt=_ERASING).unsign(form, max_age=FORM_HOLDS))
    except signing.BadSignature:
        return None


def mark_of(pseudonym: uuid.UUID) -> str:
    """For the address of the page that says goodbye: sealed, so that it says nothing of anybody."""
    return base64.urlsafe_b64encode(seal_file(pseudonym.bytes, _GOING)).decode().rstrip("=")


def is_going(pseudonym: uuid.UUID) -> bool:
    """They asked for it, or are gone. One query."""
    return not Person.objects.filter(pseudonym=pseudonym, is_active=True).exists()


def gone(mark: str) -> Literal["weg", "bezig", "vast"] | None:
    """How the erasing of somebody does; "vast" when it stopped and an operator must look. None for a mark that isn't
    ours, or of who didn't ask. Two queries."""
    try:
        padded = mark.encode("ascii") + b"=" * (-len(mark) % 4)
        pseudonym = uuid.UUID(bytes=unseal_file(base64.b64decode(padded, altchars=b"-_", validate=True), _GOING))
    except (WontOpen, ValueError, binascii.Error):
        return None
    person = Person.objects.filter(pseudonym=pseudonym).only("pk", "is_active").first()
    if person is None:
        return "weg"
    job = None if person.is_active else state_of(ERASE, job_key(ERASE, person.pk))
    if job is None:
        return None
    return "vast" if job.status == "failed" else "bezig"
