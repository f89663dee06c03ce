"""Somebody goes while work goes on: out of a group, or for good. Nobody waits for who doesn't come.

What they handed in themselves stays with the trainers of the group: it was given to them, and its maker gets an answer.
What they wrote, and what others gave them, stays theirs to read. What a trainer wrote half-way stays theirs too, should
they come back.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction

from learning.notices.services import tell
from learning.practice import notices
from learning.practice.flow import WAITING, Event
from learning.practice.models import Assessment, Part, Stage, State, Work
from learning.practice.permissions import assessors_of
from learning.practice.services import peers, second_reader, seconding
from learning.practice.services.moving import NotNow, key_of_waiting, move
from learning.practice.services.reading import back_from_reader

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from learning.people.models import Person


@transaction.atomic
def out_of_group(group_id: int, people: Collection[int]) -> None:
    """These people (by number) aren't in the group any more. Two queries, and some for each thing they were at."""
    _pass_on(Work.objects.filter(group=group_id), people)


@transaction.atomic
def for_good(person_id: int) -> None:
    """Somebody is about to be erased, wherever they read."""
    _pass_on(Work.objects.exclude(person=person_id), [person_id])


def _pass_on(works: QuerySet[Work], people: Collection[int]) -> None:
    asked = Assessment.objects.filter(work__in=works, person__in=people, stage__in=[Stage.ASKED, Stage.BUSY])
    for part, decline in ((Part.PEER, peers.decline), (Part.SECOND, seconding.decline)):
        for reading in asked.filter(part=part).select_related("person").order_by("work", "pk"):
            if reading.person is not None:
                decline(reading.pk, by=reading.person)
    for lying in Assessment.objects.filter(work__in=works, reader__in=people, stage=Stage.TO_READ).order_by("work"):
        if lying.reader is not None:
            _back_to_writer(lying, lying.reader)
    for work in works.filter(assessor__in=people, state__in=WAITING).order_by("pk"):
        _back_in_queue(work, people)


def _back_to_writer(lying: Assessment, reader: Person) -> None:
    """Who was to read it along won't."""
    try:
        second_reader.leave(lying.pk, by=reader)
    except NotNow:  # read, or called back, this very moment
        return


def _back_in_queue(work: Work, people: Collection[int]) -> None:
    """At the place it had. Who trains the group and didn't hear of this round hears of it now."""
    back_from_reader(work)
    try:
        if work.state == State.READING:
            move(work.pk, Event.LET_GO, by=None, assessor=None)
        else:
            Work.objects.filter(pk=work.pk).update(assessor=None)
    except NotNow:  # given, or let go, this very moment
        return
    facts = {"work": work.pk, "round": work.round}
    for person_id in assessors_of(work.group_id).exclude(pk__in=people).values_list("pk", flat=True):
        if person_id != work.person_id:
            tell(person_id, notices.HANDED_IN, key=key_of_waiting(work), facts=facts)
