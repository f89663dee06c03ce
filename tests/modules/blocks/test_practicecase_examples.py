"""Worked examples of a practice case: whole where they are, and never shown to who learns."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from modules.blocks.practicecase.block import PracticeCase
from tests.modules.blocks.hostile import junk
from tests.modules.blocks.test_practicecase import case
from tests.modules.toy import Played

TEXT = " ".join(f"woord{n}" for n in range(150))


def example(key: str, level: int) -> dict[str, Any]:
    told = {"niveau": level, "waarom": "Dat staat in de tweede zin."}
    return {"id": key, "tekst": TEXT, "niveaus": {f"c{n}": dict(told) for n in range(4)}}


def examples() -> dict[str, Any]:
    return case(voorbeelden=[example("een", 1), example("twee", 3)])


def reasons(data: dict[str, Any]) -> list[str]:
    return [problem.reason for problem in PracticeCase.check(data)]


def test_whole_examples_pass_and_none_are_asked_for() -> None:
    assert reasons(examples()) == []
    assert reasons(case()) == []


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda data: data["voorbeelden"].pop(), "minstens 2"),
        (lambda data: data["voorbeelden"][0].update(tekst="Te kort."), "woorden lang"),
        (lambda data: data["voorbeelden"][1].update(id="een"), "twee keer"),
        (lambda data: data["voorbeelden"][0]["niveaus"].pop("c2"), "'c2' heeft geen niveau"),
        (lambda data: data["voorbeelden"][0]["niveaus"].update(c9={}), "bestaat niet"),
        (lambda data: data["voorbeelden"][0]["niveaus"]["c1"].update(niveau=5), "een van deze"),
        (lambda data: data["voorbeelden"][0]["niveaus"]["c1"].update(niveau=True), "een van deze"),
        (lambda data: data["voorbeelden"][0]["niveaus"]["c1"].update(waarom="Goed."), "waaraan je dat ziet"),
        (lambda data: data.update(voorbeelden=[example("een", 2), example("twee", 2)]), "hetzelfde niveau"),
    ],
)
def test_what_is_missing_in_an_example_is_said(break_it: Callable[[dict[str, Any]], Any], reason: str) -> None:
    data = copy.deepcopy(examples())
    break_it(data)
    assert any(reason in each for each in reasons(data)), reasons(data)


@given(junk)
def test_whatever_an_author_writes_there_is_answered(data: Any) -> None:
    for problem in PracticeCase.check({**case(), "voorbeelden": data}):
        assert problem.path


def test_who_learns_never_sees_them() -> None:
    page = Played(PracticeCase, examples()).view()
    assert "woord42" not in page
    assert "Dat staat in de tweede zin." not in page
