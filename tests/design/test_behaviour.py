"""What our scripts add to a page, and that nothing is missing without them. In Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.design.urls")]


class Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    """Our pages need no database, so neither does their server."""
    server = ThreadedWSGIServer(("localhost", 0), Silent, allow_reuse_address=False)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sheet(page: Page, address: str) -> Page:
    page.goto(f"{address}/onderdelen/")
    return page


def test_a_theme_changes_at_once_keeps_what_was_typed_and_is_remembered(sheet: Page) -> None:
    sheet.fill("#id_leeg-with_whom", "een melkveehouder")
    sheet.click("button[value=donker]")
    expect(sheet.locator("html")).to_have_attribute("data-thema", "donker")
    expect(sheet.locator("button[value=donker]")).to_have_attribute("aria-pressed", "true")
    expect(sheet.locator("#id_leeg-with_whom")).to_have_value("een melkveehouder")
    sheet.reload()
    expect(sheet.locator("html")).to_have_attribute("data-thema", "donker")


def test_a_theme_that_could_not_be_kept_is_not_shown_as_chosen(sheet: Page) -> None:
    sheet.route("**/weergave/thema", lambda route: route.abort())
    with sheet.expect_event("requestfailed"):
        sheet.click("button[value=donker]")
    expect(sheet.locator("button[value=systeem]")).to_have_attribute("aria-pressed", "true")
    expect(sheet.locator("html")).not_to_have_attribute("data-thema", "donker")


def test_a_form_on_its_way_shows_it_and_goes_once(sheet: Page) -> None:
    """In one go: a browser that is leaving the page answers no questions about it."""
    stopped, busy = sheet.evaluate(
        """() => {
            const button = document.querySelector("button[name=taal]"), stopped = [];
            window.addEventListener("submit", (event) => stopped.push(event.defaultPrevented));
            button.form.requestSubmit(button);
            button.form.requestSubmit(button);
            return [stopped, button.getAttribute("aria-busy")];
        }"""
    )
    assert (stopped, busy) == ([False, True], "true")


def test_a_form_that_a_script_sends_is_left_to_it(sheet: Page) -> None:
    sheet.click("button[value=donker]")
    expect(sheet.locator("html")).to_have_attribute("data-thema", "donker")
    expect(sheet.locator("button[value=donker]")).not_to_have_attribute("aria-busy", "true")


def test_a_dialog_opens_closes_on_escape_and_gives_the_focus_back(sheet: Page) -> None:
    opener = sheet.locator("[data-dialog=deel]")
    opener.press("Enter")
    expect(sheet.locator("#deel")).to_have_attribute("open", "")
    sheet.keyboard.press("Escape")
    expect(sheet.locator("#deel")).not_to_be_visible()
    expect(opener).to_be_focused()


def test_a_note_shows_its_text_as_text_and_can_be_closed(sheet: Page) -> None:
    sheet.evaluate("document.dispatchEvent(new CustomEvent('toast', { detail: { text: '<b>Bewaard</b>' } }))")
    notes = sheet.locator("[data-toasts]")
    expect(notes.locator("span")).to_have_text("<b>Bewaard</b>")
    notes.locator("button").press("Escape")
    expect(notes.locator("p")).to_have_count(0)


def test_without_script_theme_language_and_dialog_still_work(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    page.goto(f"{address}/onderdelen/")
    page.click("button[value=donker]")
    assert page.url == f"{address}/onderdelen/"
    assert page.get_attribute("html", "data-thema") == "donker"
    page.click("[data-dialog=deel]")
    assert page.is_visible("#deel")
    page.click("button[value=en]")
    assert page.get_attribute("html", "lang") == "en"
    context.close()


def test_a_page_breaks_no_policy_and_asks_nothing_of_anybody_else(page: Page, address: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/onderdelen/", wait_until="networkidle")
    assert said == []
    assert asked
    assert [address for address in asked if not address.startswith(address)] == []


def test_an_ordinary_page_fetches_two_letter_files(page: Page, address: str) -> None:
    """The others hold letters that Dutch and English don't use; the sheet's Aydın and Šarić need one of them."""
    fetched: list[str] = []
    page.on(
        "request", lambda request: fetched.append(request.url.rsplit("/", 1)[-1]) if ".woff2" in request.url else None
    )
    page.goto(f"{address}/onderdelen/", wait_until="networkidle")
    assert sorted(set(fetched)) == [
        "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
        "atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "newsreader-nl.woff2",
    ]
