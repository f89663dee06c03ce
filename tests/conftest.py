"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from learning.people.models import Person
from learning.tracks.models import Enrolment, ModuleEdition
from tests.chromium import CHROMIUM
from tests.factories import PersonFactory, enrolled, published

# Playwright keeps an event loop in the thread of the tests, in which Django would refuse to look in the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PATIENCE = 20_000  # milliseconds a page may take where two processors run all tests at once; a good one waits for none
expect.set_options(timeout=PATIENCE)

# A busy machine is no fault of a rule.
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium that blocks third-party cookies, as browsers do or soon will. Playwright allows one a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, where the suite goes for the second time, only what meets a database: the rest can't differ."""
    if connection.vendor != "postgresql":
        return
    meets = [item for item in items if _meets_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(meets)])
    items[:] = meets


def _meets_a_database(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    return bool(asked & {"db", "transactional_db", "site"}) or item.get_closest_marker("django_db") is not None
