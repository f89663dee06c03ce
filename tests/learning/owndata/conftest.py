"""Somebody with something of theirs here, and a folder for their file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from learning.journal import services as journal
from learning.people.models import Person

SECRET = "Ik zag enorm tegen het gesprek op."


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def me(person: Person) -> Person:
    journal.write(person, text=SECRET, tags=[], token="vorm-0001")
    return person


@pytest.fixture
def mine(client: Client, me: Person) -> Client:
    """A browser in which they are signed in."""
    client.force_login(me)
    return client
