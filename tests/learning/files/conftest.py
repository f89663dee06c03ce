"""A purpose of our own, and a folder per test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jobs import runner
from learning.files import purposes, services
from learning.files.models import StoredFile
from learning.files.pieces import PIECE
from learning.people.models import Person
from tests.learning.recordings.conftest import sound

PURPOSE = "proef.gesproken"
CHUNK = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def listeners() -> set[int]:
    """Who may hear what isn't theirs, by number."""
    may: set[int] = set()
    purposes.register(PURPOSE, most_seconds=60, days=30, may_hear=lambda person, _: person.pk in may)
    return may


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def sent(person: Person, data: bytes, purpose: str = PURPOSE) -> StoredFile:
    """All its pieces came in."""
    file = services.begin(person, purpose=purpose, size=len(data))
    while file.arrived < len(data):
        file.arrived = services.append(file, offset=file.arrived, data=data[file.arrived : file.arrived + PIECE])
    return StoredFile.objects.get(pk=file.pk)


def ready(person: Person, data: bytes | None = None) -> StoredFile:
    """Looked into and made playable."""
    file = sent(person, data or sound())
    runner.drain()
    file.refresh_from_db()
    return file


def all_bytes(folder: Path) -> bytes:
    """What lies in the store, as a thief of the disk finds it."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
