"""The way out of an activity on its own page: "Bewaar en stop" keeps what can be kept, and says so where it can't."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from learning.people.models import Person
from learning.runtime.publishing import publish_folder
from modules.olx import CONTENT
from tests.factories import PersonFactory, enrolled
from tests.learning.journal.test_draft import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MODULE = "/leren/depolarisatie/"
MAP, CASE = f"{MODULE}u2-2/kaart-kromwoude/", f"{MODULE}u2-6/praktijkcase-m2/"
OWN_MAP, PLAN = f"{MODULE}u2-2/kaart-eigen-casus/", f"{MODULE}u2-4/plan-vier-knoppen/"
LAYERS = "/leren/ongenoegen/u3-2/lagenkaart-balie/"
REWRITE = f"{MODULE}u2-3/"


@pytest.fixture
def learner(context: BrowserContext, live_server: LiveServer, transactional_db: None) -> Page:
    person = PersonFactory.create()
    enrolled(person, publish_folder(CONTENT / "depolarisatie"))
    context.add_cookies([cookie_of(person, live_server.url)])  # type: ignore[list-item]
    return context.new_page()


@pytest.fixture
def asked(learner: Page) -> list[str]:
    """What the browser asked before it let go of the page; the answer is to stay."""
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    learner.on("dialog", stay)
    return questions


def stop(page: Page, words: str) -> None:
    page.locator(".kop--stil").get_by_role("link", name=words, exact=True).click()


def test_who_stops_half_way_a_map_finds_everybody_where_they_stood(
    learner: Page, asked: list[str], live_server: LiveServer
) -> None:
    learner.goto(live_server.url + MAP)
    learner.get_by_label("Rol").nth(1).select_option("stil midden")
    stop(learner, "Bewaar en stop")
    learner.wait_for_url(f"**{MODULE}u2-2/**#kaart-kromwoude")
    learner.goto(live_server.url + MAP)
    expect(learner.get_by_label("Rol").nth(1)).to_have_value("stil midden")
    assert not asked


def test_notes_of_a_practice_case_are_kept_on_the_way_out_below_too(
    learner: Page, asked: list[str], live_server: LiveServer
) -> None:
    learner.goto(live_server.url + CASE)
    learner.locator("textarea").first.fill("Dinsdag bij de stuw")
    learner.locator(".unit__verder a").first.click()
    learner.wait_for_url(f"**{MODULE}u2-6/")
    learner.goto(live_server.url + CASE)
    expect(learner.locator("textarea").first).to_have_value("Dinsdag bij de stuw")
    assert not asked


def test_what_can_not_be_kept_half_way_is_asked_about_and_the_button_promises_nothing(
    learner: Page, asked: list[str], live_server: LiveServer
) -> None:
    enrolled(Person.objects.get(), publish_folder(CONTENT / "ongenoegen"))
    learner.goto(live_server.url + LAYERS)
    first = learner.locator("select").first
    first.select_option("emotie")
    stop(learner, "Stop")
    learner.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(first).to_have_value("emotie")
    first.select_option("")
    stop(learner, "Bewaar en stop")
    learner.wait_for_url("**/leren/ongenoegen/u3-2/**")


def test_half_an_own_map_is_there_again_after_a_closed_laptop(
    learner: Page, asked: list[str], live_server: LiveServer
) -> None:
    learner.goto(live_server.url + OWN_MAP)
    learner.locator("input[name=kwestie]").fill("de sloot")
    stop(learner, "Bewaar en stop")
    learner.wait_for_url(f"**{MODULE}u2-2/**#kaart-eigen-casus")
    learner.goto(live_server.url + OWN_MAP)
    expect(learner.locator("input[name=kwestie]")).to_have_value("de sloot")
    expect(learner.locator("[data-bewaard]")).to_contain_text("Bewaard om")
    assert not asked


def test_a_refused_form_is_not_lost_without_a_question(
    learner: Page, asked: list[str], live_server: LiveServer
) -> None:
    learner.goto(live_server.url + OWN_MAP)
    learner.locator("input[name=kwestie]").fill("de sloot")
    learner.get_by_role("button", name="Teken mijn kaart").click()
    expect(learner.locator(".melding--fout")).to_be_visible()
    stop(learner, "Stop")
    learner.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_a_form_that_keeps_itself_lets_go_at_once(learner: Page, asked: list[str], live_server: LiveServer) -> None:
    learner.goto(live_server.url + PLAN)
    learner.locator("textarea").first.fill("De inloopavond")
    stop(learner, "Bewaar en stop")
    learner.wait_for_url(f"**{MODULE}u2-4/**#plan-vier-knoppen")
    learner.goto(live_server.url + PLAN)
    expect(learner.locator("textarea").first).to_have_value("De inloopavond")
    assert not asked


def test_words_on_a_page_of_a_unit_are_asked_about_and_a_chosen_answer_is_not(
    learner: Page, asked: list[str], live_server: LiveServer
) -> None:
    learner.goto(live_server.url + REWRITE)
    learner.locator("[data-activity=cardsort] input[type=radio]").first.check()
    own = learner.locator("[data-activity=rewrite] textarea")
    own.fill("Wat zou jij willen?")
    learner.locator(".unit__verder a").first.click()
    learner.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(own).to_have_value("Wat zou jij willen?")
    own.fill("")
    learner.locator(".unit__verder a").first.click()
    learner.wait_for_url(f"**{MODULE}")
    assert asked == ["beforeunload"]
