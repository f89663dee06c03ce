"""The register of certificates as a file: what the page says, of everybody in it, and nothing besides."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from learning.competences.models import Look
from learning.competences.queries.hr import arranged as queries
from learning.competences.services import hr, looking
from learning.competences.views.hr import workbooks
from learning.competences.views.hr.workbooks import Line
from learning.people.models import Person, Team, TeamMembership
from tests.factories import OrganisationFactory, PersonFactory
from tests.learning.competences.hr.conftest import House
from tests.learning.competences.hr.test_arranging import certificate, demanded
from tests.learning.competences.hr.test_figures_pages import cells_of_ods, rows_of

pytestmark = pytest.mark.django_db
FORMS = ("csv", "xlsx", "ods")
FILE = "/hr/certificaten.csv"


def file(browser: Client, form: str, language: str = "nl", **choices: str | int) -> list[list[str]]:
    response = browser.get(f"/hr/certificaten.{form}", choices, headers={"Accept-Language": language})
    assert response.status_code == 200
    data = response.getvalue()
    if form == "csv":
        return list(csv.reader(io.StringIO(data.decode())))
    return cells_of_ods(data) if form == "ods" else [[cell.text or "" for cell in row.cells] for row in rows_of(data)]


def everybody(house: House) -> list[Person]:
    return sorted(
        Person.objects.filter(team_memberships__team__in=house.teams.values()).distinct(), key=lambda each: each.name
    )


@pytest.mark.parametrize("form", FORMS)
def test_each_form_says_yes_or_not_yet_of_everybody_and_nothing_besides(
    hr_browser: Client, arranged: House, form: str
) -> None:
    demanded(arranged, announced=0)
    first, second, third = arranged.people["Klein"]
    certificate(first)
    certificate(second, revoked=True)
    certificate(third, subject="proefmodule")
    PersonFactory.create(organisation=arranged.organisation, name="Buiten Staander")
    wanted = [[each.name, "ja" if each == first else "nog niet"] for each in everybody(arranged)]
    assert file(hr_browser, form) == [["Naam", "Certificaat"], *wanted]


@pytest.mark.parametrize("form", FORMS)
def test_the_works_council_reads_which_register_was_fetched(hr_browser: Client, arranged: House, form: str) -> None:
    chosen = demanded(arranged, announced=0)
    file(hr_browser, form, lijst=chosen.pk)
    look = Look.objects.get()
    assert look.page == f"hr:register-{form}"
    assert look.choices == {"leerlijn": "De leerlijn", "team": "Directie"}


def test_the_log_calls_it_a_file(hr_browser: Client, arranged: House) -> None:
    demanded(arranged, announced=0)
    file(hr_browser, "csv")
    page = hr_browser.get("/hr/logboek/", headers={"Accept-Language": "nl"}).text
    assert "Certificaten per persoon, opgehaald als bestand" in page


def test_a_look_that_cannot_be_written_down_shows_nobody(
    hr_browser: Client, arranged: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    demanded(arranged, announced=0)

    def full(*_about: object, **_more: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(looking, "write_down", full)
    monkeypatch.setattr(queries, "all_certified", pytest.fail)
    with pytest.raises(OSError, match="full"):
        hr_browser.get(FILE)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("announced", [None, 1])
def test_where_nothing_is_demanded_or_told_there_is_no_file(
    hr_browser: Client, arranged: House, announced: int | None, form: str
) -> None:
    if announced:
        demanded(arranged, announced=announced)
    assert hr_browser.get(f"/hr/certificaten.{form}").status_code == 404
    assert not Look.objects.exists()


@pytest.mark.parametrize("chosen", ["999999", "x", "-1"])
def test_a_register_that_is_not_there_is_no_file(hr_browser: Client, arranged: House, chosen: str) -> None:
    demanded(arranged, announced=0)
    assert hr_browser.get(FILE, {"lijst": chosen}).status_code == 404


def test_a_register_of_others_is_not_there(hr_browser: Client, arranged: House) -> None:
    demanded(arranged, announced=0)
    other = OrganisationFactory.create()
    team = Team.objects.create(organisation=other, name="Van hen")
    theirs = hr.assign(
        other.pk, track=other.tracks.create(slug="x", title="Van hen"), team=team, starts_on=timezone.localdate(),
        ends_on=None, required=True, announced_on=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    assert hr_browser.get(FILE, {"lijst": theirs.pk}).status_code == 404


@pytest.mark.parametrize(
    ("name", "goes_out"),
    [*((name, f"'{name}") for name in ("=1+1", "+31", "-2", "@som")), ("\t=1", "'\t'=1"), ("\r=1", "'\r'=1")],
)
def test_a_name_that_is_like_a_formula_stays_a_name(
    hr_browser: Client, arranged: House, name: str, goes_out: str
) -> None:
    demanded(arranged, announced=0)
    person = arranged.people["Zand"][0]
    person.name = name
    person.save()
    data = hr_browser.get(FILE).getvalue().decode()
    cells = [line[0] for line in csv.reader(io.StringIO(data, newline=""))]
    assert goes_out in cells
    assert name not in cells


def test_who_gave_no_name_is_in_it_without_one(hr_browser: Client, arranged: House) -> None:
    demanded(arranged, announced=0)
    Person.objects.filter(pk=arranged.people["Zand"][0].pk).update(name="")
    assert ["naam niet gedeeld", "nog niet"] in file(hr_browser, "csv")


def test_it_is_in_the_language_of_who_asked(hr_browser: Client, arranged: House) -> None:
    demanded(arranged, announced=0)
    heads, *lines = file(hr_browser, "csv", language="en")
    assert heads == ["Name", "Certificate"]
    assert {line[1] for line in lines} == {"not yet"}


@pytest.mark.parametrize("form", FORMS)
def test_more_people_than_are_read_at_once_are_all_in_it(
    hr_browser: Client, arranged: House, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 7)
    demanded(arranged, announced=0)
    for number in range(30):
        person = PersonFactory.create(organisation=arranged.organisation, name=f"Zuiderveld {number:03}")
        TeamMembership.objects.create(team=arranged.teams["Klein"], person=person)
        if number % 3 == 0:
            certificate(person)
    found = [line for line in file(hr_browser, form) if line[0].startswith("Zuiderveld")]
    assert found == [[f"Zuiderveld {n:03}", "nog niet" if n % 3 else "ja"] for n in range(30)]


def test_a_file_takes_one_query_however_many_people_are_in_it(
    hr_browser: Client, arranged: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    demanded(arranged, announced=0)
    file(hr_browser, "csv")
    with django_assert_num_queries(7):
        file(hr_browser, "csv")


def test_a_workbook_that_is_large_goes_on_in_a_file_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[Line] = [[f"Naam {number}", number] for number in range(3_000)]
    with workbooks.ods(lines) as file:
        whole = cells_of_ods(file.read())
    monkeypatch.setattr(workbooks, "IN_MEMORY", 1_000)
    with workbooks.ods(lines) as file:
        assert file._rolled  # type: ignore[attr-defined]
        assert cells_of_ods(file.read()) == whole == [[name, str(number)] for name, number in lines]


def test_the_page_offers_each_form_of_the_register_that_is_chosen(hr_browser: Client, arranged: House) -> None:
    chosen = demanded(arranged, announced=0)
    page = hr_browser.get("/hr/certificaten/").text
    assert all(f"/hr/certificaten.{form}?lijst={chosen.pk}" in page for form in FORMS)
