"""Giving a case out, to one person or to ten thousand, and taking it back.

One row says what was given to whom; a job makes everybody's work, some hundreds at a time, each in a transaction of its
own. So it may stop anywhere and go on there: who has their work isn't met again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jobs.services import record
from learning.notices.services import Telling, tell_many, untell
from learning.people.models import Group, GroupMember, Person
from learning.people.services import follow_group, place_in_group
from learning.practice import notices
from learning.practice.flow import CLOSED, Event
from learning.practice.models import Assignment, CaseVersion, GivenTo, State, Step, Work
from learning.practice.queries import giving as queries
from learning.practice.queries.giving import TRACK_SOURCE, To
from learning.practice.services import moving, outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

GIVE = "practice.give"
TAKE_BACK = "practice.take_back"
BATCH = 500
UNDO = timedelta(minutes=1)


class GroupEnded(Exception):
    """The last day of the group has passed: nothing new is given out in it."""


class TooLate(Exception):
    """The minute in which it could be undone has passed. It can still be withdrawn."""


@dataclass(frozen=True)
class Terms:
    """How it is given out."""

    starts_on: date
    due_on: date
    rounds_max: int
    peers: int
    second_reader: bool
    variant: str = ""
    message: str = ""


@transaction.atomic
def give(version: CaseVersion, *, to: To, terms: Terms, by: Person, key: UUID) -> Assignment:
    """From the day it starts, everybody it is meant for that day gets it. `key` is of the page that asks: a second
    press is the first. Raises GroupEnded."""
    there = Assignment.objects.filter(key=key, given_by=by).first()
    if there:
        return there
    if to.group and queries.has_ended(to.group, terms.starts_on):
        raise GroupEnded
    now = timezone.now()
    assignment, made = Assignment.objects.get_or_create(
        key=key,
        defaults={
            **vars(terms),
            "organisation": by.organisation, "version": version, "given_by": by, "given_to": to.given_to,
            "group": to.group or (_track_group(to, by) if to.track else None), "track": to.track,
            "people": list(to.people), "given_at": now, "undo_until": now + UNDO,
        },
    )  # fmt: skip
    if made:
        record(GIVE, f"{GIVE}:{assignment.pk}", {"assignment": assignment.pk}, due=_start(terms.starts_on, now))
    return assignment


def _start(day: date, now: datetime) -> datetime:
    """The first moment of the day here, whatever the clock does that night; now for today."""
    return max(now, timezone.make_aware(datetime.combine(day, time.min)))


def _track_group(to: To, by: Person) -> Group:
    """The group of a track. The giver trains in it from when its learners are told that they got something: not by
    what is still to come, or was undone."""
    assert to.track is not None
    number = follow_group(by.organisation, source=f"{TRACK_SOURCE}{to.track.slug}", name=to.track.title)
    return Group.objects.get(pk=number)


# --- everybody's work


def make_works(assignment_id: int) -> None:
    """The work of all it is meant for. May run twice, and while it is taken back."""
    while _make_some(assignment_id):
        pass


@transaction.atomic
def _make_some(assignment_id: int) -> bool:
    """Some hundreds; whether there may be more."""
    assignment = _held(assignment_id)
    if assignment is None or assignment.withdrawn_at or assignment.ready_at:
        return False
    waiting = _who_waits(assignment)
    if not assignment.total:
        assignment.total = waiting.count()
    people = list(waiting.order_by("pk").values_list("pk", flat=True)[: BATCH + 1])
    some = people[:BATCH]
    make(assignment, some)
    assignment.done += len(some)
    assignment.ready_at = timezone.now() if len(people) == len(some) else None
    assignment.save(update_fields=["total", "done", "ready_at"])
    return assignment.ready_at is None


def _held(assignment_id: int) -> Assignment | None:
    found = Assignment.objects.select_for_update(of=("self",)).filter(pk=assignment_id)
    return found.select_related("version", "group", "track", "given_by").first()


def _who_waits(assignment: Assignment) -> QuerySet[Person]:
    """Who hasn't got it and doesn't have the case open."""
    group, giver = assignment.group, assignment.given_by
    # Who gave it was erased, or the group ended, before the day came.
    if group is None or giver is None or queries.has_ended(group, timezone.localdate()):
        return Person.objects.none()
    to = To(GivenTo(assignment.given_to), group, assignment.track, tuple(assignment.people))
    found = queries.recipients(to, giver=giver).exclude(queries.has_open(assignment.version.case_id))
    return found.exclude(works__assignment=assignment)


def make(assignment: Assignment, people: Sequence[int]) -> None:
    """Their work, written down and told; in a transaction. Four statements and those of the notices."""
    assert assignment.group_id is not None
    now = timezone.now()
    due_on = assignment.due_on
    if assignment.given_to == GivenTo.LAUNCH:
        # As many days as who was first had.
        due_on += timezone.localdate() - assignment.starts_on
    if assignment.given_to == GivenTo.TRACK and people:
        assert assignment.given_by_id is not None  # else nobody gets it
        place_in_group(assignment.group_id, trainers={assignment.given_by_id: True})
        GroupMember.objects.bulk_create(
            [GroupMember(group_id=assignment.group_id, person_id=person) for person in people], ignore_conflicts=True
        )
    works = Work.objects.bulk_create(
        [
            Work(
                assignment=assignment, person_id=person, group_id=assignment.group_id, due_on=due_on,
                made_at=now, changed_at=now,
            )
            for person in people
        ]
    )  # fmt: skip
    Step.objects.bulk_create(
        [
            Step(work=work, event=Event.GIVE, after=State.GIVEN, round=0, by=assignment.given_by, at=now)
            for work in works
        ]
    )
    tell_many(
        notices.GIVEN,
        (Telling(work.person_id, notice_key(work.pk), {"work": work.pk, "round": 0}) for work in works),
    )
    for work in works:
        outcome.tell(work, Event.GIVE)


def notice_key(work_id: int) -> str:
    """Of "there is a case for you": as `moving` keys what it tells."""
    return f"{work_id}:0"


# --- taking back


@transaction.atomic
def undo(assignment_id: int, *, by: Person) -> None:
    """Within the minute: nothing of it is left, but for what somebody began on already. Raises TooLate."""
    assignment = _held(assignment_id)
    if assignment is None:
        return
    if assignment.undo_until is None or timezone.now() > assignment.undo_until:
        raise TooLate
    _take_back(assignment, wholly=True, by=by)


@transaction.atomic
def withdraw(assignment_id: int, *, by: Person) -> None:
    """Who didn't begin loses it; who did keeps what they made, and hears that nothing more is asked."""
    assignment = _held(assignment_id)
    if assignment and not assignment.withdrawn_at:
        _take_back(assignment, wholly=False, by=by)


