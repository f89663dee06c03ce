"""The page of effect: tier by tier, with who is missing and what may not be concluded, and never more than is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from learning.competences.effect import measures, pictures
from learning.competences.models import Look, ShownMeasure
from learning.competences.views.hr import tiers
from learning.people.models import Organisation, Role
from learning.tracks.groups.sheets import rows_of
from tests.factories import OrganisationFactory
from tests.learning.competences.hr.conftest import House
from tests.learning.competences.hr.test_figures_pages import cells_of_ods, lines
from tests.learning.competences.test_pages import html

pytestmark = pytest.mark.django_db

PATH = "/hr/effect/"
FILES = ("/hr/effect.csv", "/hr/effect.xlsx", "/hr/effect.ods")
FULL: dict[str, tuple[int, int, dict[str, Any]]] = {
    measures.FOLLOWS: (80, 80, {
        "titel": "Dialoog is een werkwoord", "nummer": "1", "vakken": [[[17], 20], [[0], 42], [[1, 2], 18]],
        "zinnen": [f"Ik deed dit {n} keer." for n in range(1, 13)],
        "units": [["Startpunt", 11, 10], ["1.1 Twee stromen, één gesprek", None, 30]],
    }),
    measures.BEGUN: (60, 80, {}),
    measures.FINISHED: (45, 60, {}),
    measures.MARK: (40, 45, {"vakken": [[[1, 2, 3, 4, 5, 6, 7], 10], [[8], 20], [[9, 10], 10]], "gemiddeld": 7.9}),
    measures.RECOMMENDS: (40, 45, {"vakken": [[[*range(7)], 10], [[7, 8], 14], [[9, 10], 16]], "saldo": 15}),
    measures.USED: (40, 45, {"vakken": [[[0], 26], [[1, 2], 14]]}),
    measures.WEIGHT: (40, 45, {"vakken": [[[0, 1, 2], 40]]}),
    measures.KNOWLEDGE: (45, 45, {"vakken": [[[0, 1, 2], 9], [[3], 16], [[4, 5], 20]], "gemiddeld": 78.0}),
    measures.DECISION: (40, 45, {
        "voor": 44.0, "na": 60.0, "verschil": 16.0, "grootte": [0.7, 0.4, 1.0],
        "vakken": [[[0], 6], [[1], 10], [[2], 24]],
    }),
    measures.KEPT: (24, 40, {"verschil": 5.0, "grootte": [0.2, -0.1, 0.5], "vakken": [[[0, 1, 2], 24]]}),
    measures.HANDED_IN: (30, 45, {}),
    measures.ROUNDS: (20, 30, {"verschil": 20.0, "grootte": [0.9, 0.4, 1.4], "vakken": [[[0, 1], 8], [[2], 12]]}),
    measures.LATER: (25, 45, {}),
    measures.DIFFERENT: (15, 25, {"vakken": [[[0], 10], [[1], 5]]}),
    measures.STATEMENTS: (15, 25, {"zinnen": [[[[0, 1, 2], 5], [[3, 4, 5], 10]]] * 12}),
}  # fmt: skip


def show_all(organisation: Organisation, *, module: str = "dialoogprincipes", period: str = "2026H2") -> None:
    """All there can be of a module, and of all of them whether trainers agree."""
    now = timezone.now()
    rows = [
        ShownMeasure(
            organisation=organisation, period=period, name=name, module=module, facts=facts, n=n, of=of, shown_at=now
        )
        for name, (n, of, facts) in FULL.items()
    ]
    agree = {"overeenstemming": 0.7, "lezers": 6}
    rows.append(
        ShownMeasure(
            organisation=organisation,
            period=period,
            name=measures.AGREEMENT,
            module="",
            facts=agree,
            n=21,
            of=21,
            shown_at=now,
        )
    )
    ShownMeasure.objects.bulk_create(rows, ignore_conflicts=True)


@pytest.fixture
def shown(arranged: House) -> House:
    show_all(arranged.organisation)
    return arranged


def table(page: str, key: str) -> str:
    """What stands below a title, in words."""
    start = page.index(f'id="{key}"')
    return " ".join(re.sub(r"<[^>]+>", " ", page[start : page.index("</table>", start)]).split())


# --- who comes in


def test_who_is_not_hr_here_finds_nothing_and_is_not_written_down(
    arranged: House, browser: Callable[..., Client]
) -> None:
    for path in (PATH, *FILES):
        assert Client().get(path).status_code == 302
        for role in (None, Role.DEELNEMER, Role.TRAINER, Role.OR, Role.BEHEER, Role.REDACTEUR, Role.RAAD):
            html(browser(*([role] if role else [])), path, status=404)
    assert not Look.objects.exists()


def test_it_is_shut_until_beheer_recorded_what_was_arranged(house: House, browser: Callable[..., Client]) -> None:
    show_all(house.organisation)
    for path in (PATH, *FILES):
        assert "Dialoog is een werkwoord" not in html(browser(Role.HR), path, status=403)


def test_each_look_is_written_down_with_the_half_year(hr_browser: Client, shown: House) -> None:
    html(hr_browser, PATH)
    hr_browser.get(FILES[0])
    looks = list(Look.objects.order_by("pk").values_list("page", "choices"))
    assert looks == [("hr:effect", {"periode": "2026H2"}), ("hr:effect-csv", {"periode": "2026H2"})]
    log = html(hr_browser, "/hr/logboek/")
    assert "Effect, opgehaald als bestand" in log
    assert "tweede helft van 2026" in log


def test_another_organisation_is_not_on_it(hr_browser: Client, arranged: House) -> None:
    show_all(OrganisationFactory.create())
    assert "Dialoog is een werkwoord" not in html(hr_browser, PATH)


# --- what is there


def test_each_tier_says_who_is_missing_and_what_may_not_be_concluded(hr_browser: Client, shown: House) -> None:
    page = html(hr_browser, PATH)
    for number in ("1–2", "3", "4", "5", "6", "7", "8"):
        assert f'<span class="effect__nummer">{number}</span>' in page
    assert page.count("<dt>Wie ontbreekt</dt>") == page.count("<dt>Wat je hier niet uit mag halen</dt>") == 6
    assert "Dit meten we nog niet." in page[page.index('id="teweegbrengen"') :]


def test_a_measure_says_of_how_many_it_could_have_been_and_which_share_is_missing(
    hr_browser: Client, shown: House
) -> None:
    page = html(hr_browser, PATH)
    assert "aandeel 75% 45 van 60 25%" in table(page, "af")
    assert "Voorgesteld doel: 60% van wie begint." in table(page, "af")
    assert "gemiddeld 7,9 1 tot en met 7 25% 8 50% 9 of 10 25% 40 van 45 11%" in table(page, "cijfer")
    assert "saldo 15" in table(page, "aanbeveling")
    assert "ja 65% nee of weet ik nog niet 35%" in table(page, "gebruikt")
    assert "60% 15 van 25 40%" in table(page, "antwoord")


def test_decisions_are_compared_in_words_too(hr_browser: Client, shown: House) -> None:
    page = html(hr_browser, PATH)
    assert (
        "Startpunt 44 Eindpunt 60 verschil 16 punten erbij effectgrootte 0,7 (middelgroot), tussen 0,4 en 1,0 "
        "minder goed 15% even goed 25% beter 60%" in table(page, "beslissing")
    )
    assert "effectgrootte 0,2 (misschien toeval), tussen \u22120,1 en 0,5" in table(page, "herhaald")


def test_where_all_are_alike_that_is_all_it_says(hr_browser: Client, shown: House) -> None:
    assert "verdeling te weinig verschil om te tonen 40 van 45" in table(html(hr_browser, PATH), "zwaarte")


def test_what_was_known_before_stands_beside_it_as_reach_and_no_behaviour(hr_browser: Client, shown: House) -> None:
    page = html(hr_browser, PATH)
    assert "Dit is bereik en tevredenheid, geen gedrag." in page
    assert "2 trainingen, 50 mensen eerste training: een 8; de tweede liep nog" in table(page, "eerder")


def test_below_twenty_people_parts_are_said_in_fives(hr_browser: Client, shown: House) -> None:
    ShownMeasure.objects.filter(name=measures.FINISHED).update(n=12, of=17)
    assert "aandeel 70% 10–14 van 15–19 30%" in table(html(hr_browser, PATH), "af")


@given(st.integers(5, 200), st.integers(0, 100))
def test_a_part_of_few_people_is_never_counted_out(of: int, missing: int) -> None:
    n = max(5, of - missing)
    said = tiers.counted(n, of)
    if isinstance(said, int):
        assert said == n
        assert of >= 20
    else:
        least, most = map(int, said.split("–"))
        assert least <= n <= most == least + 4
        assert of < 20


def test_a_module_of_which_a_measure_may_not_be_shown_says_so_in_its_line(hr_browser: Client, shown: House) -> None:
    now = timezone.now()
    ShownMeasure.objects.create(
        organisation=shown.organisation, period="2026H2", name=measures.FOLLOWS, module="ongenoegen", n=9, of=9,
        facts={"titel": "Omgaan met ongenoegen", "nummer": "3", "units": [], "zinnen": [], "vakken": []}, shown_at=now,
    )  # fmt: skip
    page = html(hr_browser, PATH)
    assert "Ik deed dit 3 keer. bijna nooit of soms, of niet van toepassing 35%" in table(
        page, "zinnen-dialoogprincipes"
    )
    assert "Omgaan met ongenoegen te weinig mensen om te tonen" in table(page, "cijfer")


def test_nothing_to_show_says_from_how_many_people_on_there_is(hr_browser: Client, arranged: House) -> None:
    page = html(hr_browser, PATH)
    assert "Nog te weinig mensen om te tonen" in page
    assert "Vanaf 20 staat hier iets. Het gaat om wie de module af heeft." in page
    assert "Haal op als" not in page
    assert "Dit is bereik en tevredenheid, geen gedrag." in page
    (_heads, *rest) = lines(hr_browser, FILES[0])
    assert [line[-2:] for line in rest] == [["te weinig mensen om te tonen", ""]]


def test_a_half_year_that_was_can_be_chosen_and_one_that_wasnt_cannot(hr_browser: Client, shown: House) -> None:
    show_all(shown.organisation, period="2026H1")
    ShownMeasure.objects.filter(period="2026H1", name=measures.FINISHED).update(n=50)
    assert "50 van 60" in table(html(hr_browser, f"{PATH}?periode=2026H1"), "af")
    assert "45 van 60" in table(html(hr_browser, PATH), "af")
    for wrong in ("2019H1", "x%00", "2026"):
        html(hr_browser, f"{PATH}?periode={wrong}", status=404)
        html(hr_browser, f"{FILES[0]}?periode={wrong}", status=404)


def test_a_module_called_like_a_tag_is_text(hr_browser: Client, shown: House) -> None:
    row = ShownMeasure.objects.get(name=measures.FOLLOWS)
    row.facts["titel"] = "<b>vet</b>"
    row.save()
    assert "<b>vet</b>" not in html(hr_browser, PATH)


# --- files


def test_a_file_holds_all_that_is_on_the_page_and_nothing_more(hr_browser: Client, shown: House) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", html(hr_browser, PATH)).split())
    kept = lines(hr_browser, FILES[0])
    assert kept[0] == [
        "Trede", "Maat", "Half jaar", "Waarvan", "Mensen", "Van", "Ontbreekt (procent)", "Wat", "Waarde",
    ]  # fmt: skip
    assert len(kept) > 60
    for tier, measure, period, whom, n, of, missing, words, value in kept[1:]:
        for each in (tier, measure, period, whom, f"{words} {value}"):
            assert each in page
        assert not n or f"{n} van {of} {missing}%" in page


def test_each_form_of_a_file_holds_the_same_lines(hr_browser: Client, shown: House) -> None:
    wanted = lines(hr_browser, FILES[0])
    excel, ods = (b"".join(hr_browser.get(path, headers={"Accept-Language": "nl"})) for path in FILES[1:])
    assert [[cell.text for cell in row.cells] for row in rows_of(excel)] == wanted
    assert cells_of_ods(ods) == wanted


# --- how


@pytest.mark.parametrize("more", [0, 5])
def test_the_page_takes_as_many_queries_however_many_modules_and_half_years(
    hr_browser: Client, shown: House, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        show_all(shown.organisation, module=f"module-{number}")
        show_all(shown.organisation, period=f"202{number}H1")
    html(hr_browser, PATH)
    with django_assert_num_queries(7):
        html(hr_browser, PATH)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12))
def test_the_parts_of_a_bar_lie_beside_each_other_and_fill_it(shares: list[int]) -> None:
    pieces = pictures.parts(shares).pieces
    edges = [round(piece.x + piece.width, 1) for piece in pieces]
    assert [piece.x for piece in pieces[1:]] == edges[:-1]
    assert pieces[0].x == pictures.Picture().x
    assert edges[-1] == (pictures.Picture().end if sum(shares) else pictures.Picture().x)


@given(st.floats(-500, 500))
def test_a_mark_stays_on_its_line(value: float) -> None:
    (mark,) = pictures.marks([("dicht", value)], 0, 100).marks
    assert pictures.Picture().x <= mark.x <= pictures.Picture().end
