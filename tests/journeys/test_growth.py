"""Levels and figures among those they concern: beheer opens HR's pages, HR looks at groups, the works council reads
that HR looked, a trainer looks at theirs, and a learner shows HR a piece of their own growth and takes it back.

By keyboard where something is filled in. Against real processes, on the demo as it begins.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.hands import Keyboard
from tests.journeys.look import as_it_is
from tests.journeys.site import Site
from tests.journeys.test_practice_case import Visit

pytestmark = pytest.mark.browser

TEAM, TRACK, MODULE, GROUP = "Vergunningen", "Dialogisch werken", "Dialoog is een werkwoord", "Leergroep voorjaar"
BASIS = "Artikel 6, eerste lid, onder e, van de AVG."
LOOKED_AT, PURPOSE = "Emre Aydın", "Voor ons gesprek over mijn leerplan."
WHO_LEARN = """
import json
from learning.people.models import Person
others = Person.objects.filter(roles__role__in=['hr', 'or', 'trainer', 'beheer', 'redacteur', 'gebiedsteam'])
print('nu', json.dumps(list(Person.objects.exclude(pk__in=others).exclude(name='').values_list('name', flat=True))))
"""
# What the tables of a page say, as lines of a file: [table, row, people, of whom, percent].
_LINES = """() => [...document.querySelectorAll('main table')].flatMap(table => {
  const said = cell => cell.textContent.trim(), heads = [...table.tHead.rows[0].cells].map(said);
  return [...table.tBodies[0].rows].flatMap(row => {
    const cells = [...row.cells], n = said(cells.at(-1)).replace('–', '');
    const start = [said(table.caption), said(cells[0]), n];
    if (row.querySelector('.te-weinig')) return [[...start, said(cells[1]), '']];
    let at = 2;
    return cells.slice(2, -1).map(cell => {
      const words = cell.querySelector('span') ? said(cell.querySelector('span')) : heads[at];
      at += cell.colSpan;
      return [...start, words, said(cell).split('%')[0]]; }); }); })"""
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Person(Visit):
    """In a window of their own, by the demo's door. `seen`: all that was on the pages they looked at."""

    def __init__(self, browser: Browser, site: Site, name: str, *, width: int = 1280) -> None:
        super().__init__(browser, site, width=width)
        self.hands, self.seen = Keyboard(self.page), ""
        self.page.goto(f"{site.tool}/demo/")
        self.button(f"Stap in als {name}").click()
        self.page.wait_for_url(f"{site.tool}/leren/")

    def presses(self, target: Locator) -> None:
        self.hands.press(target)

    def looks_at(self, words: str | re.Pattern[str]) -> None:
        """In order, and with these words on it."""
        self.is_in_order(words)
        self.seen += self.page.locator("main").inner_text()

    def tab(self, words: str) -> None:
        self.page.get_by_role("navigation", name="Leeradvies").get_by_role("link", name=words, exact=True).click()

    def chooses(self, **fields: str) -> None:
        """By its words, in the form above the figures."""
        for label, words in fields.items():
            field = self.page.get_by_label(label.replace("_", " "), exact=True)
            value = field.locator("option").filter(has_text=re.compile(rf"^\s*{words}")).first.get_attribute("value")
            self.hands.select(field, value or "")
        self.presses(self.button("Toon"))

    def fetches(self, form: str, folder: Path) -> Path:
        with self.page.expect_download() as started:
            self.presses(self.link(f"Haal op als {form}"))
        target = folder / started.value.suggested_filename
        started.value.save_as(target)
        return target

    def log(self, many: int) -> list[list[str]]:
        """[page, what was chosen] of the last looks, the last of them first."""
        self.menu("Wie keek")
        self.reads("Elke keer dat iemand van HR")
        rows = self.page.locator("main tbody tr").all()[:many]
        return [[row.locator("td").nth(n).inner_text() for n in (1, 2)] for row in rows]


def write(person: Person, label: str, words: str) -> None:
    person.hands.write(person.page.get_by_label(label), words)


def pick(person: Person, label: str, *, days: int) -> None:
    """The day so many days from now. In which order a day is typed is up to the browser."""
    person.page.get_by_label(label).fill((timezone.localdate() + timedelta(days=days)).isoformat())


def closes(beheer: Person) -> None:
    beheer.link("Leg vast wat er geregeld is").click()
    beheer.presses(beheer.page.get_by_text("Trek in", exact=True))
    beheer.presses(beheer.button("Sluit de pagina’s van HR"))
    beheer.reads("De pagina’s van HR zijn dicht")


