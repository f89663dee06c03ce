"""A practice case from the trainer who gives it to the learner for whom it is *voldoende*, between three people.

Trainer and learner are in the frame of the LMS, the trainer by keyboard, the learner on a phone; the colleague who
reads along is signed in here. Against real processes, with Chromium's microphone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect

from tests.journeys.keys import Keys
from tests.journeys.look import as_it_is
from tests.journeys.site import PUBLISH, Site, running
from tests.journeys.three_units import part_of_module

pytestmark = pytest.mark.browser

COURSE = Path(__file__).with_name("practice_case.xml")
MODULE, CASE = "Dialoog is een werkwoord", "Het gesprek dat je uitstelt"
ASKED = ("Wat gebeurde er", "Wat deed jij", "Wat deed dat", "Wat doe je nu")
TOLD = (
    "We zaten aan tafel. Hij zei: “Jullie komen altijd met de uitkomst.”",
    "Ik wilde uitleggen, en zweeg.",
    "Hij ging rechtop zitten. Ik ademde weer.",
    "Vrijdag bel ik hem. Het kantelde in de stilte.",
)
MORE = "Ik vroeg hem wat hij miste. Een datum, zei hij."


@pytest.fixture(scope="module")
def site(kept_site: Path, letters: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With a module that asks the case and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "letters").symlink_to(letters)
    with running(folder, like=kept_site) as site:
        course = part_of_module(COURSE, folder / "course")
        site.manage("shell", "--command", PUBLISH.format(folder=str(course)))
        yield site


class Visit:
    """Somebody in a window of their own. `place`: where Tussenruimte is, the page itself or the LMS's frame in it."""

    def __init__(self, browser: Browser, site: Site, *, width: int = 1280, microphone: bool = False) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 800}, locale="nl-NL", reduced_motion="reduce"
        )
        self.context.set_default_timeout(20_000)
        if microphone:
            self.context.grant_permissions(["microphone"])
        self.page: Page = self.context.new_page()
        self.place: Page | Frame = self.page
        self.keys = Keys(self.page)
        self.site = site

    def through_the_lms(self, name: str) -> None:
        self.page.goto(f"{self.site.lms}/inloggen/")
        self.page.get_by_role("button", name=re.compile(name)).click()
        self.page.get_by_role("link", name=re.compile("Leerlijn Ruimte")).click()
        self.page.get_by_role("link", name=re.compile(f"^Open.*{MODULE}")).click()
        frame = self.page.locator("iframe.tool").element_handle().content_frame()
        assert frame
        self.place = frame
        self.is_at(re.compile("werkwoord"))

    def by_password(self, name: str) -> None:
        self.page.goto(f"{self.site.tool}/inloggen/")
        self.page.get_by_label("Gebruikersnaam").fill(name)
        self.page.get_by_label("Wachtwoord").fill((self.site.folder / "demo-password").read_text().strip())
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("link", name=re.compile("^Berichten"))).to_be_visible()

    def is_at(self, heading: str | re.Pattern[str]) -> None:
        expect(self.place.get_by_role("heading", level=1)).to_have_text(re.compile(heading))

    def link(self, words: str | re.Pattern[str]) -> Locator:
        return self.place.get_by_role("link", name=words).first

    def button(self, words: str | re.Pattern[str]) -> Locator:
        return self.place.get_by_role("button", name=words).first

    def reads(self, words: str | re.Pattern[str]) -> None:
        expect(self.place.get_by_text(words).first).to_be_visible()

    def menu(self, words: str) -> None:
        self.place.get_by_role("navigation").first.get_by_role("link", name=re.compile(f"^{words}")).click()

    def is_told(self, words: str) -> None:
        """Among the messages, from where it leads on."""
        self.menu("Berichten")
        self.is_at("Berichten")
        self.link(re.compile(words)).click()

    def comes_back_until(self, there: Locator) -> None:
        """What a job makes is there when one looks again."""
        for _ in range(60):
            self.place.wait_for_load_state()
            if there.count():
                return
            self.page.wait_for_timeout(500)
            self.place.goto(self.place.url)
        raise AssertionError(f"{there} never came")

    def hears(self) -> None:
        """The first sound of the page, by its own button."""
        player = self.place.locator("[data-player]").first
        player.get_by_role("button", name="Speel af").click()
        expect(player.locator("[data-player-now]")).not_to_have_text("0:00")

    def is_in_order(self, words: str | re.Pattern[str]) -> None:
        """The page with these words on it."""
        self.reads(words)
        self.place.wait_for_load_state()
        assert as_it_is(self.place) == []


