"""The one place where the state of somebody's work changes: by the flow, written down, and told to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import notices
from learning.practice.flow import JUDGED, WAITING, Event, after
from learning.practice.models import State, Step, Work
from learning.practice.permissions import assessors_of
from learning.practice.services import outcome


class NotNow(Exception):
    """This can't happen to the work as it is now: `state` says how that is."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True)
class Moved:
    work: Work
    before: State
    after: State


def held(work_id: int) -> Work:
    """The work, held until the transaction ends: of two steps at once the second sees what the first did."""
    return (
        Work.objects.select_for_update(of=("self",))
        .select_related("assignment", "assignment__version", "assignment__version__case")
        .get(pk=work_id)
    )


@transaction.atomic
def move(work_id: int, event: Event, *, by: Person | None, **changes: Any) -> Moved:
    """Let `event` happen. `changes`: columns of the work that go with it. Raises NotNow.

    Whether `by` may do this is the caller's to know (`learning.practice.permissions`); the flow is kept here.
    """
    work = held(work_id)
    before = State(work.state)
    to = after(before, event, round=work.round, rounds_max=work.assignment.rounds_max)
    if to is None:
        raise NotNow(work.state)
    now = timezone.now()
    if event is Event.HAND_IN:
        work.round += 1
    if event is Event.TAKE_BACK:
        work.round -= 1
    if to in WAITING:
        work.waiting_since = work.waiting_since or now
    else:
        work.waiting_since = None
    if to in JUDGED and event is not Event.REOPEN:
        work.judged_at = now
    for name, value in changes.items():
        setattr(work, name, value)
    work.state, work.changed_at = to, now
    work.save()
    Step.objects.create(work=work, event=event, before=before, after=to, round=work.round, by=by, at=now)
    _tell(work, event, by)
    outcome.tell(work, event)
    if to is State.WITHDRAWN or (to in JUDGED and event is not Event.REOPEN):
        outcome.wipe_sound_later(work)
    if event in (Event.HAND_IN, Event.REOPEN):  # what was said before may be what is handed in anew
        outcome.wipe_sound_later(work, outcome.SOUND_KEPT_UNJUDGED)
    if to in JUDGED or before in JUDGED:
        outcome.follow(work)
    return Moved(work, before, to)


def _tell(work: Work, event: Event, by: Person | None) -> None:
    """Each whom it concerns, but never who did it. Said once a round; handed in anew after it was taken back, again."""
    kind = notices.KIND_OF.get(event)
    if kind is None:
        return
    facts = {"work": work.pk, "round": work.round}
    key = key_of_waiting(work) if event is Event.HAND_IN else f"{work.pk}:{work.round}"
    for person_id in _concerned(work, event):
        if by is None or person_id != by.pk:
            tell(person_id, kind, key=key, facts=facts)


def key_of_waiting(work: Work) -> str:
    """Of the notice that a round lies here to be read; another when it was taken back and handed in anew."""
    assert work.waiting_since is not None
    return f"{work.pk}:{work.round}:{work.waiting_since.timestamp():.0f}"


def _concerned(work: Work, event: Event) -> Iterable[int]:
    if event is not Event.HAND_IN:
        return [work.person_id]
    if work.assessor_id is not None and assessors_of(work.group_id).filter(pk=work.assessor_id).exists():
        return [work.assessor_id]
    return list(assessors_of(work.group_id).values_list("pk", flat=True))