def records_what_was_arranged(beheer: Person) -> None:
    """Not what has yet to be; and nothing that was written is lost by that."""
    write(beheer, "Grondslag", BASIS)
    pick(beheer, "DPIA vastgesteld op", days=-30)
    pick(beheer, "Ondernemingsraad stemde in op", days=1)
    beheer.presses(beheer.button("Leg vast en open"))
    beheer.reads("Deze dag moet nog komen.")
    expect(beheer.page.get_by_label("Grondslag")).to_have_value(BASIS)
    pick(beheer, "Ondernemingsraad stemde in op", days=-7)
    beheer.presses(beheer.button("Leg vast en open"))
    beheer.is_in_order("Vastgelegd. De pagina’s van HR zijn open.")


def finds_it_shut(hr: Person, council: Person) -> None:
    """HR reads why; what the works council needs to decide is open."""
    hr.menu("Leeradvies")
    hr.is_in_order("Deze pagina’s zijn nog dicht")
    hr.reads("Instemming van de ondernemingsraad")
    hr.link("Lees het logboek").click()
    hr.is_at("Wie keek waarnaar?")
    council.log(0)
    council.link("Lees het dossier").click()
    council.is_in_order("Nog niets. De pagina’s van HR zijn dicht.")


def assigns(hr: Person) -> None:
    hr.menu("Leeradvies")
    hr.tab("Toewijzen")
    team = hr.page.get_by_label("Team, met de teams die erin zitten")
    hr.hands.select(team, team.locator("option").filter(has_text=TEAM).get_attribute("value") or "")
    pick(hr, "Vanaf", days=0)
    pick(hr, "Tot en met", days=365)
    hr.hands.choose(hr.page.get_by_label("Dit is een formele eis"))
    hr.presses(hr.button("Bewaar"))
    hr.reads("Een eis waar niemand van weet, is er niet.")
    pick(hr, "Aan de mensen verteld op", days=0)
    hr.presses(hr.button("Bewaar"))
    hr.looks_at(f"{TEAM} volgt {TRACK}. In de cijfers zie je dat vanaf morgen.")


def looks_at_groups(hr: Person, folder: Path) -> None:
    """And takes along what the page says, no more and no less."""
    hr.tab("Leerlijnen")
    hr.looks_at("minstens één module af")
    lines = hr.page.evaluate(_LINES)
    assert len({line[1] for line in lines}) > 4
    assert cells_of_xlsx(hr.fetches("XLSX", folder))[1:] == lines
    hr.tab("Competenties")
    hr.chooses(Leerlijn=TRACK, Team=TEAM, Competentie_per_team_en_half_jaar="C3")
    hr.looks_at("C3 per half jaar")
    lines = hr.page.evaluate(_LINES)
    assert {line[0] for line in lines} == {"Hoe diep, per competentie", "C3 per half jaar"}
    assert any(line[4] for line in lines)
    with hr.fetches("CSV", folder).open(newline="") as file:
        assert list(csv.reader(file))[1:] == lines
    hr.tab("Waar het vastloopt")
    hr.looks_at("Dat is een plek in de module, geen mens.")
    hr.tab("Effect")
    hr.looks_at("Wat mensen weten")
    begun = hr.page.get_by_role("table", name="Begonnen").get_by_role("row", name=re.compile(MODULE))
    expect(begun).to_contain_text(re.compile(r"aandeel\s*\d+%"))


def cells_of_xlsx(file: Path) -> list[list[str]]:
    with zipfile.ZipFile(file) as package:
        tree = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 our own
    return [["".join(cell.itertext()) for cell in row.iter(f"{_SHEET}c")] for row in tree.iter(f"{_SHEET}row")]


def reads_that_hr_looked(council: Person) -> None:
    whole = "half jaar: {}; team: Hele organisatie"
    half = f"{'eerste' if timezone.localdate().month <= 6 else 'tweede'} helft van {timezone.localdate().year}"
    chosen = f"leerlijn: {TRACK}; wat: diepte; competentie: C3; half jaar: {half}; team: {TEAM}"
    first = f"leerlijn: {TRACK}; {whole.format(half)}"
    assert council.log(8) == [
        ["Certificaten per persoon", f"leerlijn: {TRACK}; team: {TEAM}; bladzijde: 1"],
        ["Effect", f"half jaar: {half}"],
        ["Waar het vastloopt", f"module: {MODULE}; {whole.format(half)}"],
        ["Competenties, opgehaald als bestand", chosen],
        ["Competenties", chosen],
        ["Competenties", f"wat: diepte; competentie: C1; {whole.format(half)}"],
        ["Leerlijnen, opgehaald als bestand", first],
        ["Leerlijnen", first],
    ]
    council.link("Lees het dossier").click()
    for words in (BASIS, "Elk cijfer gaat over minstens 5 mensen.", f"{TRACK}, voor {TEAM}, verteld op"):
        council.reads(words)
    expect(council.page.get_by_role("row", name=re.compile("^Wie naar cijfers keek"))).to_contain_text("24 maanden")


