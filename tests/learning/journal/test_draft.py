"""What somebody is writing stays on the page until it is kept: in Chromium, with and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from learning.journal import queries
from learning.people.models import Person
from tests.factories import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Ik zag ertegenop, en het viel mee."


def cookie_of(person: Person, address: str) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": address,
    }


@pytest.fixture
def writer(transactional_db: None) -> Person:
    return PersonFactory.create()


@pytest.fixture
def address(live_server: LiveServer) -> str:
    return str(live_server.url)


@pytest.fixture
def writing(page: Page, writer: Person, address: str) -> Page:
    page.context.add_cookies([cookie_of(writer, address)])  # type: ignore[list-item]
    page.goto(f"{address}/journaal/nieuw/")
    page.get_by_label("Jouw tekst").fill(WORDS)
    return page


def keep(page: Page) -> None:
    page.get_by_role("button", name="Bewaar").click()


def test_a_text_is_kept_and_the_page_goes_on(writing: Page, writer: Person) -> None:
    keep(writing)
    expect(writing.get_by_role("heading", name="Je journaal")).to_be_visible()
    expect(writing.get_by_text("Bewaard. Alleen jij leest dit.")).to_be_visible()
    expect(writing.get_by_text(WORDS)).to_be_visible()


def test_a_lost_connection_keeps_the_words(writing: Page, writer: Person) -> None:
    writing.context.set_offline(True)
    keep(writing)
    expect(writing.get_by_role("alert")).to_contain_text("Dit is nog niet bewaard.")
    expect(writing.get_by_label("Jouw tekst")).to_have_value(WORDS)
    writing.context.set_offline(False)
    keep(writing)
    expect(writing.get_by_text(WORDS)).to_be_visible()
    assert [entry.text for entry in queries.entries(writer)] == [WORDS]


def test_a_session_that_ended_keeps_the_words_until_signing_in_again(
    writing: Page, writer: Person, address: str
) -> None:
    Session.objects.all().delete()
    keep(writing)
    expect(writing.get_by_role("alert")).to_contain_text("Je bent intussen uitgelogd.")
    expect(writing.get_by_label("Jouw tekst")).to_have_value(WORDS)
    writing.context.add_cookies([cookie_of(writer, address)])  # type: ignore[list-item]
    keep(writing)
    expect(writing.get_by_role("heading", name="Je journaal")).to_be_visible()
    assert [entry.text for entry in queries.entries(writer)] == [WORDS]


def test_a_refusal_keeps_the_words_and_takes_the_focus(writing: Page) -> None:
    labels = ", ".join(f"label-{n}" for n in range(11))
    writing.get_by_label("Labels").fill(labels)
    keep(writing)
    expect(writing.locator(".melding--fout")).to_be_focused()
    expect(writing.get_by_label("Jouw tekst")).to_have_value(WORDS)
    expect(writing.get_by_label("Labels")).to_have_value(labels)
    writing.get_by_label("Labels").fill("één")
    keep(writing)
    expect(writing.get_by_text(WORDS)).to_be_visible()


def test_leaving_with_words_that_are_not_kept_asks_first(writing: Page, address: str) -> None:
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    writing.on("dialog", answer)
    writing.goto(f"{address}/journaal/")
    assert asked == ["beforeunload"]


@pytest.fixture
def plain(browser: Browser, writer: Person, address: str) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    context.add_cookies([cookie_of(writer, address)])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def test_without_script_everything_works_too(plain: Page, writer: Person, address: str) -> None:
    plain.goto(f"{address}/journaal/nieuw/")
    plain.get_by_label("Labels").fill("gesprek")
    keep(plain)
    expect(plain.locator(".melding--fout")).to_be_visible()
    expect(plain.get_by_label("Labels")).to_have_value("gesprek")
    plain.get_by_label("Jouw tekst").fill(WORDS)
    keep(plain)
    plain.get_by_label("Zoek in je eigen teksten").fill("viel mee")
    plain.get_by_role("button", name="Zoek").click()
    expect(plain.get_by_text("Eén tekst gevonden.")).to_be_visible()
    plain.get_by_role("link", name="Wis").click()
    plain.get_by_role("button", name="Wis deze tekst voorgoed").click()
    expect(plain.get_by_text("Je journaal is nog leeg")).to_be_visible()
    assert not list(queries.entries(writer))
