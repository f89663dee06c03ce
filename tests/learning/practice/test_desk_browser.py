"""The desk in Chromium: keys, keeping itself, and a remark at exactly what was selected."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from learning.people.models import Group, GroupMember, Person
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Comment, Work
from learning.practice.sealed import opened
from learning.practice.services import doing, reading
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import REPORT, assignment_in, group_of, held_talk, trainer_in, work_of
from tests.journeys.look import RULES, axe
from tests.learning.journal.test_draft import cookie_of
from tests.learning.practice.desk import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# With what counts differently in JavaScript, and ends of lines as a form sends them.
TOLD = "Eerst 😀 niets.\r\n\r\nToen zei hij: “Já 👩‍🌾, dat is ’t.” En weg was hij."


@pytest.fixture
def trainer(transactional_db: None) -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui")


@pytest.fixture
def group(trainer: Person) -> Group:
    people = [PersonFactory.create(organisation=trainer.organisation, name=name) for name in ("Sanne", "Mehmet")]
    return group_of(*people, trainer=trainer)


@pytest.fixture
def works(group: Group) -> list[Work]:
    assignment = assignment_in(group)
    made = []
    for member in GroupMember.objects.filter(group=group, is_trainer=False).select_related("person").order_by("pk"):
        work = held_talk(work_of(member.person, assignment))
        based_on = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
        doing.save(work.pk, {**REPORT, "verslag-0": TOLD}, based_on=based_on)
        made.append(doing.hand_in(work.pk, by=member.person).work)
    return made


@pytest.fixture
def page(context: BrowserContext, live_server: LiveServer, trainer: Person, works: list[Work]) -> Page:
    context.add_cookies([cookie_of(trainer, live_server.url)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{live_server.url}{address(works[0])}")
    return page


SELECT = """([field, from, to]) => {
  const nodes = [], box = document.querySelector(`[data-passage="${field}"]`);
  for (const p of box.querySelectorAll('p[data-start]')) {
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) nodes.push(walker.currentNode);
  }
  const find = (words) => {
    const node = nodes.find((each) => each.data.includes(words));
    return [node, node.data.indexOf(words)];
  };
  const range = document.createRange(), start = find(from), end = find(to);
  range.setStart(...start); range.setEnd(end[0], end[1] + to.length);
  getSelection().removeAllRanges(); getSelection().addRange(range);
  document.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
}"""


def remark_at(page: Page, start: str, end: str, words: str) -> None:
    page.evaluate(SELECT, ["verslag-0", start, end])
    page.locator(".kies-passage").click()
    page.keyboard.insert_text(words)
    page.get_by_role("button", name="Zet bij deze zin").first.click()
    expect(page.locator(".opmerking").filter(has_text=words)).to_be_visible()


def quotes() -> list[str]:
    return [opened(each.sealed, "comment", each.pk)["citaat"] for each in Comment.objects.order_by("pk")]


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


def test_what_is_selected_is_what_the_remark_is_about(page: Page) -> None:
    page.get_by_label("Dit zag ik", exact=True).fill("Niet verloren.")
    remark_at(page, "Já", "’t", "Hier gebeurt het.")
    assert quotes() == ["Já 👩‍🌾, dat is ’t"]
    expect(page.get_by_label("Dit zag ik", exact=True)).to_have_value("Niet verloren.")
    expect(page.locator("mark")).to_have_text("Já 👩‍🌾, dat is ’t")
    # Across a mark, and across an end of a line.
    remark_at(page, "dat is", "weg", "En hier.")
    remark_at(page, "niets", "Toen", "Over de regel heen.")
    assert quotes()[1:] == ["dat is ’t.” En weg", "niets.\n\nToen"]
    page.keyboard.press("Escape")
    in_order(page)


def test_the_desk_keeps_itself_and_listens_to_keys_only_where_it_has_focus(
    page: Page, works: list[Work], live_server: LiveServer
) -> None:
    page.keyboard.press("j")
    assert page.url.endswith(address(works[0]))  # nothing has focus yet
    page.locator("input[name=niveau-luisteren][value='1']").focus()
    for criterion, key in (("luisteren", "3"), ("oordeel", "2"), ("stem", "1")):
        page.locator(f"input[name=niveau-{criterion}][value='1']").focus()
        page.keyboard.press(key)
    expect(page.locator("[data-kept]")).to_contain_text("Bewaard om")
    assert Assessment.objects.get().levels == {"luisteren": 3, "oordeel": 2, "stem": 1}
    enough = page.get_by_label("Voldoende")
    expect(enough).to_be_disabled()
    expect(page.locator("[data-why]")).to_have_text("Voldoende kan niet met een 1.")
    page.keyboard.press("4")
    expect(enough).to_be_enabled()
    asks = page.get_by_label("Dit vraag ik je", exact=True)
    asks.press_sequentially("1 j c 2?")  # in a text they are letters
    expect(asks).to_have_value("1 j c 2?")
    page.get_by_role("radio", name="Bij zichzelf").check()
    page.get_by_label("Terug met een vraag").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{address(works[1])}")
    assert reading.words_of(Assessment.objects.get(work=works[0])).asks == "1 j c 2?"
    page.locator("article[data-desk]").focus()
    page.keyboard.press("c")
    expect(page.locator("textarea[name=opmerking-verslag-0]")).to_be_focused()


def test_without_a_connection_it_says_so_and_keeps_it_when_there_is_one(page: Page) -> None:
    page.context.set_offline(True)
    page.get_by_label("Dit zag ik", exact=True).fill("In de trein.")
    expect(page.locator("[data-kept]")).to_contain_text("Geen verbinding")
    page.context.set_offline(False)
    expect(page.locator("[data-kept]")).to_contain_text("Bewaard om")
    assert reading.words_of(Assessment.objects.get()).saw == "In de trein."


def test_another_window_is_heard_of_and_nothing_is_overwritten(page: Page, trainer: Person, works: list[Work]) -> None:
    mine = reading.take_up(works[0].pk, by=trainer)
    reading.save(mine.pk, levels={}, words=Words(saw="In het andere."), based_on=0)
    page.get_by_label("Dit zag ik", exact=True).fill("In dit.")
    expect(page.locator("[data-kept]")).to_contain_text("In een ander venster")
    assert reading.words_of(Assessment.objects.get()).saw == "In het andere."
    page.get_by_role("button", name="Bewaar voor straks").last.click()
    expect(page.get_by_text("In het andere.")).to_have_count(1)
    page.get_by_role("button", name="Bewaar voor straks").last.click()
    expect(page.get_by_text("Nog niemand anders ziet het.")).to_be_visible()
    assert reading.words_of(Assessment.objects.get()).saw == "In dit."
