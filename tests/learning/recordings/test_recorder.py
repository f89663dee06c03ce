"""The recorder in Chromium, with a microphone that beeps: nothing said gets lost on the way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from learning.journal import queries
from learning.people.models import Person
from learning.recordings.models import Recording
from learning.runtime.publishing import publish_folder
from tests.factories import PersonFactory, enrolled, module_folder
from tests.journeys.keys import Keys
from tests.journeys.look import COLOURS, RULES, axe
from tests.learning.journal.conftest import JOURNAL
from tests.learning.journal.test_draft import cookie_of
from tests.learning.recordings.conftest import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABELS = ",".join(map(str, range(11)))  # one too many


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Only all of Chromium has a microphone."""
    return chromium


@pytest.fixture
def speaker(transactional_db: None, tmp_path: Path) -> Person:
    person = PersonFactory.create()
    folder = module_folder(tmp_path / "m", extra='<journal url_name="stil" src="stil.yaml"/>')
    (folder / "stil.yaml").write_text(JOURNAL)
    enrolled(person, publish_folder(folder))
    return person


@pytest.fixture
def address(live_server: LiveServer) -> str:
    return str(live_server.url)


def opened(context: BrowserContext, speaker: Person, address: str, path: str = "/leren/proefmodule/u1/") -> Page:
    context.add_cookies([cookie_of(speaker, address)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{address}{path}")
    return page


@pytest.fixture
def unit(context: BrowserContext, speaker: Person, address: str) -> Page:
    """With a microphone that may be heard."""
    context.grant_permissions(["microphone"])
    return opened(context, speaker, address)


def state(page: Page) -> Locator:
    return page.locator("[data-recorder-state]")


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def record(page: Page, milliseconds: int = 1200) -> None:
    press(page, "Neem op")
    expect(state(page)).to_have_text("Je neemt op.")
    page.wait_for_timeout(milliseconds)
    press(page, "Stop")
    expect(state(page)).to_contain_text("nog niet bewaard")


def keep(page: Page) -> None:
    press(page, "Bewaar in mijn journaal")


def plays(player: Locator) -> bool:
    return bool(
        player.evaluate(
            "async a => { await a.play(); await new Promise(r => a.addEventListener('timeupdate', r));"
            " const fine = !a.error && a.duration > 0; a.pause(); return fine; }"
        )
    )


def test_what_is_said_is_heard_back_kept_and_heard_again_after_a_reload(unit: Page, speaker: Person) -> None:
    record(unit)
    assert plays(unit.locator("[data-recorder-play]"))
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    unit.reload()
    player = unit.get_by_label(re.compile("^Wat je insprak op"))
    assert plays(player)
    assert next(queries.entries(speaker)).seconds in {1, 2}
    assert player.evaluate("a => a.seekable.end(0) > 0.5"), "one can't skip in it"


def test_it_all_goes_by_keyboard_and_is_said_aloud(unit: Page) -> None:
    keys = Keys(unit)
    keys.press(unit.get_by_role("button", name="Neem op"))
    expect(unit.get_by_role("button", name="Stop")).to_be_focused()
    expect(unit.get_by_role("timer")).to_contain_text("Nog 2:5")
    keys.press(unit.get_by_role("button", name="Pauzeer"))
    expect(state(unit)).to_have_text("Gepauzeerd.")
    expect(unit.get_by_role("button", name="Ga verder")).to_be_focused()
    unit.keyboard.press("Enter")
    expect(state(unit)).to_have_text("Je neemt weer op.")
    keys.press(unit.get_by_role("button", name="Stop"))
    expect(unit.locator("[data-recorder-play]")).to_be_focused()
    expect(state(unit)).to_have_attribute("role", "status")
    keys.press(unit.get_by_role("button", name="Bewaar in mijn journaal"))
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()


def test_what_was_paused_doesnt_count_for_the_time_left(unit: Page) -> None:
    press(unit, "Neem op")
    press(unit, "Pauzeer")
    left = unit.get_by_role("timer").inner_text()
    unit.wait_for_timeout(1500)
    assert unit.get_by_role("timer").inner_text() == left


def test_it_stops_by_itself_when_the_time_is_up(unit: Page) -> None:
    unit.locator("[data-recorder]").evaluate("e => e.dataset.seconds = 2")
    press(unit, "Neem op")
    expect(state(unit)).to_contain_text("De tijd is om.")
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()


def test_kept_while_it_still_runs_nothing_of_it_is_cut_off(unit: Page, speaker: Person) -> None:
    press(unit, "Neem op")
    unit.wait_for_timeout(1500)
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    assert next(queries.entries(speaker)).seconds >= 1


def test_after_a_refusal_of_something_else_the_recording_is_still_there(unit: Page, speaker: Person) -> None:
    record(unit)
    unit.get_by_label("Labels, als je wilt").fill(LABELS)
    keep(unit)
    expect(unit.locator(".melding--fout")).to_be_visible()
    assert plays(unit.locator("[data-recorder-play]"))
    unit.get_by_label("Labels, als je wilt").fill("")
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    assert next(queries.entries(speaker)).seconds >= 1
    expect(unit.get_by_role("button", name="Neem op")).to_be_visible()


def test_a_recording_goes_on_while_another_form_of_the_journal_is_sent(unit: Page) -> None:
    unit.get_by_label("Jouw tekst").fill("Eerst dit.")
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    press(unit, "Neem op")
    expect(unit.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    unit.get_by_text("Wijzig of wis").click()
    press(unit, "Wis deze tekst voorgoed")
    expect(unit.get_by_text("Gewist")).to_be_visible()
    press(unit, "Stop")
    assert plays(unit.locator("[data-recorder-play]"))


def test_a_lost_connection_keeps_it_and_sends_it_later(unit: Page, speaker: Person) -> None:
    record(unit)
    unit.context.set_offline(True)
    keep(unit)
    expect(unit.get_by_text("Bewaard op deze pagina.")).to_be_visible()
    assert not Recording.objects.exists()
    unit.context.set_offline(False)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    assert Recording.objects.count() == 1


def test_an_answer_that_got_lost_doesnt_make_two_of_it(unit: Page) -> None:
    lost: list[int] = []

    def lose_once(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    record(unit)
    unit.route("**/write/", lose_once)
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    assert (lost, Recording.objects.count()) == ([200], 1)


def test_who_leaves_with_something_unsaved_is_asked_first(unit: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    unit.on("dialog", stay)
    record(unit)
    unit.reload()
    assert asked == ["beforeunload"]
    unit.reload()
    assert asked == ["beforeunload"], "there was nothing left to lose"


def test_what_was_thrown_away_isnt_kept(unit: Page) -> None:
    record(unit)
    press(unit, "Gooi weg")
    expect(unit.get_by_role("button", name="Neem op")).to_be_focused()
    keep(unit)
    expect(unit.locator(".melding--fout")).to_be_visible()
    assert not Recording.objects.exists()


def test_a_file_can_be_chosen_and_heard_first(unit: Page, speaker: Person) -> None:
    unit.get_by_label("Of kies een geluidsbestand").set_input_files(
        {"name": "memo.m4a", "mimeType": "audio/mp4", "buffer": sound("mp4")}
    )
    assert plays(unit.locator("[data-recorder-play]"))
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    assert Recording.objects.get().kind == "mp4"


def test_a_file_that_is_too_large_is_said_before_it_is_sent(unit: Page) -> None:
    unit.get_by_label("Of kies een geluidsbestand").set_input_files(
        {"name": "lang.wav", "mimeType": "audio/wav", "buffer": bytes(4_500_000)}
    )
    expect(state(unit)).to_contain_text("te groot")
    assert unit.get_by_label("Of kies een geluidsbestand").input_value() == ""


def test_a_microphone_that_may_not_be_used_is_said_with_the_way_round(
    context: BrowserContext, speaker: Person, address: str
) -> None:
    page = opened(context, speaker, address)
    press(page, "Neem op")
    expect(state(page)).to_contain_text("Je microfoon mag nu niet aan.")
    expect(page.get_by_role("button", name="Neem op")).to_be_visible()
    expect(page.get_by_label("Of kies een geluidsbestand")).to_be_visible()


def test_no_microphone_at_all_is_said(unit: Page) -> None:
    unit.evaluate(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError')); 0"
    )
    press(unit, "Neem op")
    expect(state(unit)).to_contain_text("We vinden geen microfoon.")


def test_in_a_frame_that_doesnt_pass_the_microphone_on_it_says_so(unit: Page) -> None:
    """As a browser does where the frame of an LMS lacks allow="microphone"."""
    unit.evaluate(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));"
        "Object.defineProperty(document, 'featurePolicy', {value: {allowsFeature: () => false}})"
    )
    press(unit, "Neem op")
    expect(state(unit)).to_contain_text("Open Tussenruimte in een eigen venster")


def test_where_a_browser_cant_record_there_is_the_file_alone(
    context: BrowserContext, speaker: Person, address: str
) -> None:
    context.add_init_script("delete window.MediaRecorder")
    page = opened(context, speaker, address)
    expect(page.get_by_label("Of kies een geluidsbestand")).to_be_visible()
    expect(page.get_by_role("button", name="Neem op")).to_be_hidden()


def test_without_script_the_file_is_kept(browser: Browser, speaker: Person, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    page = opened(context, speaker, address)
    expect(page.get_by_role("button", name="Neem op")).to_be_hidden()
    page.get_by_label("Of kies een geluidsbestand").set_input_files(
        {"name": "memo.m4a", "mimeType": "audio/mp4", "buffer": sound("mp4")}
    )
    keep(page)
    expect(page.get_by_text("Bewaard in je journaal")).to_be_visible()
    expect(page.get_by_label(re.compile("^Wat je insprak op"))).to_be_visible()
    context.close()


def test_on_the_journals_own_page_it_works_too_and_survives_a_refusal(
    context: BrowserContext, speaker: Person, address: str
) -> None:
    context.grant_permissions(["microphone"])
    page = opened(context, speaker, address, "/journaal/nieuw/")
    record(page)
    page.get_by_label("Labels").fill(LABELS)
    press(page, "Bewaar")
    expect(page.locator(".melding--fout")).to_be_visible()
    assert plays(page.locator("[data-recorder-play]"))
    page.get_by_label("Labels").fill("")
    press(page, "Bewaar")
    expect(page.get_by_text("Bewaard. Alleen jij leest dit.")).to_be_visible()
    assert plays(page.locator(".notitie audio"))


def violations(page: Page, theme: Literal["light", "dark"], rules: Any) -> list[str]:
    page.emulate_media(color_scheme=theme)
    found: list[str] = page.evaluate(
        "rules => axe.run('[data-activity=journal]', {runOnly: rules})"
        ".then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))",
        rules,
    )
    return found


def test_every_state_of_it_is_in_order_for_everybody(unit: Page) -> None:
    unit.evaluate(axe())

    def in_order() -> None:
        for width in (320, 768, 1280):
            unit.set_viewport_size({"width": width, "height": 900})
            assert unit.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
            assert violations(unit, "light", RULES) == []
            assert violations(unit, "dark", COLOURS) == []

    in_order()
    press(unit, "Neem op")
    in_order()
    unit.wait_for_timeout(600)  # shorter is no recording
    press(unit, "Stop")
    expect(state(unit)).to_contain_text("Opgenomen")
    in_order()
    keep(unit)
    expect(unit.get_by_text("Bewaard in je journaal")).to_be_visible()
    in_order()
