"""What HR sees: of five or more, never of anybody, and in a file never more than on the page."""

from __future__ import annotations

import ast
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from learning.competences.models import Look, ShownFigure, ShownOf, TrackForTeam
from learning.competences.queries.hr import figures
from learning.competences.queries.hr.figures import Place, Shape
from learning.competences.services import tables
from learning.competences.services.tables import NOT_BEGUN, NOT_STUCK, stuck_in
from learning.competences.views.hr import choosing, words, workbooks
from learning.people.models import Person, Role, Team, TeamMembership
from learning.tracks.groups.sheets import rows_of
from learning.tracks.models import Enrolment, Track
from learning.tracks.services import set_track
from tests.factories import OrganisationFactory
from tests.learning.competences.hr.conftest import FIGURES, FILES, LOCKED, House, begin
from tests.learning.competences.test_figures import follow, people_in, table_of
from tests.learning.competences.test_pages import html

pytestmark = pytest.mark.django_db


def lines(browser: Client, path: str) -> list[list[str]]:
    response = browser.get(path, headers={"Accept-Language": "nl"})
    assert response.streaming
    return list(csv.reader(io.StringIO(response.getvalue().decode())))


# --- who comes in


@pytest.mark.parametrize("path", LOCKED)
def test_who_is_not_hr_here_finds_nothing(arranged: House, browser: Callable[..., Client], path: str) -> None:
    assert Client().get(path).status_code == 302
    for role in (None, Role.DEELNEMER, Role.TRAINER, Role.OR, Role.BEHEER, Role.REDACTEUR, Role.RAAD):
        html(browser(*([role] if role else [])), path, status=404)
    assert not Look.objects.exists()


@pytest.mark.parametrize("path", FIGURES)
def test_hr_of_another_organisation_sees_its_own_and_nothing_of_this_one(
    arranged: House, browser: Callable[..., Client], path: str
) -> None:
    other = OrganisationFactory.create()
    stranger = browser(Role.HR, organisation=other)
    assert "nog dicht" in html(stranger, path, status=403)
    row = arranged.teams["Zand"].pk
    assert "Zand" not in html(stranger, f"{path}?team={row}&leerlijn={arranged.track.pk}", status=403)


# --- what is shown


def test_teams_stand_by_name_and_a_small_one_is_taken_together(hr_browser: Client, arranged: House) -> None:
    page = html(hr_browser, f"/hr/competenties/?team={arranged.teams['Directie'].pk}")
    rows = page[page.index("C1 per team") :]
    assert rows.index(">Klei</a>") < rows.index("Overige teams samen")
    assert not any(f">{name}</a>" in rows for name in ("Klein", "Zand"))  # of fifteen together
    assert arranged.people["Zand"][0].name not in page


def test_levels_taken_together_are_one_cell_and_say_which(hr_browser: Client) -> None:
    page = html(hr_browser, "/hr/competenties/")
    assert 'colspan="3">33% <span class="klein zacht">N2 tot en met N4</span>' in page


def test_what_has_one_value_only_says_how_many_people(hr_browser: Client) -> None:
    page = html(hr_browser, "/hr/competenties/")
    assert "te weinig mensen om te tonen" in page[page.rindex("C2 ") : page.rindex("C3 ")]
    assert '<td class="getal">27</td>' in page


def test_where_more_people_are_asked_for_what_was_made_for_fewer_is_gone(hr_browser: Client, settings: Any) -> None:
    settings.FIGURES_K = 6
    for path in FIGURES:
        assert '<td class="getal">' not in html(hr_browser, path)


def test_breadth_is_another_choice(hr_browser: Client) -> None:
    assert "Hoe breed, per competentie" in html(hr_browser, "/hr/competenties/?maat=breedte")


def test_how_far_a_leerlijn_is_counts_who_is_further_at_each_step(hr_browser: Client) -> None:
    page = html(hr_browser, "/hr/")
    stairs = page[page.index('class="trap') : page.index("</ol>", page.index('class="trap'))]
    assert '<span class="trap__n">27</span><span>toegewezen</span>' in stairs
    assert '<span class="trap__n">8</span><span>begonnen</span>' in stairs
    assert stairs.count("te weinig mensen om te tonen") == 2


