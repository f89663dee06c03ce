"""From the click on a unit to the moment its first item can be answered, on a slow phone and a slow line."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.first_load import begun, unit_pages
from bench.measuring.rows import Row, limited
from tests.chromium import CHROMIUM
from tests.journeys.site import running

# As Lighthouse plays a phone: "slow 4G" and a processor four times as slow.
DATABASE = False
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
PHONE = {"width": 360, "height": 740}
AT_MOST = 3.0
# What somebody can do first in a unit: press or fill in something of an activity, or open the one with its own page.
FIRST = "[data-activity] :is(button, input:not([type=hidden]), textarea, select, a)"


def rows() -> list[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), whole=True) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        somebody = begun(browser, site)
        seconds = {
            address: (slow(browser, address, somebody), fast(browser, address, somebody))
            for address in unit_pages(site)
        }
        browser.close()
    slowest, unhindered = max(seconds.values())
    name = "first item of the slowest unit can be answered, slow phone"
    return [limited(name, value=slowest, reference=unhindered, unit="s", at_most=AT_MOST)]


def slow(browser: Browser, address: str, cookies: Any) -> float:
    """Coming from the module's page with what that brought along already in the cache, as a click does."""
    page = _on_module(browser, address, cookies)
    phone = page.context.new_cdp_session(page)
    phone.send("Network.enable")
    phone.send("Network.emulateNetworkConditions", LINE)
    phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return _click(page, address, phone)


def fast(browser: Browser, address: str, cookies: Any) -> float:
    return _click(_on_module(browser, address, cookies), address)


def _on_module(browser: Browser, address: str, cookies: Any) -> Page:
    context = browser.new_context(storage_state=cookies, locale="nl-NL", viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address.rsplit("/", 2)[0] + "/", wait_until="networkidle")
    return page


def _click(page: Page, address: str, phone: CDPSession | None = None) -> float:
    """Seconds."""
    path = "/" + address.split("/", 3)[3]
    start = time.perf_counter()
    page.locator(f'main a[href="{path}"]').first.click(no_wait_after=True)
    page.wait_for_url(address, wait_until="commit")
    page.locator(FIRST).first.wait_for(state="visible")
    taken = time.perf_counter() - start
    if phone:
        phone.detach()
    page.context.close()
    return taken
