"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from learning.people.models import Person
from learning.tracks.models import Enrolment, ModuleEdition
from tests.factories import PersonFactory, enrolled, published


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory.create()


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    """Two units of two quizzes."""
    return published(tmp_path / "proefmodule")


@pytest.fixture
def enrolment(person: Person, edition: ModuleEdition) -> Enrolment:
    return enrolled(person, edition)


@pytest.fixture
def learner(client: Client, person: Person, enrolment: Enrolment) -> Client:
    """A browser in which `person`, enrolled in `edition`, is signed in."""
    client.force_login(person)
    return client
