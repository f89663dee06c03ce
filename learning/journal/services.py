"""Writes to a journal. Each starts from the person whose it is: nobody writes in another's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from functools import cache, partial

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from jobs.services import record
from learning.journal import queries
from learning.journal.envelope import closed, opened
from learning.journal.models import (
    JournalEntry,
    JournalExport,
    JournalExportDay,
    JournalShare,
    JournalShareView,
    SpentJournalForm,
)
from learning.people.models import Person
from learning.recordings import services as recordings
from learning.recordings.queries import Sound
from learning.recordings.sound import Take, whole_seconds
from learning.sealing import seal_file
from learning.tracks import events
from learning.tracks.queries import places

SHARED_DAYS, MOST_SHARED_DAYS = 30, 365  # curriculum 3.f; at most a year
MOST_EXPORTS_A_DAY = 10  # each is up to a minute of work
SPENT_FORMS_KEPT = timedelta(days=2)
LISTENING = timedelta(minutes=15)


class NotTheirs(Exception):
    """No such entry in this person's journal."""


class MayNotRead(Exception):
    """Somebody of another organisation, somebody who left, or the owner."""


class EndsWrong(Exception):
    """A share ends today at the soonest, and within MOST_SHARED_DAYS."""


class TooOften(Exception):
    """The journal was made into a PDF MOST_EXPORTS_A_DAY times today."""


class OneAtATime(Exception):
    """An entry labelled "gevoelig" has another reader already (curriculum 3.f)."""


# --- entries


@transaction.atomic
def write(person: Person, *, text: str, tags: list[str], token: str, usage: str = "", take: Take | None = None) -> None:
    """Add an entry, with what was said where something was. The same `token` again changes nothing, also after that
    entry was deleted."""
    now, token = timezone.now(), token[:64]
    sealed = closed(person.pk, token, text, tags, whole_seconds(take) if take else 0)
    entry = JournalEntry(person=person, usage=usage, token=token, sealed=sealed, written_at=now, changed_at=now)
    JournalEntry.objects.bulk_create([entry], ignore_conflicts=True)
    if not usage:  # at an activity its block says so
        _tell(person, "reflected", once=f"reflected|{token}")
    # Afterwards, because on PostgreSQL the line above may have waited for the one that deletes.
    if token in _spent_forms(person, now):
        JournalEntry.objects.filter(person=person, token=token).delete()
    elif take:
        kept = JournalEntry.objects.get(person=person, token=token)
        if bytes(kept.sealed) == sealed:  # else this form was here before
            recordings.keep(person, take, token=f"journal.{token}", usage=usage, entry_id=kept.pk)


@transaction.atomic
def replace(person: Person, *, entry_id: int, text: str, tags: list[str]) -> bool:
    """Write an entry anew; the old words are gone, what was said stays. False when it isn't theirs or isn't there."""
    entry = JournalEntry.objects.select_for_update().filter(person=person, pk=entry_id).first()
    if entry is None:
        return False
    sealed = closed(person.pk, entry.token, text, tags, opened(entry).seconds)
    entry.sealed, entry.changed_at = sealed, timezone.now()
    entry.save(update_fields=["sealed", "changed_at"])
    _outdate_export(person)
    return True


@transaction.atomic
def delete(person: Person, *, entry_id: int) -> None:
    """At once and for good, with what was said, its shares and what was exported of it. Not there: nothing happens."""
    entry = JournalEntry.objects.select_for_update().filter(person=person, pk=entry_id).first()
    if entry is None:
        return
    now = timezone.now()
    _spent_forms(person, now)
    SpentJournalForm.objects.bulk_create(
        [SpentJournalForm(person=person, token=entry.token, spent_at=now)], ignore_conflicts=True
    )
    entry.delete()
    _outdate_export(person)


def _tell(person: Person, verb: str, *, once: str = "") -> None:
    """That something was done with a journal, and nothing of what or with whom."""
    events.told.send(JournalEntry, person_id=person.pk, usage="", happened=[{"verb": verb}], once=once)


