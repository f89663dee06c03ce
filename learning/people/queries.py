"""Reads about people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from learning.people.models import Group, Organisation, Person, Role, RoleGrant


def roles_of(person: Person) -> frozenset[str]:
    """The roles of a person in their own organisation, whatever gave them."""
    return frozenset(
        RoleGrant.objects.filter(person=person, organisation=person.organisation_id).values_list("role", flat=True)
    )


def holds(roles: Iterable[str]) -> Exists:
    """For a query over people: whether somebody has one of these roles in their own organisation."""
    grants = RoleGrant.objects.filter(
        person=OuterRef("pk"), organisation=OuterRef("organisation_id"), role__in=list(roles)
    )
    return Exists(grants)


def training() -> Q:
    """For a query over members of groups: who trains there today. Their role, their place in the organisation and the
    days they stand in may have ended since they were put there."""
    standing = Q(until=None) | Q(until__gte=timezone.localdate())
    at_home = Q(person__organisation=F("group__organisation"), person__is_active=True)
    return Q(is_trainer=True) & standing & at_home & Q(person__in=Person.objects.filter(holds([Role.TRAINER])))


def organisation(slug: str) -> Organisation | None:
    return Organisation.objects.filter(slug=slug).first()


def person(number: int) -> Person | None:
    """One query."""
    return Person.objects.filter(pk=number).first()


def person_by_username(username: str) -> Person | None:
    return Person.objects.filter(username=username).first()


def person_by_pseudonym(pseudonym: str) -> Person | None:
    """Who isn't suspended. One query."""
    return Person.objects.filter(pseudonym=pseudonym, is_active=True).first()


def colleagues_by_email(person: Person, email: str) -> list[Person]:
    """Who can be reached at exactly this address in the same organisation; not the person themselves. One query."""
    found = Person.objects.filter(organisation=person.organisation_id, is_active=True, email__iexact=email)
    return list(found.exclude(email="").exclude(pk=person.pk).order_by("name", "pk"))


def all_by_email(email: str) -> list[Person]:
    """Whoever has this address, in every organisation, suspended or not: for operators. One query."""
    found = Person.objects.filter(email__iexact=email).exclude(email="").select_related("organisation")
    return list(found.order_by("pk"))


def organisations(slug: str = "") -> list[Organisation]:
    """Those there are, or just the one of that slug."""
    found = Organisation.objects.order_by("pk")
    return list(found.filter(slug=slug) if slug else found)


def group(organisation_id: int, *, source: str) -> Group | None:
    """The group that follows `source`. One query."""
    return Group.objects.filter(organisation=organisation_id, source=source).first()
