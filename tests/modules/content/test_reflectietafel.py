"""Module 4 as its author wrote it, held against the curriculum: 2.0, 2.4, 2.5, 5.5, Annex A and house rules."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from modules.blocks.decisiontask.rules import TASKS
from modules.blocks.quiz.rules import longest_is_right
from modules.blocks.tabledesign.rules import CHECKS, FIELDS
from modules.olx import check_module
from tests.modules.content import written
from tests.modules.content.written import Module

M4 = Module("reflectietafel")
# Annex A: intervision is Hendriksen's; Balint is the name of a method.
MAY_BE_NAMED = {"Balint", "Hendriksen"}
SILENT: dict[str, Any] = M4.read("4.4/stille-deelnemer.yaml")
# The meters 2.4 asks for, instead of those of 3.c.
METERS = ["veiligheid", "energie", "tijd"]


# --- the whole


def test_everything_passes_the_publish_gates() -> None:
    assert check_module(M4.folder) == []


def test_whoever_learns_meets_every_file_that_was_written() -> None:
    assert M4.named_in_the_course == [str(path.relative_to(M4.folder)) for path in M4.files]


def test_each_unit_takes_the_time_of_the_curriculum_and_its_activities_fill_it() -> None:
    """2.0 and 2.4; the hours of a certificate are those until the Eindpunt, without the table itself: 3 h 50."""
    assert M4.planned == {
        "4.0": 10, "4.1": 25, "4.2": 30, "4.3": 30, "4.4": 45, "4.5": 35, "4.6": 40, "4.7": 15, "4.8": 10, "4.9": 5,
    }  # fmt: skip
    assert M4.spent == M4.planned
    assert int(M4.course.get("uren")) == sum(M4.planned.values()) - M4.planned["4.8"] - M4.planned["4.9"] == 230


def test_what_a_unit_needs_to_be_done_is_what_the_curriculum_says() -> None:
    """2.4, 'Done when', as far as it can be had without a real table: a role prepared, a letter and an achtje begun."""
    assert M4.needed == {
        "4.1": ["conditioncheck"],
        "4.2": ["tabledesign"],
        "4.3": ["agreement", "decisioncards"],
        "4.4": ["decisioncards", "conversationsim"],
        "4.5": ["worksheet"],
        "4.6": ["worksheet", "worksheet"],
    }


def test_a_lesson_is_as_long_as_the_curriculum_asks() -> None:
    """2.5: 400 to 700 words a unit."""
    lengths = M4.lesson_lengths
    assert len(lengths) == 6
    assert [unit for unit, words in lengths.items() if not 400 <= words <= 700] == []


def test_real_people_are_named_only_where_the_curriculum_does() -> None:
    assert M4.real_people == MAY_BE_NAMED


@pytest.mark.parametrize("other", ["depolarisatie", "ongenoegen"])
def test_nobody_who_speaks_has_the_name_of_somebody_in_another_module(other: str) -> None:
    simulations = [SILENT, *M4.tasks]
    speakers = {node["spreker"] for data in simulations for node in written.turns(data).values() if node.get("spreker")}
    names = {speaker for speaker in speakers if re.fullmatch(r"[A-Z]\w+", speaker)} - {"Keynote"}
    theirs = Module(other).text
    assert len(names) >= 10
    assert sorted(name for name in names if re.search(rf"\b{name}\b", theirs)) == []


def test_the_twelve_sentences_are_weighed_in_the_same_words_everywhere() -> None:
    assert [check["schaal"] for check in M4.self_checks] == [written.SCALE] * 3
    sentences = Module("dialoogprincipes").self_checks[0]["stellingen"]
    assert [check["stellingen"] for check in M4.self_checks] == [sentences] * 3


# --- knowledge and decision tasks


def test_the_pool_has_enough_questions_for_every_goal() -> None:
    assert len(M4.questions) >= 25
    counted = Counter(question["doel"] for question in M4.questions)
    assert set(counted) == set(M4.read("kennis.yaml")["doelen"])
    assert min(counted.values()) >= 3


def test_neither_length_nor_place_gives_an_answer_away() -> None:
    places = Counter(written.right_places(M4.questions))
    assert set(places) == {0, 1, 2}
    assert max(places.values()) <= sum(places.values()) / 2
    assert 0.2 <= longest_is_right(M4.questions) <= 0.45


def test_decision_tasks_ask_the_same() -> None:
    """2.5: parallel, so other people and places, but as many turns, the same competences, meters and as hard."""
    assert len(M4.tasks) >= TASKS
    assert all(6 <= len(written.turns(task)) <= 8 for task in M4.tasks)
    assert len({tuple(written.competences(task).items()) for task in M4.tasks}) == 1
    assert [list(task["meters"]) for task in M4.tasks] == [METERS] * len(M4.tasks)
    blind = [written.passes_blindly(task) for task in M4.tasks]
    assert max(blind) <= 0.25
    assert max(blind) - min(blind) <= 0.1


@pytest.mark.parametrize("task", M4.tasks, ids=lambda task: task["id"])
def test_the_last_turn_is_about_what_goes_along_and_who_brings_back_the_answer(task: dict[str, Any]) -> None:
    """C10: it can be closed well, or left to hang."""
    last = list(written.turns(task).values())[-1]["keuzes"]
    gain = [sum(choice["effect"].values()) for choice in last]
    assert max(gain) > 0 > min(gain)


@pytest.mark.parametrize("task", M4.tasks, ids=lambda task: task["id"])
def test_a_table_that_harmed_somebody_is_never_good_enough(task: dict[str, Any]) -> None:
    """An ending without value doesn't reach what the Eindpunt asks, however much warmth came before it."""
    best = written.best_by_ending(task)
    worthless = [name for name, ending in written.endings(task).items() if ending["waarde"] == 0]
    assert len(worthless) >= 2
    assert max(best[name] for name in worthless) < written.ASKED < max(best.values())