def _spent_forms(person: Person, now: datetime) -> set[str]:
    """The tokens of deleted entries; those nobody will send again by now are dropped."""
    spent = dict(SpentJournalForm.objects.filter(person=person).values_list("token", "spent_at"))
    old = [token for token, spent_at in spent.items() if spent_at < now - SPENT_FORMS_KEPT]
    if old:
        SpentJournalForm.objects.filter(person=person, token__in=old).delete()
    return spent.keys() - set(old)


# --- sharing


@transaction.atomic
def share(person: Person, *, entry_id: int, reader: Person, last_day: date) -> None:
    """Let one named person read one entry up to and including `last_day`; sharing again sets a new end.

    Raises NotTheirs, MayNotRead, EndsWrong, OneAtATime.
    """
    row = JournalEntry.objects.select_for_update().filter(person=person, pk=entry_id).first()
    if row is None:
        raise NotTheirs
    if reader == person or reader.organisation_id != person.organisation_id or not reader.is_active:
        raise MayNotRead
    today = timezone.localdate()
    if not today <= last_day <= today + timedelta(days=MOST_SHARED_DAYS):
        raise EndsWrong
    others = JournalShare.objects.filter(entry=row).exclude(reader=reader)
    if opened(row).is_sensitive and others.live().exists():
        raise OneAtATime
    is_new = not JournalShare.objects.filter(entry=row, reader=reader).live().exists()
    JournalShare.objects.update_or_create(
        entry=row,
        reader=reader,
        defaults={"shared_at": timezone.now(), "first_day": today, "last_day": last_day, "withdrawn_at": None},
    )
    if is_new:
        _tell(person, "shared-with")


@transaction.atomic
def withdraw(person: Person, *, entry_id: int, share_id: int) -> bool:
    """The reader can't open it any more, from now on. False when it isn't this person's to withdraw."""
    own = JournalShare.objects.filter(pk=share_id, entry__pk=entry_id, entry__person=person)
    if own.filter(withdrawn_at=None).update(withdrawn_at=timezone.now()):
        _tell(person, "withdrew")
    return own.exists()


@transaction.atomic
def listen(reader: Person, *, share_id: int) -> Sound | None:
    """What was said with an entry that was shared with `reader`, as `look`. A player asks for it in parts and again:
    within LISTENING that is one look."""
    shared = queries.shared_sound(reader, share_id)
    if shared:
        recently = timezone.now() - LISTENING
        if not JournalShareView.objects.filter(share=share_id, seen_at__gt=recently).exists():
            JournalShareView.objects.create(share_id=share_id, seen_at=timezone.now())
    return shared


@transaction.atomic
def look(reader: Person, *, share_id: int) -> queries.Shared | None:
    """Open what was shared with `reader`, and note for its owner that they looked. None when it isn't, or no longer."""
    shared = queries.shared(reader, share_id)
    if shared:
        JournalShareView.objects.create(share_id=share_id, seen_at=timezone.now())
    return shared


# --- export


@transaction.atomic
def ask_export(person: Person) -> None:
    """Have the whole journal made into a PDF, from what is in it now; what was made before makes way. Asked again
    while it is being made, nothing changes. Raises TooOften, and then what was made before stays."""
    if queries.export_state(person).status == "bezig":
        return
    _count_export(person)
    JournalExport.objects.filter(person=person).exclude(made_at=None).delete()
    JournalExport.objects.get_or_create(person=person, defaults={"asked_at": timezone.now()})
    _record_export(person)


