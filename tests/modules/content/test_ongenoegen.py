"""Module 3 as its author wrote it, held against the curriculum: 2.0, 2.3, 2.5, Annex A and the house rules of 0."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from modules.blocks.decisiontask.rules import TASKS
from modules.blocks.quiz.rules import longest_is_right
from modules.olx import check_module
from tests.modules.content import written
from tests.modules.content.written import Module

M3 = Module("ongenoegen")
# Annex A: Glasl, Van den Bos and Van der Velden, and the three of 2017. Schuyt was looked for there, and not found.
MAY_BE_NAMED = {"Glasl", "Bos", "Velden", "Steur", "Doorne", "Zandstra"}
CAST = [
    "Alie", "Hessel", "Yara", "Marjan", "Merel", "Tineke", "Douwe", "Gerben", "Naima", "Wout", "Afke", "Marleen",
    "Jolanda", "Soraya", "Klaas", "Selma", "Rachid", "Truida", "Otto", "Jos", "Ina", "Wendela", "Koen", "Arjen",
]  # fmt: skip
# House rule 4; unit 3.4 itself needn't say where it is, and a letter and two questions to oneself hold no anger.
WITHOUT_ANGER = {"eind/slotkaart.yaml", "terugblik/gesprek.yaml",
                 "3.4/les.md", "3.4/situaties.yaml", "3.4/opzoeken.yaml", "3.5/brief.yaml", "3.6/journaal.yaml",
                 "start/hoop.yaml"}  # fmt: skip
SITUATIONS: list[dict[str, Any]] = M3.read("3.4/situaties.yaml")["items"]
KEY_SITUATIONS = [item for item in SITUATIONS if item.get("sleutelsituatie")]


# --- the whole


def test_everything_passes_the_publish_gates() -> None:
    assert check_module(M3.folder) == []


def test_whoever_learns_meets_every_file_that_was_written() -> None:
    assert M3.named_in_the_course == [str(path.relative_to(M3.folder)) for path in M3.files]


def test_each_unit_takes_the_time_of_the_curriculum_and_its_activities_fill_it() -> None:
    """2.0 and 2.3; the hours of a certificate are those until the Eindpunt, as in 1.3: 3 h 40."""
    assert M3.planned == {
        "3.0": 10, "3.1": 30, "3.2": 35, "3.3": 30, "3.4": 25, "3.5": 35, "3.6": 40, "3.7": 15, "3.8": 10, "3.9": 5,
    }  # fmt: skip
    assert M3.spent == M3.planned
    assert int(M3.course.get("uren")) == sum(M3.planned.values()) - M3.planned["3.8"] - M3.planned["3.9"] == 220


def test_what_a_unit_needs_to_be_done_is_what_the_curriculum_says() -> None:
    """2.3, 'Done when'; handing in a practice case is a trainer's to give."""
    assert M3.needed == {
        "3.1": ["cardsort"],
        "3.2": ["dialoguefragment", "layermap"],
        "3.3": ["cardsort", "conversationsim"],
        "3.4": ["decisioncards"],
        "3.5": ["rewrite", "worksheet"],
        "3.6": ["worksheet"],
    }


def test_a_lesson_is_as_long_as_the_curriculum_asks() -> None:
    """2.5: 400 to 700 words a unit."""
    lengths = M3.lesson_lengths
    assert len(lengths) == 6
    assert [unit for unit, words in lengths.items() if not 400 <= words <= 700] == []


def test_real_people_are_named_only_where_the_curriculum_does() -> None:
    assert M3.real_people == MAY_BE_NAMED


@pytest.mark.parametrize("other", [name for name in written.MODULES if name != "ongenoegen"])
def test_nobody_has_the_name_of_somebody_in_another_module(other: str) -> None:
    theirs = Module(other).text
    assert [name for name in CAST if not re.search(rf"\b{name}\b", M3.text)] == []
    assert [name for name in CAST if re.search(rf"\b{name}\b", theirs)] == []


def test_the_twelve_sentences_are_weighed_in_the_same_words_everywhere() -> None:
    assert [check["schaal"] for name in written.MODULES for check in Module(name).self_checks] == [written.SCALE] * 12
    sentences = Module("dialoogprincipes").self_checks[0]["stellingen"]
    assert [check["stellingen"] for check in M3.self_checks] == [sentences] * 3


# --- knowledge and decision tasks


def test_the_pool_has_enough_questions_for_every_goal() -> None:
    assert len(M3.questions) >= 25
    counted = Counter(question["doel"] for question in M3.questions)
    assert set(counted) == set(M3.read("kennis.yaml")["doelen"])
    assert min(counted.values()) >= 3


def test_neither_length_nor_place_gives_an_answer_away() -> None:
    places = Counter(written.right_places(M3.questions))
    assert set(places) == {0, 1, 2}
    assert max(places.values()) <= sum(places.values()) / 2
    assert 0.2 <= longest_is_right(M3.questions) <= 0.45