def test_below_twenty_people_shares_are_in_steps_of_five_and_nothing_is_counted_out(
    hr_browser: Client, arranged: House
) -> None:
    figure = ShownFigure.objects.get(kind=f"voortgang:{arranged.track.pk}", row=0)
    figure.n, figure.bins = 13, [[[0], 6], [[1, 2, 3], 7]]
    figure.save()
    page = html(hr_browser, "/hr/")
    assert '<span class="trap__n">55%</span><span>begonnen</span>' in page
    assert '<span class="trap__n">7</span>' not in page


def test_where_people_stand_still_is_a_unit(hr_browser: Client, arranged: House) -> None:
    begin(arranged, arranged.people["Klei"][:7], unit=2)
    arranged.show()
    page = html(hr_browser, f"/hr/vast/?module={arranged.module.slug}")
    assert 'Van wie de leerlijn volgt, staat 26% stil bij “<span lang="nl">1.2 Unit 2</span>”.' in page
    assert '<th scope="row">nog niet begonnen aan de leerlijn</th>' in page
    assert "klaar of bezig, of stil bij 1.1 Unit 1" in page
    figure = ShownFigure.objects.get(kind=stuck_in(arranged.module.pk), row=0)
    assert figure.bins == [[[17], 12], [[0, 1], 8], [list(range(2, 17)), 7]]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([2], "1.2 Unit 2"),
        ([0], "klaar of bezig"),
        ([NOT_BEGUN, NOT_STUCK], "nog niet begonnen aan de leerlijn, klaar of bezig"),
        ([NOT_STUCK, 1], "klaar of bezig, of stil bij 1.1 Unit 1"),
        ([NOT_STUCK, 1, 2, 3], "klaar of bezig, of stil bij 1.1 Unit 1 of 1.2 Unit 2"),
        ([NOT_BEGUN, NOT_STUCK, 1], "nog niet begonnen aan de leerlijn, klaar of bezig, of stil bij 1.1 Unit 1"),
        ([NOT_STUCK, 3, 4], "klaar of bezig"),
        ([3, 4], "iets wat er niet meer is"),
    ],
)  # fmt: skip
def test_people_taken_together_are_told_in_words_of_people(values: list[int], said: str) -> None:
    """Of two units; what lies beyond them has no name."""
    assert words.standing(["1.1 Unit 1", "1.2 Unit 2"], values) == said


def test_who_is_done_or_was_here_last_week_doesnt_stand_still(arranged: House) -> None:
    begin(arranged, arranged.people["Klei"][:7], days=13)
    done, still = arranged.people["Zand"][:3], arranged.people["Zand"][3:8]
    Enrolment.objects.filter(person__in=done).update(completed_at=timezone.now())
    found = table_of(arranged.organisation, stuck_in(arranged.module.pk))
    assert {person for person, (_team, value) in found.people.items() if value == "1"} == {each.pk for each in still}
    values = Counter(value for _team, value in found.people.values())
    # Who isn't stuck is in it too, and who began nothing: so they aren't what is left over.
    assert values == {"0": 10, "1": 5, tables.character(tables.NOT_BEGUN): 12}
    assert found.told == {person.pk: "1" for person in done}


def test_who_began_and_touched_nothing_stands_still_at_the_first_unit(arranged: House) -> None:
    (person,) = arranged.people["Klei"][:1]
    begin(arranged, [person])
    long_ago = timezone.now() - tables.STILL * 2
    Enrolment.objects.filter(person=person).update(place="", touched_at=None, started_at=long_ago)
    found = table_of(arranged.organisation, stuck_in(arranged.module.pk))
    assert found.people[person.pk][1] == "1"


