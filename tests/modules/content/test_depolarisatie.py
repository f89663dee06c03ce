"""Module 2 as its author wrote it, held against the curriculum: 2.0, 2.2, 2.5, Annex A and the house rules of 0."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from modules.blocks.decisiontask.rules import TASKS
from modules.blocks.polarisationmap.rules import ROLES
from modules.blocks.quiz.rules import longest_is_right
from modules.blocks.taal.regels import hints
from modules.olx import check_module
from tests.modules.content import written
from tests.modules.content.written import Module

M2 = Module("depolarisatie")
# Annex A: whose framework it is, and who wrote the advice the seed names.
MAY_BE_NAMED = {"Brandsma", "Hospers", "Ree"}
CAST = [
    "Rinus", "Elin", "Joop", "Farida", "Corry", "Iris", "Ilke", "Mirte", "Aart", "Sven", "Dirkje", "Roel",
    "Hedwig", "Riek", "Maud", "Lucas", "Amina", "Teun", "Piet", "Tijs", "Tessa", "Cem", "Aaltje",
    "Folkert", "Wietske", "Jet",
]  # fmt: skip
# House rule 4; the other files hold no anger.
WITHOUT_ANGER = {"eind/slotkaart.yaml", "terugblik/gesprek.yaml",
                 "start/journaal.yaml", "2.3/journaal.yaml", "2.3/koppen.yaml", "2.4/rubric.yaml", "2.6/kwaliteit.yaml",
                 "2.6/langelijn.yaml"}  # fmt: skip
EVENING: dict[str, Any] = M2.read("2.4/inloopavond.yaml")


# --- the whole


def test_everything_passes_the_publish_gates() -> None:
    assert check_module(M2.folder) == []


def test_whoever_learns_meets_every_file_that_was_written() -> None:
    assert M2.named_in_the_course == [str(path.relative_to(M2.folder)) for path in M2.files]


def test_each_unit_takes_the_time_of_the_curriculum_and_its_activities_fill_it() -> None:
    """2.0 and 2.2; the hours of a certificate are those until the Eindpunt, as in 1.3: 3 h 50."""
    assert M2.planned == {
        "2.0": 10, "2.1": 30, "2.2": 35, "2.3": 30, "2.4": 40, "2.5": 40, "2.6": 30, "2.7": 15, "2.8": 10, "2.9": 5,
    }  # fmt: skip
    assert M2.spent == M2.planned
    assert int(M2.course.get("uren")) == sum(M2.planned.values()) - M2.planned["2.8"] - M2.planned["2.9"] == 230


def test_what_a_unit_needs_to_be_done_is_what_the_curriculum_says() -> None:
    """2.2, 'Done when'; handing in a practice case is a trainer's to give."""
    assert M2.needed == {
        "2.1": ["cardsort", "quiz"],
        "2.2": ["polarisationmap", "polarisationmap"],
        "2.3": ["cardsort", "rewrite"],
        "2.4": ["conversationsim", "worksheet"],
        "2.5": ["storycollection"],
        "2.6": ["longline"],
    }


def test_a_lesson_is_as_long_as_the_curriculum_asks() -> None:
    """2.5: 400 to 700 words a unit."""
    lengths = M2.lesson_lengths
    assert len(lengths) == 6
    assert [unit for unit, words in lengths.items() if not 400 <= words <= 700] == []


def test_real_people_are_named_only_where_the_curriculum_does() -> None:
    assert M2.real_people == MAY_BE_NAMED


def test_the_framework_is_always_said_to_be_somebodys() -> None:
    """Annex A: one practitioner's framework, not a proven law."""
    for path in M2.files:
        for said in re.findall(r"[^.\n]*\bBrandsma\b[^.\n]*", path.read_text()):
            assert re.search(r"denkkader|noemt", said, re.IGNORECASE), said


@pytest.mark.parametrize("other", [name for name in written.MODULES if name != "depolarisatie"])
def test_nobody_has_the_name_of_somebody_in_another_module(other: str) -> None:
    theirs = Module(other).text
    assert [name for name in CAST if not re.search(rf"\b{name}\b", M2.text)] == []
    assert [name for name in CAST if re.search(rf"\b{name}\b", theirs)] == []


def test_anger_always_points_to_where_limits_are() -> None:
    silent = {
        str(path.relative_to(M2.folder))
        for path in M2.files
        if "unit 3.4" not in " ".join(path.read_text().lower().split())
    }
    assert silent == WITHOUT_ANGER