def make_export(person_id: int) -> None:
    """Make the PDF that was asked for. Made already, or asked for no longer: nothing. A changed journal: not kept."""
    from learning.journal import pdf  # noqa: PLC0415 loads WeasyPrint

    asked = JournalExport.objects.filter(person=person_id, made_at=None).select_related("person").first()
    if asked is None:
        return
    where = places(asked.person, queries.usages(asked.person))
    file = pdf.render(asked.person, queries.entries(asked.person), where)
    now = timezone.now()
    with transaction.atomic():
        waiting = JournalExport.objects.filter(pk=asked.pk, version=asked.version, made_at=None)
        if waiting.update(made_at=now, sealed=seal_file(file, queries.export_place(asked.pk))):
            record(
                "journal.forget_export",
                f"journal.forget_export|{person_id}",
                {"export": asked.pk},
                due=now + queries.EXPORT_KEPT,
            )


def forget_export(export_id: int) -> None:
    JournalExport.objects.filter(pk=export_id, made_at__lte=timezone.now() - queries.EXPORT_KEPT).delete()


def _outdate_export(person: Person) -> None:
    """What was just deleted or changed may be in a PDF. One that is being made is made anew, which counts as another.

    In this order: a job that puts its file down between the two statements is caught by the second.
    """
    waiting = JournalExport.objects.filter(person=person, made_at=None)
    if waiting.update(version=F("version") + 1):
        try:
            if queries.is_export_running(person):
                _count_export(person)
            _record_export(person)
        except TooOften:
            waiting.delete()
    JournalExport.objects.filter(person=person).exclude(made_at=None).delete()


def _count_export(person: Person) -> None:
    """Raises TooOften."""
    today = timezone.localdate()
    count, _ = JournalExportDay.objects.select_for_update().get_or_create(
        person=person, defaults={"day": today, "times": 0}
    )
    if count.day != today:
        count.day, count.times = today, 0
    if count.times >= MOST_EXPORTS_A_DAY:
        raise TooOften
    count.times += 1
    count.save(update_fields=["day", "times"])


def _record_export(person: Person) -> None:
    record(queries.EXPORT, queries.export_key(person), {"person": person.pk})


# --- as an activity sees it


type Texts = dict[str, list[dict[str, object]]]


class Notebook:
    """The service `journal` of an activity: see `JournalService` in `modules/blocks/journal/rules.py`."""

    def __init__(self, person: Person, usage: str, texts: Callable[[], Texts] | None = None) -> None:
        self._person, self._usage = person, usage
        self._texts = texts or (lambda: _texts(person, [usage]))

    def entries(self) -> list[dict[str, object]]:
        """One query; two where something was shared."""
        return self._texts().get(self._usage, [])

    def write(self, text: str, tags: list[str], token: str, take: Take | None = None) -> None:
        write(self._person, text=text, tags=tags, token=token, usage=self._usage, take=take)

    def replace(self, id: str, text: str, tags: list[str]) -> None:  # noqa: A002 the block's word
        if id.isdigit():
            replace(self._person, entry_id=int(id), text=text, tags=tags)

    def delete(self, id: str) -> None:  # noqa: A002 the block's word
        if id.isdigit():
            delete(self._person, entry_id=int(id))

    def href(self) -> str:
        return _journal_address()


@cache
def _journal_address() -> str:
    return reverse("journal:entries")


def notebooks(person: Person, usages: Collection[str]) -> Callable[[str], Notebook]:
    """By usage, for a page that only shows them: what was written at all of them is read at once, if any asks."""
    texts = cache(partial(_texts, person, usages))
    return lambda usage: Notebook(person, usage, texts)


def _texts(person: Person, usages: Collection[str]) -> Texts:
    own = queries.written_at(person, usages)
    shared = [entry.id for entry, was_shared in own if was_shared]
    readers = queries.readers(person, shared) if shared else {}
    texts: Texts = {}
    for entry, _ in own:
        texts.setdefault(entry.usage, []).append(
            {
                "id": str(entry.id),
                "text": entry.text,
                "tags": list(entry.tags),
                "written": entry.written_at.isoformat(),
                "readers": [reader.name for reader in readers.get(entry.id, [])],
                "seconds": entry.seconds,
                "sound": reverse("journal:recording", args=[entry.id]) if entry.seconds else "",
            }
        )
    return texts
