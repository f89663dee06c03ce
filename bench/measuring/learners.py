"""Learners of three units of module 1, and the bare database below them."""

from __future__ import annotations

import sqlite3
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from config.databases import SQLITE_PRAGMAS
from learning.people.models import Person
from learning.runtime.publishing import publish_folder
from learning.tracks import queries
from learning.tracks.content import Edition
from learning.tracks.models import Enrolment
from tests.factories import OrganisationFactory
from tests.journeys.three_units import three_units


class Learners:
    """So many people of one organisation, enrolled in `edition`."""

    def __init__(self, number: int) -> None:
        published = publish_folder(three_units(Path(settings.DATA_DIR) / "drie-units"))
        organisation = OrganisationFactory.create()
        self.people = Person.objects.bulk_create(
            [Person(organisation=organisation, username=f"lerende-{n}") for n in range(number)]
        )
        Enrolment.objects.bulk_create(
            [Enrolment(person=person, module=published.module, edition=published) for person in self.people]
        )
        self._edition = (published.pk, published.content_hash)

    @cached_property
    def edition(self) -> Edition:
        return queries.edition(*self._edition)


def bare_connection() -> Any:
    """The driver's own connection to the same database and as durable: the first statement opens a transaction."""
    if connection.vendor == "postgresql":
        return psycopg.connect(settings.ENVIRONMENT.database_url)
    bare = sqlite3.connect(settings.DATABASES["default"]["NAME"], check_same_thread=False)
    bare.executescript(SQLITE_PRAGMAS)
    return bare


def upsert_statement() -> str:
    """One row of state, as the driver writes parameters."""
    return """
        INSERT INTO learning_blockstate (person_id, usage, data, version, updated_at) VALUES (?, ?, ?, 1, ?)
        ON CONFLICT (person_id, usage) DO UPDATE SET
            data = excluded.data, version = learning_blockstate.version + 1, updated_at = excluded.updated_at
    """.replace("?", "%s" if connection.vendor == "postgresql" else "?")
