"""Reads about giving out: to whom a trainer can give, how many that are, and what was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from learning.people.models import Group, GroupMember, Person
from learning.practice.flow import CLOSED
from learning.practice.models import Assignment, GivenTo, State, Work
from learning.tracks.groups.queries import groups_of
from learning.tracks.models import Enrolment, Track

if TYPE_CHECKING:
    from learning.practice.models import Case

TRACK_SOURCE = "track:"


@dataclass(frozen=True)
class To:
    """To whom: `people` (numbers) of `group`, the whole `group`, or all of `track`."""

    given_to: GivenTo
    group: Group | None = None
    track: Track | None = None
    people: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return self.track.title if self.track else self.group.name if self.group else ""


@dataclass(frozen=True)
class Reach:
    """How many get it, and how many have the same case open already: those don't get it twice."""

    get: int
    have: int


def has_ended(group: Group, today: date) -> bool:
    """Nothing new is given out in it."""
    return group.ends_on is not None and group.ends_on < today


def tracks_of(trainer: Person) -> Sequence[Track]:
    """Of their organisation. One query."""
    return list(Track.objects.filter(organisation=trainer.organisation_id).order_by(Lower("title"), "pk"))


def learners_in(group: Group) -> QuerySet[Person]:
    """By name. One query."""
    members = GroupMember.objects.filter(group=group, is_trainer=False)
    people = Person.objects.filter(organisation=group.organisation_id, is_active=True, pk__in=members.values("person"))
    return people.order_by(Lower("name"), "pk")


def recipients(to: To, *, giver: Person) -> QuerySet[Person]:
    """Everybody it is meant for, whether or not they have the case already."""
    if to.track is not None:
        return _in_track(to.track, giver)
    assert to.group is not None
    learners = learners_in(to.group).order_by()
    return learners if to.given_to == GivenTo.GROUP else learners.filter(pk__in=to.people)


def _in_track(track: Track, giver: Person) -> QuerySet[Person]:
    """Who is enrolled in any of its modules, and doesn't train the group that follows the track."""
    trainers = GroupMember.objects.filter(
        group__organisation=track.organisation_id, group__source=f"{TRACK_SOURCE}{track.slug}", is_trainer=True
    )
    enrolled = Enrolment.objects.filter(module__places__track=track)
    people = Person.objects.filter(organisation=track.organisation_id, is_active=True, pk__in=enrolled.values("person"))
    return people.exclude(pk__in=trainers.values("person")).exclude(pk=giver.pk)


def has_open(case: Case | int) -> Exists:
    """For a query over people: whether somebody has this case, in whichever version, and isn't through with it."""
    works = Work.objects.filter(person=OuterRef("pk"), assignment__version__case=case)
    return Exists(works.exclude(state__in=CLOSED))


def reach(to: To, *, case: Case, giver: Person) -> Reach:
    """One query."""
    counted = recipients(to, giver=giver).annotate(has=has_open(case))
    found = counted.aggregate(get=Count("pk", filter=Q(has=False)), have=Count("pk", filter=Q(has=True)))
    return Reach(found["get"], found["have"])


def assignments_for(trainer: Person) -> QuerySet[Assignment]:
    """What they gave out, and what was given out in the groups they train; the newest first, without the text of the
    cases. One query."""
    own = Q(given_by=trainer) | Q(group__in=groups_of(trainer).values("pk"))
    found = Assignment.objects.filter(own, organisation=trainer.organisation_id)
    with_all = found.select_related("version__case", "group", "track", "given_by").defer("version__document")
    return with_all.order_by("-given_at", "-pk")


def assignment_for(trainer: Person, key: UUID) -> Assignment | None:
    """One query."""
    return assignments_for(trainer).defer(None).filter(key=key).first()


def states_of(assignment: Assignment) -> dict[str, int]:
    """{state: how many}. One query."""
    counted = Work.objects.filter(assignment=assignment).values_list("state").annotate(n=Count("pk"))
    return dict(counted.values_list("state", "n"))


def at_launch(case_id: int, group_id: int) -> Assignment | None:
    """What a course of an LMS gives out of this case, in its group. One query."""
    found = Assignment.objects.filter(given_to=GivenTo.LAUNCH, group=group_id, version__case=case_id, withdrawn_at=None)
    return found.select_related("version", "given_by").order_by("pk").first()


def enough_in(enrolment_id: int, case_id: int) -> float | None:
    """How well somebody who is enrolled did this case (0 to 1), once it is voldoende. One query."""
    works = Work.objects.filter(person__enrolments=enrolment_id, assignment__version__case=case_id, state=State.ENOUGH)
    return works.order_by("-judged_at").values_list("score", flat=True).first()
