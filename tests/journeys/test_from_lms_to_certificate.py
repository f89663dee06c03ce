"""The whole way: from the LMS, in a frame, through the units, back to the LMS, and out with a document.

Run against real processes; on PostgreSQL with a Celery worker and RabbitMQ when the suite has them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from tests.journeys import units
from tests.journeys.keys import Keys
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.postgresql]
LEARNER, TRAINER = "Sanne de Wit", "Tineke Bos"


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    """Which cookies a frame keeps is up to all of Chromium."""
    return chromium


class Visit:
    """Somebody at the LMS with the module open in its frame, by keyboard."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.page = context.new_page()
        self.keys = Keys(self.page)
        self.site = site

    def step_in(self, name: str) -> None:
        self.page.goto(self.site.lms)
        self.keys.press(self.page.get_by_role("button", name=re.compile(name)))
        self.keys.press(self.page.get_by_role("link", name="Leerlijn Ruimte voor Landbouw en Natuur"))

    def open_module(self) -> FrameLocator:
        self.keys.press(self.page.get_by_role("link", name=re.compile("^Open.*Dialoog is een werkwoord")))
        frame = self.page.frame_locator("iframe")
        expect(frame.get_by_role("heading", level=1, name=re.compile("Dialoog is een"))).to_be_visible()
        return frame

    def go_on(self, frame: FrameLocator) -> None:
        """The one yellow button of the module page."""
        self.keys.press(frame.locator(".hierben .knop--verder"))

    def back_to_module(self, frame: FrameLocator) -> None:
        self.keys.press(frame.get_by_role("link", name=re.compile("^Module 1$")).first)
        expect(frame.locator(".hierben")).to_be_visible()


def result_of(page: Page, site: Site) -> Locator:
    """What the gradebook says of the learner's module."""
    page.goto(f"{site.lms}/leerlijn/ruimte-voor-landbouw-en-natuur/cijferboek/")
    return page.get_by_role("row", name=re.compile(LEARNER)).get_by_role("cell").first


def test_a_learner_goes_from_the_lms_to_a_document_by_keyboard(browser: Browser, site: Site, tmp_path: Path) -> None:
    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-NL")
    trainer = browser.new_context(locale="nl-NL")
    desk.set_default_timeout(20_000)
    watching = Visit(trainer, site)
    watching.step_in(TRAINER)

    # Unit 1.1, in the LMS's frame.
    visit = Visit(desk, site)
    visit.step_in(LEARNER)
    frame = visit.open_module()
    visit.go_on(frame)
    units.lens(visit.keys, frame)
    visit.back_to_module(frame)
    expect(result_of(watching.page, site)).to_contain_text("25")

    # Unit 1.2, and half-way the laptop closes.
    visit.go_on(frame)
    units.quiz(visit.keys, frame)
    desk.close()

    # On the phone, the next day: straight to where they were.
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="nl-NL", has_touch=True)
    phone.set_default_timeout(20_000)
    visit = Visit(phone, site)
    visit.step_in(LEARNER)
    frame = visit.open_module()
    expect(frame.locator(".hierben")).to_contain_text("Hier was je gebleven")
    expect(frame.locator(".hierben")).to_contain_text("Streektafel in het dorpshuis")
    visit.go_on(frame)
    units.fragment(visit.keys, frame)
    visit.back_to_module(frame)

    # Unit 1.5: boots by the door, then the door shut, then three questions skipped on purpose.
    visit.go_on(frame)
    visit.keys.press(frame.get_by_role("link", name=re.compile("Schuif aan")))
    talk = units.activity(frame, "conversationsim")
    visit.keys.press(units.button(talk, "Schuif aan"))
    units.conversation(visit.keys, frame, "acaaaaa")
    visit.keys.press(units.button(talk, re.compile("Begin het gesprek opnieuw")))
    units.conversation(visit.keys, frame, "babb")
    visit.keys.press(units.button(talk, "Ik heb hier buiten de app over nagedacht"))
    expect(talk.get_by_text("afgerond").first).to_be_visible()
    visit.back_to_module(frame)
    expect(frame.locator(".hierben")).to_contain_text("Deze module is rond")

    # The LMS knows it too.
    expect(result_of(watching.page, site)).to_contain_text("rond", timeout=20_000)

    # And there is a document, which anybody can check.
    visit.go_on(frame)
    download_link = frame.get_by_role("link", name=re.compile("[Dd]ownload"))
    expect(download_link).to_be_visible(timeout=60_000)
    with visit.page.expect_download() as started:
        visit.keys.press(download_link)
    file = tmp_path / "bewijs.pdf"
    started.value.save_as(file)
    with pikepdf.open(file) as pdf:
        assert str(pdf.Root.Lang) == "nl"
        assert pdf.Root.MarkInfo.Marked
        code = re.search(r"verify/([A-Z0-9-]+)", str(links(pdf)))
    assert code
    anybody = browser.new_context(locale="nl-NL").new_page()
    anybody.goto(f"{site.tool}/certificates/verify/{code[1]}")
    expect(anybody.get_by_text(LEARNER)).to_be_visible()
    expect(anybody.get_by_text("Dialoog is een werkwoord").first).to_be_visible()


def links(pdf: pikepdf.Pdf) -> list[str]:
    return [
        str(annotation.A.URI)
        for page in pdf.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation and "/URI" in annotation.A
    ]
