"""Preparing a walk: curriculum 3.m."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Path
from modules.blocks.walkplanner import rules
from modules.blocks.walkplanner.block import WalkPlanner
from tests.modules.blocks.drafting import HEAD, keep, words
from tests.modules.toy import Played

GOOD = {
    "streek": "De Bovenlanden", "vraag": "Luisteren wat het water hier doet", "contact": "Gebiedsmakelaar",
    "contact_datum": "2027-04-01", "km": "4,5", "totaal_minuten": "150", "gesprek_minuten": "80",
    "afsluiting_minuten": "20", "zonder_titels": "ja",
    "haltes-0-plek": "Het gemaal", "haltes-0-smaakmaker": "molenaar", "haltes-0-vraag": "Wat hoor je?",
    "haltes-1-plek": "De kade", "haltes-1-smaakmaker": "melkveehouder", "haltes-1-minuten": "20",
    "gezelschap-0-functie": "beleidsadviseur", "gezelschap-0-wereld": "rijk",
    "gezelschap-1-functie": "boer", "gezelschap-1-wereld": "landbouw",
}  # fmt: skip
LESSONS = dict.fromkeys(rules.LESSONS, "Ik praatte te veel.")


def planner(**more: Any) -> dict[str, Any]:
    return {**HEAD, **words(rules.FIELDS, rules.CHECKS), **more}


def minded(values: dict[str, str]) -> list[str]:
    return [check for check, verdict in rules.outcome(values).items() if verdict == "let_op"]


def company(n: int) -> dict[str, str]:
    """Each from a world of their own."""
    return {f"gezelschap-{i}-{key}": f"{key}{i}" for i in range(n) for key in rules.COMPANY}


def test_a_walk_with_all_it_asks_for_is_good() -> None:
    assert minded(GOOD) == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"contact_datum": ""}, "voorbereid"),
        ({"contact": ""}, "voorbereid"),
        ({"haltes-1-smaakmaker": ""}, "smaakmakers"),
        ({"haltes-1-smaakmaker": "Molenaar"}, "smaakmakers"),
        (company(21), "gezelschap"),
        ({"gesprek_minuten": "74"}, "gesprek"),
        ({"gesprek_minuten": ""}, "gesprek"),
        ({"afsluiting_minuten": "19"}, "afsluiting"),
        ({f"haltes-{n}-plek": "Weer een" for n in range(5)}, "niet_overladen"),
        ({"totaal_minuten": "181", "gesprek_minuten": "181"}, "niet_overladen"),
        ({"km": "6,1"}, "route"),
        ({"km": ""}, "route"),
        ({"zonder_titels": ""}, "zonder_hierarchie"),
        ({"gezelschap-1-wereld": "Rijk"}, "zonder_hierarchie"),
        ({"vraag": "Boeren overtuigen van de plannen"}, "verwachting"),
        ({"vraag": "Tot een besluit komen"}, "verwachting"),
        ({"vraag": ""}, "verwachting"),
    ],
)
def test_each_check_minds_one_thing(change: dict[str, str], check: str) -> None:
    assert minded({**GOOD, **change}) == [check]


@given(st.integers(1, 180), st.integers(0, 200))
def test_half_of_the_time_is_conversation(total: int, talk: int) -> None:
    outcome = rules.outcome({"totaal_minuten": str(total), "gesprek_minuten": str(talk)})
    assert (outcome["gesprek"] == "goed") == (2 * talk >= total)


@given(st.integers(0, rules.COMPANY_ROWS))
def test_twenty_people_walk_along_at_most(n: int) -> None:
    assert (rules.outcome(company(n))["gezelschap"] == "goed") == (1 <= n <= 20)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(max_size=12)))
def test_whatever_somebody_writes_every_check_has_a_verdict(values: dict[str, str]) -> None:
    outcome = rules.outcome(values)
    assert list(outcome) == list(rules.CHECKS)
    assert set(outcome.values()) <= {"goed", "let_op"}


# --- the flow


def test_a_plan_counts_before_the_walk_but_isnt_done() -> None:
    played = Played(WalkPlanner, planner())
    page = keep(played, GOOD).text
    assert (played.block.status, played.block.score) == ("bezig", 1.0)
    assert "pas rond als je hebt gelopen" in page
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == dict.fromkeys(rules.CHECKS, "goed")
    assert "molenaar" not in json.dumps(played.runtime.events)


def test_it_is_done_after_the_walk_and_three_lessons() -> None:
    played = Played(WalkPlanner, planner())
    keep(played, {**GOOD, **LESSONS, "les-2-tekst": "", "gelopen": "ja"})
    assert played.block.status == "bezig"
    keep(played, {**GOOD, **LESSONS, "gelopen": "ja"})
    assert played.block.status == "afgerond"


def test_lessons_without_a_plan_are_no_walk() -> None:
    played = Played(WalkPlanner, planner())
    keep(played, {**LESSONS, "gelopen": "ja"})
    assert (played.block.status, played.published("attempt")) == ("bezig", [])


def test_there_is_always_room_for_one_more_until_it_is_full() -> None:
    played = Played(WalkPlanner, planner())
    assert played.view().count('name="gezelschap-') == 8
    keep(played, company(9))
    assert played.view().count('name="gezelschap-') == 22
    assert 'name="gezelschap-26-' not in keep(played, company(30)).text
    assert len(rules.company(played.block.values)) == rules.COMPANY_ROWS


def test_asking_for_more_rows_lands_where_they_are() -> None:
    played = Played(WalkPlanner, planner())
    page = keep(played, {**GOOD, "meer": "haltes"}).text
    assert page.count(" data-focus") == 1
    assert re.search(r'id="[^"]*-deel-haltes"[^>]* data-focus', page)
    assert 'name="haltes-2-plek"' in page
    assert 'name="haltes-3-plek"' not in page


def test_the_card_holds_what_one_takes_along() -> None:
    played = Played(WalkPlanner, planner())
    assert "Je wandelkaart" not in played.view()
    card = keep(played, GOOD).text.split("Je wandelkaart")[1]
    for words_ in ("De Bovenlanden", "4,5", "Het gemaal", "molenaar", "Wat hoor je?", "2 wandelaars"):
        assert words_ in card


def test_keeping_itself_brings_the_verdicts_along() -> None:
    played = Played(WalkPlanner, planner())
    answer = keep(played, GOOD, handler="autosave").json
    assert "9 van 9 punten" in answer["panel"]
    assert played.published("attempt") == []


@pytest.mark.parametrize(
    "form", [{"km": "ver"}, {"km": "-1"}, {"km": "1e9"}, {"haltes-0-minuten": "x"}, {"contact_datum": "2027"}]
)
def test_what_isnt_an_answer_is_refused_beside_its_field(form: dict[str, str]) -> None:
    played = Played(WalkPlanner, planner())
    answer = keep(played, form)
    assert (answer.status_code, played.block.values) == (422, {})
    assert f'{next(iter(form))}-fout"' in answer.text


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"velden": {}}, ("velden",)),
        ({"velden": {**planner()["velden"], "haltes": 3}}, ("velden", "haltes")),
        ({"tips": {}}, ("tips",)),
        ({"titel": 3}, ("titel",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in WalkPlanner.check(planner(**change))]


def test_good_content_may_be_published() -> None:
    assert WalkPlanner.check(planner()) == []