def give(trainer: Visit) -> None:
    """To a group that had it before, which is taken back first; by keyboard."""
    trainer.menu("Begeleiden")
    trainer.is_in_order("Wie het langst wacht, staat boven.")
    trainer.link("Uitzetten").click()
    trainer.place.get_by_role("region", name="Uitgezet").get_by_role("link", name=CASE).click()
    trainer.place.get_by_text("Trek de case in").click()
    trainer.button("Trek in").click()
    trainer.reads("Ingetrokken op")
    trainer.link("Zet nog een case uit").click()
    trainer.link(CASE).click()
    trainer.is_in_order("Rondes, hoogstens")
    keys = trainer.keys
    keys.press(trainer.place.get_by_label("Iedereen in Leergroep voorjaar"), "Space")
    keys.write(trainer.place.get_by_label(re.compile("Bericht erbij")), "Kies iemand van buiten.")
    keys.to(trainer.place.get_by_label("Collega’s die meelezen"))
    trainer.page.keyboard.press("Control+a")
    trainer.page.keyboard.type("1")
    keys.press(trainer.button("Kijk wie het krijgt"))
    trainer.is_in_order("Dit krijgen 2 mensen")
    keys.press(trainer.button("Zet de case uit"))
    trainer.is_in_order("2 mensen hebben de case")


def prepare(learner: Visit) -> None:
    """From the unit through the door to the case."""
    learner.is_told("Er staat een praktijkcase voor je klaar")
    learner.reads("Kies iemand van buiten.")
    learner.menu("Leren")
    learner.link(MODULE).click()
    learner.link("Jouw stem en jouw mandaat").click()
    learner.link("Lees de praktijkcase").click()
    learner.is_in_order("Zo lever je straks in")
    learner.link("Naar je case").click()
    learner.is_in_order("Is het veilig?")
    learner.button("Ik ben voorbereid").click()
    learner.reads("dingen vragen nog aandacht")
    learner.place.get_by_label(re.compile("Met wie")).fill("Een melkveehouder bij de beek.")
    for each in learner.place.get_by_role("radiogroup").all():
        each.get_by_label("Ja").check()
    learner.button("Ik ben voorbereid").click()
    learner.is_in_order("Nu naar buiten")


def look_back(learner: Visit) -> None:
    """Held today; written and spoken, with an own look, seen once more and handed in."""
    learner.place.get_by_label("Wanneer was het gesprek?").fill(timezone.localdate().isoformat())
    learner.button("Ik heb het gesprek gevoerd").click()
    learner.is_in_order("Hoe zie je het zelf?")
    learner.place.get_by_label("Ik spreek het in").check()
    for label, words in zip(ASKED, TOLD, strict=True):
        learner.place.get_by_label(re.compile(label)).fill(words)
    for each in learner.place.locator(".maatstaf:has(textarea)").all():
        each.get_by_role("radio").nth(1).check()
        each.get_by_role("textbox").fill("Ik vatte samen wat hij zei.")
    expect(learner.place.locator("[data-bewaard]")).to_contain_text("Bewaard om")
    speak(learner)
    learner.button("Kijk het na en lever in").click()
    learner.reads("Eén ding vraagt nog aandacht")
    learner.place.get_by_role("radio", name=re.compile("^Tussen overheden")).check()
    expect(learner.place.get_by_label(re.compile(ASKED[3]))).to_have_value(TOLD[3])
    learner.button("Kijk het na en lever in").click()
    learner.is_in_order("Dit lezen je trainer en één collega")
    learner.reads("uit je groep: Emre")
    expect(learner.place.get_by_role("region", name="En dit leest alleen je trainer")).to_contain_text(
        "Tussen overheden"
    )
    learner.button("Lever in").click()
    learner.is_in_order("Eén collega uit je groep leest mee.")


