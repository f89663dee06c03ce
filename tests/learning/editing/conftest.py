from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from learning.people.models import Person, Role
from learning.people.services import set_roles_from
from modules import olx
from tests.factories import module_folder


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the house's modules are, with one: `proefmodule`."""
    module_folder(tmp_path / "inhoud" / "proefmodule")
    monkeypatch.setattr(olx, "CONTENT", tmp_path / "inhoud")
    return tmp_path / "inhoud"


@pytest.fixture
def editor(client: Client, person: Person) -> Client:
    """A browser in which `person`, redacteur, is signed in."""
    set_roles_from(person, organisation=person.organisation, source="local", roles=[Role.REDACTEUR])
    client.force_login(person)
    return client
