"""Somebody with a journal, and everybody who must not read it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from learning.journal import queries, services
from learning.journal.envelope import Entry
from learning.journal.models import JournalShare
from learning.people.models import Person, Role
from learning.people.services import set_roles_from
from learning.tracks.models import Enrolment, ModuleEdition
from tests.factories import PersonFactory, published

SECRET = "Ik zag enorm tegen het gesprek op."  # must turn up nowhere but on its own pages

JOURNAL = """
journal:
  id: stil
  titel: Even stil
  prompt: Wat bleef hangen?
  minuten: 5
  herkomst: geconstrueerd
  privacyklasse: C
  versie: 1
  taal: nl
"""


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    """With a journal in its first unit."""
    folder = tmp_path / "proefmodule"
    folder.mkdir()
    (folder / "stil.yaml").write_text(JOURNAL)
    return published(folder, extra='<journal url_name="stil" src="stil.yaml"/>')


@pytest.fixture
def entry(person: Person, enrolment: Enrolment) -> Entry:
    services.write(person, text=SECRET, tags=["werk"], token="vorm-0001", usage="proefmodule/stil")
    return next(queries.entries(person))


@pytest.fixture
def reader(person: Person) -> Person:
    return PersonFactory.create(organisation=person.organisation, name="Mehmet Aydın", email="mehmet@proef.example")


@pytest.fixture
def share(person: Person, entry: Entry, reader: Person) -> JournalShare:
    last_day = timezone.localdate() + timedelta(days=30)
    services.share(person, entry_id=entry.id, reader=reader, last_day=last_day)
    return JournalShare.objects.get()


def with_role(person: Person, role: Role) -> Person:
    set_roles_from(person, organisation=person.organisation, source="local", roles={role})
    return person


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client
