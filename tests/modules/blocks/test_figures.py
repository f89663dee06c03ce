"""What a type says to a trainer about a group: whole fives, no lone choice, nothing of own work (decision 17)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from modules.blocks.base import said
from modules.blocks.conversationsim import told
from modules.blocks.conversationsim.rules import Choice, Ending, Node, Simulation, Text, Turn
from modules.blocks.decisioncards.block import DecisionCards
from modules.blocks.dialoguefragment.block import DialogueFragment
from modules.blocks.figures import FIVE, Part, Table, for_trainer, in_fives, items, parts, percent, spread
from modules.blocks.quiz.block import Quiz
from modules.blocks.selfcheck.block import SelfCheck
from modules.olx import ActivitySource, checked_module
from tests.modules.blocks.made import MADE, attempt

CONTENT = Path(__file__).parents[3] / "modules" / "content"


def nl(message: str, **values: object) -> str:
    return said("nl", message, **values)


@cache
def activities() -> Sequence[ActivitySource]:
    return [
        activity
        for folder in sorted(CONTENT.iterdir())
        if (folder / "course.xml").is_file() and (module := checked_module(folder)[0])
        for activity in module.activities()
    ]


def wrong(item: str, record: list[Any]) -> list[str]:
    return [] if record[-1] >= 1 else [str(record[0])]


def of_items(attempts: Sequence[Any]) -> Table:
    return items({"v": "De vraag"}, attempts, wrong, nl)


# --- the rules


@pytest.mark.parametrize(("there", "counted"), [(0, 0), (4, 0), (5, 5), (6, 5), (9, 5), (10, 10), (23, 20)])
def test_people_are_counted_in_whole_fives(there: int, counted: int) -> None:
    assert len(in_fives(range(there))) == counted


def test_a_sixth_person_changes_nothing_whatever_they_answered() -> None:
    five = [{"v": ["a", 1.0]}] * 3 + [{"v": ["b", 0.0]}] * 2
    assert of_items(five) == of_items([*five, {"v": ["a", 1.0]}]) == of_items([*five, {"v": ["c", 0.0]}])


def test_an_item_that_four_met_is_not_told_but_counted_as_missing() -> None:
    table = of_items([{"v": ["a", 1.0]}] * 4 + [{"w": ["a", 1.0]}] * 4)
    assert (table.rows, table.few) == ((), 1)


@pytest.mark.parametrize(
    ("part", "told"), [(0, 0), (0.024, 0), (0.025, 5), (1 / 3, 35), (0.62, 60), (2 / 3, 65), (1, 100)]
)
def test_shares_are_rounded_to_five_per_cent(part: float, told: int) -> None:
    assert percent(part) == told


def test_what_one_person_alone_chose_is_not_named() -> None:
    assert parts(["a", "a", "a", "b", "b", "c"], 6) == (Part("a", 50), Part("b", 35))
    assert of_items([{"v": ["a", 1.0]}] * 4 + [{"v": ["b", 0.0]}]).rows[0].chosen == ()


def test_the_wrong_answer_chosen_most_is_told_with_its_share() -> None:
    answers = [{"v": ["goed", 1.0]}] * 4 + [{"v": ["x", 0.0]}] * 4 + [{"v": ["y", 0.0]}] * 2
    assert of_items(answers).rows[0].chosen == (Part("x", 40),)


@pytest.mark.parametrize(("right", "look"), [(0, True), (2, True), (3, False), (5, False), (9, False), (10, True)])
def test_an_item_below_point_three_or_above_point_ninety_five_deserves_a_look(right: int, look: bool) -> None:
    answers = [{"v": ["a", 1.0]}] * right + [{"v": ["b", 0.0]}] * (10 - right)
    assert of_items(answers).rows[0].look is look


def test_half_right_counts_for_half() -> None:
    assert of_items([{"v": ["a", 0.5]}] * 5).rows[0].share == 50


def test_a_spread_stands_beside_the_experts_and_says_nothing_of_right_or_wrong() -> None:
    table = spread({"a": "De boer"}, {"a": ["Pusher"] * 3 + ["Joiner"] * 2}, {"a": (Part("Joiner", 70),)}, nl)
    (row,) = table.rows
    assert (row.share, row.look, row.experts) == (None, False, (Part("Joiner", 70),))
    assert row.chosen == (Part("Pusher", 60), Part("Joiner", 40))


def test_own_work_and_what_is_sealed_is_never_for_a_trainer() -> None:
    assert for_trainer(Quiz, {"privacyklasse": "A"})
    assert not for_trainer(Quiz, {"privacyklasse": "C"})
    assert not for_trainer(Quiz, {"privacyklasse": "A", "vorm": "eigen"})
    assert not for_trainer(SelfCheck, {"privacyklasse": "A"})


# --- per type


def test_a_key_situation_says_how_many_still_needed_it_in_whole_fives_only() -> None:
    data = {
        "acties": {"a": "Luisteren", "b": "Melden"},
        "items": [{"id": "G1", "tekst": "Een dreigement", "sleutelsituatie": True, "sleutel": {"b": 1}}],
    }

    def note(mistaken: int, of: int) -> str:
        answers = [{"G1": ["a", 0.0]}] * mistaken + [{"G1": ["b", 1.0]}] * (of - mistaken)
        return DecisionCards.figures(data, answers, nl)[0].rows[0].note

    assert note(4, 10) == note(1, 10) == note(0, 10) == "Sleutelsituatie"
    assert note(7, 10) == "Sleutelsituatie. Bij minstens 5 mensen ging het de eerste keer nog mis."


def test_a_turn_shows_what_the_group_heard_most_beside_the_experts() -> None:
    data = {
        "beurten": [{"id": "t1", "spreker": "Wilma", "tekst": "Hoe zie jij dat?"}],
        "sleutel": {"t1": {"D2": 0.8, "N0": 0.2}},
    }
    answers = [{"t1": "B6"}] * 3 + [{"t1": "D2"}] * 2
    (table,) = DialogueFragment.figures(data, answers, nl)
    (row,) = table.rows
    assert (row.label, row.share) == ("1. Wilma: Hoe zie jij dat?", 40)
    assert row.chosen == (Part("B6 sturende of gesloten vraag", 60),)
    assert row.experts == (Part("D2 open vraag", 80),)


def test_a_conversation_tells_endings_moves_and_what_was_said_most() -> None:
    turn = Turn(
        "k1", Text("Hij kijkt weg."), (Choice("a", "D2", "Wat speelt er?", "open"), Choice("b", "B1", "Maar", "dicht"))
    )
    nodes: dict[str, Node] = {
        "k1": turn,
        "open": Ending("open", 1, "Open", "…"),
        "dicht": Ending("dicht", 0, "Dicht", "…"),
    }
    simulation = Simulation("k1", (), {}, nodes)
    answers = [{"choices": [["k1", "a"]], "einde": "open"}] * 4 + [{"choices": [["k1", "b"]], "einde": "dicht"}]
    endings, moves, most = told.tables(simulation, answers, nl)

    assert [(row.label, row.share, row.note) for row in endings.rows] == [
        ("Open", 80, ""), ("Dicht", None, "hooguit één gesprek"),
    ]  # fmt: skip
    assert [(row.label, row.share) for row in moves.rows] == [("Dialoog", 80), ("Debat", 20), ("Informatie", 0)]
    assert most.rows[0].chosen == (Part("D2 Wat speelt er?", 80),)


def test_an_ending_nobody_reached_looks_like_one_that_one_person_reached() -> None:
    nodes: dict[str, Node] = {
        "k1": Turn("k1", Text("…"), (Choice("a", "D2", "…", "e1"),)),
        **{end: Ending(end, 0, end, "") for end in ("e1", "e2", "e3")},
    }
    answers = [{"choices": [], "einde": "e1"}] * 4 + [{"choices": [], "einde": "e2"}]
    shown = told.tables(Simulation("k1", (), {}, nodes), answers, nl)[0].rows
    assert (shown[1].share, shown[1].note) == (shown[2].share, shown[2].note)


@pytest.mark.parametrize("kind", sorted(MADE))
def test_every_exercise_of_class_a_tells_something_of_twenty_people(kind: str) -> None:
    met = [
        each for each in activities() if each.block.block_type == kind and for_trainer(each.block, each.authored.data)
    ]
    assert met
    for each in met:
        data = each.authored.data
        tables = each.block.figures(data, [attempt(kind, data, seed) for seed in range(20)], nl)
        rows = [row for table in tables for row in table.rows]
        assert rows, each.authored.data["id"]
        assert all(row.n % FIVE == 0 and row.n for row in rows)
        assert all(row.share is None or row.share % 5 == 0 for row in rows)


@pytest.mark.parametrize("kind", sorted(MADE))
def test_no_exercise_tells_anything_of_four_people(kind: str) -> None:
    for each in activities():
        data = each.authored.data
        if each.block.block_type == kind and for_trainer(each.block, data):
            tables = each.block.figures(data, [attempt(kind, data, seed) for seed in range(4)], nl)
            assert not [row for table in tables for row in table.rows]


def test_what_is_class_a_and_has_attempts_is_told() -> None:
    """A new type of class A isn't forgotten."""
    untold = {"lesson"}
    for each in activities():
        data = each.authored.data
        if data.get("privacyklasse") == "A" and data.get("vorm") != "eigen":
            assert for_trainer(each.block, data) or each.block.block_type in untold, data["id"]