def _take_back(assignment: Assignment, *, wholly: bool, by: Person) -> None:
    assignment.withdrawn_at = assignment.withdrawn_at or timezone.now()
    assignment.save(update_fields=["withdrawn_at"])
    payload = {"assignment": assignment.pk, "wholly": wholly, "by": by.pk}
    record(TAKE_BACK, f"{TAKE_BACK}:{assignment.pk}", payload)


def take_back_works(assignment_id: int, *, wholly: bool, by_id: int) -> None:
    """May run twice. `wholly`: the assignment itself goes too, when nobody has anything of it. `by_id`: who took it
    back; they may be gone by then."""
    by = Person.objects.filter(pk=by_id).first()
    while _take_some(assignment_id, by=by):
        pass
    _stop_training(assignment_id)
    if wholly:
        _forget(assignment_id)


@transaction.atomic
def _take_some(assignment_id: int, *, by: Person | None) -> bool:
    """Some hundreds; whether there may be more."""
    assignment = _held(assignment_id)
    if assignment is None:
        return False
    open_works = Work.objects.filter(assignment=assignment).exclude(state__in=CLOSED)
    some = list(open_works.select_for_update(of=("self",)).order_by("pk")[:BATCH])
    untouched = dict(_untouched(some).values_list("pk", "person"))
    untell(notices.GIVEN, {notice_key(work): person for work, person in untouched.items()})
    Work.objects.filter(pk__in=untouched).delete()
    if assignment.given_to == GivenTo.TRACK:
        _leave(assignment, untouched.values())
    for work in some:
        if work.pk not in untouched:
            moving.move(work.pk, Event.WITHDRAW, by=by)
    return bool(some)


def _untouched(works: Iterable[Work]) -> QuerySet[Work]:
    """Those nothing was written, said or asked for."""
    return Work.objects.filter(
        pk__in=[work.pk for work in works], state=State.GIVEN, draft_version=0,
        evidence=None, observations=None, consents=None,
    )  # fmt: skip


def _leave(assignment: Assignment, people: Iterable[int]) -> None:
    """Who has nothing more in the group of a track isn't in it."""
    members = GroupMember.objects.filter(group=assignment.group_id, is_trainer=False, person__in=list(people))
    members.exclude(person__in=Work.objects.filter(group=assignment.group_id).values("person")).delete()


@transaction.atomic
def _stop_training(assignment_id: int) -> None:
    """Who gave to a track, and has nobody there any more, doesn't read there what others gave."""
    found = Assignment.objects.filter(pk=assignment_id, given_to=GivenTo.TRACK, given_by__isnull=False).first()
    if found is None:
        return
    theirs = Q(assignment__given_by=found.given_by_id) | Q(assessor=found.given_by_id)
    if not Work.objects.filter(theirs, group=found.group_id).exists():
        seat = GroupMember.objects.filter(group=found.group_id, person=found.given_by_id, is_trainer=True, until=None)
        seat.delete()


@transaction.atomic
def _forget(assignment_id: int) -> None:
    """The assignment when nobody has anything of it, and the group that was there for it alone."""
    assignment = Assignment.objects.filter(pk=assignment_id, works=None).first()
    if assignment is None:
        return
    group = assignment.group
    assignment.delete()
    if group and group.source.startswith(TRACK_SOURCE) and not Assignment.objects.filter(group=group).exists():
        Group.objects.filter(pk=group.pk, works=None).delete()
