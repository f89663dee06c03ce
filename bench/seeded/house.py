"""An organisation of 100,000 people who learn; BENCH_LEARNERS makes it another number, to try a bench out."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client

from bench.measuring.rows import Row, compared, limited
from config.seeding.services import seed
from learning.people.models import Organisation, Person, Role, Team
from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress
from modules.olx import module_folders

LEARNERS = int(os.environ.get("BENCH_LEARNERS", "100000"))
SECONDS = 600
"""What seeding 100,000 people may take."""


@dataclass(frozen=True)
class House:
    """`seconds` by the clock and of the processor that seeding it took."""

    organisation: Organisation
    seconds: float
    processor: float

    @property
    def hr(self) -> Person:
        return Person.objects.get(username=f"{self.organisation.slug}-{Role.HR}-1")

    @cached_property
    def department(self) -> Team:
        """The one that comes nearest to a thousand people."""
        departments = Team.objects.filter(organisation=self.organisation, parent=None)
        sizes = departments.annotate(size=Count("children__children__memberships"))
        return min(sizes, key=lambda team: abs(team.size - 1_000))

    def rows(self) -> Iterator[Row]:
        rows = ActivityProgress.objects.count()
        yield limited(
            f"seeding {LEARNERS:,} people with {rows:,} rows of progress, beside what 100,000 may take",
            value=self.seconds,
            reference=SECONDS,
            unit="s",
            at_most=SECONDS,
        )
        yield compared(
            "processor for the same, beside the clock", value=self.processor, reference=self.seconds, unit="s"
        )


def seeded() -> House:
    for folder in module_folders():
        publish_folder(folder)
    start, processor = time.perf_counter(), time.process_time()
    organisation = seed(LEARNERS, tell=lambda words: print(f"  {words}", file=sys.stderr))
    return House(organisation, time.perf_counter() - start, time.process_time() - processor)


def cookie_of(person: Person) -> str:
    visitor = Client()
    visitor.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={visitor.session.session_key}"


def asked(statement: str, *values: str | int) -> Callable[[], object]:
    """All rows of a statement, by the driver: what a page can't do without a table of its own."""

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    return ask


def took(operations: Mapping[str, Callable[[], object]], *, rounds: int = 7) -> dict[str, float]:
    """In `unit()`, the median of rounds in turn. SQLite works in our own thread: only the processor is counted. For
    PostgreSQL, in a process of its own, we wait."""
    now = clock()
    for operation in operations.values():
        operation()
    found: dict[str, list[float]] = {name: [] for name in operations}
    for _ in range(rounds):
        for name, operation in operations.items():
            start = now()
            operation()
            found[name].append((now() - start) * 1_000)
    return {name: statistics.median(times) for name, times in found.items()}


def clock() -> Callable[[], float]:
    return time.perf_counter if connection.vendor == "postgresql" else time.thread_time


def unit() -> str:
    return "ms" if connection.vendor == "postgresql" else "ms CPU"
