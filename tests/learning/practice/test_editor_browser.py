"""Writing on a case in Chromium: it keeps itself, through a tunnel and beside another window, and undoes nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from learning.people.models import Person
from learning.practice.models import Case
from learning.practice.services import library
from tests.factories import OrganisationFactory
from tests.factories.practice import case_of, trainer_in
from tests.journeys.look import RULES, axe
from tests.learning.journal.test_draft import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trainer(transactional_db: None) -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui")


@pytest.fixture
def case(trainer: Person) -> Case:
    return library.copy(case_of().case, by=trainer)


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer, trainer: Person, case: Case) -> Page:
    context.add_cookies([cookie_of(trainer, live_server.url)])  # type: ignore[list-item]
    return opened(context, live_server, case)


def opened(context: BrowserContext, live_server: LiveServer, case: Case) -> Page:
    page = context.new_page()
    page.goto(f"{live_server.url}/begeleiden/cases/{case.pk}/bewerk/")
    return page


def write(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)


def kept(page: Page) -> None:
    expect(page.locator("[data-case-state]")).to_contain_text("Bewaard om")


def text(case: Case, name: str) -> str:
    return str(Case.objects.get(pk=case.pk).draft[name])


def test_what_is_written_keeps_itself_and_never_undoes_another_window(
    page: Page, context: BrowserContext, live_server: LiveServer, case: Case
) -> None:
    other = opened(context, live_server, case)
    write(page, "Doel", "Van de een.")
    kept(page)
    write(other, "Titel", "Van de ander")
    kept(other)
    # Once more: its page learned marks, but not of what it shows as it was.
    with other.expect_response("**/bewerk/"):
        write(other, "Titel", "Van de ander, twee keer")
    kept(other)
    assert (text(case, "doel"), text(case, "titel")) == ("Van de een.", "Van de ander, twee keer")

    write(other, "Doel", "Van de ander.")
    expect(other.locator("[data-case-state]")).to_contain_text("Iemand anders veranderde dit ook")
    other.get_by_role("button", name="Bewaar concept").click()
    expect(other.get_by_role("alert")).to_contain_text("Iemand anders veranderde dit ook")
    expect(other.get_by_label("Doel", exact=True)).to_have_value("Van de ander.")
    other.get_by_role("button", name="Neem de tekst van de ander").click()
    expect(other.get_by_label("Doel", exact=True)).to_have_value("Van de een.")


def test_in_a_tunnel_nothing_is_lost_and_it_is_sent_after(page: Page, case: Case) -> None:
    def tunnel(route: Route) -> None:
        route.abort()

    page.route("**/bewerk/", tunnel)
    write(page, "Doel", "Geschreven in een tunnel.")
    expect(page.locator("[data-case-state]")).to_contain_text("nog niet bewaard")
    page.unroute("**/bewerk/", tunnel)
    kept(page)
    assert text(case, "doel") == "Geschreven in een tunnel."


def test_a_row_is_added_where_one_is_and_the_page_is_in_order(page: Page, case: Case) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("#na-vragen-erbij").click()
    expect(page.locator("#na-vragen-4")).to_be_in_viewport()
    page.locator("#rubric-erbij").click()
    expect(page.locator("#rubric-3")).to_have_attribute("open", "")
    page.get_by_role("button", name="Bewaar als versie 1").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.evaluate(axe())
    wrong = page.evaluate(
        "rules => axe.run('main', {runOnly: rules}).then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))",
        RULES,
    )
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
