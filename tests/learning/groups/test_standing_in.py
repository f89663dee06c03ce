"""Who only stands in trains the group up to and including their last day, everywhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.people import services as people
from learning.people.models import Group, GroupMember, Person, Role
from learning.tracks.groups import queries
from tests.factories import OrganisationFactory, PersonFactory


def trainer_of(group: Group, *, until: date | None) -> Person:
    person = PersonFactory.create(organisation=group.organisation)
    people.set_roles_from(person, organisation=group.organisation, source="local", roles=[Role.TRAINER])
    GroupMember.objects.create(group=group, person=person, is_trainer=True, until=until)
    return person


class Standing(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(st.none() | st.integers(-400, 400))
    def test_they_train_it_until_their_last_day(self, days: int | None) -> None:
        group = Group.objects.create(organisation=OrganisationFactory.create(), name="Klas", source="")
        until = None if days is None else timezone.localdate() + timedelta(days=days)
        person = trainer_of(group, until=until)
        trains = days is None or days >= 0
        assert (queries.group_of(person, group.pk) is not None) is trains
        assert (person in queries.trainers_of(group)) is trains


def test_the_class_list_of_an_lms_makes_a_substitute_a_learner_when_it_says_so(person: Person) -> None:
    number = people.follow_group(person.organisation, source="lti:1", name="Klas")
    substitute = trainer_of(Group.objects.get(pk=number), until=timezone.localdate())
    people.place_in_group(number, trainers={substitute.pk: False})
    member = GroupMember.objects.get(person=substitute)
    assert (member.is_trainer, member.until) == (False, None)


def test_only_a_trainer_stands_in(person: Person) -> None:
    group = Group.objects.create(organisation=person.organisation, name="Klas")
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.create(group=group, person=person, until=timezone.localdate())
