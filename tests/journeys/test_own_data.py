"""Somebody who wants to know what is kept of them, takes it along, and goes: all of it in the frame of their LMS.

Against real processes. The LMS of the demo has people of its own: who comes in through it is somebody of the tool's, so
that the LMS still knows them when the tool doesn't.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, expect

from tests.journeys.look import as_it_is
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

MODULE, WRITTEN = "Dialoog is een werkwoord", "Ik zag tegen het gesprek op, en het viel mee."
APART = "from lti.tool.models import Account; Account.objects.filter(person__username='deelnemer').delete()"
KNOWN = "from lti.tool.models import Account; print('nu', [a.person_id for a in Account.objects.filter(subject={!r})])"
SUBJECT = "from learning.people.models import Person; print('nu', Person.objects.get(username='deelnemer').pseudonym)"


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


def said(site: Site, words: str) -> str:
    """What the site prints after "nu"."""
    found = re.search(r"^nu (.+)$", site.manage("shell", "--command", words), re.MULTILINE)
    assert found
    return found[1]


def opened(page: Page, site: Site) -> Frame:
    """The module in the frame of the LMS, in which Sanne is signed in."""
    page.goto(f"{site.lms}/")
    page.get_by_role("link", name=re.compile("Leerlijn Ruimte")).click()
    page.get_by_role("link", name=re.compile(f"^Open.*{MODULE}")).click()
    frame = page.locator("iframe.tool").element_handle().content_frame()
    assert frame
    expect(frame.get_by_role("heading", level=1)).to_contain_text("werkwoord")
    return frame


def is_in_order(frame: Frame, words: str | re.Pattern[str]) -> None:
    expect(frame.get_by_text(words).first).to_be_visible()
    frame.wait_for_load_state()
    assert as_it_is(frame) == []


def writes(frame: Frame) -> None:
    frame.get_by_role("navigation").first.get_by_role("link", name="Journaal").click()
    frame.get_by_role("link", name="Schrijf iets").click()
    frame.locator("textarea").first.fill(WRITTEN)
    frame.get_by_role("button", name="Bewaar").click()
    expect(frame.get_by_text(WRITTEN)).to_be_visible()


def reads_the_notice(frame: Frame) -> None:
    frame.get_by_role("link", name="Je gegevens").click()
    is_in_order(frame, "Wat we van je bewaren, waarom")
    frame.get_by_text("Je journaal en wat je insprak", exact=True).click()
    expect(frame.get_by_role("rowheader", name="Wat je in je journaal schreef")).to_be_visible()
    frame.get_by_text("Een klacht", exact=True).click()
    is_in_order(frame, "Autoriteit Persoonsgegevens")


def takes_all_along(page: Page, frame: Frame, target: Path) -> ZipFile:
    frame.get_by_role("button", name="Maak het bestand").click()
    link = frame.get_by_role("link", name="Download je gegevens")
    expect(link).to_be_visible(timeout=60_000)  # the page itself sees that it is there
    is_in_order(frame, "Er staat alles in, ook je journaal")
    with page.expect_download() as started:
        link.click()
    assert re.fullmatch(r"mijn-gegevens-[\d-]+\.zip", started.value.suggested_filename)
    started.value.save_as(target)
    return ZipFile(target)


def goes(frame: Frame) -> None:
    frame.get_by_role("link", name="Bekijk wat er weggaat").click()
    is_in_order(frame, "Je bent meteen uitgelogd, overal")
    frame.get_by_role("link", name="Verder met wissen").click()
    is_in_order(frame, "Weet je het zeker?")
    frame.get_by_label("Typ het woord").fill("ja")
    frame.get_by_role("button", name="Wis alles voorgoed").click()
    is_in_order(frame, "Dat is een ander woord")
    frame.get_by_label("Typ het woord").fill("wissen")
    frame.get_by_role("button", name="Wis alles voorgoed").dblclick()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Tot ziens")
    expect(frame.get_by_text("Alles van jou is hier gewist.")).to_be_visible(timeout=60_000)
    assert as_it_is(frame) == []


def test_somebody_reads_what_is_kept_takes_it_along_goes_and_can_begin_anew(
    context: BrowserContext, page: Page, site: Site, tmp_path: Path
) -> None:
    site.manage("shell", "--command", APART)
    known = KNOWN.format(said(site, SUBJECT))
    page.goto(f"{site.lms}/inloggen/")
    page.get_by_role("button", name=re.compile("Sanne")).click()
    frame = opened(page, site)
    before = said(site, known)
    writes(frame)
    reads_the_notice(frame)

    archive = takes_all_along(page, frame, tmp_path / "mee.zip")
    assert archive.testzip() is None
    kinds = json.loads(archive.read("gegevens.json"))["soorten"]
    assert any(WRITTEN in json.dumps(kind["rijen"], ensure_ascii=False) for kind in kinds)
    assert WRITTEN in archive.read("lees-mij.html").decode()

    other = context.new_page()
    still = opened(other, site)
    page.bring_to_front()
    goes(frame)

    # On the other tab, and with what they had before, nobody is here.
    other.bring_to_front()
    still.get_by_role("navigation").first.get_by_role("link", name="Journaal").click()
    expect(still.get_by_role("heading", level=1)).to_have_text("Inloggen")
    other.close()
    assert said(site, known) == "[]"
    assert WRITTEN not in frame.content()

    # The LMS knows them still, and sends in somebody new.
    frame = opened(page, site)
    frame.get_by_role("navigation").first.get_by_role("link", name="Journaal").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Je journaal")
    expect(frame.get_by_text(WRITTEN)).to_have_count(0)
    assert said(site, known) not in ("[]", before)
