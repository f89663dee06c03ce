"""Saying something in the frame of an LMS on another host: recorded, heard back, kept, and heard again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys.keys import Keys
from tests.journeys.site import Site
from tests.learning.recordings.test_recorder import plays

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Only all of Chromium has a microphone."""
    return chromium


def test_a_learner_says_something_in_the_lmss_frame_and_hears_it_again(context: BrowserContext, site: Site) -> None:
    context.grant_permissions(["microphone"])
    page = context.new_page()
    keys = Keys(page)
    page.goto(site.lms)
    keys.press(page.get_by_role("button", name=re.compile("Emre Aydın")))
    keys.press(page.get_by_role("link", name="Leerlijn Ruimte voor Landbouw en Natuur"))
    keys.press(page.get_by_role("link", name=re.compile("^Open.*Dialoog is een werkwoord")))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("werkwoord")
    keys.press(frame.get_by_role("link", name=re.compile("Twee stromen")).first)
    journal = frame.locator("[data-activity=journal]")
    keys.press(journal.get_by_role("button", name="Neem op"))
    expect(journal.get_by_role("button", name="Stop")).to_be_focused()
    page.wait_for_timeout(2000)
    keys.press(journal.get_by_role("button", name="Stop"))
    expect(journal.locator("[data-recorder-state]")).to_contain_text("Opgenomen")
    assert plays(journal.locator("[data-recorder-play]"))
    keys.press(journal.get_by_role("button", name="Bewaar in mijn journaal"))
    expect(journal.get_by_text("Bewaard in je journaal")).to_be_visible()
    keys.press(frame.get_by_role("link", name=re.compile("^Module 1$")).first)
    keys.press(frame.get_by_role("link", name=re.compile("Twee stromen")).first)
    assert plays(frame.get_by_label(re.compile("^Wat je insprak op")))


def test_a_frame_without_the_microphone_says_how_to_go_on(context: BrowserContext, site: Site) -> None:
    """An LMS whose frame doesn't pass it on."""
    context.grant_permissions(["microphone"])
    page = context.new_page()
    page.add_init_script(
        "new MutationObserver(() => document.querySelectorAll('iframe[allow*=microphone]')"
        ".forEach(frame => { frame.allow = ''; frame.src = frame.src; }))"
        ".observe(document, {childList: true, subtree: true})"
    )
    page.goto(site.lms)
    page.get_by_role("button", name=re.compile("Emre Aydın")).click()
    page.get_by_role("link", name="Leerlijn Ruimte voor Landbouw en Natuur").click()
    page.get_by_role("link", name=re.compile("^Open.*Dialoog is een werkwoord")).click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name=re.compile("Twee stromen")).first.click()
    journal = frame.locator("[data-activity=journal]")
    journal.get_by_role("button", name="Neem op").click()
    expect(journal.locator("[data-recorder-state]")).to_contain_text("Open Tussenruimte in een eigen venster")
    expect(journal.get_by_label("Of kies een geluidsbestand")).to_be_visible()