def test_half_years_stand_below_each_other(hr_browser: Client, arranged: House) -> None:
    for figure in ShownFigure.objects.filter(kind="niveau", competence="C1", row=0):
        figure.pk, figure.period = None, "2020H1"
        figure.save()
    page = html(hr_browser, "/hr/competenties/")
    assert page.index("eerste helft van 2020", page.index("C1 per half jaar")) > 0


def test_nothing_to_show_is_said_with_what_is_waited_for(browser: Callable[..., Client], arranged: House) -> None:
    ShownFigure.objects.all().delete()
    for path in FIGURES:
        page = html(browser(Role.HR), path)
        assert "Te weinig mensen om te tonen" in page
        assert "Haal op als" not in page


# --- choosing


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/hr/", "leerlijn=999"), ("/hr/", "periode=2019H1"), ("/hr/competenties/", "competentie=C11"),
        ("/hr/competenties/", "maat=lengte"), ("/hr/vast/", "module=iets"), ("/hr/competenties/", "periode=x%00"),
    ],
)  # fmt: skip
def test_what_there_isnt_cannot_be_chosen(hr_browser: Client, path: str, asked: str) -> None:
    html(hr_browser, f"{path}?{asked}", status=404)


@given(st.text(max_size=12))
def test_a_team_that_isnt_shown_gives_the_whole_and_says_so(wanted: str) -> None:
    shape = Shape({"2026H2": [Place(0, None, ""), Place(7, 0, "Zand", 1)]})
    where = choosing.where(RequestFactory().get(f"/hr/?team={quote(wanted)}"), shape)
    assert where is not None
    assert where.place.row == (7 if wanted == "7" else 0)
    assert where.missed == (wanted not in ("", "0", "7"))


def test_a_small_team_that_is_asked_for_by_its_number_stays_hidden(hr_browser: Client, arranged: House) -> None:
    page = html(hr_browser, f"/hr/competenties/?team={arranged.teams['Klein'].pk}")
    assert "Dit team staat er in dit half jaar niet apart" in page
    assert "Klein<" not in page


# --- files


@pytest.mark.parametrize(("path", "file"), list(zip(FIGURES, FILES, strict=True)))
def test_a_file_holds_nothing_that_the_page_hasnt(hr_browser: Client, arranged: House, path: str, file: str) -> None:
    asked = f"?team={arranged.teams['Directie'].pk}"
    page = html(hr_browser, path + asked)
    kept = lines(hr_browser, file + asked)
    assert kept[0] == ["Tabel", "Rij", "Mensen", "Groep", "Procent"]
    assert len(kept) > 1
    for table, row, people, group, share in kept[1:]:
        assert all(each in page for each in (table, row, people))
        assert f"{share}%" in page if share else group == "te weinig mensen om te tonen"


def test_a_team_that_is_called_like_a_formula_stays_a_name(hr_browser: Client, arranged: House) -> None:
    ShownFigure.objects.filter(row=arranged.teams["Directie"].pk).update(name="=HYPERLINK()")
    rows = [line[1] for line in lines(hr_browser, "/hr/competenties.csv")]
    assert "'=HYPERLINK()" in rows
    assert "=HYPERLINK()" not in rows


def test_what_a_team_is_called_is_text_on_the_page(hr_browser: Client, arranged: House) -> None:
    ShownFigure.objects.filter(row=arranged.teams["Directie"].pk).update(name="<b>vet</b>")
    assert "<b>vet</b>" not in html(hr_browser, "/hr/competenties/")


@pytest.mark.parametrize("name", ["leerlijn", "competenties", "vast"])
def test_each_form_of_a_file_holds_the_same_lines(hr_browser: Client, name: str) -> None:
    wanted = lines(hr_browser, f"/hr/{name}.csv")
    excel = hr_browser.get(f"/hr/{name}.xlsx", headers={"Accept-Language": "nl"}).getvalue()
    assert [[cell.text for cell in row.cells] for row in rows_of(excel)] == wanted
    assert cells_of_ods(hr_browser.get(f"/hr/{name}.ods", headers={"Accept-Language": "nl"}).getvalue()) == wanted


