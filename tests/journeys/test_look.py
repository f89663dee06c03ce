"""Every page, at three widths in light, at one in dark: nothing a machine can see is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.journeys import units
from tests.journeys.keys import Keys
from tests.journeys.look import Look, look
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
MODULE = "/leren/dialoogprincipes/"
PUBLIC = ["/", "/demo/", "/inloggen/", "/onderdelen/", "/certificates/verify/"]
UNKNOWN = ["/bestaat-niet/", "/certificates/verify/ABCD-EFGH-JKLM"]
FRESH = ["/leren/", MODULE, f"{MODULE}u1-1/", f"{MODULE}u1-2/", f"{MODULE}u1-5/", "/journaal/", "/journaal/nieuw/",
         "/journaal/gedeeld/", "/certificates/",
         f"{MODULE}u1-2/fragment-streektafel/", f"{MODULE}u1-5/sim-koffie-bij-ten-have/"]  # fmt: skip
WALKED = [MODULE, f"{MODULE}u1-1/", f"{MODULE}u1-2/", f"{MODULE}u1-5/", "/journaal/",
          f"{MODULE}u1-2/fragment-streektafel/", f"{MODULE}u1-5/sim-koffie-bij-ten-have/"]  # fmt: skip
CONNECTIONS = "/beheer/leeromgevingen/"
BEHEER = ["/leren/", CONNECTIONS, f"{CONNECTIONS}uitnodigen/", f"{CONNECTIONS}zelf-invullen/",
          f"{CONNECTIONS}onze-gegevens/", f"{CONNECTIONS}1/", f"{CONNECTIONS}1/?nummer=AB12-CD34",
          f"{CONNECTIONS}1/wijzigen/"]  # fmt: skip
TOOLS = "/redactie/gereedschap/"
EDITOR = ["/leren/", TOOLS, f"{TOOLS}nieuw/", f"{TOOLS}nieuw/zelf/", f"{TOOLS}1/",
          f"{TOOLS}1/plek/dialogisch-werken/"]  # fmt: skip
LMS_COURSE = "/leerlijn/ruimte-voor-landbouw-en-natuur/"
LMS = ["/", LMS_COURSE, f"{LMS_COURSE}cijferboek/", f"{LMS_COURSE}toevoegen/"]
LMS_BEHEER = ["/", "/gereedschap/", "/gereedschap/1/"]


class Straight(Keys):
    """To what is to be looked at, the shortest way: how one gets there by keyboard is what other tests are about."""

    def press(self, target: Locator, key: str = "Enter") -> None:
        target.evaluate("e => e.click()")

    def choose(self, radio: Locator) -> None:
        self.press(radio)

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)


def step_in(browser: Browser, site: Site, name: str) -> Page:
    """Through the demo's doors, as this person."""
    page = browser.new_context(locale="nl-NL", reduced_motion="reduce").new_page()
    page.context.set_default_timeout(15_000)
    page.goto(f"{site.tool}/demo/")
    page.get_by_role("button", name=f"Stap in als {name}").click()
    page.wait_for_url(f"{site.tool}/leren/")
    return page


@pytest.fixture(scope="module")
def fresh(browser: Browser, site: Site) -> Iterator[Any]:
    """The cookies of somebody who has enrolled and done nothing yet."""
    page = step_in(browser, site, "Ruben Kuiper")
    page.goto(f"{site.tool}{MODULE}")
    page.get_by_role("button", name="Begin met deze module").click()
    yield page.context.storage_state()
    page.context.close()


