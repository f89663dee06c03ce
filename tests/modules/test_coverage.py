"""Our content makes every competence reachable, and claims no evidence that a type can't give (curriculum 4.4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.coverage import Coverage, Source, beyond, competences_of, coverage, source_of
from modules.olx import CONTENT, ModuleSource, read_module
from tests.factories import module_folder


@pytest.fixture(scope="module")
def modules() -> list[ModuleSource]:
    return [module for file in CONTENT.glob("*/course.xml") if (module := read_module(file.parent)[0])]


def test_n3_is_in_reach_in_each_of_the_ten(modules: list[ModuleSource]) -> None:
    reached = {each.competence: each.reaches_n3 for each in coverage(modules)}
    assert reached == {f"C{n}": True for n in range(1, 11)}


def test_no_activity_claims_what_its_type_cant_show(modules: list[ModuleSource]) -> None:
    assert [(activity.file, codes) for activity, codes in beyond(modules)] == []


def test_what_is_private_is_evidence_of_nothing(modules: list[ModuleSource]) -> None:
    own = [
        activity
        for module in modules
        for activity in module.activities()
        if activity.block.block_type in ("journal", "selfcheck") or activity.authored.data.get("vorm") == "eigen"
    ]
    assert own
    assert {source_of(activity) for activity in own} == {None}


def test_a_practice_case_is_evidence_of_what_its_rubric_asks(modules: list[ModuleSource]) -> None:
    asked = {
        module.number: competences_of(activity)
        for module in modules
        for activity in module.activities()
        if activity.block.block_type == "practicecase"
    }
    assert asked == {  # curriculum 2.0
        "1": {"C1", "C2", "C3", "C10"},
        "2": {"C5", "C9", "C4", "C10"},
        "3": {"C6", "C1", "C8", "C10"},
        "4": {"C7", "C8", "C9", "C10"},
    }


def test_content_without_a_real_situation_reaches_no_n3(tmp_path: Path) -> None:
    module, _ = read_module(module_folder(tmp_path / "m"))
    assert module is not None
    first = coverage([module])[0]
    assert (first.competence, first.reaches_n3) == ("C1", False)
    assert first.short == {Source.DECISION: 0, Source.PRACTICE: 0}


def test_what_is_thin_is_said_and_what_is_enough_isnt() -> None:
    found = {Source.KNOWLEDGE: ["q1", "q2"], Source.DECISION: ["s1", "s2"], Source.PRACTICE: ["p1"]}
    assert Coverage("C1", found).short == {Source.DECISION: 2, Source.PRACTICE: 1}
    assert Coverage("C1", found).reaches_n3
