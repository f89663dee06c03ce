from __future__ import annotations

import pytest
from django.test import Client

from learning.people import groups, services
from learning.people.models import Group, Organisation, Person, Role
from tests.factories import OrganisationFactory, PersonFactory


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def maker(organisation: Organisation) -> Person:
    """A trainer, who makes groups by hand."""
    return colleague(organisation, "Tineke", trains=True)


@pytest.fixture
def handmade(maker: Person) -> Group:
    return groups.make_group(maker, name="Leergroep voorjaar", ends_on=None)


@pytest.fixture
def desk(maker: Person) -> Client:
    """Where the maker sits."""
    return signed_in(maker)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def colleague(organisation: Organisation, name: str, *, trains: bool = False) -> Person:
    """With the address name@waterschap.example."""
    person = PersonFactory.create(
        organisation=organisation, name=name, email=f"{name.lower().replace(' ', '.')}@waterschap.example"
    )
    if trains:
        services.set_roles_from(person, organisation=organisation, source="local", roles=[Role.TRAINER])
    return person
