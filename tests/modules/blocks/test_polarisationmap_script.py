"""polarisationmap.js in a real browser: on a phone people come one at a time; elsewhere all stand on the page."""

from __future__ import annotations

import shutil

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Page, expect

from modules.blocks.base import BLOCKS
from modules.blocks.polarisationmap.block import PolarisationMap
from tests.modules.blocks.test_polarisationmap import case
from tests.modules.toy import Played

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's Chromium"),
]


def shown(browser: Browser, width: int, body: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(body)
    for script in ("polarisationmap/static/polarisationmap.js", "static/activity.js"):
        page.add_script_tag(content=(BLOCKS / script).read_text())
    page.evaluate("TussenruimteActivity(null, document.body)")
    return page


def test_on_a_phone_people_come_one_at_a_time(browser: Browser) -> None:
    played = Played(PolarisationMap, case())
    page = shown(browser, 360, played.view())
    people, done = page.locator("[data-mensen] > li"), page.get_by_role("button", name="Iedereen staat")
    many = people.count()
    expect(people.filter(visible=True)).to_have_count(1)
    expect(page.locator("[data-waar]")).to_have_text(f"Persoon 1 van {many}")
    expect(page.get_by_role("button", name="Vorige")).to_be_hidden()
    expect(done).to_be_hidden()
    page.get_by_role("button", name="Volgende").click()
    expect(people.nth(1)).to_be_focused()
    expect(people.nth(0)).to_be_hidden()
    for _ in range(many - 2):
        page.get_by_role("button", name="Volgende").click()
    expect(page.get_by_role("button", name="Volgende")).to_be_hidden()
    expect(done).to_be_visible()
    page.get_by_role("button", name="Vorige").click()
    expect(done).to_be_hidden()
    for each in page.locator("[data-mensen] select[name^=rol-]").all():
        each.select_option("stil midden", force=True)
    expect(done).to_be_visible()
    page.get_by_role("button", name="Toon iedereen").click()
    expect(people.filter(visible=True)).to_have_count(many)
    page.get_by_role("button", name="Toon één tegelijk").click()
    expect(people.filter(visible=True)).to_have_count(1)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(people.filter(visible=True)).to_have_count(many)
    expect(page.locator("[data-stap]")).to_be_hidden()
    page.close()


def test_what_is_wrong_is_shown_wherever_it_is(browser: Browser) -> None:
    played = Played(PolarisationMap, case())
    moment, everybody = played.block.moment["id"], list(played.block.actors)
    roles = {f"rol-{actor}": "stil midden" for actor in everybody[:-1]}
    refused = played.post("place", ronde="1", moment=moment, **roles)
    assert refused.status_code == 422
    page = shown(browser, 360, str(played.block.wrapped(Markup(refused.text))))  # noqa: S704 our own page
    people = page.locator("[data-mensen] > li")
    expect(people.filter(visible=True)).to_have_count(1)
    expect(people.nth(len(everybody) - 1)).to_be_visible()
    page.get_by_role("button", name="Vorige").click()
    page.get_by_role("link", name=f"nummer {len(everybody)}").click()
    expect(people.nth(len(everybody) - 1)).to_be_visible()
    page.close()