def test_the_twelve_sentences_are_weighed_in_the_same_words_everywhere() -> None:
    assert [check["schaal"] for check in M2.self_checks] == [written.SCALE] * 3
    assert [check["stellingen"] for check in M2.self_checks] == [
        Module("dialoogprincipes").self_checks[0]["stellingen"]
    ] * 3


# --- knowledge and decision tasks


def test_the_pool_has_enough_questions_for_every_goal() -> None:
    assert len(M2.questions) >= 25
    counted = Counter(question["doel"] for question in M2.questions)
    assert set(counted) == set(M2.read("kennis.yaml")["doelen"])
    assert min(counted.values()) >= 3


def test_neither_length_nor_place_gives_an_answer_away() -> None:
    places = Counter(written.right_places(M2.questions))
    assert set(places) == {0, 1, 2}
    assert max(places.values()) <= sum(places.values()) / 2
    assert 0.2 <= longest_is_right(M2.questions) <= 0.45


def test_decision_tasks_ask_the_same() -> None:
    """2.5: parallel, so other people and places, but as many turns, the same competences and as hard."""
    assert len(M2.tasks) >= TASKS
    assert all(6 <= len(written.turns(task)) <= 8 for task in M2.tasks)
    assert {tuple(written.competences(task).items()) for task in M2.tasks} == {
        (("C5", 0.5), ("C7", 0.25), ("C3", 0.15), ("C9", 0.1))
    }
    blind = [written.passes_blindly(task) for task in M2.tasks]
    assert max(blind) <= 0.15
    assert max(blind) - min(blind) <= 0.05


@pytest.mark.parametrize("task", M2.tasks, ids=lambda task: task["id"])
def test_somebody_tells_something_that_may_stay_a_story(task: dict[str, Any]) -> None:
    """C9: to listen without making a point of it. One makes room, another makes it a point, a plan or an argument."""
    moves = {choice["zet"] for choice in written.turns(task)["k4"]["keuzes"]}
    assert "D6" in moves
    assert moves & {"B3", "B4", "B6"}


@pytest.mark.parametrize("task", M2.tasks, ids=lambda task: task["id"])
def test_a_promise_left_open_is_never_good_enough(task: dict[str, Any]) -> None:
    """House rule 5."""
    assert 0 < written.best_with(task, "belofte") < written.ASKED


# --- 2.1 to 2.3


def test_fifteen_cards_tell_conflict_polarisation_protest_and_threat_apart() -> None:
    cards = M2.read("2.1/kaarten.yaml")["items"]
    counted = Counter(card["bak"] for card in cards)
    assert len(cards) == 15
    assert set(counted) == {"conflict", "polarisatie", "protest", "bedreiging"}
    assert min(counted.values()) >= 3


def test_eleven_people_are_met_at_three_moments() -> None:
    village = M2.read("2.2/dalmerveen.yaml")
    moments = {moment["id"] for moment in village["momenten"]}
    assert (len(village["actoren"]), len(moments)) == (11, 3)
    for actor in village["actoren"]:
        assert set(actor["citaten"]) == set(actor["sleutel"]) == set(actor["pool"]) == moments, actor["id"]


def test_all_five_roles_are_played_and_no_role_is_for_ever() -> None:
    """3.d: rollen zijn gedrag van nu."""
    actors = M2.read("2.2/dalmerveen.yaml")["actoren"]
    mostly = {actor["id"]: [max(key, key=key.get) for key in actor["sleutel"].values()] for actor in actors}
    assert {role for roles in mostly.values() for role in roles} == set(ROLES)
    assert sum(len(set(roles)) > 1 for roles in mostly.values()) >= len(actors) / 2


def test_both_poles_push_and_both_get_milder() -> None:
    """House rule 3."""
    actors = M2.read("2.2/dalmerveen.yaml")["actoren"]
    pushing = {actor["pool"]["m2"]: actor["sleutel"] for actor in actors if actor["sleutel"]["m2"] == {"pusher": 1}}
    assert set(pushing) == {"links", "rechts"}
    assert all(key["m3"]["pusher"] < 1 for key in pushing.values())


@pytest.mark.parametrize("name", ["2.2/dalmerveen.yaml", "2.2/kromwoude.yaml"])
def test_one_may_turn_every_knob_with_everybody(name: str) -> None:
    chart = M2.read(name)
    assert [choice["actor"] for choice in chart["knoppen"]["wie"]] == [actor["id"] for actor in chart["actoren"]]
    assert all(len(chart["knoppen"][knob]) >= 3 for knob in ("waarover", "vanaf", "toon"))


