"""The demo LMS connects Tussenruimte by one address, and its trainer fills a course from it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


def step_in(browser: Browser, site: Site, name: str) -> Page:
    page = browser.new_context(locale="nl-NL").new_page()
    page.goto(f"{site.lms}/inloggen/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{site.lms}/")
    return page


def test_one_address_connects_it_and_a_trainer_adds_an_activity(browser: Browser, site: Site) -> None:
    address = site.manage("lti_invite", "--name", "De demo-LMS").strip()

    beheer = step_in(browser, site, "Nadia Benali")
    beheer.get_by_role("link", name="Beheer gereedschap").click()
    beheer.get_by_label("Aanmeldadres").fill("leverancier.example")
    beheer.get_by_role("button", name="Ga naar het gereedschap").click()
    expect(beheer.locator(".wrong")).to_contain_text("begint met https://")
    beheer.get_by_label("Aanmeldadres").fill(address)
    beheer.get_by_role("button", name="Ga naar het gereedschap").click()
    frame = beheer.frame_locator("iframe.tool")
    frame.get_by_role("button", name="Sluit aan").click()
    expect(beheer.locator("main")).to_contain_text("wacht op jouw akkoord")
    beheer.get_by_label("Het krijgt namen").check()
    beheer.get_by_role("button", name="Zet het aan").click()
    expect(beheer.locator("main")).to_contain_text("Het gereedschap staat aan")
    number = beheer.url.rstrip("/").rpartition("/")[2]

    trainer = step_in(browser, site, "Tineke Bos")
    trainer.get_by_role("link", name=re.compile("Leerlijn Ruimte")).click()
    trainer.get_by_role("link", name="Voeg een activiteit toe").click()
    trainer.locator(f'a[href$="/toevoegen/{number}/"]').click()
    frame = trainer.frame_locator("iframe.tool")
    frame.locator('input[name="item"][value="dialoogprincipes"]').check()
    frame.get_by_role("button", name="Verder").click()
    frame.get_by_role("button", name="Zet in de cursus").click()
    expect(trainer.get_by_role("heading", level=1)).to_have_text("Wat je koos")
    trainer.get_by_label("Titel").fill("Nog een keer dialoog")
    trainer.get_by_role("button", name="Zet in de leerlijn").click()
    expect(trainer.locator("main")).to_contain_text("Er staat één onderdeel bij")

    learner = step_in(browser, site, "Emre Aydın")
    learner.get_by_role("link", name=re.compile("Leerlijn Ruimte")).click()
    expect(learner.get_by_role("link", name="Voeg een activiteit toe")).to_have_count(0)
    learner.get_by_role("link", name="Open Nog een keer dialoog").click()
    opened = learner.frame_locator("iframe.tool").get_by_role("heading", level=1)
    expect(opened).to_contain_text("Dialoog is een werkwoord")
    for page in (beheer, trainer, learner):
        page.context.close()