def speak(learner: Visit) -> None:
    learner.link("Spreek je reflectie in").click()
    learner.is_in_order("Neem op, of kies een bestand")
    learner.button("Neem op").click()
    expect(learner.button("Stop")).to_be_focused()
    learner.page.wait_for_timeout(2_500)
    learner.button("Stop").click()
    learner.button("Zet deze opname bij mijn case").click()
    learner.reads("Je opname staat bij je case.")
    learner.comes_back_until(learner.place.get_by_role("button", name="Speel af"))
    learner.hears()
    learner.is_in_order("Wat er gezegd wordt, in tekst")
    learner.link("Terug naar je case").click()
    learner.reads("staat klaar")


def read_along(peer: Visit) -> None:
    peer.is_told("Sanne")
    peer.is_in_order("Jouw lezing")
    peer.place.get_by_text("Zet iets bij een zin").first.click()
    peer.place.get_by_label("Bij welke zin?").first.select_option(index=1)
    peer.place.locator("[name^=opmerking-]").locator("visible=true").fill("Hier hoor ik hem.")
    peer.button("Zet erbij").click()
    peer.reads("Hier hoor ik hem.")
    for each in peer.place.locator(".maatstaf").all():
        each.get_by_role("radio").nth(2).check()
    peer.place.locator("#zag").fill("Je liet hem uitpraten.")
    peer.place.locator("#vraag").fill("Hoe lang duurde die stilte?")
    peer.button("Geef aan Sanne").click()
    peer.is_in_order("Gegeven. Dank je wel")


def rate_examples(trainer: Visit) -> None:
    """Before somebody's first reading, and seen beside what the writers gave."""
    trainer.link("Begin met een voorbeeld").click()
    for number in (1, 2):
        trainer.is_at(f"Voorbeeld {number} van 2")
        trainer.is_in_order("geconstrueerd voorbeeld")
        for scale in trainer.place.locator("[data-scale]").all():
            scale.get_by_role("radio").nth(2).check()
        trainer.button("Vergelijk met de schrijvers").click()
        trainer.is_in_order(re.compile("Jij 3, de schrijvers"))
        trainer.link("Naar het volgende voorbeeld" if number == 1 else "Ga lezen").click()


def read(trainer: Visit, *, levels: str, asks: str, reach: str, verdict: str) -> None:
    """A level a criterion, a question, at which learning level it was, a verdict: all by keys."""
    keys, press = trainer.keys, trainer.page.keyboard.press
    for scale, level in zip(trainer.place.locator("[data-scale]").all(), levels, strict=True):
        keys.to(scale.get_by_role("radio").first, group=True)
        press(level)
        expect(scale.get_by_role("radio").nth(int(level) - 1)).to_be_checked()
    keys.write(trainer.place.get_by_label("Dit zag ik", exact=True), "Je liet een stilte bestaan.")
    keys.write(trainer.place.get_by_label("Dit vraag ik je", exact=True), asks)
    expect(trainer.place.get_by_role("radio", name=re.compile("Tussen overheden"))).not_to_be_checked()
    keys.choose(trainer.place.get_by_role("radio", name=re.compile(reach)))
    keys.choose(trainer.place.get_by_role("radio", name=re.compile(verdict)))
    press("Control+Enter")
    trainer.reads("Gegeven. Sanne kan het nu lezen.")