def cells_of_ods(data: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.namelist()[0] == "mimetype"
        tree = ET.fromstring(package.read("content.xml"))  # noqa: S314 our own
    space = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{space}table-cell")] for row in tree.iter(f"{space}table-row")
    ]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_whatever_a_team_is_called_stays_text_in_a_workbook(names: list[str]) -> None:
    kept = [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", name) for name in names]
    in_ods = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in kept]  # as XML reads them
    with workbooks.ods([names]) as file:
        assert cells_of_ods(file.read()) == [in_ods]
    with workbooks.xlsx([[*names, 5]]) as file, zipfile.ZipFile(file) as package:
        tree = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 our own
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    cells = list(tree.iter(f"{space}c"))
    assert [cell.get("t") for cell in cells] == [*("inlineStr" for _name in names), None]
    assert ["".join(cell.itertext()) for cell in cells] == [*in_ods, "5"]
    assert not list(tree.iter(f"{space}f"))


# --- more teams than fit in a list


@pytest.fixture
def many() -> Shape:
    """Forty departments of three teams each."""
    places = [Place(0, None, "")]
    for department in range(1, 41):
        places.append(Place(department, 0, f"Directie {department}", 1))
        places += [Place(100 * department + team, department, f"Team {team}", 2) for team in range(3)]
    return Shape({"2026H2": places})


@pytest.mark.parametrize(
    ("team", "offered"),
    [
        ("", [0, *range(1, 41)]),
        ("7", [0, 7, 700, 701, 702]),
        ("701", [0, 7, 700, 701, 702]),
    ],
)
def test_of_many_teams_those_near_the_one_that_is_looked_at_can_be_chosen(
    many: Shape, team: str, offered: list[int]
) -> None:
    where = choosing.where(RequestFactory().get("/hr/", {"team": team}), many)
    assert where is not None
    assert [place.row for place in where.places] == offered
    assert not where.missed


def test_of_many_teams_one_far_away_can_still_be_asked_for(many: Shape) -> None:
    where = choosing.where(RequestFactory().get("/hr/", {"team": "3902"}), many)
    assert where is not None
    assert where.place.name == "Team 2"


@pytest.mark.django_db
@pytest.mark.parametrize("row", [0, 7, -8, 701, 702, 999])
def test_those_near_are_found_without_reading_all(
    many: Shape, row: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organisation = OrganisationFactory.create()
    ShownFigure.objects.bulk_create(
        ShownFigure(
            organisation=organisation, period=period, kind=tables.LEVEL, competence=code, row=place.row,
            parent=place.parent, name=place.name, bins=[[[0], 6]], n=6, k=5, shown_at=timezone.now(),
        )
        for period in ("2026H1", "2026H2")
        for code in ("C1", "C2")
        for place in [*many.periods["2026H2"], Place(-8, 7, "", 2)]
    )  # fmt: skip
    stored = figures.shape(organisation.pk, tables.LEVEL, "C1")
    whole = Shape({"2026H2": stored.periods["2026H2"]})
    with django_assert_num_queries(2):
        found = stored.around("2026H2", row, most=100)
    assert found == whole.around("2026H2", row, most=100)
    assert len(found) < 50


# --- how


@pytest.mark.parametrize("path", FIGURES)
@pytest.mark.parametrize("more", [0, 6])
def test_a_page_takes_as_many_queries_however_many_teams(
    hr_browser: Client, arranged: House, path: str, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        team = arranged.teams["Directie"].children.create(organisation=arranged.organisation, name=f"Extra {number}")
        people_in(team, arranged.organisation, [0, 0, 0, 1, 1, 1])
    arranged.show()
    html(hr_browser, path)
    with django_assert_num_queries(10 if path == "/hr/competenties/" else 9):
        html(hr_browser, path)


def test_pages_of_hr_read_no_rows_of_people() -> None:
    """But what may be shown; the register alone asks for names, and a yes or no."""
    rooms = Path("learning/competences")
    of_people = {"Reached", "EvidenceItem", "Enrolment", "Attempt", "ShownOf", "ActivityProgress", "Work"}
    read = [*rooms.glob("views/hr/*.py"), *rooms.glob("queries/hr/*.py")]
    assert len(read) > 8
    for file in read:
        named = {
            alias.name
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.ImportFrom | ast.Import)
            for alias in node.names
        }
        assert not named & of_people, file


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True).map(sorted))
def test_a_bin_is_called_by_its_ends(values: list[int]) -> None:
    said = words.together(words.levels(), values)
    assert said.startswith(f"N{values[0]}")
    assert said.endswith(f"N{values[-1]}")


