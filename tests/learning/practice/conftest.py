"""A learner and who trains them. Chance is left out, where a test doesn't ask for it."""

from __future__ import annotations

import pytest

from learning.people.models import Group, GroupMember, Person
from learning.practice.services import seconding
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import group_of, trainer_in


@pytest.fixture(autouse=True)
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round in ten is read a second time: whichever it is would decide what a test finds."""
    monkeypatch.setattr(seconding, "is_drawn", lambda kept: False)


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui Trainer")


@pytest.fixture
def learner(trainer: Person) -> Person:
    return PersonFactory.create(organisation=trainer.organisation, name="Sanne de Wit")


@pytest.fixture
def group(trainer: Person, learner: Person) -> Group:
    return group_of(learner, trainer=trainer)


@pytest.fixture
def colleague(group: Group) -> Person:
    other = trainer_in(group.organisation, name="Bo Bakker")
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    return other
