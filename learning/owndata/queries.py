"""How far somebody's own file is, and who must still be there before they can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from jobs.queries import state_of
from learning.files import making
from learning.files.models import StoredFile
from learning.owndata.models import OwnExport
from learning.people.models import Group, GroupMember, Person, Role
from learning.people.queries import holds, training

EXPORT, FORGET, ERASE = "owndata.export", "owndata.forget", "owndata.erase"
KEPT = timedelta(days=7)
APART = timedelta(hours=6)
"""Between two times that somebody asks for all of it: a few a day, each of which reads everything."""


@dataclass(frozen=True)
class Standing:
    """`progress` a percentage; `file` is there when it is ready, `size` in bytes. `again_at`: from when they may ask
    anew, None for now."""

    status: Literal["geen", "bezig", "mislukt", "klaar"]
    progress: int = 0
    asked_at: datetime | None = None
    made_at: datetime | None = None
    file: StoredFile | None = None
    size: int = 0
    again_at: datetime | None = None

    @property
    def until(self) -> datetime | None:
        return self.made_at + KEPT if self.made_at else None


def standing(person: Person) -> Standing:
    """Two queries at most."""
    export = OwnExport.objects.filter(person=person).select_related("file").first()
    if export is None:
        return Standing("geen")
    if export.made_at is None:
        job = state_of(EXPORT, job_key(EXPORT, person.pk))
        if job is None or job.status in ("failed", "done"):
            return Standing("mislukt", asked_at=export.asked_at)
        return Standing("bezig", export.file.progress if export.file else 0, export.asked_at)
    again_at = export.asked_at + APART if export.asked_at + APART > timezone.now() else None
    made = making.made(export.file) if export.file else None
    if made is None or export.made_at <= timezone.now() - KEPT:
        return Standing("geen", again_at=again_at)
    return Standing("klaar", 100, export.asked_at, export.made_at, export.file, made[0].size, again_at)


def job_key(kind: str, person_id: int) -> str:
    return f"{kind}|{person_id}"


@dataclass(frozen=True)
class Bound:
    """What would break if they went now. `groups`: which run, with people in them, and have no other trainer.
    `only_beheer`: nobody else of their organisation could look after it."""

    groups: Sequence[Group]
    only_beheer: bool

    def __bool__(self) -> bool:
        return bool(self.groups) or self.only_beheer


def bound(person: Person) -> Bound:
    """Two queries."""
    return Bound(_alone_with(person), _is_only_beheer(person))


def _alone_with(person: Person) -> list[Group]:
    trains = GroupMember.objects.filter(training(), person=person, until=None)
    others = GroupMember.objects.filter(training(), group=OuterRef("pk"), until=None).exclude(person=person)
    learning = GroupMember.objects.filter(group=OuterRef("pk"), is_trainer=False, person__is_active=True)
    running = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    found = Group.objects.filter(running, Exists(learning), ~Exists(others), pk__in=trains.values("group"))
    return list(found.order_by("name", "pk"))


def _is_only_beheer(person: Person) -> bool:
    """Where nobody else is left there is nothing to look after either."""
    beheer = holds([Role.BEHEER])
    others = Person.objects.filter(organisation=OuterRef("organisation"), is_active=True).exclude(pk=OuterRef("pk"))
    me = Person.objects.filter(beheer, Exists(others), pk=person.pk)
    return me.exclude(Exists(others.filter(beheer))).exists()