def test_who_is_in_no_team_isnt_named_in_the_figures(hr_browser: Client, arranged: House) -> None:
    people = people_in(None, arranged.organisation, [4, 4])
    arranged.show()
    assert not TeamMembership.objects.filter(person__in=people).exists()
    assert '<td class="getal">27</td>' in html(hr_browser, "/hr/competenties/")


def test_five_who_leave_at_once_are_not_what_is_missing_the_next_day(arranged: House) -> None:
    """All of N0: that would be five fewer at N0, and everybody knows who they are."""
    Person.objects.filter(pk__in=[person.pk for person in arranged.people["Zand"][:5]]).update(is_active=False)
    arranged.show()
    assert ShownFigure.objects.get(kind="niveau", competence="C1", row=0).n == 27


# --- a leerlijn of several


@pytest.fixture
def two(arranged: House) -> tuple[House, Track]:
    """All follow the first leerlijn; Zand and Leem a second one too, and Klein, that is taken together with Veen."""
    other = set_track(arranged.organisation, slug="tweede", title="De tweede", modules=[])
    people_in(arranged.teams["Zand"], arranged.organisation, [0] * 6 + [2] * 6)
    for name, levels in (("Leem", [0] * 6 + [2] * 6), ("Veen", [0] * 3 + [2] * 3)):
        above = arranged.teams["Directie"]
        arranged.teams[name] = Team.objects.create(organisation=arranged.organisation, name=name, parent=above)
        people_in(arranged.teams[name], arranged.organisation, levels)
    for name in ("Zand", "Leem", "Veen", "Klein"):
        follow(other, arranged.teams[name])
    ShownFigure.objects.all().delete()
    ShownOf.objects.all().delete()
    arranged.show()
    return arranged, other


def test_levels_of_a_leerlijn_are_the_sum_of_the_teams_that_stand_alone(
    browser: Callable[..., Client], two: tuple[House, Track]
) -> None:
    _house, track = two
    rows = ShownFigure.objects.filter(kind="niveau", competence="C1", name__in=["Zand", "Leem"])
    assert len(rows) == 2
    page = html(browser(Role.HR), f"/hr/competenties/?leerlijn={track.pk}")
    assert f"<strong>Alle teams die de leerlijn volgen</strong>, {sum(row.n for row in rows)} mensen" in page
    assert "Hierin zitten 2 teams, met alles wat erin zit." in page
    assert ">Leem</a>" in page
    assert ">Klei</a>" not in page


def test_a_team_inside_a_leerlijn_can_be_chosen_and_one_beside_it_not(
    browser: Callable[..., Client], two: tuple[House, Track]
) -> None:
    house, track = two
    reader, path = browser(Role.HR), f"/hr/competenties/?leerlijn={track.pk}"
    assert "<strong>Zand</strong>, 24 mensen" in html(reader, f"{path}&team={house.teams['Zand'].pk}")
    beside = html(reader, f"{path}&team={house.teams['Klei'].pk}")
    assert "Dit team staat er in dit half jaar niet apart" in beside
    assert "Je ziet: Alle teams die de leerlijn volgen." in beside