def test_decision_tasks_ask_the_same() -> None:
    """2.5: parallel, so other people and places, but as many turns, the same competences and as hard."""
    assert len(M3.tasks) >= TASKS
    assert all(6 <= len(written.turns(task)) <= 8 for task in M3.tasks)
    assert {tuple(written.competences(task).items()) for task in M3.tasks} == {
        (("C6", 0.4), ("C1", 0.25), ("C3", 0.2), ("C4", 0.15))
    }
    blind = [written.passes_blindly(task) for task in M3.tasks]
    assert max(blind) <= 0.15
    assert max(blind) - min(blind) <= 0.05


def test_another_group_goes_too_far_in_each_task() -> None:
    """House rule 3: a farmer, somebody for nature, a resident, a civil servant and who runs a business."""
    groups = [
        r"\bakkerbouwer\b", r"\bnatuurorganisatie\b", r"\bwoont in het dorp\b", r"\bwerkt bij een gemeente\b",
        r"\bheeft een camping\b",
    ]  # fmt: skip
    told = [re.sub(r"^Jij.*", "", task["setting"]) for task in M3.tasks]
    found = [[bool(re.search(group, setting)) for group in groups].index(True) for setting in told]
    assert found == list(range(len(M3.tasks)))


@pytest.mark.parametrize("task", M3.tasks, ids=lambda task: task["id"])
@pytest.mark.parametrize("left", ["belofte", "gezwegen"])
def test_neither_a_promise_left_open_nor_silence_at_a_limit_is_good_enough(task: dict[str, Any], left: str) -> None:
    """House rules 4 and 5, also for whoever is warm all along."""
    assert 0 < written.best_with(task, left) < written.ASKED


@pytest.mark.parametrize("task", M3.tasks, ids=lambda task: task["id"])
def test_a_plain_fact_is_the_best_answer_once_in_each_task(task: dict[str, Any]) -> None:
    """House rule 1: neither stream is better."""
    best = [
        max(
            turn["keuzes"],
            key=lambda choice: choice["effect"].get("vertrouwen", 0) - choice["effect"].get("spanning", 0),
        )
        for turn in written.turns(task).values()
    ]
    assert [choice["zet"] for choice in best].count("N0") == 1


# --- 3.1 to 3.3


def test_twelve_examples_are_worry_discontent_and_unrest() -> None:
    assert Counter(card["bak"] for card in M3.read("3.1/kaarten.yaml")["items"]) == {
        "onbehagen": 4, "ongenoegen": 4, "onrust": 4,
    }  # fmt: skip


def test_the_captions_are_the_transcript_of_the_fragment() -> None:
    fragment = M3.read("3.2/fragment-c.yaml")
    head, note, *cues = (M3.folder / fragment["captions"]).read_text().strip().split("\n\n")
    assert (head, note) == ("WEBVTT", f"NOTE {fragment['label']}")
    found = [re.fullmatch(r"(t\d+)\n[\d:.]+ --> [\d:.]+\n<v (\w+)>(.+)", cue) for cue in cues]
    assert [(cue[1], cue[2], cue[3]) for cue in found if cue] == [
        (turn["id"], turn["spreker"], turn["tekst"]) for turn in fragment["beurten"]
    ]
    assert all(turn["eind"] < following["start"] for turn, following in pairwise(fragment["beurten"]))


def test_each_layer_is_heard_and_answered() -> None:
    layers = {"gedrag", "emotie", "behoefte"}
    chart = M3.read("3.2/lagenkaart.yaml")
    assert {max(quote["sleutel"], key=quote["sleutel"].get) for quote in chart["citaten"]} == layers
    assert {answer["laag"] for answer in chart["antwoorden"]} == layers
    assert all(answer["opent"] and answer["sluit"] for answer in chart["antwoorden"])


def test_the_quotes_of_the_layer_map_are_those_of_the_fragment() -> None:
    said = {turn["spreker"]: "" for turn in M3.read("3.2/fragment-c.yaml")["beurten"]}
    for turn in M3.read("3.2/fragment-c.yaml")["beurten"]:
        said[turn["spreker"]] += turn["tekst"]
    for quote in M3.read("3.2/lagenkaart.yaml")["citaten"]:
        assert quote["tekst"] in said[quote["spreker"]]


def test_nine_steps_go_down_in_order() -> None:
    """3.k: one place off is right too, so all nine within one place is what it takes."""
    steps = M3.read("3.3/treden.yaml")
    assert (steps["vorm"], steps["drempel"]) == ("volgorde", 1)
    assert [int(re.findall(r"^Trede (\d),", step["uitleg"])[0]) for step in steps["items"]] == list(range(1, 10))


def test_the_mail_of_friday_has_six_turns() -> None:
    mail = M3.read("3.3/mail.yaml")
    assert len(written.turns(mail)) == 6
    assert len(written.endings(mail)) >= 3


def test_leaving_somebody_to_be_pilloried_is_no_way_to_calm_a_mail() -> None:
    assert 0 < written.best_with(M3.read("3.3/mail.yaml"), "gezwegen") < written.ASKED


# --- 3.4: limits and safety


