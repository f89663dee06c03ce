"""The long line: curriculum 3.q."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Path
from modules.blocks.longline import rules
from modules.blocks.longline.block import LongLine
from tests.modules.blocks.drafting import HEAD, keep, words
from tests.modules.toy import Played

WHOLE = {name: f"Iets over {name}" for name in rules.FIELDS}


def line(**more: Any) -> dict[str, Any]:
    return {**HEAD, **words(rules.FIELDS, rules.CHECKS), **more}


@given(st.sets(st.sampled_from(rules.FIELDS)))
def test_each_check_is_good_when_what_it_asks_for_is_there(given_: set[str]) -> None:
    outcome = rules.outcome(dict.fromkeys(given_, "x"))
    assert list(outcome) == list(rules.CHECKS)
    assert (outcome["jaren"] == "goed") == ({"jaar1", "jaar3", "jaar7_10"} <= given_)
    assert (outcome["mensen"] == "goed") == ({"voor_wie", "met_wie"} <= given_)
    assert (outcome["bal"] == "goed") == ("wie_pakt_de_bal_op" in given_)


def test_it_is_done_when_every_field_is_filled_in() -> None:
    played = Played(LongLine, line())
    page = keep(played, {**WHOLE, "blijft": ""}).text
    assert (played.block.status, "Vraag blijft?</a>" in page, "Kijk nog eens: blijft." in page) == ("bezig", True, True)
    page = keep(played, WHOLE).text
    assert (played.block.status, "Dit is rond" in page) == ("afgerond", True)


def test_an_honest_nobody_yet_is_an_answer() -> None:
    played = Played(LongLine, line())
    keep(played, {**WHOLE, "wie_pakt_de_bal_op": "Nog niemand"})
    assert played.block.status == "afgerond"


def test_a_sketch_is_recorded_without_a_score_or_a_word_of_it() -> None:
    played = Played(LongLine, line())
    keep(played, WHOLE)
    (attempt,) = played.published("attempt")
    assert (attempt["answers"], attempt["score"]) == (dict.fromkeys(rules.CHECKS, "goed"), None)
    assert "Iets over" not in json.dumps(played.runtime.events)
    assert played.published("grade") == []


def test_saving_the_same_again_is_no_new_attempt() -> None:
    played = Played(LongLine, line())
    keep(played, WHOLE)
    keep(played, {**WHOLE, "blijft": "Iets anders"})
    assert len(played.published("attempt")) == 1


def test_an_example_is_there_for_who_asks() -> None:
    page = Played(LongLine, line(voorbeeld={"werkt_al": "De zaadbank"})).view()
    assert "De zaadbank" in page
    assert "<details" in page.split("De zaadbank")[0]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": ""}, ("id",)),
        ({"velden": 3}, ("velden",)),
        ({"velden": {}}, ("velden",)),
        ({"velden": {**line()["velden"], "blijft": "x"}}, ("velden", "blijft")),
        ({"velden": {**line()["velden"], "blijft": {"vraag": ""}}}, ("velden", "blijft", "vraag")),
        ({"velden": {**line()["velden"], "blijft": {"vraag": "x", "hulp": 3}}}, ("velden", "blijft", "hulp")),
        ({"velden": {**line()["velden"], "blijf": {"vraag": "x"}}}, ("velden", "blijf")),
        ({"tips": []}, ("tips",)),
        ({"tips": {}}, ("tips",)),
        ({"tips": {**line()["tips"], "bal": {"goed": "x"}}}, ("tips", "bal")),
        ({"tips": {**line()["tips"], "bal": {"goed": "x", "let_op": ""}}}, ("tips", "bal", "let_op")),
        ({"tips": {**line()["tips"], "kubus": {"goed": "x", "let_op": "y"}}}, ("tips", "kubus")),
        ({"voorbeeld": 3}, ("voorbeeld",)),
        ({"voorbeeld": {"kubus": "x"}}, ("voorbeeld", "kubus")),
        ({"voorbeeld": {"blijft": 3}}, ("voorbeeld", "blijft")),
        ({"let_op": 3}, ("let_op",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in LongLine.check(line(**change))]


def test_good_content_may_be_published() -> None:
    assert LongLine.check(line(voorbeeld={"blijft": "Een boomgaard"})) == []