def test_the_file_of_a_leerlijn_holds_what_its_page_holds_and_the_log_says_which(
    browser: Callable[..., Client], two: tuple[House, Track]
) -> None:
    _house, track = two
    reader, asked = browser(Role.HR), f"?leerlijn={track.pk}"
    page = html(reader, f"/hr/competenties/{asked}")
    kept = lines(reader, f"/hr/competenties.csv{asked}")
    assert {line[1] for line in kept} >= {"Zand", "Leem"}
    for table, row, people, _group, share in kept[1:]:
        assert all(each in page for each in (table, row, people))
        assert not share or f"{share}%" in page
    assert Look.objects.latest("pk").choices["leerlijn"] == "De tweede"


def test_a_leerlijn_that_nobody_follows_says_what_to_do(hr_browser: Client, arranged: House) -> None:
    other = set_track(arranged.organisation, slug="leeg", title="Leeg", modules=[])
    page = html(hr_browser, f"/hr/competenties/?leerlijn={other.pk}")
    assert "Van Leeg staat geen team apart." in page
    assert 'href="/hr/toewijzen/"' in page
    html(hr_browser, "/hr/competenties/?leerlijn=999", status=404)


def test_a_leerlijn_of_another_organisation_cannot_be_chosen(hr_browser: Client, arranged: House) -> None:
    other = set_track(OrganisationFactory.create(), slug="leerlijn", title="Van een ander", modules=[])
    html(hr_browser, f"/hr/competenties/?leerlijn={other.pk}", status=404)


def test_a_half_year_in_which_a_leerlijn_wasnt_followed_is_not_in_its_trend(
    browser: Callable[..., Client], two: tuple[House, Track]
) -> None:
    _house, track = two
    for figure in ShownFigure.objects.filter(kind="niveau"):
        for period in ("2019H2", "2020H1"):
            figure.pk, figure.period = None, period
            figure.save()
    TrackForTeam.objects.filter(track=track).update(starts_on=date(2020, 6, 30))
    reader = browser(Role.HR)
    page = html(reader, f"/hr/competenties/?leerlijn={track.pk}")
    assert "eerste helft van 2020" in page
    assert "tweede helft van 2019" not in page
    assert "tweede helft van 2019" in html(reader, "/hr/competenties/")


shown_rows = st.lists(
    st.tuples(st.sets(st.integers(1, 4)), st.lists(st.integers(5, 9), min_size=5, max_size=5)), min_size=1, max_size=4
)


@given(shown_rows)
def test_what_is_added_up_is_on_bins_that_all_have_and_tells_nothing_more(
    found: list[tuple[set[int], list[int]]],
) -> None:
    rows = []
    for number, (edges, people) in enumerate(found, 1):
        bins: list[tuple[list[int], int]] = []
        for value, n in enumerate(people):
            if value in edges or not bins:
                bins.append(([], 0))
            bins[-1] = ([*bins[-1][0], value], bins[-1][1] + n)
        rows.append(ShownFigure(row=number, bins=bins, n=sum(people), k=5, shown_at=timezone.now()))
    added = figures._added(rows)
    assert added.n == sum(row.n for row in rows)
    assert {part.values[0] for part in added.parts} == set.intersection(*(edges for edges, _people in found)) | {0}
    for part in added.parts:
        assert part.n == sum(n for row in rows for values, n in row.bins if set(values) <= set(part.values))


# --- from half-year to half-year


def test_a_trend_is_drawn_of_each_step_that_may_be_known_in_two_half_years(hr_browser: Client, arranged: House) -> None:
    for figure in ShownFigure.objects.filter(kind="niveau", competence="C1", row=0):
        figure.pk, figure.period, figure.bins = None, "2020H1", [[[0], 14], [[1, 2, 3, 4], 13]]
        figure.save()
    page = html(hr_browser, "/hr/competenties/")
    drawn = page[page.index('class="verloop"') : page.index("<table", page.index('class="verloop"'))]
    assert "N1 of hoger" in drawn
    assert "N2 of hoger" not in drawn
    assert "<strong>48%</strong>" in drawn


def test_one_half_year_is_no_trend(hr_browser: Client) -> None:
    for path in FIGURES:
        assert 'class="verloop"' not in html(hr_browser, path)
