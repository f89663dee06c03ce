"""A draft keeps itself: two windows find each other, a lost connection loses nothing, a press waits for what is under
way. In Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from learning.practice.models import State, Work
from learning.practice.services import doing
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import assignment_in, group_of, held_talk, trainer_in, work_of
from tests.learning.journal.test_draft import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WITH_WHOM, PROMISE = "Met wie? Noem een functie.", "Wat kun je beloven?"


@pytest.fixture
def work(transactional_db: None) -> Work:
    trainer = trainer_in(OrganisationFactory.create())
    learner = PersonFactory.create(organisation=trainer.organisation)
    return work_of(learner, assignment_in(group_of(learner, trainer=trainer)))


@pytest.fixture
def address(live_server: LiveServer, context: BrowserContext, work: Work) -> str:
    context.add_cookies([cookie_of(work.person, live_server.url)])  # type: ignore[list-item]
    return f"{live_server.url}/praktijk/{work.key}/"


def fields() -> dict[str, str]:
    return dict(doing.draft_of(Work.objects.get()).fields)


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def kept(page: Page) -> None:
    expect(page.locator("[data-bewaard]")).to_contain_text("Bewaard om")


def test_what_is_typed_is_kept_by_itself_and_is_there_after_a_closed_laptop(
    context: BrowserContext, address: str
) -> None:
    page = opened(context, address)
    page.get_by_label(WITH_WHOM).fill("Een imker")
    page.get_by_role("radio", name="Ik twijfelde, en heb overlegd").check()
    kept(page)
    assert fields() == {"voorbereiding-0": "Een imker", "veilig-0": "overlegd"}
    page.close()
    again = opened(context, address)
    expect(again.get_by_label(WITH_WHOM)).to_have_value("Een imker")
    again.get_by_role("button", name="Ik ben voorbereid").click()
    expect(again.get_by_role("heading", name="Nu naar buiten")).to_be_visible()
    assert Work.objects.get().state == State.PREPARED


def test_two_windows_take_over_from_each_other_and_ask_where_both_wrote(context: BrowserContext, address: str) -> None:
    one, other = opened(context, address), opened(context, address)
    one.get_by_label(WITH_WHOM).fill("Een boer")
    kept(one)
    other.get_by_label(PROMISE).fill("Een afspraak")
    kept(other)
    expect(other.get_by_label(WITH_WHOM)).to_have_value("Een boer")
    one.get_by_label(PROMISE).fill("Helemaal niets")
    expect(one.locator("[data-botsing] blockquote")).to_have_text("Een afspraak")
    assert fields()["voorbereiding-1"] == "Een afspraak"
    one.get_by_role("button", name="Houd wat hier staat").click()
    kept(one)
    assert fields() == {"voorbereiding-0": "Een boer", "voorbereiding-1": "Helemaal niets"}


def test_without_a_connection_nothing_is_lost_and_it_goes_when_there_is_one(
    context: BrowserContext, address: str
) -> None:
    page = opened(context, address)
    context.set_offline(True)
    page.get_by_label(WITH_WHOM).fill("Een imker in de trein")
    expect(page.locator("[data-bewaard]")).to_contain_text("Er is geen verbinding")
    later = page.get_by_role("button", name="Bewaar en ga later verder")
    later.click()
    expect(later).not_to_have_attribute("aria-busy", "true")  # it was tried, and the page is still here
    expect(page.locator("[data-bewaard]")).to_contain_text("Er is geen verbinding")
    expect(page.get_by_label(WITH_WHOM)).to_have_value("Een imker in de trein")
    assert fields() == {}
    context.set_offline(False)
    kept(page)
    assert fields() == {"voorbereiding-0": "Een imker in de trein"}


def test_ticks_of_how_it_is_shown_are_kept_together(context: BrowserContext, address: str, work: Work) -> None:
    held_talk(work)
    page = opened(context, address)
    page.get_by_role("checkbox", name="Ik spreek het in").check()
    kept(page)
    assert {name for name in fields() if name.startswith("vorm-")} == {"vorm-tekst", "vorm-gesproken"}
    page.get_by_role("checkbox", name="Ik schrijf het op").uncheck()
    expect(page.locator("[data-bewaard]")).to_contain_text("Bewaard om")
    page.wait_for_timeout(1_500)
    assert {name for name in fields() if name.startswith("vorm-")} == {"vorm-gesproken"}


def test_who_signs_in_anew_in_another_tab_goes_on_writing_here(
    context: BrowserContext, address: str, work: Work
) -> None:
    page = opened(context, address)
    context.clear_cookies()
    page.get_by_label(WITH_WHOM).fill("Een imker")
    expect(page.locator("[data-bewaard]")).to_contain_text("Je bent intussen uitgelogd")
    context.add_cookies([cookie_of(work.person, address.partition("/praktijk/")[0])])  # type: ignore[list-item]
    page.get_by_label(WITH_WHOM).fill("Een imker bij de beek")
    kept(page)
    assert fields() == {"voorbereiding-0": "Een imker bij de beek"}