# --- 4.1 and 4.2


def test_eight_places_are_judged_on_five_conditions() -> None:
    places = M4.read("4.1/voorwaarden.yaml")
    assert (len(places["items"]), len(places["voorwaarden"])) == (8, 5)
    assert all(set(item["sleutel"]) == set(places["voorwaarden"]) for item in places["items"])
    assert all(item["verbetering"] for item in places["items"])


def test_every_condition_is_met_somewhere_and_missed_somewhere() -> None:
    """House rule 1: no place is simply the good one, nor is a place without them a bad one."""
    places = M4.read("4.1/voorwaarden.yaml")
    for condition in places["voorwaarden"]:
        assert {"ja", "nee"} <= {item["sleutel"][condition] for item in places["items"]}, condition


def test_a_table_asks_and_weighs_what_the_mix_check_needs() -> None:
    table = M4.read("4.2/tafel.yaml")
    assert set(table["velden"]) == set(FIELDS)
    assert set(table["tips"]) == set(CHECKS)
    assert all(tip["goed"] and tip["let_op"] for tip in table["tips"].values())


def test_every_role_at_the_table_has_a_move() -> None:
    cards = M4.read("4.2/rollen.yaml")
    assert {card["bak"] for card in cards["items"]} == set(cards["bakken"])
    assert len(cards["bakken"]) == 5


# --- 4.3


def test_an_agreement_has_its_rule_from_somewhere_and_says_when_it_ends() -> None:
    """Annex A: 1927, refined 1992 and 2002; one Rule."""
    agreement = M4.read("4.3/afspraak.yaml")
    assert all(year in agreement["chathamhouse"]["bron"] for year in ("1927", "1992", "2002"))
    blocks = {block["id"]: block for block in agreement["blokken"]}
    assert set(agreement["moet"]) <= set(blocks)
    assert any("gevaar" in blocks[name]["tekst"] for name in agreement["moet"])


def test_six_dilemmas_have_actions_of_their_own_and_reasons_for_each() -> None:
    dilemmas = M4.read("4.3/dilemmas.yaml")["items"]
    assert len(dilemmas) == 6
    for item in dilemmas:
        assert len(item["acties"]) == 3
        assert set(item["uitleg"]) == set(item["acties"])
        assert max(item["sleutel"].values()) == 1


def test_the_right_action_isnt_known_by_its_length_or_place() -> None:
    dilemmas = M4.read("4.3/dilemmas.yaml")["items"]
    right = [max(item["sleutel"], key=item["sleutel"].get) for item in dilemmas]
    longest = [max(item["acties"], key=lambda action: len(item["acties"][action])) for item in dilemmas]
    assert sum(one == other for one, other in zip(right, longest, strict=True)) <= 3
    assert len(set(right)) == 3


# --- 4.4: De stille deelnemer


def test_five_cases_need_three_methods() -> None:
    cases = M4.read("4.4/methoden.yaml")
    assert len(cases["items"]) == 5
    assert set(cases["acties"]) == {"incident", "balint", "roddel"}
    assert {max(item["sleutel"], key=item["sleutel"].get) for item in cases["items"]} == set(cases["acties"])


def test_the_silent_one_takes_twelve_turns_and_other_meters() -> None:
    assert len(written.turns(SILENT)) >= 12
    assert len(written.endings(SILENT)) >= 3
    assert list(SILENT["meters"]) == METERS


def test_waiting_is_a_move_at_the_table() -> None:
    """C7: making room (D6) counts, and isn't the best everywhere."""
    moves = [choice["zet"] for turn in written.turns(SILENT).values() for choice in turn["keuzes"]]
    assert moves.count("D6") >= 3
    assert len({move for move in moves if move.startswith("D")}) >= 4


# --- 4.5 and 4.6


def test_an_afternoon_lasts_three_hours_and_is_open_for_most_of_them() -> None:
    """5.5: 180 minutes, of which 130 in open rounds."""
    agenda = (M4.folder / "4.5/agenda.md").read_text()
    rounds = [
        (int(hour) * 60 + int(minute), int(lasts))
        for hour, minute, lasts in re.findall(r"^\| (\d\d)\.(\d\d), (\d+) min \|", agenda, re.MULTILINE)
    ]
    assert len(rounds) == 12
    assert sum(lasts for _, lasts in rounds) == 180
    assert [at + lasts for at, lasts in rounds[:-1]] == [at for at, _ in rounds[1:]]
    assert "180 minuten" in agenda
    assert "130 open" in agenda


def test_the_session_is_looked_back_on_in_eight_sentences() -> None:
    agenda = (M4.folder / "4.5/agenda.md").read_text()
    assert re.findall(r"^(\d)\. ", agenda, re.MULTILINE) == [str(number) for number in range(1, 9)]


def test_an_achtje_goes_in_and_comes_back() -> None:
    parts = {part["id"]: part for part in M4.read("4.6/achtje.yaml")["delen"]}
    assert {"heen", "terug"} <= set(parts)
    for part in ("heen", "terug"):
        assert any(question.get("verplicht") for question in parts[part]["vragen"])


def test_the_practice_case_is_judged_on_the_four_of_the_curriculum() -> None:
    case = M4.read("4.6/praktijkcase.yaml")
    assert written.criteria(case) == ["C7", "C8", "C9", "C10"]
    assert set(written.competences(case)) == {"C7", "C8", "C9", "C10"}
    assert case["veiligheidscheck"]
