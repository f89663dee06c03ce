"""Writes about people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from learning.people.models import Organisation, Person, Role, RoleGrant, Team, TeamMembership


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
    """They can't sign in or be launched any more; nothing of theirs is lost."""
    Person.objects.filter(pk=person.pk).update(is_active=False)


def choose_language(person: Person, *, language: str) -> None:
    Person.objects.filter(pk=person.pk).update(language=language)