def trainer_looks_at_a_group(trainer: Person) -> None:
    trainer.menu("Groepen")
    trainer.link(GROUP).click()
    trainer.link("Bekijk de niveaus van deze groep").click()
    trainer.is_in_order("Op naam")
    trainer.presses(trainer.link(LOOKED_AT))
    trainer.is_in_order(f"Waar de niveaus van {LOOKED_AT} op rusten")
    trainer.reads("in de woorden die de deelnemer leest")


def reads_their_growth(learner: Person) -> None:
    learner.menu("Groei")
    learner.is_in_order("Dezelfde groei in cijfers")
    learner.presses(learner.link(re.compile("^C1")))
    learner.is_in_order("Waarom staat hier N2?")
    learner.reads("uit twee activiteiten")
    learner.menu("Groei")
    learner.link("Alles wat je leerde").click()
    learner.is_in_order("Praktijkcase voldoende")


def shares(learner: Person) -> str:
    """What the preview said the other would see."""
    learner.menu("Groei")
    learner.link("Deel een stukje met een deelkaart").click()
    learner.is_in_order("Wat laat je zien?")
    learner.hands.choose(learner.page.get_by_role("checkbox", name=re.compile("^C1")))
    learner.presses(learner.page.get_by_text(re.compile("Met bewijs erbij")).first)
    learner.hands.choose(learner.page.get_by_role("checkbox", name=re.compile("^Aan de balie")).first)
    write(learner, "Voor wie?", "ruben@land-en-water.example")
    write(learner, "Waarvoor?", PURPOSE)
    learner.presses(learner.button("Bekijk wat de ander ziet"))
    learner.reads("vinden we geen collega")
    expect(learner.page.get_by_role("checkbox", name=re.compile("^Aan de balie")).first).to_be_checked()
    write(learner, "Voor wie?", "hr@land-en-water.example")
    learner.presses(learner.button("Bekijk wat de ander ziet"))
    learner.is_in_order("Je ziet wanneer je kaart is bekeken.")
    preview = learner.page.get_by_role("article", name="Deelkaart").inner_text()
    learner.presses(learner.button("Deel deze kaart"))
    learner.is_in_order("Gedeeld. Ruben Kuiper kan je kaart nu lezen.")
    return preview


def test_hr_sees_groups_the_works_council_sees_hr_and_a_learner_shows_what_they_choose(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    found = re.search(r"^nu (.+)$", site.manage("shell", "--command", WHO_LEARN), re.MULTILINE)
    assert found
    names = json.loads(found[1])
    assert LOOKED_AT in names
    beheer, council = Person(browser, site, "Nadia Benali"), Person(browser, site, "Mirjam Postma")
    hr = Person(browser, site, "Ruben Kuiper")
    closes(beheer)
    finds_it_shut(hr, council)
    records_what_was_arranged(beheer)
    assigns(hr)
    looks_at_groups(hr, tmp_path)
    assert [name for name in names if name in hr.seen] == []
    hr.tab("Certificaten")
    hr.looks_at("Aan de mensen verteld op")
    assert any(name in hr.seen for name in names)
    reads_that_hr_looked(council)

    trainer_looks_at_a_group(Person(browser, site, "Tineke Bos"))
    looks = council.log(2)
    assert looks == [
        ["Waar de niveaus van een deelnemer in een groep op rusten", f"groep: {GROUP}"],
        ["Niveaus van een groep", f"groep: {GROUP}"],
    ]
    assert LOOKED_AT not in council.page.content()
    assert as_it_is(council.page) == []
    hr.tab("Logboek")
    hr.is_at("Wie keek waarnaar?")
    assert GROUP not in hr.page.content()

    learner = Person(browser, site, "Sanne de Wit", width=360)
    reads_their_growth(learner)
    preview = shares(learner)
    learner.reads("Nog niet.")
    hr.is_told("Sanne de Wit deelt een deelkaart met je")
    hr.is_in_order("Een deelkaart is vrijwillig.")
    assert hr.page.get_by_role("article", name="Deelkaart").inner_text() == preview
    learner.page.reload()
    learner.reads("1 keer bekeken.")
    learner.presses(learner.button("Trek deze kaart in"))
    learner.reads("Ingetrokken.")
    answer = hr.page.reload()
    assert answer
    assert answer.status == 404
    hr.is_in_order("Deze kaart is er niet meer")
    hr.link("Naar je deelkaarten").click()
    hr.reads("Nu is er niets met je gedeeld.")