@pytest.fixture(scope="module")
def walked(browser: Browser, site: Site) -> Iterator[Any]:
    """The cookies of somebody in the middle of everything: feedback open, marks compared, a talk debriefed."""
    page = step_in(browser, site, "Femke Hoekstra")
    keys = Straight(page)
    page.goto(f"{site.tool}{MODULE}")
    page.get_by_role("button", name="Begin met deze module").click()
    page.goto(f"{site.tool}{MODULE}u1-1/")
    units.lens(keys, page)
    page.locator('[data-activity="journal"] textarea').first.fill("Ik hoorde vandaag vooral cijfers, ook van mezelf.")
    page.get_by_role("button", name="Bewaar in mijn journaal").click()
    page.goto(f"{site.tool}{MODULE}u1-2/")
    units.quiz(keys, page)
    page.goto(f"{site.tool}{MODULE}u1-2/fragment-streektafel/")
    units.fragment(keys, page)
    page.goto(f"{site.tool}{MODULE}u1-5/sim-koffie-bij-ten-have/")
    talk = units.activity(page, "conversationsim")
    keys.press(units.button(talk, "Schuif aan"))
    units.conversation(keys, page, "acaaaaa")
    keys.press(units.button(talk, re.compile("Begin het gesprek opnieuw")))
    units.conversation(keys, page, "babb")
    yield page.context.storage_state()
    page.context.close()


@pytest.fixture(scope="module")
def beheer(browser: Browser, site: Site) -> Iterator[Any]:
    page = step_in(browser, site, "Nadia Benali")
    yield page.context.storage_state()
    page.context.close()


@pytest.fixture(scope="module")
def lms_trainer(browser: Browser, site: Site) -> Any:
    return signed_in_at_lms(browser, site, "Tineke Bos")


def signed_in_at_lms(browser: Browser, site: Site, name: str) -> Any:
    """The cookies."""
    page = browser.new_context(locale="nl-NL").new_page()
    page.goto(site.lms)
    page.get_by_role("button", name=re.compile(name)).click()
    page.wait_for_url(f"{site.lms}/")
    state = page.context.storage_state()
    page.context.close()
    return state


def looks_right(
    browser: Browser, base: str, paths: list[str], whose: str, *, state: Any = None, status: int = 200
) -> None:
    wrong = [line for path in paths for line in look(browser, f"{base}{path}", Look(state=state, status=status), whose)]
    assert not wrong, "\n".join(wrong)


def test_what_everybody_sees_is_in_order(browser: Browser, site: Site) -> None:
    looks_right(browser, site.tool, PUBLIC, "everybody")


def test_what_a_beginner_sees_is_in_order(browser: Browser, site: Site, fresh: Any) -> None:
    looks_right(browser, site.tool, FRESH, "beginner", state=fresh)


def test_what_somebody_half_way_sees_is_in_order(browser: Browser, site: Site, walked: Any) -> None:
    looks_right(browser, site.tool, WALKED, "half-way", state=walked)


@pytest.mark.parametrize(("name", "paths"), [("Tineke Bos", ["/leren/"]), ("Jorrit van Dam", EDITOR)])
def test_what_a_trainer_and_a_redacteur_see_is_in_order(
    browser: Browser, site: Site, name: str, paths: list[str]
) -> None:
    page = step_in(browser, site, name)
    state = page.context.storage_state()
    page.context.close()
    looks_right(browser, site.tool, paths, name, state=state)


def test_what_beheer_sees_is_in_order(browser: Browser, site: Site, beheer: Any) -> None:
    looks_right(browser, site.tool, BEHEER, "beheer", state=beheer)


def test_what_an_lms_that_connects_sees_is_in_order(browser: Browser, site: Site) -> None:
    """In the frame of that LMS, so without our header: who asks for what, and why it stops."""
    address = json.loads(site.manage("lti_invite", "--name", "Leerplein", "--json"))["url"]
    configuration = f"{site.lms}/lti/platform/.well-known/openid-configuration"
    asked = f"{address.removeprefix(site.tool)}&openid_configuration={configuration}"
    looks_right(browser, site.tool, [asked], "connecting")
    looks_right(browser, site.tool, ["/lti/register?invite=onbekend"], "connecting", status=403)


def test_the_lms_is_in_order(browser: Browser, site: Site, lms_trainer: Any) -> None:
    looks_right(browser, site.lms, ["/inloggen/"], "lms")
    looks_right(browser, site.lms, LMS, "lms", state=lms_trainer)
    runs_it = signed_in_at_lms(browser, site, "Nadia Benali")
    looks_right(browser, site.lms, LMS_BEHEER, "lms", state=runs_it)


def test_what_is_not_there_says_so_in_order(browser: Browser, site: Site) -> None:
    looks_right(browser, site.tool, UNKNOWN, "unknown", status=404)
