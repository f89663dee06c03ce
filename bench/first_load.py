"""What a unit page costs over the wire when somebody has never been here, beside the same files uncompressed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, sync_playwright

from bench.measuring.rows import Row, limited
from modules.olx import CONTENT, read_module
from tests.chromium import CHROMIUM
from tests.journeys.site import Site, running

DATABASE = False
KIB = 1024


def rows() -> list[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), whole=True) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        somebody = begun(browser, site)
        loads = [first_load(browser, address, somebody) for address in unit_pages(site)]
        browser.close()
    heaviest = max(loads, key=lambda load: load["wire"])
    scripts = max(loads, key=lambda load: load["script"])
    return [
        limited(
            "first load of the heaviest unit page, without sound",
            value=heaviest["wire"],
            reference=heaviest["plain"],
            unit="KiB",
            at_most=150,
        ),
        limited("of which script", value=scripts["script"], reference=scripts["plain_script"], unit="KiB", at_most=50),
    ]


def unit_pages(site: Site) -> list[str]:
    """Of every module, what can be opened from the first day on."""
    modules = (read_module(file.parent)[0] for file in sorted(CONTENT.glob("*/course.xml")))
    return [
        f"{site.tool}/leren/{module.key}/{unit.key}/"
        for module in modules
        if module
        for unit in module.units
        if unit.counts
    ]


def begun(browser: Browser, site: Site) -> Any:
    """The cookies of somebody who has begun with every module."""
    page = browser.new_page(locale="nl-NL")
    page.goto(f"{site.tool}/demo/")
    page.get_by_role("button", name="Stap in als Femke Hoekstra").click()
    for file in CONTENT.glob("*/course.xml"):
        page.goto(f"{site.tool}/leren/{file.parent.name}/")
        page.get_by_role("button", name="Begin met deze module").click()
        page.locator("[data-activity]").first.wait_for()
    return page.context.storage_state()


def first_load(browser: Browser, address: str, cookies: Any) -> dict[str, float]:
    """KiB with an empty cache: `wire` (headers too) and `plain` of all but sound, and of the scripts alone."""
    context = browser.new_context(storage_state=cookies, locale="nl-NL")
    page = context.new_page()
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108 Playwright marks the function it is given
    page.goto(address, wait_until="networkidle")
    total = dict.fromkeys(("wire", "plain", "script", "plain_script"), 0.0)
    for request in requests:
        response = request.response()
        if response is None or request.resource_type == "media":
            continue
        sizes, plain = request.sizes(), len(response.body())
        wire = sizes["responseBodySize"] + sizes["responseHeadersSize"]
        total["wire"] += wire / KIB
        total["plain"] += plain / KIB
        if request.resource_type == "script":
            total["script"] += wire / KIB
            total["plain_script"] += plain / KIB
    context.close()
    return total
