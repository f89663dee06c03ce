"""Reads of a journal: by its owner, and by who was let in. Each says how many queries it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Prefetch
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from jobs.queries import state_of
from learning.journal.envelope import Entry, opened
from learning.journal.models import JournalEntry, JournalExport, JournalShare, JournalShareView
from learning.people import queries as people
from learning.people.models import Person
from learning.recordings import queries as recordings
from learning.recordings.queries import Sound
from learning.sealing import unseal_file
from learning.tracks import queries as tracks

ON_A_PAGE = 20
# What is searched is opened one by one: so much in one request, and from there on in the next.
SEARCHED, SEARCHED_BYTES = 500, 4_000_000
MOST_SHOWN = 100  # of what was searched for
READ_AT_ONCE = 50
SHOWN_VIEWS = 50
FEWEST_LETTERS, MOST_FOUND = 2, 8
EXPORT = "journal.export"
EXPORT_KEPT = timedelta(hours=24)


# --- own entries


def entries(person: Person) -> Iterator[Entry]:
    """All somebody wrote, the newest first: some at a time, so that a long journal fits in memory, and nothing is held
    open in the database while somebody downloads it. A query for each READ_AT_ONCE."""
    own = JournalEntry.objects.filter(person=person).order_by("-pk")
    rows = list(own[:READ_AT_ONCE])
    while rows:
        yield from map(opened, rows)
        rows = list(own.filter(pk__lt=rows[-1].pk)[:READ_AT_ONCE])


def usages(person: Person) -> list[str]:
    """The activities somebody wrote at. One query."""
    written = JournalEntry.objects.filter(person=person).exclude(usage="").order_by()
    return list(written.values_list("usage", flat=True).distinct())


_WRITTEN_AT = """
SELECT e.id, e.usage, e.token, e.sealed, e.written_at, e.changed_at,
    EXISTS (SELECT 1 FROM learning_journalshare s WHERE s.entry_id = e.id)
FROM learning_journalentry e WHERE e.person_id = %s AND e.usage IN ({}) ORDER BY e.written_at DESC, e.id DESC
"""


def written_at(person: Person, usages: Collection[str]) -> list[tuple[Entry, bool]]:
    """What somebody wrote at these activities, the newest first, and whether it was ever shared; `readers` says more.

    One query, by hand: every page with a journal asks, and hardly anybody shares.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN_AT.format(", ".join(["%s"] * len(usages))), [person.pk, *usages])
        rows = cursor.fetchall()
    found = []
    for pk, usage, token, sealed, written, changed, was_shared in rows:
        row = JournalEntry(pk=pk, person_id=person.pk, usage=usage, token=token, sealed=sealed)
        row.written_at, row.changed_at = _aware(written), _aware(changed)
        found.append((opened(row), bool(was_shared)))
    return found


def _aware(moment: datetime) -> datetime:
    """SQLite keeps moments in UTC, without saying so."""
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)


def entry(person: Person, entry_id: int) -> Entry | None:
    """One query."""
    row = JournalEntry.objects.filter(person=person, pk=entry_id).first()
    return opened(row) if row else None


def page(person: Person, number: str) -> Page[JournalEntry]:
    """A page of rows still sealed; `opened_page` opens them. Two queries."""
    return Paginator(JournalEntry.objects.filter(person=person), ON_A_PAGE).get_page(number)


@dataclass(frozen=True)
class Stretch:
    """Some of somebody's entries, opened, the newest first. `older`: the number of the last, when there are more."""

    entries: list[Entry]
    older: int | None


def stretch(person: Person, *, before: int | None = None) -> Stretch:
    """The newest entries (of those before one of that number): as many as one request may open. Two queries."""
    own = JournalEntry.objects.filter(person=person).order_by("-pk")
    if before is not None:
        own = own.filter(pk__lt=before)
    sizes = list(own.annotate(size=Length("sealed")).values_list("pk", "size")[: SEARCHED + 1])
    room, last = SEARCHED_BYTES, 0
    for number, size in sizes[:SEARCHED]:
        room -= size
        if last and room < 0:
            break
        last = number
    found = [opened(row) for row in own.filter(pk__gte=last)] if last else []
    return Stretch(found, last if sizes and last != sizes[-1][0] else None)


def found(person: Person, fits: Callable[[Entry], bool], *, before: int | None = None) -> Stretch:
    """Of one stretch those that fit, at most MOST_SHOWN. Two queries."""
    searched = stretch(person, before=before)
    hits = [entry for entry in searched.entries if fits(entry)]
    if len(hits) > MOST_SHOWN:
        return Stretch(hits[:MOST_SHOWN], hits[MOST_SHOWN - 1].id)
    return Stretch(hits, searched.older)


@dataclass(frozen=True)
class Label:
    """One of somebody's own labels. `code` stands for it in an address: the word itself is nobody's business."""

    text: str
    code: str
    count: int


def label_code(person: Person, tag: str) -> str:
    return salted_hmac("learning.journal.label", f"{person.pk}|{tag.casefold()}").hexdigest()[:16]


def labels(person: Person, among: Iterable[Entry]) -> list[Label]:
    """The most used first. No query."""
    texts: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for entry in among:
        for tag in entry.tags:
            texts.setdefault(tag.casefold(), tag)
            counts[tag.casefold()] += 1
    found = [Label(text, label_code(person, text), counts[key]) for key, text in texts.items()]
    return sorted(found, key=lambda label: (-label.count, label.text.casefold()))


# --- sharing, as the owner sees it


@dataclass(frozen=True)
class Reader:
    """Who may read an entry now, and until when."""

    name: str
    last_day: date


