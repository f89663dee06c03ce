"""Practice cases go 24 months after they were judged or last changed, and nothing that is younger goes with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from learning.people.models import Group, Person
from learning.people.retention import PRACTICE
from learning.practice.models import Assessment, Assignment, Round, Step, Verdict, Work
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.nights import night
from tests.factories.practice import assignment_in, group_of, handed_in, judged, trainer_in, work_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create())


@pytest.fixture
def group(trainer: Person) -> Group:
    return group_of(*PersonFactory.create_batch(2, organisation=trainer.organisation), trainer=trainer)


def age(work: Work, days: int) -> None:
    long_ago = timezone.now() - timedelta(days=days)
    Work.objects.filter(pk=work.pk).update(changed_at=long_ago, judged_at=long_ago if work.judged_at else None)
    Assignment.objects.filter(pk=work.assignment_id).update(given_at=long_ago)


def test_after_two_years_a_case_is_gone_with_all_that_was_said_of_it(group: Group, trainer: Person) -> None:
    first, second = [member.person for member in group.members.filter(is_trainer=False).order_by("pk")]
    old = judged(handed_in(work_of(first, assignment_in(group))), trainer, Verdict.ENOUGH)
    young = judged(handed_in(work_of(second, assignment_in(group))), trainer, Verdict.ENOUGH)
    age(old, 731)
    age(young, 729)
    assert night(PRACTICE)["learning.Work"] == 1
    assert not night(PRACTICE)
    assert list(Work.objects.all()) == [young]
    assert list(Assignment.objects.all()) == [young.assignment]
    for left in (Round.objects, Assessment.objects, Step.objects):
        assert set(left.values_list("work", flat=True)) == {young.pk}


def test_what_was_given_out_stays_as_long_as_somebody_works_on_it(group: Group, trainer: Person) -> None:
    first, second = [member.person for member in group.members.filter(is_trainer=False).order_by("pk")]
    assignment = assignment_in(group)
    old, young = work_of(first, assignment), work_of(second, assignment)
    age(old, 800)
    assert night(PRACTICE)["learning.Work"] == 1
    assert Assignment.objects.filter(pk=assignment.pk).exists()
    assert list(Work.objects.all()) == [young]
