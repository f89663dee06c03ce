"""Four questions at the end of a module: curriculum 6.2, tier 3. Nobody has to, and nobody sees what one chose."""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Path
from modules.blocks.base import said
from modules.blocks.exitcard.block import ExitCard
from modules.blocks.exitcard.rules import CHOICES, QUESTIONS, SKIPPED, facts
from modules.blocks.figures import for_trainer
from modules.olx import read_module
from tests.factories import module_folder
from tests.modules.toy import Played

GOOD = {"cijfer": "8", "aanbeveling": "10", "gebruikt": "ja", "zwaarte": "goed"}
answers = st.fixed_dictionaries({name: st.sampled_from([*CHOICES[name], SKIPPED]) for name in QUESTIONS})


def authored(**more: Any) -> dict[str, Any]:
    asked = {name: f"Vraag {name} <b>" for name in QUESTIONS}
    return {"id": "sk", "titel": "Slotkaart", "inleiding": "Vier vragen.", "vragen": asked, **more}


@pytest.fixture
def played() -> Played:
    return Played(ExitCard, authored())


# --- what somebody says


def test_four_answers_are_thanked_for_and_shown_to_who_gave_them(played: Played) -> None:
    page = played.post("answer", **GOOD).text
    for words in ("Dank je wel", "<dd>8</dd>", "<dd>10</dd>", "<dd>ja</dd>", "<dd>precies goed</dd>"):
        assert words in page
    assert (played.block.status, played.block.score, played.published("grade")) == ("afgerond", None, [])


def test_each_question_may_be_skipped(played: Played) -> None:
    page = played.post("answer", **dict.fromkeys(QUESTIONS, SKIPPED)).text
    assert page.count("<dd>overgeslagen</dd>") == 4
    assert played.block.status == "afgerond"


def test_what_was_left_open_is_asked_for_and_the_rest_stays(played: Played) -> None:
    answer = played.post("answer", **{**GOOD, "gebruikt": ""})
    assert answer.status_code == 422
    assert f'id="{played.block.anchor}-gebruikt-fout"' in answer.text
    assert answer.text.count(" checked") == 3
    assert (played.block.status, played.block.given) == ("niet_gestart", {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cijfer", "0"),
        ("cijfer", "11"),
        ("cijfer", "8.5"),
        ("aanbeveling", "-1"),
        ("gebruikt", "soms"),
        ("zwaarte", ""),
    ],
)
def test_what_isnt_on_the_card_is_no_answer(played: Played, name: str, value: str) -> None:
    assert played.post("answer", **{**GOOD, name: value}).status_code == 422
    assert (played.block.given, played.runtime.events) == ({}, [])


def test_a_second_click_changes_nothing(played: Played) -> None:
    played.post("answer", **GOOD)
    played.post("answer", **{**GOOD, "cijfer": "1"})
    assert played.block.given["cijfer"] == "8"
    assert len(played.published("attempt")) == 1


def test_every_choice_can_be_made_with_a_radio_button(played: Played) -> None:
    page = played.view()
    for name in QUESTIONS:
        for choice in (*CHOICES[name], SKIPPED):
            assert f'type="radio" name="{name}" value="{choice}"' in page


def test_it_speaks_english_around_the_dutch() -> None:
    page = Played(ExitCard, authored(), language="en").view()
    assert "skip</span>" in page
    assert '<legend lang="nl">Vraag cijfer &lt;b&gt;' in page


# --- private


def test_what_was_said_is_private_and_in_no_event_but_a_sealed_attempt(played: Played) -> None:
    assert ExitCard.fields["given"].runtime_options.get("private") is True
    assert ExitCard.sealed_attempts is True
    played.post("answer", **GOOD)
    (attempt,) = played.published("attempt")
    assert (attempt["answers"], attempt["score"]) == (GOOD, None)
    others = [event for event in played.runtime.events if event[0] != "attempt"]
    assert not any(word in json.dumps(others) for word in ("cijfer", "zwaarte"))
    assert played.published("told") == [{"verb": "completed"}]


def test_it_can_be_taken_back_whole_after_asking_twice(played: Played) -> None:
    assert "Wis mijn antwoorden" not in played.view()
    played.post("answer", **GOOD)
    assert played.post("erase").status_code == 422
    assert played.block.given == GOOD
    page = played.post("erase", zeker="ja").text
    assert "Je antwoorden zijn gewist." in page
    assert 'type="radio"' in page
    assert (played.block.given, played.block.attempts, played.block.status) == ({}, 0, "afgerond")
    assert played.published("erase") == [{}]
    played.post("erase", zeker="ja")
    assert len(played.published("erase")) == 1
    played.post("answer", **GOOD)
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 1]
    assert len(played.published("completion")) == 1


# --- what others may know


@given(answers)
def test_a_skipped_question_is_none_and_a_number_a_number(given_: dict[str, str]) -> None:
    found = facts(given_)
    assert list(found) == list(QUESTIONS)
    for name, choice in given_.items():
        assert (found[name] is None) == (choice == SKIPPED)
        assert found[name] is None or str(found[name]) == choice
    assert all(isinstance(found[name], int | None) for name in ("cijfer", "aanbeveling"))


def test_a_trainer_sees_what_five_people_chose_and_nothing_that_one_alone_chose() -> None:
    def say(message: str, **values: object) -> str:
        return said("nl", message, **values)

    assert for_trainer(ExitCard, authored(privacyklasse="C"))
    five = [GOOD] * 3 + [{**GOOD, "cijfer": "2", "zwaarte": "zwaar"}, {**GOOD, "cijfer": SKIPPED, "zwaarte": "zwaar"}]
    (table,) = ExitCard.figures(authored(), five, say)
    marks, *_, weight = table.rows
    assert [(part.label, part.share) for part in marks.chosen] == [("8", 60)]
    assert [(part.label, part.share) for part in weight.chosen] == [("precies goed", 60), ("te zwaar", 40)]
    (nothing,) = ExitCard.figures(authored(), five[:4], say)
    assert nothing.rows == ()


# --- what an author can get wrong


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"titel": ""}, ("titel",)),
        ({"inleiding": 3}, ("inleiding",)),
        ({"privacyklasse": "A"}, ("privacyklasse",)),
        ({"competenties": [{"code": "C1", "gewicht": 1}]}, ("competenties",)),
        ({"vragen": None}, ("vragen",)),
        ({"vragen": ["Welk cijfer?"]}, ("vragen",)),
        ({"vragen": {**authored()["vragen"], "cijfer": ""}}, ("vragen", "cijfer")),
        ({"vragen": {**authored()["vragen"], "naam": "Wie ben je?"}}, ("vragen", "naam")),
        ({"vragen": {"cijfer": "Welk?"}}, ("vragen",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in ExitCard.check(authored(**change))]


def test_good_content_may_be_published() -> None:
    assert ExitCard.check(authored(privacyklasse="C")) == []


@pytest.mark.parametrize(("says", "found"), [('verplicht="false"', False), ("", True), ('verplicht="true"', True)])
def test_no_module_may_ask_for_it(tmp_path: File, says: str, found: bool) -> None:
    folder = module_folder(
        tmp_path / "proef", units=1, quizzes=1, extra=f'<exitcard url_name="kaart" src="kaart.yaml" {says}/>'
    )
    (folder / "kaart.yaml").write_text(json.dumps({"slotkaart": authored()}))
    _, findings = read_module(folder)
    assert any("niemand hoeft dit te doen" in finding.reason for finding in findings) is found