@dataclass(frozen=True)
class OwnShare:
    """`views`: when the reader looked, the newest first, at most SHOWN_VIEWS of the `view_count`."""

    id: int
    reader: str
    shared_at: datetime
    last_day: date
    state: Literal["open", "voorbij", "ingetrokken"]
    view_count: int
    views: tuple[datetime, ...]


def readers(person: Person, entry_ids: Iterable[int]) -> dict[int, list[Reader]]:
    """By entry. One query."""
    found: dict[int, list[Reader]] = {}
    own = JournalShare.objects.live().filter(entry__in=list(entry_ids), entry__person=person)
    for share in own.select_related("reader"):
        found.setdefault(share.entry_id, []).append(Reader(name_of(share.reader), share.last_day))
    return found


def own_shares(person: Person, entry_id: int) -> list[OwnShare]:
    """Open ones first. Three queries."""
    own = JournalShare.objects.filter(entry=entry_id, entry__person=person)
    still_open = set(own.live().values_list("pk", flat=True))
    views = Prefetch("views", JournalShareView.objects.all()[:SHOWN_VIEWS], to_attr="newest_views")
    shares = [
        OwnShare(
            share.pk,
            name_of(share.reader),
            share.shared_at,
            share.last_day,
            "open" if share.pk in still_open else "ingetrokken" if share.withdrawn_at else "voorbij",
            share.view_count,  # type: ignore[attr-defined]  # annotated below
            tuple(view.seen_at for view in share.newest_views),  # type: ignore[attr-defined]  # prefetched below
        )
        for share in own.select_related("reader").annotate(view_count=Count("views")).prefetch_related(views)
    ]
    return sorted(shares, key=lambda share: share.state != "open")


def possible_readers(person: Person, words: str) -> list[Person]:
    """Colleagues somebody may share with: by exact e-mail address, or by name among those who learn the same.

    Nobody can leaf through the organisation: without FEWEST_LETTERS there is no answer, and never more than
    MOST_FOUND + 1 people (so that a page can say there are more). One query.
    """
    words = " ".join(words.split())
    if not words.isprintable():
        return []  # PostgreSQL would refuse to look for a NUL
    if "@" in words:
        return people.colleagues_by_email(person, words)[: MOST_FOUND + 1]
    if len(words) < FEWEST_LETTERS:
        return []
    return tracks.fellow_learners(person, name=words, limit=MOST_FOUND + 1)


def name_of(person: Person) -> str:
    return person.name or person.email or gettext("iemand zonder naam")


# --- sharing, as the reader sees it


@dataclass(frozen=True)
class SharedLine:
    """Something I may read: who let me, and until when. Nothing of the text itself."""

    id: int
    owner: str
    shared_at: datetime
    last_day: date


@dataclass(frozen=True)
class Shared:
    """An entry, opened for whom it was shared with. Its labels stay with the owner."""

    line: SharedLine
    text: str
    written_at: datetime
    seconds: int
    clock: str


def shared_with(reader: Person) -> list[SharedLine]:
    """What may be read today, the newest first. One query."""
    lines = JournalShare.objects.live().filter(reader=reader).select_related("entry__person").defer("entry__sealed")
    return [_line(share) for share in lines]


def shared_count(reader: Person) -> int:
    """One query."""
    return JournalShare.objects.live().filter(reader=reader).count()


def shared(reader: Person, share_id: int) -> Shared | None:
    """None when it isn't theirs to read, or no longer. One query."""
    share = JournalShare.objects.live().filter(reader=reader, pk=share_id).select_related("entry__person").first()
    if share is None:
        return None
    entry = opened(share.entry)
    return Shared(_line(share), entry.text, entry.written_at, entry.seconds, entry.clock)


def shared_sound(reader: Person, share_id: int) -> Sound | None:
    """What was said with it. None when it isn't theirs to hear, or no longer. Two queries."""
    entry_id = JournalShare.objects.live().filter(reader=reader, pk=share_id).values_list("entry_id", flat=True).first()
    return recordings.of_entry(entry_id) if entry_id else None


def own_sound(person: Person, entry_id: int) -> Sound | None:
    """What somebody said with an entry of their own. Two queries."""
    own = JournalEntry.objects.filter(person=person, pk=entry_id)
    return recordings.of_entry(entry_id) if own.exists() else None


def _line(share: JournalShare) -> SharedLine:
    return SharedLine(share.pk, name_of(share.entry.person), share.shared_at, share.last_day)


# --- export


@dataclass(frozen=True)
class ExportState:
    """`until`: when the file is thrown away."""

    status: Literal["geen", "bezig", "mislukt", "klaar"]
    made_at: datetime | None = None

    @property
    def until(self) -> datetime | None:
        return self.made_at + EXPORT_KEPT if self.made_at else None


def export_state(person: Person) -> ExportState:
    """Two queries at most."""
    export = JournalExport.objects.filter(person=person).defer("sealed").first()
    if export is None or _is_past(export):
        return ExportState("geen")
    if export.made_at:
        return ExportState("klaar", export.made_at)
    job = state_of(EXPORT, export_key(person))
    return ExportState("mislukt" if job and job.status == "failed" else "bezig")


def is_export_running(person: Person) -> bool:
    """One query."""
    job = state_of(EXPORT, export_key(person))
    return job is not None and job.status == "running"


def export_file(person: Person) -> bytes | None:
    """The PDF, opened for its owner. One query."""
    export = JournalExport.objects.filter(person=person).first()
    if export is None or export.sealed is None or _is_past(export):
        return None
    return unseal_file(export.sealed, export_place(export.pk))


def export_key(person: Person) -> str:
    return f"{EXPORT}|{person.pk}"


def export_place(export_id: int) -> str:
    return f"{EXPORT}|{export_id}"


def _is_past(export: JournalExport) -> bool:
    return bool(export.made_at and export.made_at <= timezone.now() - EXPORT_KEPT)
