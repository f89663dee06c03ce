"""Writes about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from learning.people import events
from learning.people.models import Group, GroupMember, Organisation, Person, Role, RoleGrant, Team, TeamMembership


def create_organisation(*, slug: str, name: str) -> Organisation:
    """Or the one of that slug that is there, with its name set right."""
    return Organisation.objects.update_or_create(slug=slug, defaults={"name": name})[0]


def create_person(
    organisation: Organisation, *, name: str = "", email: str = "", language: str = "nl", username: str | None = None
) -> Person:
    """Somebody new, without a password and without a role."""
    person = Person(organisation=organisation, name=name, email=email, language=language, username=username)
    person.set_unusable_password()
    person.save()
    return person


@transaction.atomic
def set_roles_from(person: Person, *, organisation: Organisation, source: str, roles: Iterable[str]) -> None:
    """Make the roles that `source` gave exactly these; what other sources gave stays."""
    wanted = set(roles)
    there = dict(
        RoleGrant.objects.filter(person=person, organisation=organisation, source=source).values_list("role", "pk")
    )
    withdrawn = [pk for role, pk in there.items() if role not in wanted]
    if withdrawn:
        RoleGrant.objects.filter(pk__in=withdrawn).delete()
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(person=person, organisation=organisation, role=Role(role), source=source)
            for role in sorted(wanted - there.keys())
        ],
        ignore_conflicts=True,
    )


def know_as(person: Person, *, name: str, email: str) -> None:
    """What an LMS says now of somebody. What it keeps to itself ("") stays as it was."""
    changes = {field: value for field, value in (("name", name), ("email", email)) if value}
    if any(getattr(person, field) != value for field, value in changes.items()):
        Person.objects.filter(pk=person.pk).update(**changes)


def place_in_team(person: Person, *, team: Team) -> None:
    TeamMembership.objects.get_or_create(person=person, team=team)


def create_team(organisation: Organisation, *, name: str, parent: Team | None = None) -> Team:
    """Or the one of that name that is there."""
    return Team.objects.get_or_create(organisation=organisation, name=name, parent=parent)[0]


def suspend(person: Person) -> None:
    """They can't sign in or be launched any more; nothing of theirs is lost before their term is over, which begins
    anew for who had come back meanwhile."""
    Person.objects.filter(pk=person.pk, is_active=True).update(is_active=False, left_at=None)


def readmit(person: Person) -> None:
    """They come in again as before."""
    Person.objects.filter(pk=person.pk).update(is_active=True, left_at=None)


def choose_language(person: Person, *, language: str) -> None:
    Person.objects.filter(pk=person.pk).update(language=language)


# --- many at once, for class lists: a fixed number of statements, whatever the number of people


def create_people(organisation: Organisation, *, named: Sequence[tuple[str, str]]) -> list[Person]:
    """Somebody new for each (name, e-mail address), without a password and without a role."""
    new = [Person(organisation=organisation, name=name, email=email) for name, email in named]
    for person in new:
        person.set_unusable_password()
    return Person.objects.bulk_create(new)


def forget_new(people: Iterable[Person]) -> None:
    """Who was made a moment ago in this transaction, and turned out to be here already."""
    Person.objects.filter(pk__in=[person.pk for person in people]).delete()


def know_many_as(known: Iterable[tuple[Person, str, str]]) -> None:
    """What an LMS says now of people: (person, name, e-mail address). What it keeps to itself ("") stays as it was."""
    changed = []
    for person, name, email in known:
        now = (name or person.name, email or person.email)
        if now != (person.name, person.email):
            person.name, person.email = now
            changed.append(person)
    Person.objects.bulk_update(sorted(changed, key=lambda person: person.pk), ["name", "email"], batch_size=250)


@transaction.atomic
def set_roles_of_many(organisation: Organisation, *, source: str, roles: Mapping[int, Iterable[str]]) -> None:
    """Make the roles that `source` gave each person (by number) exactly these; what other sources gave stays."""
    there = {
        (grant.person_id, grant.role): grant.pk
        for grant in RoleGrant.objects.filter(organisation=organisation, source=source, person__in=list(roles))
    }
    wanted = {(person, str(role)) for person, held in roles.items() for role in held}
    withdrawn = [pk for grant, pk in there.items() if grant not in wanted]
    if withdrawn:
        RoleGrant.objects.filter(pk__in=withdrawn).delete()
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(person_id=person, organisation=organisation, role=Role(role), source=source)
            for person, role in sorted(wanted - there.keys())
        ],
        ignore_conflicts=True,
    )


def follow_group(organisation: Organisation, *, source: str, name: str) -> int:
    """The number of the group that follows `source`, made when it isn't there, with its name set right."""
    found = Group.objects.filter(organisation=organisation, source=source).values_list("pk", "name").first()
    if found and found[1] == name:
        return found[0]
    group = Group(organisation=organisation, source=source, name=name, created_at=timezone.now())
    # As Django spells it, a conflict names columns; this constraint is partial, so it can't. Two at once make one.
    Group.objects.bulk_create([group], ignore_conflicts=True)
    Group.objects.filter(organisation=organisation, source=source).exclude(name=name).update(name=name)
    return Group.objects.values_list("pk", flat=True).get(organisation=organisation, source=source)


def place_in_group(group: int, *, trainers: Mapping[int, bool]) -> None:
    """These people (by number) are in the group, as its trainer or not. Who is in it besides stays. Who stood in for
    a while and is named here, no longer only stands in."""
    GroupMember.objects.bulk_create(
        [
            GroupMember(group_id=group, person_id=person, is_trainer=trains)
            for person, trains in sorted(trainers.items())
        ],
        update_conflicts=True, unique_fields=["group", "person"], update_fields=["is_trainer", "until"],
    )  # fmt: skip


@transaction.atomic
def leave_group(organisation: Organisation, *, source: str, people: Sequence[int]) -> None:
    """These people (by number) are out of the group that follows `source`."""
    members = GroupMember.objects.filter(group__organisation=organisation, group__source=source, person__in=people)
    left = list(members.values_list("group", "person"))
    if left:
        members.delete()
        events.left_group.send(None, group_id=left[0][0], person_ids=sorted(person for _, person in left))