def test_ten_situations_hold_the_four_one_has_to_know() -> None:
    """2.3: threat, intimidation at home, discrimination, own exhaustion."""
    assert len(SITUATIONS) == 10
    assert [item["id"] for item in KEY_SITUATIONS] == ["G2", "G5", "G7", "G9"]
    for item, word in zip(KEY_SITUATIONS, ["loopt het slecht met je af", "thuis", "eigen land", "slaapt"], strict=True):
        assert word in item["tekst"]


def test_in_a_key_situation_only_stopping_and_reporting_counts() -> None:
    assert [item["sleutel"] for item in KEY_SITUATIONS] == [{"melden": 1}] * 4


def test_nothing_above_a_situation_gives_it_away() -> None:
    told = " ".join(item["thema"] for item in SITUATIONS).lower()
    assert [word for word in ("dreig", "intimid", "discrimin", "grens", "veilig", "moe") if word in told] == []


def test_leaving_is_never_called_wrong_where_somebody_is_touched_or_cornered() -> None:
    (cornered,) = [item for item in SITUATIONS if "niet verder naar achteren" in item["tekst"]]
    assert cornered["sleutel"]["melden"] == 1


def test_listening_on_is_sometimes_right_and_anger_alone_is_no_threat() -> None:
    assert Counter(max(item["sleutel"], key=item["sleutel"].get) for item in SITUATIONS) == {
        "luisteren": 2, "begrenzen": 4, "melden": 4,
    }  # fmt: skip


def test_anger_always_points_to_where_limits_are() -> None:
    silent = {
        str(path.relative_to(M3.folder))
        for path in M3.files
        if "unit 3.4" not in " ".join(path.read_text().lower().split())
    }
    assert silent == WITHOUT_ANGER


def test_only_the_numbers_of_the_whole_country_are_written_down() -> None:
    """2.3: contact details are the organisation's to set."""
    assert set(re.findall(r"\b(?:bel\w* (?:met )?|Bel )(\d[\d -]+\d)", M3.text)) == {"112", "113"}
    assert re.findall(r"\b0\d{1,3}[ -]?\d{6,8}\b|\S+@\S+\.\w+", M3.text) == []


@pytest.mark.parametrize(
    "name", ["3.4/les.md", "3.4/opzoeken.yaml", "start/welkom.md", "eind/les.md", "3.6/netwerk.md"]
)
def test_help_in_danger_stands_where_it_may_be_looked_for(name: str) -> None:
    assert "112" in (M3.folder / name).read_text()


# --- 3.5 and 3.6


def test_one_letter_is_rewritten_in_three_steps_each_from_the_one_before() -> None:
    steps = M3.read("3.5/brief.yaml")["items"]
    assert len(steps) == M3.read("3.5/brief.yaml")["minstens"] == 3
    for before, step in pairwise(steps):
        assert step["tekst"] == before["modellen"][0]["tekst"]
    assert all(
        len(step["modellen"]) >= 2 and {"zinslengte", "lijdend", "aanspreken"} <= set(step["hints"]) for step in steps
    )


def test_the_letter_stays_a_no_with_a_way_to_object() -> None:
    """2.3: fair, not softened."""
    last = M3.read("3.5/brief.yaml")["items"][-1]["modellen"]
    assert all("bezwaar" in model["tekst"] and re.search(r"\bnee\b|\bniet bouwen\b", model["tekst"]) for model in last)


def test_ten_patterns_that_hinder_have_one_that_helps_each() -> None:
    parts = {part["id"]: part for part in M3.read("3.5/patroon.yaml")["delen"]}
    assert [len(parts[part]["kies"]) for part in ("belemmert", "helpt")] == [10, 10]
    assert "Iedereen wacht op iedereen" in [choice["tekst"] for choice in parts["belemmert"]["kies"]]


def test_each_of_four_levels_asks_what_happened_what_was_learned_and_whose_it_is() -> None:
    parts = {part["id"]: part for part in M3.read("3.6/niveaus.yaml")["delen"]}
    for level in ("individueel", "organisatorisch", "interbestuurlijk", "systemisch"):
        assert [question["verplicht"] for question in parts[level]["vragen"]] == [True] * 3
        assert parts[level]["vragen"][2]["vraag"] == "Van wie is deze les?"
    assert parts["actie"]["vragen"]


def test_the_practice_case_is_judged_on_the_four_of_the_curriculum() -> None:
    case = M3.read("3.6/praktijkcase.yaml")
    assert written.criteria(case) == ["C6", "C1", "C8", "C10"]
    assert set(written.competences(case)) == {"C6", "C1", "C8", "C10"}


def test_a_practice_case_never_rewards_staying_where_one_should_go() -> None:
    case = M3.read("3.6/praktijkcase.yaml")
    (good,) = [level["gedrag"] for level in case["rubric"][0]["niveaus"] if level["label"] == "Voldoet"]
    assert "stopte waar dat nodig was" in good
    assert any("bedreigd? Ga weg en meld" in step for step in case["gesprek"]["stappen"])
