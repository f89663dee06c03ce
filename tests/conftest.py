"""What every test may ask for."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
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
# Fewer than hypothesis's own hundred: the whole suite has a quarter of an hour. PostgreSQL sees rules for the second
# time, and is only asked whether it does the same.
EXAMPLES = 30 if connection.vendor == "sqlite" else 10
hypothesis.settings.register_profile(
    "busy", deadline=None, max_examples=EXAMPLES, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy")


@pytest.fixture(autouse=True, scope="session")
def yaml_remembered() -> Iterator[None]:
    """Hundreds of tests publish the same module: its YAML is taken apart once. What can't be read is tried anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(authoring, "_composed", functools.lru_cache(maxsize=500)(authoring._composed))
        yield


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all processes of a run."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def letters(run_folder: Path) -> Path:
    """Where the letters of documents are kept: they take seconds to cut."""
    folder = run_folder / "letters"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(autouse=True, scope="session")
def _letters_cut_once(letters: Path) -> None:
    (Path(settings.DATA_DIR) / "letters").symlink_to(letters)


@pytest.fixture(autouse=True)
def _in_dutch() -> None:
    """Whoever asked for an English page leaves its language behind in the thread."""
    translation.deactivate()


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


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if connection.vendor == "postgresql":
        chosen = _first_and_last([item for item in items if _may_differ_on_postgresql(item)])
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen
    for item in items:
        if _shares_with_its_file(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.stem}"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """xdist names the group behind the id of a test; a pytest that gives ids itself once undid that without a word."""
    if session.config.getoption("loadgroup", default=False):
        alone = [item for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
        if alone:
            raise pytest.UsageError(f"{len(alone)} tests aren't kept together: pytest-xdist doesn't know this pytest")


def _may_differ_on_postgresql(item: pytest.Item) -> bool:
    """The suite goes there for the second time: only with what meets a database. Of walks in a browser only those that
    say so: pages are the same, and what their services, queries and jobs ask of a database is asked without one too."""
    if item.get_closest_marker("browser"):
        return item.get_closest_marker("postgresql") is not None
    asked = set(getattr(item, "fixturenames", ()))
    return bool(asked & {"db", "transactional_db"}) or item.get_closest_marker("django_db") is not None


def _first_and_last(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of a test with many parameters: those ask the same of a database, with other values."""
    families: dict[str, list[pytest.Item]] = {}
    for item in items:
        families.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return [item for family in families.values() for item in dict.fromkeys((family[0], family[-1]))]


def _shares_with_its_file(item: pytest.Item) -> bool:
    """What is made once for all tests of a file, or is a whole site, is dear: one process goes through that file."""
    fixtures: Mapping[str, Any] = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    return "site" in fixtures or any(made[-1].scope == "module" for made in fixtures.values())
