"""A case that a course of an LMS links to: whoever opens it there as a learner gets it, in the group of that course."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from learning.people.models import Group
from learning.practice import documents
from learning.practice.flow import CLOSED
from learning.practice.models import Assignment, Case, GivenTo, Work
from learning.practice.queries import giving as queries
from learning.practice.queries import library
from learning.practice.services import giving

if TYPE_CHECKING:
    from learning.people.models import Person


@transaction.atomic
def linked(case: Case, group: Group, *, by: Person | None) -> Assignment | None:
    """What is given out there: from the first time on one version, so that a course doesn't change under its learners.
    None where the group ended before anything was. `by`: its trainer, when it is one who opens it first."""
    # Two who open it first at the same moment make one.
    Group.objects.select_for_update().get(pk=group.pk)
    there = queries.at_launch(case.pk, group.pk)
    today, now = timezone.localdate(), timezone.now()
    version = library.newest_version(case)
    if there or version is None or queries.has_ended(group, today):
        return there
    document = documents.read(version.document)
    return Assignment.objects.create(
        organisation=group.organisation, version=version, given_by=by, given_to=GivenTo.LAUNCH, group=group,
        starts_on=today, due_on=today + timedelta(days=document.days), rounds_max=document.rounds_max,
        peers=document.peers, second_reader=document.second_reader, given_at=now, ready_at=now,
    )  # fmt: skip


@transaction.atomic
def opened(case: Case, group: Group, *, by: Person) -> Work | None:
    """The work of a learner who opens it: what they have open of this case already, else what they did here, else given
    now, with as many days as anybody has. None where nothing is given out any more."""
    own = Work.objects.filter(person=by, assignment__version__case=case).order_by("-pk")
    going = own.exclude(state__in=CLOSED).first()
    if going:
        return going
    assignment = linked(case, group, by=None)
    if assignment is None:
        return own.first()
    done = own.filter(assignment=assignment).first()
    if done or queries.has_ended(group, timezone.localdate()):
        return done
    giving.make(assignment, [by.pk])
    Assignment.objects.filter(pk=assignment.pk).update(total=assignment.total + 1, done=assignment.done + 1)
    return own.get(assignment=assignment)
