"""The four modules as they are, published once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from learning.runtime.publishing import publish_folder
from learning.tracks import queries
from learning.tracks.content import Edition
from learning.tracks.models import ModuleEdition
from tests.playing.places import FOLDERS


@pytest.fixture(scope="module")
def editions(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, ModuleEdition]]:
    """{module: its edition}. All tests of a file see it; each takes back what it does itself, and the file this."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {name: publish_folder(folder) for name, folder in FOLDERS.items()}
        transaction.set_rollback(True)


@pytest.fixture
def published(db: None, editions: dict[str, ModuleEdition]) -> dict[str, Edition]:
    """As `editions`, as a learner's runtime has it."""
    return {name: queries.edition(edition.pk, edition.content_hash) for name, edition in editions.items()}
