"""Recording, a train in a tunnel, a closed laptop, and hearing it back: in Chromium, with a microphone that beeps."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from jobs import runner
from learning.files import hearing, services
from learning.files.models import FileState, StoredFile
from learning.files.pieces import PIECE, Blob
from learning.people.models import Person
from tests.factories import PersonFactory
from tests.journeys.look import RULES, axe
from tests.learning.files.conftest import ready
from tests.learning.journal.test_draft import cookie_of
from tests.learning.recordings.conftest import sound
from tests.learning.recordings.test_recorder import plays, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Only all of Chromium has a microphone."""
    return chromium


@pytest.fixture
def speaker(transactional_db: None) -> Person:
    return PersonFactory.create()


@pytest.fixture
def address(live_server: LiveServer, settings: Any) -> str:
    settings.ROOT_URLCONF = "tests.learning.files.urls"
    return str(live_server.url)


@pytest.fixture
def page(context: BrowserContext, speaker: Person, address: str) -> Page:
    context.grant_permissions(["microphone"])
    context.add_cookies([cookie_of(speaker, address)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{address}/proef/")
    return page


def stand(page: Page) -> Locator:
    return page.locator("[data-upload-state]")


def record(page: Page, milliseconds: int = 1500) -> None:
    press(page, "Neem op")
    expect(page.locator("[data-recorder-state]")).to_have_text("Je neemt op.")
    page.wait_for_timeout(milliseconds)


def heard(player: Locator, seconds: float) -> None:
    """Until it has come so far."""
    player.locator("audio").evaluate(
        "async (a, t) => { while (a.currentTime < t) await new Promise(r => setTimeout(r, 50)); }", seconds
    )


def in_order(page: Page) -> None:
    page.evaluate(axe())
    wrong = page.evaluate(
        "rules => axe.run('main', {runOnly: rules}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))",
        RULES,
    )
    assert wrong == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    page.set_viewport_size({"width": 1280, "height": 900})


def test_recorded_in_a_tunnel_it_arrives_when_the_train_is_out_and_is_heard(page: Page, speaker: Person) -> None:
    record(page)
    page.context.set_offline(True)
    press(page, "Stop")
    expect(stand(page)).to_contain_text("Er is geen verbinding. Je opname staat veilig op dit apparaat")
    in_order(page)
    assert not StoredFile.objects.exists()
    page.context.set_offline(False)
    expect(stand(page)).to_contain_text("Binnen.")
    file = StoredFile.objects.get(person=speaker)
    assert file.state == FileState.CHECKING
    runner.drain()
    expect(stand(page)).to_contain_text(re.compile(r"Je opname staat klaar: 0:0[1-3]\."))
    page.get_by_label("Woorden").fill("Dag")
    press(page, "Bewaar")
    page.wait_for_url(f"**/proef/?bestand={file.key}")
    in_order(page)
    player = page.locator("[data-player]")
    page.evaluate("document.addEventListener('files:moment', e => { document.title = JSON.stringify(e.detail); })")
    player.get_by_role("button", name="Speel af").click()
    expect(player.get_by_role("button", name="Pauze")).to_be_visible()
    heard(player, 0.3)
    player.get_by_role("button", name="Speel vanaf 0:01").click()
    heard(player, 1)
    player.get_by_role("button", name="Zeg hier iets over").click()
    expect(page).to_have_title(re.compile(rf'"key":"{file.key}","second":\d'))
    player.get_by_label("Snelheid").select_option("0.75")
    assert player.locator("audio").evaluate("a => a.playbackRate") == 0.75
    assert StoredFile.objects.count() == 1, "it went along with the form a second time"


def test_a_laptop_that_is_closed_half_way_offers_it_again(page: Page, speaker: Person, address: str) -> None:
    record(page, 3500)
    again = page.context.new_page()
    page.close(run_before_unload=False)
    again.goto(f"{address}/proef/")
    expect(again.get_by_text("Er staat nog een opname op dit apparaat die we niet hebben")).to_be_visible()
    in_order(again)
    press(again, "Gebruik die opname")
    expect(stand(again)).to_contain_text("Binnen.")
    runner.drain()
    assert (StoredFile.objects.get(person=speaker).seconds or 0) > 1.5
    again.reload()
    expect(again.get_by_text("Er staat nog een opname op dit apparaat")).to_be_hidden()


def test_what_waits_on_a_device_is_nothing_to_somebody_else(page: Page, address: str) -> None:
    record(page, 2500)
    context = page.context
    page.close(run_before_unload=False)
    context.clear_cookies()
    context.add_cookies([cookie_of(PersonFactory.create(), address)])  # type: ignore[list-item]
    other = context.new_page()
    other.goto(f"{address}/proef/")
    other.wait_for_timeout(300)
    expect(other.get_by_text("Er staat nog een opname op dit apparaat")).to_be_hidden()
    stored = other.evaluate(
        "new Promise(done => { const o = indexedDB.open('tussenruimte-opnames'); o.onsuccess = () => {"
        " o.result.transaction('chunks').objectStore('chunks').getAll().onsuccess = e =>"
        " done(e.target.result.map(c => [...new Uint8Array(c.sealed).slice(0, 4)])); }; })"
    )
    assert stored
    assert [0x1A, 0x45, 0xDF, 0xA3] not in stored, "it lies there as it was said"


def test_a_large_file_goes_on_after_a_cut_and_the_form_waits_for_it(page: Page, speaker: Person) -> None:
    """The third piece is lost on the way, and the connection with it."""
    data = sound("wav", 58)
    count = -(-len(data) // PIECE)
    assert count > 3
    sent: list[int] = []

    def on_the_way(route: Any) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 3:
                route.abort()
                return
        route.continue_()

    page.route("**/bestanden/**", on_the_way)
    page.get_by_label("Woorden").fill("Dag")
    page.get_by_label("Of kies een geluidsbestand").set_input_files(
        {"name": "memo.wav", "mimeType": "audio/wav", "buffer": data}
    )
    press(page, "Bewaar")
    page.wait_for_url("**/proef/?bestand=*")
    assert sent == [0, PIECE, 2 * PIECE, *range(2 * PIECE, len(data), PIECE)]
    file = StoredFile.objects.get(person=speaker)
    assert b"".join(services.arriving(file).whole()) == data


def test_a_wrong_file_is_said_and_the_form_can_go_without(page: Page, speaker: Person) -> None:
    page.get_by_label("Of kies een geluidsbestand").set_input_files(
        {"name": "memo.mp3", "mimeType": "audio/mpeg", "buffer": b"PK\x03\x04" * 1000}
    )
    expect(stand(page)).to_contain_text("Dit bestand kunnen we niet afspelen.")
    assert page.locator("[data-upload-key]").input_value() == ""


def test_pausing_and_throwing_away_leave_nothing(page: Page, speaker: Person) -> None:
    record(page)
    page.context.set_offline(True)
    press(page, "Stop")
    expect(stand(page)).to_contain_text("Er is geen verbinding.")
    page.locator("[data-upload-pause]").click()
    expect(stand(page)).to_contain_text("Gepauzeerd.")
    page.context.set_offline(False)
    page.wait_for_timeout(300)
    assert not StoredFile.objects.exists()
    page.locator("[data-upload-pause]").click()
    expect(stand(page)).to_contain_text("Binnen.")
    press(page, "Gooi weg")
    expect(stand(page)).to_be_empty()
    page.wait_for_load_state("networkidle")
    for _ in range(50):
        if not StoredFile.objects.filter(person=speaker).exists():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it is still there")


def test_in_parts_an_attachment_plays_to_its_end_and_can_be_skipped_in(
    page: Page, speaker: Person, address: str
) -> None:
    """Of several pieces, none of which is sent with another."""
    file = ready(speaker, sound("webm", 55))
    part = file.parts["opus"]
    whole = b"".join(Blob(file.key, part["blob"], part["size"]).whole())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("range", "")))
    page.goto(f"{address}/proef/?bestand={file.key}")
    audio = page.locator("[data-player] audio")
    assert plays(audio)
    audio.evaluate("async a => { a.currentTime = 50; await new Promise(r => a.addEventListener('seeked', r)); }")
    assert audio.evaluate("a => Math.abs(a.duration - 55) < 0.5 && !a.error")
    assert "bytes=0-" in asked
    assert len(whole) > 100_000


def test_a_page_that_lay_open_for_an_hour_gets_new_addresses_by_itself(
    page: Page, speaker: Person, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ready(speaker, sound("webm", 5))
    asked: list[str] = []
    page.goto(f"{address}/proef/?bestand={file.key}")
    page.on("request", lambda request: asked.append(request.url))
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 3600)
    player = page.locator("[data-player]")
    player.get_by_role("button", name="Speel af").click()
    heard(player, 0.5)
    assert any("/proef/" in url for url in asked), "its addresses were good all the time"
    monkeypatch.setattr(hearing, "LIVES", -7200)
    page.reload()
    player.get_by_role("button", name="Speel af").click()
    expect(player.locator("[data-player-state]")).to_contain_text("Ververs de pagina om verder te luisteren.")


def test_without_script_it_is_heard_with_the_browsers_own_controls(
    browser: Browser, speaker: Person, address: str
) -> None:
    file = ready(speaker)
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    context.add_cookies([cookie_of(speaker, address)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{address}/proef/?bestand={file.key}")
    expect(page.get_by_role("figure").locator("audio[controls]")).to_be_visible()
    expect(page.get_by_role("button", name="Speel af")).to_be_hidden()
    expect(page.get_by_text("Hier zei je iets")).to_be_visible()
    page.get_by_label("Woorden").fill("Dag")
    page.get_by_label("Of kies een geluidsbestand").set_input_files(
        {"name": "memo.m4a", "mimeType": "audio/mp4", "buffer": sound("mp4")}
    )
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_text("nog niet klaar om te beluisteren")).to_be_visible()
    context.close()
