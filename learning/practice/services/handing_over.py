"""From one trainer to another, one work or several at once; and the other things done to several works together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import notices
from learning.practice.flow import CLOSED, Event
from learning.practice.models import State, Work
from learning.practice.permissions import assessors_of
from learning.practice.services import doing
from learning.practice.services.moving import NotNow, held, move
from learning.practice.services.reading import back_from_reader


class NotTheirs(Exception):
    """The colleague doesn't train the group this work belongs to, or it is their own work."""


@dataclass(frozen=True)
class Outcome:
    """Of several: how many it was done for, whose it couldn't be, and how many had it better already."""

    done: int
    left: list[Work]
    kept: int = 0


@transaction.atomic
def hand_over(work_id: int, *, to: Person, by: Person) -> Work:
    """A colleague goes on with it: what comes of this learner goes to them. What was written stays with its writer.
    Whoever had it is told. Raises NotNow, NotTheirs."""
    work = held(work_id)
    if work.state in CLOSED:
        raise NotNow(work.state)
    if to.pk == work.person_id or not assessors_of(work.group_id).filter(pk=to.pk).exists():
        raise NotTheirs
    had = work.assessor_id
    if had == to.pk:
        return work
    back_from_reader(work)
    if work.state == State.READING:
        work = move(work_id, Event.LET_GO, by=by, assessor=to).work
    else:
        work.assessor, work.changed_at = to, timezone.now()
        work.save(update_fields=["assessor", "changed_at"])
    facts = {"work": work.pk, "round": work.round}
    at = f"{work.pk}:{work.round}:{work.changed_at.timestamp():.0f}"
    if to.pk != by.pk:
        tell(to.pk, notices.HANDED_OVER, key=at, facts=facts)
    if had not in (None, by.pk):
        tell(had, notices.TAKEN_OVER, key=at, facts=facts)
    return work


def hand_over_all(works: Iterable[Work], *, to: Person, by: Person) -> Outcome:
    """Each in a transaction of its own: one that can't doesn't stop the others."""
    done, left = 0, []
    for work in works:
        try:
            hand_over(work.pk, to=to, by=by)
            done += 1
        except (NotNow, NotTheirs, Work.DoesNotExist):
            left.append(work)
    return Outcome(done, left)


def extend_all(works: Iterable[Work], *, until: date, by: Person) -> Outcome:
    """The same last day for all; who has a later one keeps it."""
    done, kept, left = 0, 0, []
    for work in works:
        if work.due_on >= until:
            kept += 1
            continue
        try:
            doing.extend(work.pk, until=until, by=by)
            done += 1
        except (NotNow, doing.Incomplete, Work.DoesNotExist):
            left.append(work)
    return Outcome(done, left, kept)
