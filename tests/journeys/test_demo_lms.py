"""From the demo's door through the LMS into the tool in its frame, in a browser that blocks third-party cookies."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


MODULE = "Dialoog is een werkwoord"


def open_module(page: Page, site: Site) -> None:
    """By the demo's door into the LMS, and there into the module."""
    page.goto(f"{site.tool}/demo/")
    page.get_by_role("button", name="Naar de leeromgeving").click()
    page.wait_for_url(f"{site.lms}/")
    page.get_by_role("link", name=re.compile("Leerlijn Ruimte")).click()
    page.get_by_role("link", name=f"Open {MODULE}").click()


def test_the_module_opens_in_the_frame_and_the_session_lives_on_there(page: Page, site: Site) -> None:
    open_module(page, site)
    frame = page.frame_locator("iframe.tool")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("werkwoord")
    expect(frame.locator("body")).to_have_class(re.compile("in-kader"))
    frame.get_by_role("link", name="Twee stromen").first.click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Twee stromen")
    page.reload()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("werkwoord")


def test_the_tools_cookies_belong_to_the_lmss_frame_and_the_lmss_own_is_an_ordinary_one(
    page: Page, context: BrowserContext, site: Site
) -> None:
    open_module(page, site)
    expect(page.frame_locator("iframe.tool").get_by_role("heading", level=1)).to_contain_text("werkwoord")
    sessions = {
        (cookie["domain"], str(cookie.get("partitionKey", ""))): cookie
        for cookie in context.cookies()
        if cookie["name"] == "tussenruimte"
    }
    assert sessions["localhost", "http://127.0.0.1"]["secure"]
    assert sessions["127.0.0.1", ""]["sameSite"] == "Lax"


def test_it_opens_in_a_window_of_its_own_too(page: Page, context: BrowserContext, site: Site) -> None:
    open_module(page, site)
    with context.expect_page() as opened:
        page.get_by_role("link", name="Open in een nieuw venster").click()
    # The whole of it, so that a refusal says why.
    expect(opened.value.locator("main")).to_contain_text("Je moet er wel wat voor doen")
    assert opened.value.url.startswith(site.tool)


def test_without_javascript_a_press_takes_the_launch_on(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    page = context.new_page()
    open_module(page, site)
    frame = page.frame_locator("iframe.tool")
    frame.get_by_role("button", name="Ga verder").click()
    expect(frame.get_by_role("heading", level=1)).to_contain_text("werkwoord")
    context.close()


def test_the_trainers_gradebook_follows_without_being_reloaded(browser: Browser, site: Site) -> None:
    context = browser.new_context(locale="nl-NL")
    trainer = context.new_page()
    trainer.goto(f"{site.lms}/inloggen/")
    trainer.get_by_role("button", name="Tineke Bos").click()
    trainer.get_by_role("link", name=re.compile("Leerlijn Ruimte")).click()
    trainer.get_by_role("link", name="Naar het cijferboek").click()
    row = trainer.get_by_role("row", name=re.compile("Emre"))
    expect(row).to_contain_text("nog niet begonnen")

    learner = browser.new_context(locale="nl-NL").new_page()
    learner.goto(f"{site.lms}/inloggen/")
    learner.get_by_role("button", name="Emre").click()
    learner.get_by_role("link", name=re.compile("Leerlijn Ruimte")).click()
    learner.get_by_role("link", name=f"Open {MODULE}").click()
    expect(learner.frame_locator("iframe.tool").get_by_role("heading", level=1)).to_contain_text("werkwoord")

    expect(row).to_contain_text("0 %", timeout=30_000)
    expect(trainer.get_by_role("status")).to_contain_text("bijgewerkt om")
    learner.context.close()
    context.close()
