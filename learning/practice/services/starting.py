"""A learner begins a case of a module by themselves, where there is a trainer who will read it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from learning.notices.services import seen
from learning.people.models import Group, GroupMember, Person
from learning.people.queries import training
from learning.practice import documents, notices
from learning.practice.models import Assignment, CaseVersion, GivenTo, State, Work
from learning.practice.services import giving


class NoTrainer(Exception):
    """Nobody would read it: a trainer must give it."""


def group_for(person: Person) -> Group | None:
    """The group of theirs in which somebody trains today and that hasn't ended; of more the newest. One query."""
    mine = GroupMember.objects.filter(person=person, is_trainer=False).values("group")
    trained = GroupMember.objects.filter(training(), group__in=mine).exclude(person=person).values("group")
    found = Group.objects.filter(pk__in=trained, organisation=person.organisation_id)
    return found.exclude(ends_on__lt=timezone.localdate()).order_by("-pk").first()


def version_for(usage: str) -> CaseVersion | None:
    """The newest of the module's own case, while it is in the library. One query."""
    versions = CaseVersion.objects.filter(case__organisation=None, case__usage=usage, case__archived_at=None)
    return versions.order_by("-number").first()


@transaction.atomic
def begin(person: Person, *, usage: str) -> Work:
    """On the terms of the case itself; their trainers see it as if they had given it. Begun twice it is the same work.
    Raises NoTrainer."""
    Person.objects.select_for_update().get(pk=person.pk)  # two presses find each other
    there = Work.objects.filter(person=person, assignment__version__case__usage=usage).exclude(state=State.WITHDRAWN)
    if work := there.order_by("-pk").first():
        return work
    group, version = group_for(person), version_for(usage)
    if group is None or version is None:
        raise NoTrainer
    document, now = documents.read(version.document), timezone.now()
    today = timezone.localdate(now)
    assignment = Assignment.objects.create(
        organisation=person.organisation,
        version=version,
        given_by=person,
        given_to=GivenTo.PERSON,
        group=group,
        people=[person.pk],
        starts_on=today,
        due_on=today + timedelta(days=document.days),
        rounds_max=document.rounds_max,
        peers=document.peers,
        second_reader=document.second_reader,
        given_at=now,
        ready_at=now,
        total=1,
        done=1,
    )
    giving.make(assignment, [person.pk])
    work = Work.objects.get(assignment=assignment)
    seen(person, kind=notices.GIVEN, key=giving.notice_key(work.pk))  # who pressed needn't be told
    return work
