"""A tool of somebody else, on npm's ltijs with SQLite: registers itself, is chosen from, launched, and scores."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.site import ROOT, Site, answers, free_port

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


SCENE = "De keukentafel"


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address: another site than either of ours, for a browser."""
    folder, port = tmp_path_factory.mktemp("ltijs"), free_port()
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["node", str(ROOT / "tests/journeys/ltijs/tool.js"), str(port), str(folder / "tool.sqlite3")],
            stdout=out,
            stderr=out,
            start_new_session=True,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        )
    try:
        _wait_for(f"http://127.0.0.2:{port}/alive", log)
        yield f"http://127.0.0.2:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if answers(address):
            return
        time.sleep(0.1)
    raise AssertionError(f"ltijs didn't start:\n{log.read_text()[-4000:]}")


def step_in(context: BrowserContext, site: Site, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{site.tool}/demo/")
    page.get_by_role("button", name=f"Stap in als {name}").click()
    page.wait_for_url(re.compile("/leren/"))
    return page


def test_it_registers_is_chosen_from_launched_and_returns_a_score(browser: Browser, site: Site, foreign: str) -> None:
    desk = browser.new_context(locale="nl-NL")
    redacteur = step_in(desk, site, "Jorrit van Dam")

    # By one address, in a frame; the tool says when it is done.
    redacteur.goto(f"{site.tool}/redactie/gereedschap/nieuw/")
    redacteur.get_by_label("Aanmeldadres").fill(f"{foreign}/register")
    redacteur.get_by_role("button", name="Ga naar het gereedschap").click()
    expect(redacteur.get_by_role("heading", level=1)).to_contain_text("Rollenspel van elders")
    expect(redacteur.locator("main")).to_contain_text("127.0.0.2")
    expect(redacteur.locator("main")).to_contain_text("weten wie er meedoen")
    expect(redacteur.get_by_label("Het krijgt namen")).not_to_be_checked()
    redacteur.get_by_role("button", name="Zet het aan").click()
    expect(redacteur.locator("main")).to_contain_text("Het gereedschap staat aan")
    address = redacteur.url

    # ltijs keeps a third-party cookie, which this browser blocks in a frame: in a window it works.
    redacteur.get_by_role("link", name="Kies inhoud bij het gereedschap").first.click()
    with desk.expect_page() as opened:
        redacteur.get_by_role("link", name="Open het in een nieuw venster").click()
    window = opened.value
    window.get_by_role("button", name="Neem de keukentafel").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Wat je koos")
    expect(window.locator("main")).to_contain_text("Gelukt.")
    window.get_by_role("button", name="Zet in de leerlijn").click()
    expect(window.locator("main")).to_contain_text("Er staat één onderdeel bij")

    # A learner opens it, in a window as the tool asked, and is known there by a number alone.
    learner_context = browser.new_context(locale="nl-NL")
    learner = step_in(learner_context, site, "Sanne de Wit")
    line = learner.get_by_role("listitem").filter(has_text=SCENE)
    expect(line).to_contain_text("nog niet begonnen")
    with learner_context.expect_page() as opened:
        line.get_by_role("link", name=SCENE).click()
    scene = opened.value
    expect(scene.locator("body")).to_contain_text("scene keukentafel, name nobody")
    learner.reload()
    expect(line).to_contain_text("begonnen")
    scene.get_by_role("button", name="Wie doet mee").click()
    expect(scene.locator("body")).to_contain_text("not for this tool")
    scene.go_back()
    scene.get_by_role("button", name="Klaar").click()
    expect(scene.locator("body")).to_contain_text("17 of 20")
    learner.reload()
    expect(line).to_contain_text("rond")
    expect(line).to_contain_text("85 %")

    # The organisation agrees to the class list, without names.
    redacteur.goto(address)
    redacteur.get_by_label("Het mag weten wie er meedoen").check()
    redacteur.get_by_role("button", name="Bewaar", exact=True).first.click()
    expect(redacteur.locator("main")).to_contain_text("Het geldt meteen")
    with learner_context.expect_page() as opened:
        line.get_by_role("link", name=SCENE).click()
    opened.value.get_by_role("button", name="Wie doet mee").click()
    expect(opened.value.locator("body")).to_contain_text("names: 0")
    expect(opened.value.locator("body")).not_to_contain_text("not for this tool")

    # Switched off, it is closed at once.
    redacteur.get_by_role("button", name="Zet uit").click()
    learner.goto(f"{site.tool}/leren/")
    with learner_context.expect_page() as opened:
        line.get_by_role("link", name=SCENE).click()
    expect(opened.value.locator("main")).to_contain_text("nu niet te openen")
    desk.close()
    learner_context.close()


def test_filled_in_by_hand_it_opens_in_a_frame_of_the_track(browser: Browser, site: Site, foreign: str) -> None:
    """On our own site to a browser, so that its cookie is kept in the frame; the platform's host name is another."""
    local = foreign.replace("127.0.0.2", "localhost")
    desk = browser.new_context(locale="nl-NL")
    page = step_in(desk, site, "Jorrit van Dam")
    page.goto(f"{site.tool}/redactie/gereedschap/nieuw/zelf/")
    page.get_by_label("Naam").fill("Kaart van elders")
    page.get_by_label("Inlogadres").fill("ftp://kaart.example")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("alert")).to_contain_text("begint met https://")
    for label, address in {
        "Inlogadres": f"{local}/login",
        "Startadres": local,
        "Toegestane terugkeeradressen": local,
        "Sleuteladres": f"{local}/keys",
    }.items():
        page.get_by_label(label).fill(address)
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_role("button", name="Zet het aan").click()
    page.get_by_text("Wat de leverancier van ons moet weten").click()

    def ours(name: str) -> str:
        return page.locator(f'.gereedschap__feiten > div:has(dt:text-is("{name}")) code').inner_text()

    said = {
        "issuer": ours("Issuer"),
        "client": ours("Client ID"),
        "auth": ours("Authorization URL"),
        "token": ours("Token URL"),
        "keys": ours("JWKS URL"),
    }
    assert httpx.get(f"{local}/connect", params=said, timeout=60).text == "yes"  # it makes a key of 4096 bits
    page.get_by_role("link", name="Zet het in deze leerlijn").first.click()
    page.get_by_label("Titel").fill("De kaart")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.locator("main")).to_contain_text("Het staat in de leerlijn")

    learner_context = browser.new_context(locale="nl-NL")
    learner = step_in(learner_context, site, "Emre Aydın")
    line = learner.get_by_role("listitem").filter(has_text="De kaart")
    line.get_by_role("link", name="De kaart").click()
    frame = learner.frame_locator("iframe.gereedschap__kader")
    expect(frame.locator("body")).to_contain_text("scene none, name nobody")
    frame.get_by_role("button", name="Klaar").click()
    expect(frame.locator("body")).to_contain_text("0.85 of 1")
    learner.goto(f"{site.tool}/leren/")
    expect(line).to_contain_text("85 %")
    desk.close()
    learner_context.close()
