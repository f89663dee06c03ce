"""Three ways into the frame of an LMS, each in a Chromium that allows less: cookies of this frame alone, the LMS's own
storage, a window.

A browser that keeps nothing at all for us in the LMS's frames is one whose owner blocked our cookies there, as
Chromium's settings can; in a window of our own they are allowed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium import CHROMIUM
from tests.journeys.site import Site
from tests.journeys.test_demo_lms import open_module

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


BLOCK = 2  # a content setting of Chromium's


@pytest.fixture
def bare(browser: Browser, site: Site, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that sends and keeps no cookie of the tool under the LMS, a partitioned one neither."""
    pattern = f"{site.tool},{site.lms}"
    preferences = {"profile": {"content_settings": {"exceptions": {"cookies": {pattern: {"setting": BLOCK}}}}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences))
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=shutil.which("chromium"), args=CHROMIUM, locale="nl-NL", reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


def cookies_under_the_lms(context: BrowserContext, site: Site) -> list[str]:
    return [cookie["name"] for cookie in context.cookies() if str(cookie.get("partitionKey", "")) == "http://127.0.0.1"]


def into_the_window(context: BrowserContext, page: Page) -> Page:
    with context.expect_page() as opened:
        page.frame_locator("iframe.tool").get_by_text("Open in een nieuw venster").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("werkwoord")
    return opened.value


def test_with_cookies_of_the_frame_alone_it_opens_in_the_frame(page: Page, context: BrowserContext, site: Site) -> None:
    open_module(page, site)
    expect(page.frame_locator("iframe.tool").get_by_role("heading", level=1)).to_contain_text("werkwoord")
    assert "tussenruimte" in cookies_under_the_lms(context, site)


def test_without_them_the_lms_keeps_the_secret_and_a_window_opens(bare: BrowserContext, site: Site) -> None:
    page = bare.new_page()
    open_module(page, site)
    frame = page.frame_locator("iframe.tool")
    expect(frame.get_by_role("heading", name="Je bent er bijna")).to_be_visible()
    assert not cookies_under_the_lms(bare, site)

    window = into_the_window(bare, page)

    assert window.url.startswith(f"{site.tool}/leren/")
    expect(frame.get_by_role("heading", name="Je bent binnen")).to_be_visible()
    window.get_by_role("link", name="Twee stromen").first.click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("Twee stromen")


def test_where_the_lms_keeps_nothing_either_the_window_begins_anew(bare: BrowserContext, site: Site) -> None:
    page = bare.new_page()
    page.route(
        "**/storage*.js", lambda route: route.abort() if route.request.frame == page.main_frame else route.continue_()
    )
    open_module(page, site)
    expect(page.frame_locator("iframe.tool").get_by_role("heading", name="Nog één stap")).to_be_visible()

    window = into_the_window(bare, page)

    assert window.url.startswith(f"{site.tool}/leren/")


def test_another_site_in_the_page_hears_nothing_of_the_secret(bare: BrowserContext, site: Site) -> None:
    """The answer of the LMS's storage goes to the site that asked, and holds only what that site put there."""
    page = bare.new_page()
    open_module(page, site)
    expect(page.frame_locator("iframe.tool").get_by_role("heading", name="Je bent er bijna")).to_be_visible()
    told = page.evaluate(
        """() => new Promise(told => {
            const frame = document.createElement("iframe");
            frame.srcdoc = "<p>een ander</p>";
            frame.sandbox = "allow-scripts";
            document.body.append(frame);
            const heard = [];
            window.addEventListener("message", ({ data }) => heard.push(data?.subject ?? ""));
            window.postMessage({ subject: "lti.get_data", message_id: "1", key: "lti-" }, "*");
            setTimeout(() => told(heard), 500);
        })"""
    )
    assert told == ["lti.get_data"]