def first_reading(trainer: Visit) -> None:
    trainer.is_told("Sanne leverde .*ronde 1")
    rate_examples(trainer)
    trainer.is_in_order("Geef terug aan Sanne")
    trainer.reads("Je liet hem uitpraten.")
    trainer.hears()
    moment = trainer.place.locator("[data-moment]").first
    moment.locator("summary").click()
    moment.get_by_label("Op welk moment").fill("0:01")
    moment.get_by_label("Jouw opmerking").fill("Hier aarzel je.")
    moment.get_by_role("button", name="Zet bij dit moment").click()
    trainer.reads("bij 0:01")
    sentence = trainer.place.locator("[data-remark=verslag-0]")
    sentence.locator("summary").click()
    sentence.get_by_label("Bij welke zin").select_option(index=1)
    sentence.get_by_label("Jouw opmerking").fill("Wat hoorde je daaronder?")
    sentence.get_by_role("button", name="Zet bij deze zin").click()
    expect(trainer.place.locator(".opmerking__woorden").filter(has_text="Wat hoorde je daaronder?")).to_be_visible()
    read(trainer, levels="2322", asks="Wat miste hij?", reach="voorstel van Sanne", verdict="Terug met een vraag")


def revise(learner: Visit) -> None:
    """What was given stands beside how they saw themselves; what they wrote is still there."""
    learner.is_told("heeft een vraag voor je")
    learner.is_in_order("Vul aan of schrijf opnieuw")
    learner.reads("Jij koos ‘tussen overheden’, en Tineke ziet dat ook zo.")
    for words in ("Wat miste hij?", "Hier aarzel je.", "Wat hoorde je daaronder?", "Hoe lang duurde die stilte?"):
        learner.reads(words)
    learner.place.get_by_label(re.compile(ASKED[1])).fill(MORE)
    learner.button("Kijk het na en lever in").click()
    learner.is_in_order("Dit leest je trainer")
    learner.button("Lever in").click()
    learner.reads("Opnieuw ingeleverd")


def test_a_case_goes_from_trainer_to_learner_and_back_until_it_is_enough(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    trainer = Visit(chromium, site)
    trainer.through_the_lms("Tineke Bos")
    give(trainer)
    learner = Visit(chromium, site, width=360, microphone=True)
    learner.through_the_lms("Sanne de Wit")
    prepare(learner)
    look_back(learner)
    peer = Visit(chromium, site)
    peer.by_password("deelnemer2")
    read_along(peer)
    first_reading(trainer)
    trainer.is_in_order("Niemand wacht")
    revise(learner)
    trainer.is_told("Sanne leverde .*ronde 2")
    trainer.reads("De rondes naast elkaar")
    read(trainer, levels="3333", asks="Wat neem je mee?", reach="In de organisatie", verdict="Voldoende")
    trainer.reads("Niemand wacht")

    learner.is_told("is voldoende")
    learner.is_in_order("Rond: je praktijkcase is voldoende")
    learner.reads("Tineke zag vooral ‘in je organisatie’")
    learner.link("Bewaar de hele case als PDF").click()
    learner.button("Maak een PDF").click()
    expect(learner.link("Download je PDF")).to_be_visible(timeout=60_000)  # letters are cut for it
    with learner.page.expect_download() as download:
        learner.link("Download je PDF").click()
    download.value.save_as(tmp_path / "case.pdf")
    with pikepdf.open(tmp_path / "case.pdf") as document:
        assert len(document.pages) > 1
    learner.menu("Leren")
    learner.link(MODULE).click()
    learner.is_in_order("Deze module is rond")
    trainer.page.goto(f"{site.lms}/leerlijn/ruimte-voor-landbouw-en-natuur/cijferboek/")
    row = trainer.page.get_by_role("row", name=re.compile("Sanne de Wit"))
    expect(row.get_by_role("cell").first).to_contain_text("rond")
