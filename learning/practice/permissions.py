"""Who may do what with somebody's work. Each asks at most one query, unless it says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from learning.people.models import GroupMember, Person, Role
from learning.people.queries import holds, roles_of
from learning.practice.models import Assessment, Objection, Part, Stage, State
from learning.tracks.groups.queries import groups_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from learning.practice.models import Round, Work


def assesses(person: Person, work: Work) -> bool:
    """A trainer of the group the work belongs to, today, who isn't its maker."""
    return work.person_id != person.pk and groups_of(person).filter(pk=work.group_id).exists()


def assessors_of(group_id: int) -> QuerySet[Person]:
    """The trainers of a group, today: the role still held, a substitute's last day not past."""
    members = GroupMember.objects.filter(
        Q(until__isnull=True) | Q(until__gte=timezone.localdate()),
        group=group_id, is_trainer=True,
    )  # fmt: skip
    return Person.objects.filter(
        holds([Role.TRAINER]), is_active=True, organisation__groups=group_id, pk__in=members.values("person")
    ).order_by("pk")


def trains_beside(group_id: int, *others: int | None) -> QuerySet[Person]:
    """Who may read a second time, beside `others`: the other trainers of the group; where there are none, those of the
    organisation."""
    not_they = [number for number in others if number is not None]
    beside = assessors_of(group_id).exclude(pk__in=not_they)
    if beside.exists():
        return beside
    trainers = Person.objects.filter(holds([Role.TRAINER]), is_active=True, organisation__groups=group_id)
    return trainers.exclude(pk__in=not_they).order_by("pk")


def asked_of(person: Person) -> QuerySet[Assessment]:
    """Readings that a trainer was asked for beside their groups: as the draw's second assessor, or to read along before
    something is given. It ends when it is done. Of their own organisation; never of their own work."""
    second = Q(person=person, part=Part.SECOND, stage__in=[Stage.ASKED, Stage.BUSY])
    return Assessment.objects.filter(
        second | Q(reader=person, stage=Stage.TO_READ),
        work__group__organisation=person.organisation_id,
    ).exclude(work__person=person)  # fmt: skip


def objections_for(person: Person) -> QuerySet[Objection]:
    """Open ones that this trainer may answer: of the groups they train, and of a group without another trainer. Not of
    a reading of their own, nor of their own work."""
    there = Person.objects.filter(holds([Role.TRAINER]), is_active=True).values("pk")
    another = GroupMember.objects.filter(
        Q(until__isnull=True) | Q(until__gte=timezone.localdate()),
        group=OuterRef("assessment__work__group"), is_trainer=True, person__in=there,
        person__organisation=person.organisation_id,
    ).exclude(person=OuterRef("assessment__person")).exclude(person=OuterRef("assessment__work__person"))  # fmt: skip
    theirs = Q(assessment__work__group__in=groups_of(person).values("pk"))
    return (
        Objection.objects.filter(theirs | ~Exists(another), decided_at=None)
        .filter(assessment__work__group__organisation=person.organisation_id)
        .exclude(assessment__person=person)
        .exclude(assessment__work__person=person)
    )


Reads = Callable[["Person", "Round"], bool]
_also: dict[str, Reads] = {}


def also_reads(may: Reads) -> Reads:
    """A room above says who else may read a round, while they are asked to look at something in it."""
    return _also.setdefault(f"{may.__module__}.{may.__qualname__}", may)


def reads_round(person: Person, kept: Round) -> bool:
    """Whether somebody may read, and hear what its maker said, of what was handed in: its maker, a trainer of the
    group, who was asked to read it. Five queries at most, and those of rooms above."""
    return _is_theirs(person, kept) or _reads_along(person, kept) or _was_asked(person, kept)


def hears_talk(person: Person, kept: Round) -> bool:
    """Whether somebody may hear the recording of a real talk: as above, but never as a colleague of the group, for
    whoever else is heard in it gave no leave for that. Four queries at most, and those of rooms above."""
    return _is_theirs(person, kept) or _was_asked(person, kept)


def _is_theirs(person: Person, kept: Round) -> bool:
    return kept.work.person_id == person.pk or assesses(person, kept.work)


def _reads_along(person: Person, kept: Round) -> bool:
    work = kept.work
    peer = Assessment.objects.filter(round=kept, person=person, part=Part.PEER).exclude(stage=Stage.DECLINED)
    if work.state == State.WITHDRAWN:  # nobody asks it of them any more; what they gave they still see
        peer = peer.filter(stage=Stage.GIVEN)
    return peer.exists() and learns_beside(person, work)


def _was_asked(person: Person, kept: Round) -> bool:
    """As a trainer, beside their groups."""
    if Role.TRAINER not in roles_of(person):
        return False
    return (
        asked_of(person).filter(round=kept).exists()
        or objections_for(person).filter(assessment__round=kept).exists()
        or any(may(person, kept) for may in _also.values())
    )  # fmt: skip


def learns_beside(person: Person, work: Work) -> bool:
    """In the same group, learning: who may be asked to read along."""
    members = GroupMember.objects.filter(group=work.group_id, person=person, is_trainer=False)
    return work.person_id != person.pk and members.exists()
