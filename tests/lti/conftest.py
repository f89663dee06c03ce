"""An LMS that is connected, and a module for it to open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from learning.people.models import Organisation
from learning.tracks.models import ModuleEdition
from tests.factories import OrganisationFactory
from tests.lti.hostile import Claims, Lms, Server, connected, hang_up


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def lms(organisation: Organisation, edition: ModuleEdition) -> Lms:
    return connected(organisation)


@pytest.fixture
def claims(lms: Lms) -> Claims:
    """Those of a good launch by a learner; a test deletes or overwrites some."""
    return lms.claims()


@pytest.fixture
def browser() -> Client:
    return Client()


@pytest.fixture
def server() -> Iterator[Server]:
    cache.clear()
    server = Server()
    yield server
    hang_up()
    server.close()