@pytest.mark.parametrize("name", ["2.2/dalmerveen.yaml", "2.2/kromwoude.yaml"])
def test_a_map_says_whose_key_it_is(name: str) -> None:
    chart = M2.read(name)
    assert (chart["n_experts"], chart["aandelen"], chart["herkomst"]) == (0, "illustratief", "geconstrueerd")


def test_people_on_a_map_have_a_function_and_no_name() -> None:
    """House rule 6, also for those who are made up: so that one's own map looks the same."""
    named = [actor["naam"] for name in ("dalmerveen", "kromwoude") for actor in M2.read(f"2.2/{name}.yaml")["actoren"]]
    assert [name for name in named if set(name.split()) & set(CAST)] == []


def test_ones_own_map_goes_after_ninety_days() -> None:
    own = M2.read("2.2/eigen.yaml")
    assert (own["bewaren_dagen"], own["min_actoren"], own["privacyklasse"]) == (90, 3, "C")


def test_half_of_eight_headlines_feeds_each_fire_and_conversation() -> None:
    assert Counter(card["bak"] for card in M2.read("2.3/koppen.yaml")["items"]) == {"wijzij": 4, "gesprek": 4}


def test_every_headline_says_who_is_not_in_it() -> None:
    """2.2: 'who was not in the quote?'"""
    assert all("iet in beeld:" in card["uitleg"] for card in M2.read("2.3/koppen.yaml")["items"])


def test_four_sentences_about_a_group_are_rewritten_and_no_model_is_one() -> None:
    rewriting = M2.read("2.3/herschrijven.yaml")
    assert rewriting["minstens"] == 4 <= len(rewriting["items"])
    for item in rewriting["items"]:
        assert "identiteit" in {hint.kind for hint in hints(item["tekst"], item["hints"])}
        assert [hint for model in item["modellen"] for hint in hints(model["tekst"], item["hints"])] == []


# --- 2.4: De inloopavond


def test_the_evening_is_as_long_as_the_curriculum_asks() -> None:
    assert len(written.turns(EVENING)) >= 14
    assert len(written.endings(EVENING)) >= 3


def test_winning_from_the_stage_costs_room() -> None:
    won = [
        choice
        for turn in written.turns(EVENING).values()
        for choice in turn["keuzes"]
        if choice.get("vlag") == {"punten": True}
    ]
    assert len(won) >= 3
    assert all(choice["effect"]["ruimte"] == -2 and choice["zet"].startswith("B") for choice in won)


def test_one_can_turn_to_the_silent_rows_from_many_places() -> None:
    asked = {
        name
        for name, turn in written.turns(EVENING).items()
        for choice in turn["keuzes"]
        if choice.get("vlag") == {"midden": True} and choice["zet"].startswith("D")
    }
    assert len(asked) >= 3


def test_who_won_all_evening_never_reaches_the_best_ending() -> None:
    """Exploring all 80,000 ways would take long: the weighing says it."""
    rules = EVENING["nodes"]["nw"]["regels"]
    best = next(rule for rule in rules if rule["naar"] == "e1")
    assert "midden" in best["als"]
    assert "not belofte" in best["als"]
    assert rules.index(best) > next(place for place, rule in enumerate(rules) if "punten" in str(rule.get("als")))


def test_a_plan_turns_two_of_four_knobs() -> None:
    plan = M2.read("2.4/plan.yaml")
    assert plan["regel"] == {"minstens": 2, "van": ["doelgroep", "onderwerp", "positie", "toon"]}


# --- 2.5 and 2.6


def test_stories_are_two_or_more_and_lent() -> None:
    stories = M2.read("2.5/verhalen.yaml")
    assert (stories["minstens"], stories["privacyklasse"], stories["eigen_deel"]) == (2, "D", True)
    assert "altijd nee zeggen" in stories["toestemming"]
    assert all(opening.startswith("Vertel eens over een") for opening in stories["openingen"])


def test_a_line_goes_on_for_one_three_and_seven_to_ten_years() -> None:
    line = M2.read("2.6/langelijn.yaml")
    assert {"jaar1", "jaar3", "jaar7_10", "wie_pakt_de_bal_op"} <= set(line["velden"])
    assert "Nog niemand" in line["voorbeeld"]["wie_pakt_de_bal_op"]


def test_the_practice_case_is_judged_on_the_four_of_the_curriculum() -> None:
    case = M2.read("2.6/praktijkcase.yaml")
    assert written.criteria(case) == ["C5", "C9", "C4", "C10"]
    assert set(written.competences(case)) == {"C5", "C9", "C4", "C10"}
    assert any("gedreigd" in check for check in case["veiligheidscheck"])
    assert any("meld" in step for step in case["gesprek"]["stappen"])
