"""Writes about groups, by their trainers. Who learns in a group that follows something else is decided there (see
`services`); its trainers may still be stood in for, and it may end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from learning.people import events
from learning.people.models import Group, GroupMember, Person, Role
from learning.people.queries import holds, training


class NotHere(Exception):
    """They aren't a colleague in this organisation who is active."""


class Follows(Exception):
    """Who is in this group is decided elsewhere."""


class NoTrainer(Exception):
    """They don't hold the role of trainer, which a trainer can't give."""


class Learns(Exception):
    """They learn in this group, so they don't train it."""


class Trains(Exception):
    """They train this group, so they don't learn in it and needn't stand in."""


class LastTrainer(Exception):
    """Then nobody would train the group any more."""


@transaction.atomic
def make_group(trainer: Person, *, name: str, ends_on: date | None) -> Group:
    """A group by hand, with its maker as trainer."""
    group = Group.objects.create(organisation=trainer.organisation, name=name, ends_on=ends_on)
    GroupMember.objects.create(group=group, person=trainer, is_trainer=True)
    return group


def set_group(group: Group, *, name: str, ends_on: date | None) -> None:
    """The name of one that follows something stays what it is called there."""
    named = {} if group.source else {"name": name}
    Group.objects.filter(pk=group.pk).update(ends_on=ends_on, **named)


def close(group: Group) -> None:
    """From now on: nothing new is given out in it. Its trainers still see it."""
    Group.objects.filter(pk=group.pk).update(ends_on=timezone.localdate() - timedelta(days=1))


@transaction.atomic
def add_people(group: Group, people: Iterable[Person], *, trainers: Collection[int] = ()) -> list[Person]:
    """Who wasn't in it yet, of them `trainers` (by number) as its trainer; who was in it stays what they were there.
    Four statements and one for each thousand.

    Raises Follows, NotHere where one of them is of elsewhere, and NoTrainer.
    """
    if group.source:
        raise Follows
    people = sorted(people, key=lambda person: person.pk)
    if any(person.organisation_id != group.organisation_id or not person.is_active for person in people):
        raise NotHere
    _hold(group)
    there = set(GroupMember.objects.filter(group=group).values_list("person", flat=True))
    new = [person for person in people if person.pk not in there]
    training_now = {person.pk for person in new if person.pk in trainers}
    if training_now and Person.objects.filter(holds([Role.TRAINER]), pk__in=training_now).count() < len(training_now):
        raise NoTrainer
    GroupMember.objects.bulk_create(
        [GroupMember(group=group, person=person, is_trainer=person.pk in training_now) for person in new],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return new


@transaction.atomic
def add_trainer(group: Group, person: Person, *, until: date | None) -> None:
    """They train it too; with `until` they stand in, up to and including that day. Again with another day moves it.

    Raises NotHere, NoTrainer, Learns, Trains, and Follows: a group that follows something only gets who stands in.
    """
    if group.source and until is None:
        raise Follows
    _hold(group)
    if person.organisation_id != group.organisation_id or not person.is_active:
        raise NotHere
    if not Person.objects.filter(holds([Role.TRAINER]), pk=person.pk).exists():
        raise NoTrainer
    member = GroupMember.objects.filter(group=group, person=person).first()
    if member is None:
        GroupMember.objects.create(group=group, person=person, is_trainer=True, until=until)
    elif not member.is_trainer:
        raise Learns
    elif member.until is None:
        raise Trains
    else:
        GroupMember.objects.filter(pk=member.pk).update(until=until)


@transaction.atomic
def take_out(group: Group, person: Person) -> bool:
    """They are out of the group; what they did stays theirs. False when they weren't in it.

    Raises LastTrainer, and Follows: of a group that follows something only who stands in can be taken out.
    """
    _hold(group)
    member = GroupMember.objects.filter(group=group, person=person).first()
    if member is None:
        return False
    if group.source and member.until is None:
        raise Follows
    others = GroupMember.objects.filter(training(), group=group, until=None).exclude(person=person)
    if member.is_trainer and member.until is None and not others.exists():
        raise LastTrainer
    member.delete()
    events.left_group.send(None, group_id=group.pk, person_ids=[person.pk])
    return True


def _hold(group: Group) -> None:
    """Until the transaction ends nobody else changes who is in it: two trainers can't take each other out."""
    Group.objects.select_for_update().filter(pk=group.pk).values_list("pk").first()
