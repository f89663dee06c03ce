"""The planner of a Kwaliteitsdialoog: curriculum 3.r."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Path
from modules.blocks.qualityplanner import rules
from modules.blocks.qualityplanner.block import QualityPlanner
from tests.modules.blocks.drafting import HEAD, keep, words
from tests.modules.toy import Played

STEPS = [f"s{n}" for n in range(1, 6)]
PLAN = {
    "staat_nu": "s2",
    "mist": "De boeren",
    **{f"{step}-{name}": f"Iets {step}" for step in STEPS for name in rules.NEEDED},
}
GOOD = {
    **{f"{step}-praktijk": "ja" for step in STEPS},
    "s3-afspraak": "We planten de houtwallen terug",
    "s4-resultaat": "Houtwallen op drie erven",
    "s5-datum": "2027-09-01",
}


def planner(**more: Any) -> dict[str, Any]:
    steps = [{"id": step, "naam": f"Stap {step}"} for step in STEPS]
    return {**HEAD, "stappen": steps, **words(rules.FIELDS, rules.CHECKS), **more}


def test_a_plan_with_all_it_asks_for_is_good() -> None:
    assert set(rules.outcome(GOOD, STEPS).values()) == {"goed"}


@given(st.sampled_from(STEPS))
def test_a_step_without_practice_is_something_to_mind(step: str) -> None:
    without = {name: value for name, value in GOOD.items() if name != f"{step}-praktijk"}
    assert rules.outcome(without, STEPS) == {"praktijk": "let_op", "terug": "goed", "datum": "goed"}


@given(st.text())
def test_an_agreement_comes_back_in_its_own_words_only(other: str) -> None:
    values = {"s3-afspraak": "houtwallen", "s4-besluit": other}
    assert rules.comes_back(values, "s3", "s4") == ("houtwallen" in rules.words(other))


def test_small_words_are_no_agreement() -> None:
    assert not rules.comes_back({"s3-afspraak": "wij en het", "s4-vraag": "wij en het"}, "s3", "s4")


def test_it_is_done_when_it_says_where_the_area_stands_and_what_is_missing() -> None:
    played = Played(QualityPlanner, planner())
    page = keep(played, {"staat_nu": "s2"}).text
    assert (played.block.status, "Vraag mist?</a>" in page) == ("bezig", True)
    page = keep(played, {"staat_nu": "s2", "mist": "De boeren"}).text
    assert (played.block.status, played.block.score, "Kijk het na" in page) == ("afgerond", None, False)
    assert played.published("attempt") == []


def test_a_plan_of_all_steps_counts_for_the_share_that_is_good() -> None:
    played = Played(QualityPlanner, planner())
    keep(played, {**PLAN, "s5-wie": "", "s5-datum": "2027-09-01"})
    assert played.published("attempt") == []
    keep(played, {**PLAN, "s5-datum": "2027-09-01"})
    assert played.block.score == pytest.approx(1 / 3, abs=1e-4)
    keep(played, {**PLAN, **GOOD})
    assert played.block.score == 1
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]
    assert "houtwallen" not in json.dumps(played.runtime.events)


def test_the_share_of_each_check_is_what_a_group_shows() -> None:
    good, mind = (dict.fromkeys(rules.CHECKS, word) for word in ("goed", "let_op"))
    assert QualityPlanner.tally([good, mind, None])["datum"] == {"n": 2, "p": 0.5}


def test_the_steps_have_the_authors_names() -> None:
    assert "1. Stap s1" in Played(QualityPlanner, planner()).view()


def opened(page: str) -> list[str]:
    """The steps that aren't folded away."""
    return re.findall(r'<details class="uitklap werk__vouw" open><summary><h2 [^>]*>(\d)', page)


def test_the_step_where_the_area_stands_is_open_and_the_others_are_folded() -> None:
    played = Played(QualityPlanner, planner())
    assert opened(played.view()) == ["1"]
    assert opened(keep(played, PLAN).text) == ["2"]


def test_a_step_with_something_wrong_in_it_is_open() -> None:
    played = Played(QualityPlanner, planner())
    assert opened(keep(played, {"s5-datum": "morgen"}).text) == ["1", "5"]


@pytest.mark.parametrize("form", [{"s5-datum": "morgen"}, {"s5-datum": "2027-02-30"}, {"staat_nu": "s9"}])
def test_what_isnt_an_answer_is_refused_beside_its_field(form: dict[str, str]) -> None:
    played = Played(QualityPlanner, planner())
    answer = keep(played, form)
    assert (answer.status_code, played.block.values) == (422, {})
    assert f'{next(iter(form))}-fout"' in answer.text


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"stappen": []}, ("stappen",)),
        ({"stappen": [{"id": f"s{n}", "naam": "x"} for n in range(6)]}, ("stappen",)),
        ({"stappen": [{"id": step} for step in STEPS]}, ("stappen", 0)),
        ({"stappen": [{"id": "s1", "naam": "x"} for _ in STEPS]}, ("stappen", 1, "id")),
        ({"velden": {}}, ("velden",)),
        ({"tips": {}}, ("tips",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in QualityPlanner.check(planner(**change))]


def test_good_content_may_be_published() -> None:
    assert QualityPlanner.check(planner()) == []
