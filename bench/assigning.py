"""A practice case given out to 10,000 people, by the job that does it, beside the same rows put in bare.

All of it: the job leased, who gets it read, their work, its first step and a notice for each written, the job finished.
No page waits for it. Beside it stand a bare `bulk_create` of as many works, steps and notices.
"""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from bench.measuring.rows import Row, limited
from jobs import runner
from learning.notices.models import Notice
from learning.people.models import Group, GroupMember, Person
from learning.practice import notices
from learning.practice.models import Assignment, CaseVersion, GivenTo, State, Step, Work
from learning.practice.queries.giving import To
from learning.practice.services import giving
from tests.factories import OrganisationFactory
from tests.factories.practice import case_of, trainer_in

MANY = 10_000
POSTGRESQL = True


def rows() -> list[Row]:
    group, trainer, version = a_large_group()
    bare = taken_bare(group, version)
    start = time.perf_counter()
    made = given(group, trainer, version)
    asked = time.perf_counter() - start
    start = time.perf_counter()
    runner.drain()
    took = time.perf_counter() - start
    made.refresh_from_db()
    assert (made.done, made.works.count(), made.ready_at is not None) == (MANY, MANY, True)
    assert Notice.objects.filter(kind=notices.GIVEN).count() == MANY
    return [
        limited(
            f"a case given out to {MANY:,} people, by one job (the trainer's page waited {asked * 1000:.0f} ms)",
            value=took, reference=bare, unit="s", at_most=10,
        )
    ]  # fmt: skip


def a_large_group() -> tuple[Group, Person, CaseVersion]:
    organisation = OrganisationFactory.create()
    trainer = trainer_in(organisation)
    group = Group.objects.create(organisation=organisation, name="Iedereen")
    people = Person.objects.bulk_create(Person(organisation=organisation, name=f"Persoon {n}") for n in range(MANY))
    GroupMember.objects.create(group=group, person=trainer, is_trainer=True)
    GroupMember.objects.bulk_create(GroupMember(group=group, person=person) for person in people)
    return group, trainer, case_of(organisation)


def given(group: Group, trainer: Person, version: CaseVersion) -> Assignment:
    today = timezone.localdate()
    terms = giving.Terms(starts_on=today, due_on=today + timedelta(days=28), rounds_max=3, peers=1, second_reader=False)
    return giving.give(version, to=To(GivenTo.GROUP, group=group), terms=terms, by=trainer, key=uuid.uuid4())


class Undone(Exception):
    """So that what was put in bare leaves nothing behind."""


def taken_bare(group: Group, version: CaseVersion) -> float:
    """Seconds, without who reads who they are or whether they have it."""
    today, now = timezone.localdate(), timezone.now()
    people = list(GroupMember.objects.filter(group=group, is_trainer=False).values_list("person", flat=True))
    start = time.perf_counter()
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(
                organisation=group.organisation, version=version, given_to=GivenTo.GROUP, group=group,
                starts_on=today, due_on=today, given_at=now,
            )  # fmt: skip
            works = Work.objects.bulk_create(
                [
                    Work(
                        assignment=assignment, person_id=person, group=group, due_on=today, made_at=now, changed_at=now
                    )
                    for person in people
                ]
            )
            Step.objects.bulk_create([Step(work=work, event="x", after=State.GIVEN, round=0, at=now) for work in works])
            Notice.objects.bulk_create(
                [Notice(person_id=person, kind="x", key=str(person), made_at=now) for person in people]
            )
            raise Undone
    except Undone:
        return time.perf_counter() - start
