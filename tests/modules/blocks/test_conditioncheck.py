"""Judging settings on conditions: curriculum 3.k, unit 4.1."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import read_yaml
from modules.blocks.conditioncheck.block import ConditionCheck
from modules.blocks.conditioncheck.rules import item_points, judged
from tests.modules.blocks.hostile import junk, secrets_are_private, withstands
from tests.modules.toy import Played

SCALE = ["ja", "deels", "nee"]
words = st.sampled_from(SCALE)
keys = st.dictionaries(st.sampled_from(["v1", "v2", "v3"]), words, min_size=1)

TEXT = """
voorwaarden:
  id: plekken
  titel: Is dit een tussenruimte?
  voorwaarden: {v1: Er valt geen besluit <b>, v2: Wat je zegt blijft hier}
  schaal: [ja, deels, nee]
  verbeter: Kies één plek en maak hem beter.
  items:
    - {id: p1, tekst: De raadszaal <i>, sleutel: {v1: nee, v2: nee}, uitleg: Uitleg een, verbetering: Model een}
    - {id: p2, tekst: De kantine, sleutel: {v1: ja, v2: deels}, uitleg: Uitleg twee, verbetering: Model twee}
"""


def authored(**more: Any) -> dict[str, Any]:
    return {**read_yaml(TEXT).data, **more}


@pytest.fixture
def played() -> Played:
    return Played(ConditionCheck, authored())


def judge(played: Played, word: str = "nee", round_number: int = 1) -> None:
    while item := played.block.current:
        form = {"ronde": str(round_number), "item": item}
        assert played.post("answer", **form, **{"oordeel-v1": word, "oordeel-v2": word}).status_int == 200
        played.post("proceed", **form)


def improve(played: Played, text: str = "Zet de stoelen in een kring", **form: str) -> Any:
    return played.post("improve", **{"ronde": "1", "plek": "p1", "tekst": text, **form})


# --- scoring


@given(words, words)
def test_exact_counts_whole_the_neighbour_half_and_the_other_end_nothing(right: str, chosen: str) -> None:
    assert judged(SCALE, right, chosen) == [1, 0.5, 0][abs(SCALE.index(right) - SCALE.index(chosen))]
    assert judged(SCALE, right, chosen) == judged(SCALE[::-1], right, chosen)


@given(keys, st.dictionaries(st.sampled_from(["v1", "v2", "v3", "v9"]), st.text(max_size=4)))
def test_points_stay_between_nothing_and_one_whatever_was_chosen(key: dict[str, str], chosen: dict[str, str]) -> None:
    assert 0 <= item_points(SCALE, key, chosen) <= 1
    assert item_points(SCALE, key, key) == 1


# --- the way through


def test_the_key_and_the_model_are_not_on_the_page_before_the_answer(played: Played) -> None:
    assert not any(secret in played.view() for secret in ("Uitleg", "Model"))
    page = played.post("answer", ronde="1", item="p1", **{"oordeel-v1": "nee", "oordeel-v2": "ja"}).text
    assert "Uitleg een" in page
    assert "Wij kozen ook: nee." in page
    assert "Jij koos ja, wij nee." in page
    assert "Model" not in page


def test_the_first_page_is_the_same_for_everybody() -> None:
    assert "student_view" in ConditionCheck.same_at_first
    assert len({Played(ConditionCheck, authored(), user=user).view() for user in "abcdefgh"}) == 1


def test_it_is_done_when_all_are_judged_and_one_is_made_better(played: Played) -> None:
    judge(played)
    assert played.block.status == "bezig"
    assert "Model" not in played.view()
    page = improve(played).text
    assert "Model een" in page
    assert "Model twee" not in page
    assert played.block.status == "afgerond"
    assert len(played.published("completion")) == 1


def test_the_score_is_the_mean_over_all_settings(played: Played) -> None:
    judge(played, "nee")
    # p1 twice right; p2: ja is the other end, deels a neighbour.
    assert played.block.score == pytest.approx((1 + 0.25) / 2)
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == {"p1": ["nee", "nee", 1.0], "p2": ["nee", "nee", 0.25]}
    figures = ConditionCheck.tally([attempt["answers"]] * 5)
    assert figures["p2"] == {"n": 5, "p": 0.25, "gekozen": [{"nee": 5}, {"nee": 5}]}


def test_one_may_judge_again_and_stays_done(played: Played) -> None:
    judge(played)
    improve(played)
    played.post("again", ronde="1")
    judge(played, "ja", 2)
    assert played.block.status == "afgerond"
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]


def test_the_improvement_is_the_learner_s_own(played: Played) -> None:
    judge(played)
    improve(played, "Een kring zonder tafels")
    secrets_are_private(played, "Een kring zonder tafels")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"plek": "p9"}, "Kies de plek die jij beter maakt."),
        ({"tekst": "  "}, "Schrijf wat jij zou veranderen."),
        ({"tekst": "x" * 1001}, "Houd het bij 1000 tekens."),
    ],
)
def test_an_improvement_that_cannot_be_is_refused_and_still_there(
    played: Played, form: dict[str, str], said: str
) -> None:
    judge(played)
    refused = played.post("improve", **{"ronde": "1", "plek": "p1", "tekst": "Een kring", **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert not played.block.improvement


def test_each_condition_needs_an_answer(played: Played) -> None:
    refused = played.post("answer", ronde="1", item="p1", **{"oordeel-v1": "nee", "oordeel-v2": "misschien"})
    assert refused.status_int == 422
    assert "Kies wat het dichtst bij deze plek past." in refused.text
    assert not played.block.answers


def test_a_double_click_and_a_stale_tab_change_nothing(played: Played) -> None:
    form = {"ronde": "1", "item": "p1", "oordeel-v1": "nee", "oordeel-v2": "nee"}
    played.post("answer", **form)
    before = dict(played.fields)
    for _ in range(2):
        assert played.post("answer", **{**form, "oordeel-v1": "ja"}).status_int == 200
        assert improve(played).status_int == 200
        assert played.post("again", ronde="1").status_int == 200
    assert played.fields == before


def test_hostile_posts_change_nothing(played: Played) -> None:
    names = ["ronde", "item", "plek", "tekst", "oordeel-v1", "oordeel-v2"]
    withstands(played, ["answer", "improve", "proceed", "again"], names)
    judge(played)
    improve(played)
    withstands(played, ["answer", "improve", "proceed", "again"], names)


def test_html_of_an_author_and_of_a_learner_stays_text(played: Played) -> None:
    page = played.view()
    assert "De raadszaal &lt;i&gt;" in page
    assert "Er valt geen besluit &lt;b&gt;" in page
    judge(played)
    assert "&lt;u&gt;" in improve(played, "<u>kring").text


def test_every_state_can_be_read_in_english() -> None:
    played = Played(ConditionCheck, authored(), language="en")
    assert "Setting 1 of 2" in played.view()
    judge(played)
    assert "Make one setting better" in played.view()
    assert "This exercise is complete" in improve(played).text


# --- gates


def test_good_content_has_no_problems() -> None:
    assert ConditionCheck.check(authored()) == []


def item(**more: Any) -> dict[str, Any]:
    return {**authored()["items"][0], **more}


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"titel": " "}, ("titel",)),
        ({"verbeter": None}, ("verbeter",)),
        ({"competenties": [{"code": "C11"}]}, ("competenties", 0)),
        ({"voorwaarden": ["v1"]}, ("voorwaarden",)),
        ({"voorwaarden": {}}, ("voorwaarden",)),
        ({"voorwaarden": {"v1": "", "v2": "x"}}, ("voorwaarden",)),
        ({"schaal": "ja"}, ("schaal",)),
        ({"schaal": ["ja"]}, ("schaal",)),
        ({"schaal": ["ja", "ja"]}, ("schaal",)),
        ({"schaal": ["ja", "deels", True]}, ("schaal",)),
        ({"items": None}, ("items",)),
        ({"items": [item()]}, ("items",)),
        ({"items": ["p1", item()]}, ("items", 0)),
        ({"items": [item(), item()]}, ("items", 1, "id")),
        ({"items": [item(uitleg=""), item(id="p2")]}, ("items", 0, "uitleg")),
        ({"items": [item(verbetering=3), item(id="p2")]}, ("items", 0, "verbetering")),
        ({"items": [item(sleutel=["ja"]), item(id="p2")]}, ("items", 0, "sleutel")),
        ({"items": [item(sleutel={"v1": "ja"}), item(id="p2")]}, ("items", 0, "sleutel")),
        ({"items": [item(sleutel={"v1": "ja", "v2": True}), item(id="p2")]}, ("items", 0, "sleutel", "v2")),
        ({"items": [item(sleutel={"v1": "ja", "v2": "ja", "v9": "ja"}), item(id="p2")]}, ("items", 0, "sleutel", "v9")),
    ],
)
def test_each_gate_names_the_place_and_a_remedy(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    found = {problem.path: problem.reason for problem in ConditionCheck.check(authored(**broken))}
    assert found.get(path)


@given(junk, st.sampled_from(["items", "schaal", "voorwaarden", "verbeter"]))
def test_no_content_makes_the_gate_fall_over(value: Any, name: str) -> None:
    assert isinstance(ConditionCheck.check(authored(**{name: value})), list)
