"""A course designer fills a course from inside an LMS: in its frame, by keyboard, third-party cookies blocked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from lti import claims as words
from tests.journeys.designers_lms import DesignersLms, designers_lms
from tests.journeys.keys import Keys
from tests.journeys.look import Look, look
from tests.journeys.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


@pytest.fixture(scope="module")
def registered(site: Site) -> Iterator[DesignersLms]:
    with designers_lms(site) as lms:
        yield lms


@pytest.fixture
def lms(registered: DesignersLms) -> DesignersLms:
    registered.begin()
    return registered


def opened(page: Page, lms: DesignersLms) -> FrameLocator:
    page.goto(lms.choosing)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1, name=re.compile("Kies voor je cursus|Choose for"))).to_be_visible()
    return frame


def received(frame: FrameLocator) -> None:
    expect(frame.get_by_role("heading", name="Ontvangen")).to_be_visible()


def box(reference: str) -> str:
    return f'input[name="item"][value="{reference}"]'


def test_a_designer_chooses_by_keyboard_and_a_learner_opens_it(page: Page, lms: DesignersLms) -> None:
    keys, frame = Keys(page), opened(page, lms)

    # Typing finds it, at once and aloud.
    keys.write(frame.get_by_label(re.compile("^Zoek op")), "keukentafel")
    expect(frame.locator("[data-found]")).to_have_text("1 module met wat je zoekt")
    keys.press(frame.locator(box("dialoogprincipes/u1-5")), "Space")
    expect(frame.locator("[data-count]")).to_have_text("1 gekozen")
    keys.press(frame.get_by_text("activiteiten van 1.5"))
    keys.press(frame.locator(box("dialoogprincipes/u1-5/sim-koffie-bij-ten-have")), "Space")
    keys.press(frame.locator(box("dialoogprincipes")), "Space")
    expect(frame.locator("[data-count]")).to_have_text("3 gekozen")

    # One too many: away again, from the list of what was chosen.
    keys.press(frame.get_by_text("Bekijk je keuze"))
    keys.press(frame.get_by_role("button", name=re.compile("^Haal weg: 1.5")))
    expect(frame.locator("[data-count]")).to_have_text("2 gekozen")
    expect(frame.locator(box("dialoogprincipes/u1-5"))).not_to_be_checked()
    keys.press(frame.get_by_role("button", name="Verder"))

    # How it will stand there; a slip is said beside the field, and nothing is lost.
    expect(frame.get_by_role("heading", level=1)).to_have_text("Zo komt het in je cursus")
    keys.write(frame.locator("#id_i1-title"), "Oefenen aan de keukentafel")
    page.keyboard.press("Enter")
    received(frame)

    [module, activity] = lms.items
    assert lms.answers[-1][words.DEEP_LINKING_DATA] == "opaque"
    assert module["lineItem"]["scoreMaximum"] == 1
    assert activity["custom"]["activity"] == "sim-koffie-bij-ten-have"

    # What came of it opens for a learner.
    lms.roles = ["Learner"]
    page.goto(lms.launching(activity))
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Koffie bij Ten Have")


def test_a_slip_is_said_beside_its_field_and_nothing_is_lost(page: Page, lms: DesignersLms) -> None:
    keys, frame = Keys(page), opened(page, lms)
    keys.press(frame.locator(box("dialoogprincipes")), "Space")
    keys.press(frame.get_by_role("button", name="Verder"))
    keys.press(frame.get_by_text("Wanneer het open is"))
    frame.locator("#id_i0-available_from").fill("2027-02-01T09:00")
    frame.locator("#id_i0-available_until").fill("2027-01-01T09:00")
    keys.press(frame.get_by_role("button", name="Zet in de cursus"))

    expect(frame.get_by_role("alert")).to_contain_text("Dit ligt niet na het begin.")
    expect(frame.locator("#id_i0-available_until")).to_have_attribute("aria-invalid", "true")
    expect(frame.locator("#id_i0-available_from")).to_have_value("2027-02-01T09:00")
    frame.locator("#id_i0-available_until").fill("2027-03-01T09:00")
    keys.press(frame.get_by_role("button", name="Zet in de cursus"))

    received(frame)
    assert lms.items[0]["available"] == {"startDateTime": "2027-02-01T08:00:00Z", "endDateTime": "2027-03-01T08:00:00Z"}


def test_without_script_everything_works_the_same(browser: Browser, lms: DesignersLms) -> None:
    """The LMS's own page needs its script; ours doesn't."""
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    page.route(f"{lms.site.tool}/static/**/*.js", lambda route: route.abort())
    frame = opened(page, lms)

    frame.get_by_text("3 units, en de activiteiten erin").click()
    frame.locator(box("dialoogprincipes/u1-1")).check()
    frame.get_by_label(re.compile("^Zoek op")).fill("Ten Have")
    frame.get_by_role("button", name="Zoek").click()
    expect(frame.locator("[data-found]")).to_have_text("1 module met wat je zoekt")
    expect(frame.locator("[data-count]")).to_have_text("1 gekozen")
    frame.get_by_role("button", name="Verder").click()
    frame.get_by_role("button", name="Kies er iets bij").click()
    frame.locator(box("dialoogprincipes")).check()
    frame.get_by_role("button", name="Verder").click()
    frame.get_by_role("button", name="Zet in de cursus").click()
    frame.get_by_role("button", name="Terug naar je leeromgeving").click()

    received(frame)
    assert [item["custom"].get("unit") for item in lms.items] == [None, "u1-1"]
    context.close()


def test_going_back_without_choosing(page: Page, lms: DesignersLms) -> None:
    frame = opened(page, lms)
    Keys(page).press(frame.get_by_role("button", name="Terug zonder te kiezen"))

    received(frame)
    assert lms.items == []


def test_a_learner_is_told_why_not_and_goes_back(page: Page, lms: DesignersLms) -> None:
    lms.roles = ["Learner"]
    page.goto(lms.choosing)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("alleen wie de cursus maakt of geeft")).to_be_visible()
    Keys(page).press(frame.get_by_role("button", name="Terug naar je leeromgeving"))

    received(frame)
    assert lms.answers[-1][words.DL + "errormsg"]


def test_two_tabs_answer_each_their_own(context: BrowserContext, lms: DesignersLms) -> None:
    frames = []
    for data in ("first", "second"):
        lms.settings = {"data": data, "accept_multiple": False}
        frames.append(opened(context.new_page(), lms))
    for frame in frames:
        frame.locator(box("dialoogprincipes")).check()
        frame.get_by_role("button", name="Verder").click()
        frame.get_by_role("button", name="Zet in de cursus").click()
        received(frame)

    assert [answer[words.DEEP_LINKING_DATA] for answer in lms.answers] == ["first", "second"]


# Other words may be wider than Dutch ones; what is dark is so in any language.
LOOKS = {"nl": Look((320, 768, 1280), dark=(360,)), "en": Look((320,), dark=())}


@pytest.mark.parametrize("locale", sorted(LOOKS))
def test_nothing_is_wrong_with_the_pages(browser: Browser, lms: DesignersLms, locale: str) -> None:
    """At the top of a window, where a machine can look at them: in the frame they are the same."""
    lms.locale = locale
    context = browser.new_context(locale="nl-NL")
    page = context.new_page()
    page.goto(lms.login_address())
    page.wait_for_url(re.compile("/lti/kiezen/"))
    picker, state = page.url, context.storage_state()
    context.close()
    chosen = "item=dialoogprincipes&item=dialoogprincipes/u1-5/sim-koffie-bij-ten-have"
    wrong = []
    for number, address in enumerate(
        [
            picker,
            f"{picker}?zoek=niets-van-dat&{chosen}",
            f"{picker}?zoek=tafel&{chosen}",
            f"{picker}instellen/?{chosen}",
        ]
    ):
        wrong += look(browser, address, replace(LOOKS[locale], state=state), f"{locale}/{number}")
    assert not wrong, "\n".join(wrong)
