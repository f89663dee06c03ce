"""Connecting an LMS, by who looks after it here and who looks after it there: one address, two presses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.keys import Keys
from tests.journeys.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


NAME = "Nadia Benali"  # beheer, here and at the LMS of the demo


@pytest.fixture
def here(page: Page, site: Site) -> Page:
    """Tussenruimte, as beheer sees it."""
    page.goto(f"{site.tool}/demo/")
    page.get_by_role("button", name=f"Stap in als {NAME}").click()
    page.get_by_role("link", name="Naar de leeromgevingen").click()
    return page


@pytest.fixture
def there(browser: Browser, site: Site) -> Page:
    """The LMS, in another browser, which blocks what third parties keep."""
    page = browser.new_context(locale="nl-NL", reduced_motion="reduce").new_page()
    page.context.set_default_timeout(15_000)
    page.goto(site.lms)
    page.get_by_role("button", name=re.compile(NAME)).click()
    page.wait_for_url(f"{site.lms}/")
    return page


def invited(here: Page, name: str) -> str:
    here.get_by_role("link", name="Nodig een leeromgeving uit").click()
    here.get_by_label("Naam").fill(name)
    here.get_by_role("button", name="Maak een uitnodiging").click()
    return here.get_by_label("Adres van de uitnodiging").input_value()


def pasted(there: Page, site: Site, address: str) -> None:
    there.goto(f"{site.lms}/gereedschap/")
    there.get_by_label("Aanmeldadres").fill(address)
    there.get_by_role("button", name="Ga naar het gereedschap").click()


def test_one_address_and_two_presses_connect_an_lms(here: Page, there: Page, site: Site) -> None:
    address = invited(here, "Leerplein")
    pasted(there, site, address)
    frame = there.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Sluit je leeromgeving aan")
    expect(frame.locator("dl")).to_contain_text(f"{site.lms}/lti/platform")

    Keys(there).press(frame.get_by_role("button", name="Sluit aan"))

    # The page of the LMS heard that our frame may close.
    there.wait_for_url(re.compile(r"/gereedschap/\d+/$"))
    expect(there.get_by_role("heading", level=1)).to_contain_text("Tussenruimte")
    here.goto(f"{site.tool}/beheer/leeromgevingen/")
    here.get_by_role("link", name="Leerplein").click()
    expect(here.locator(".gegevens")).to_contain_text(f"{site.lms}/lti/platform/token")

    here.get_by_role("button", name="Test deze aansluiting").click()

    expect(here.get_by_role("status").filter(has_text="Uitkomst van de test")).to_contain_text("Er staat één sleutel.")

    pasted(there, site, address)
    expect(there.frame_locator("iframe").get_by_text("al gebruikt")).to_be_visible()
    there.context.close()


def test_in_a_window_of_its_own_it_says_that_it_may_close(here: Page, there: Page, site: Site) -> None:
    """Some LMSes open the address in a window, and close that when they hear it."""
    address = invited(here, "Leerplein in een venster")
    there.goto(f"{site.lms}/gereedschap/")
    there.evaluate(
        """window.heard = []; window.addEventListener("message", ({ data, origin }) => heard.push([data, origin]))"""
    )
    configuration = f"{site.lms}/lti/platform/.well-known/openid-configuration"
    with there.context.expect_page() as opened:
        there.evaluate("address => { window.open(address) }", f"{address}&openid_configuration={configuration}")
    window = opened.value
    window.get_by_role("button", name="Sluit aan").click()

    # Without a token of the LMS it refuses, which we say; nothing is closed.
    expect(window.get_by_role("heading", level=1)).to_have_text("De aansluiting lukte niet")
    assert there.evaluate("heard") == []
    there.context.close()


def test_without_script_an_invitation_can_be_copied_by_hand(browser: Browser, site: Site, here: Page) -> None:
    state = here.context.storage_state()
    context = browser.new_context(locale="nl-NL", java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{site.tool}/beheer/leeromgevingen/")

    assert "/lti/register?invite=" in invited(page, "Zonder script")
    assert not page.get_by_role("button", name="Kopieer").is_visible()
    context.close()
