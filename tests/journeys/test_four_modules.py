"""The four modules, each from its Startpunt to its Eindpunt in a browser, in four ways: by keyboard, by touch on a
narrow screen, on English pages, and with what comes a week and three months later. What is asked is what stands on the
pages, and axe looks at each kind of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from certificates.models import Certificate
from jobs import runner
from learning.people.models import Person
from learning.runtime.publishing import publish_folder
from learning.tracks.models import ActivityProgress, Enrolment
from tests.factories import PersonFactory, enrolled
from tests.journeys.hands import Doing, Keyboard, Touch
from tests.journeys.look import RULES, axe
from tests.learning.journal.test_draft import cookie_of
from tests.playing.places import FOLDERS, Place, places_of
from tests.playing.player import Play

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("four modules"),
]
_AXE = """rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(
    v => `${v.id} (${v.impact}) ${v.nodes[0].html.slice(0, 200)} x${v.nodes.length}`))"""
# (type, by touch): what axe has looked at. All ways are gone in one process.
_SEEN: set[tuple[str, bool]] = set()
WIDE = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=740)


@dataclass(frozen=True)
class Way:
    module: str
    language: str = "nl"
    touch: bool = False
    returns: bool = False


WAYS = [
    Way("dialoogprincipes"),
    Way("depolarisatie", touch=True),
    Way("ongenoegen", language="en"),
    Way("reflectietafel", returns=True),
]


class Journey:
    """Somebody on their way through a module. `wrong`: what axe says of the pages they were on."""

    def __init__(self, context: BrowserContext, way: Way, address: str) -> None:
        self.page: Page = context.new_page()
        self.way, self.address = way, address
        self.hands = Touch(self.page) if way.touch else Keyboard(self.page)
        self.wrong: list[str] = []

    def module_page(self) -> None:
        self.page.goto(f"{self.address}/leren/{self.way.module}/")
        expect(self.page.locator("html")).to_have_attribute("lang", self.way.language)

    def go_on(self) -> None:
        """The one yellow button of the module page."""
        self.hands.press(self.page.locator(".hierben .knop--verder"))
        self.page.wait_for_url(lambda url: not is_at(url, f"/leren/{self.way.module}/"))

    def do_unit(self, unit: str, places: list[Place]) -> None:
        """All that is required here. The unit's own page is open, or one of its activities."""
        unit_path = f"/leren/{self.way.module}/{unit}/"
        for place in places:
            if place.own_page:
                self.open(f"{unit_path}{place.key}/", f'[id="{place.key}"] a.knop')
                self.do(place)
                self.look(place)
                self.open(unit_path, ".unit__verder a")
            else:
                self.do(place)
        self.look(*places)

    def open(self, path: str, link: str) -> None:
        """Along a link, unless we are there."""
        if not is_at(self.page.url, path):
            self.hands.press(self.page.locator(link).first)
            self.page.wait_for_url(lambda url: is_at(url, path))

    def do(self, place: Place) -> None:
        Doing(self.hands, place.key).play(Play(place.type, place.data))

    def next_unit(self, unit: str) -> None:
        """The way on under a unit that is done."""
        self.open(f"/leren/{self.way.module}/{unit}/", "[data-onward] a")

    def look(self, *places: Place) -> None:
        """As it stands now, with what was done on it. Nothing sticks out at the side; axe looks when it hasn't seen
        each of these types in such a window yet, for that costs more than all else here."""
        path = self.page.url.removeprefix(self.address)
        shown = {(place.type, self.way.touch) for place in places}
        if not places or shown - _SEEN:
            _SEEN.update(shown)
            if not self.page.evaluate("() => 'axe' in window"):
                self.page.evaluate(axe())
            self.wrong += [f"{path} {line}" for line in self.page.evaluate(_AXE, RULES)]
        if self.page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            self.wrong.append(f"{path} is wider than the window")


def is_at(url: str, path: str) -> bool:
    return url.partition("#")[0].endswith(path)


def by_unit(places: list[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in places:
        if place.required:
            found.setdefault(place.unit, []).append(place)
    return found


@pytest.fixture
def learner(transactional_db: None) -> Person:
    return PersonFactory.create()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.module)
def test_from_the_startpunt_to_the_bewijs(browser: Browser, live_server: LiveServer, learner: Person, way: Way) -> None:
    enrolled(learner, publish_folder(FOLDERS[way.module]))
    context = browser.new_context(
        viewport=PHONE if way.touch else WIDE,
        has_touch=way.touch,
        locale={"nl": "nl-NL", "en": "en-GB"}[way.language],
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    context.add_cookies([cookie_of(learner, live_server.url)])  # type: ignore[list-item]
    try:
        walk_through(Journey(context, way, live_server.url), learner)
    finally:
        context.close()


def walk_through(journey: Journey, learner: Person) -> None:
    units = by_unit(places_of(journey.way.module))
    before = {unit: places for unit, places in units.items() if not places[0].comes_later}
    journey.module_page()
    journey.go_on()
    journey.open(f"/{next(iter(before))}/", ".unit__verder a")
    for number, (unit, places) in enumerate(before.items()):
        if number:
            journey.next_unit(unit)
        journey.do_unit(unit, places)
    runner.drain()
    bewijs(journey, learner)
    if journey.way.returns:
        for places in units.values():
            if places[0].comes_later:
                comes_back(journey, learner, places)
        enrolment = Enrolment.objects.get(person=learner)
        assert enrolment.returned_at is not None
        assert enrolment.looked_back_at is not None
    assert not journey.wrong, "\n".join(journey.wrong)
    done = ActivityProgress.objects.filter(enrolment__person=learner, status="afgerond")
    assert done.count() >= sum(map(len, before.values()))


def bewijs(journey: Journey, learner: Person) -> None:
    """The module page says that it is round; behind its button is the document."""
    journey.module_page()
    journey.look()
    words = {"nl": "Deze module is rond", "en": "This module is complete"}[journey.way.language]
    expect(journey.page.locator(".hierben")).to_contain_text(words)
    journey.go_on()
    journey.look()
    given = Certificate.objects.get(person=learner)
    expect(journey.page.locator(f"a[href*='{given.code}']").first).to_be_visible()


def comes_back(journey: Journey, learner: Person, places: list[Place]) -> None:
    """A week later, or three months."""
    then = timezone.now() - timedelta(days=places[0].days_later)
    Enrolment.objects.filter(person=learner).update(finished_at=then)
    journey.module_page()
    journey.go_on()
    journey.open(f"/{places[0].unit}/", ".unit__verder a")
    journey.do_unit(places[0].unit, places)
