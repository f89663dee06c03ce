"""What every test may ask for."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from learning.people.models import Person
from learning.tracks.models import Enrolment, ModuleEdition
from modules import authoring
from tests.chromium import CHROMIUM
from tests.factories import PersonFactory, enrolled, published

# Playwright keeps an event loop in the thread of the tests, in which Django would refuse to look in the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PATIENCE = 20_000  # milliseconds a page may take where two processors run all tests at once; a good one waits for none
expect.set_options(timeout=PATIENCE)

# A busy machine is no fault of a rule.
# Fewer than hypothesis's own hundred: the whole suite has a quarter of an hour, on two databases.
hypothesis.settings.register_profile(
    "busy", deadline=None, max_examples=30, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy")


_Loader = authoring._Loader


@functools.lru_cache(maxsize=500)
def _composed(text: str) -> Any:
    return _Loader(text).get_single_node()


class RememberingLoader(_Loader):
    """Hundreds of tests publish the same module: its YAML is taken apart once. What can't be read is tried anew."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text

    def get_single_node(self) -> Any:
        return _composed(self._text)


@pytest.fixture(autouse=True, scope="session")
def yaml_remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(authoring, "_Loader", RememberingLoader)
        yield


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
def playwright() -> Iterator[Playwright]:
    """Playwright allows one a process."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium's engine without its own window, at less than half of what that costs. It hears no microphone and knows
    nothing of third-party cookies: what is about a frame takes `chromium`."""
    # Letters as wide as in Chromium itself, which asks the system.
    arguments = [*CHROMIUM, "--font-render-hinting=none"]
    with playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"), args=arguments) as browser:
        yield browser


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """All of Chromium; it blocks third-party cookies, as browsers do or soon will."""
    with playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM) as browser:
        yield browser


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
