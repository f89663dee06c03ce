"""Conversations as a machine: guards, choices, score, turning points (curriculum 3.c and 5.1)."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import read_yaml
from modules.blocks.conversationsim import authored, debrief, guards, rules

COFFEE = read_yaml((Path(__file__).parent / "data" / "sim-keukentafel.yaml").read_text()).data


def simulation(data: dict[str, Any] = COFFEE) -> rules.Simulation:
    read, problems = authored.read_simulation(data)
    assert read is not None, problems
    return read


def path(text: str) -> tuple[rules.Step, ...]:
    return rules.walk(simulation(), text.split(","))


# --- guards

NAMES = st.sampled_from(["vertrouwen", "spanning", "belofte", "grens_2", "één"])
GUARDS = st.recursive(
    st.builds(guards.MeterIs, NAMES, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 10))
    | st.builds(guards.FlagIs, NAMES, st.booleans()),
    lambda inner: (
        st.builds(guards.Not, inner)
        | st.builds(guards.AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(guards.AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=8,
)


@given(GUARDS)
def test_a_guard_written_out_reads_as_the_same_guard(guard: guards.Guard) -> None:
    if len(str(guard)) <= guards.MAX_LENGTH:
        assert guards.parse(str(guard)) == guard


@pytest.mark.parametrize(
    ("text", "levels", "flags", "expected"),
    [
        ("spanning >= 8 or vertrouwen <= 1", {"spanning": 8, "vertrouwen": 5}, set(), True),
        ("spanning >= 8 or vertrouwen <= 1", {"spanning": 7, "vertrouwen": 2}, set(), False),
        ("a and b or c", {}, {"c"}, True),  # and binds more tightly than or
        ("a and (b or c)", {}, {"c"}, False),
        ("not a and b", {}, {"b"}, True),  # and not binds more tightly than and
        ("not (a and b)", {}, {"b"}, True),
        ("a == false", {}, set(), True),
        ("a != true", {}, {"a"}, False),
        ("ruimte == 3", {"ruimte": 3}, set(), True),
        ("ruimte != 3", {"ruimte": 3}, set(), False),
        ("ruimte < 3 or ruimte > 3", {"ruimte": 3}, set(), False),
    ],
)
def test_a_guard_means_what_it_says(text: str, levels: dict[str, int], flags: set[str], expected: bool) -> None:
    assert guards.parse(text).holds(levels, flags) is expected


def test_the_mapping_form_asks_for_all_of_its_fields() -> None:
    guard = guards.parse({"belofte": True, "grens": False, "ruimte": 3})
    assert guard.holds({"ruimte": 3}, {"belofte"})
    assert not guard.holds({"ruimte": 3}, {"belofte", "grens"})
    assert not guard.holds({"ruimte": 4}, {"belofte"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "spanning >=",
        "and",
        "a or",
        "(a",
        "a)",
        "a b",
        "not",
        "3 < spanning",
        "spanning >= hoog",
        "a.b",
        "__import__('os').system('ls')",
        "a; b",
        "a[0]",
        "lambda: 1",
        "f(x)",
        "spanning >= 8 if a else b",
        "a & b",
        "a == 'x'",
        "spanning + 1 > 3",
        "spanning >= -1",
        "spanning >= 8.5",
        "True or\x00",
        "a" * 501,
        "(" * 60 + "a" + ")" * 60,
        "not " * 60 + "a",
        3,
        True,
        None,
        [],
        {},
        {"a": "x"},
        {3: True},
        {"not": True},
        {"a b": 1},
    ],
)
def test_what_is_not_in_the_guard_language_is_refused(text: object) -> None:
    with pytest.raises(guards.GuardError):
        guards.parse(text)


@given(st.text(max_size=60))
def test_no_text_at_all_makes_the_guard_reader_fall_over(text: str) -> None:
    with contextlib.suppress(guards.GuardError):
        assert list(guards.parse(text).names())


# --- the curriculum's own conversation


@pytest.mark.parametrize(
    ("choices", "ending", "expected", "word"),
    [
        ("a,c,a,a,a,a,a", "e1", 1.00, rules.OPEN),
        ("c,c,a,a,a,a,a", "e2", 0.84, rules.ON_THE_WAY),
        ("b,a,b,b", "e3", 0.00, rules.STIFF),
    ],
)
def test_the_three_paths_of_the_curriculum_come_out_as_it_says(
    choices: str, ending: str, expected: float, word: str
) -> None:
    outcome = debrief.outcome(simulation(), path(choices))
    assert (outcome.ending.id, outcome.word) == (ending, word)
    assert outcome.score == pytest.approx(expected, abs=0.005)


def test_the_first_path_goes_by_the_turns_the_curriculum_names() -> None:
    assert [step.before.node for step in path("a,c,a,a,a,a,a")] == ["k01", "k02", "k04", "k06", "k10", "k11", "k13"]


def test_a_meter_stops_at_ten_and_says_so_in_its_change() -> None:
    last = path("a,c,a,a,a,a,a")[-1]
    assert last.after.meters == (10, 0, 10)
    assert last.change(simulation()) == {"vertrouwen": 0, "spanning": 0, "ruimte": 0}


def test_a_weighing_is_passed_without_a_turn() -> None:
    assert all(not isinstance(simulation().nodes[step.after.node], rules.Weighing) for step in path("a,c,a,a,a,a,a"))


def test_a_choice_with_a_guard_is_there_only_when_it_holds() -> None:
    def offered(text: str) -> list[str]:
        return [choice.id for choice, _ in rules.ways(simulation(), path(text)[-1].after)]

    assert offered("a,a,a,a,a") == ["a", "b"]
    assert offered("c,a,a,a,a") == ["a", "b", "c"]


def test_a_promise_changes_what_is_said_and_can_be_taken_back() -> None:
    sim, steps = simulation(), path("c,a,a,a,a")
    assert debrief.text_at(sim, steps[-1].after).speaker == "Anja"
    assert steps[-1].after.flags == {"belofte"}
    assert rules.choose(sim, steps[-1].after, "c").after.flags == frozenset()


@pytest.mark.parametrize("choices", ["z", "a,c,a,a,a,c"])
def test_a_choice_that_is_not_there_cannot_be_made(choices: str) -> None:
    with pytest.raises(rules.NotAChoiceError):
        path(choices)


def test_a_list_that_names_another_turn_is_not_replayed() -> None:
    with pytest.raises(rules.NotAChoiceError):
        rules.replay(simulation(), [["k02", "a"]])


def test_an_unfinished_conversation_has_no_score() -> None:
    with pytest.raises(ValueError, match="no score"):
        rules.score(simulation(), path("a,c"))


# --- turning points


def test_the_turning_points_are_the_three_largest_changes() -> None:
    steps = path("c,c,b,a,a,a,a,a")
    sizes = [sum(map(abs, step.change(simulation()).values())) for step in steps]
    assert sizes == [2, 4, 3, 4, 3, 3, 2, 2]
    # Two of 4; of the three of 3 the one that turned the course (k04, after a gain) goes before the others.
    assert rules.turning_points(simulation(), steps) == [1, 2, 3]


def test_of_equal_changes_the_one_that_turned_the_course_goes_first() -> None:
    changes = [2, 2, 2, 2, -2, -2]  # of six equal steps the fifth turned the course, then the earliest
    nodes: dict[str, Any] = {
        f"n{place}": {
            "tekst": "x",
            "keuzes": [
                {"id": letter, "zet": "D1", "tekst": letter, "uitleg": "x", "naar": f"n{place + 1}", "effect": effect}
                for letter, effect in (("a", {"rust": change}), ("b", {}))
            ],
        }
        for place, change in enumerate(changes)
    }
    nodes["n6"] = {"soort": "einde", "waarde": 1, "titel": "x", "tekst": "x"}
    data = {"titel": "x", "rol": "x", "setting": "x", "start": "n0", "nodes": nodes, "meters": {"rust": {"start": 1}}}
    assert rules.turning_points(simulation(data), rules.walk(simulation(data), list("aaaaaa"))) == [0, 1, 4]


@given(st.lists(st.integers(0, 3), max_size=14))
def test_every_conversation_has_one_to_three_turning_points(picks: list[int]) -> None:
    sim, steps = simulation(), _wander(simulation(), picks)
    if steps:
        turned = rules.turning_points(sim, steps)
        sizes = [sum(map(abs, step.change(sim).values())) for step in steps]
        assert 1 <= len(turned) <= 3
        assert turned == sorted(turned)
        assert max(sizes) in [sizes[place] for place in turned]


def test_two_attempts_part_at_their_first_other_choice() -> None:
    assert rules.parted_at(path("a,c,a,a,a,a,a"), path("a,c,a,a,c,b")) == 4
    assert rules.parted_at(path("a,c"), path("a,c")) is None


# --- any conversation at all


def _wander(sim: rules.Simulation, picks: list[int]) -> tuple[rules.Step, ...]:
    state, steps = rules.begin(sim), list[rules.Step]()
    for pick in picks:
        ways = rules.ways(sim, state)
        if not ways:
            break
        choice, after = ways[pick % len(ways)]
        steps.append(rules.Step(state, choice, after))
        state = after
    return tuple(steps)


@st.composite
def simulations(draw: st.DrawFn) -> rules.Simulation:
    """Any machine of one to six turns: going round with a limit, or on; guards and flags as they come."""
    count = draw(st.integers(1, 6))
    ids = [f"n{index}" for index in range(count)]
    endings = {
        "e1": {"soort": "einde", "waarde": 1, "titel": "Goed", "tekst": "Goed."},
        "e2": {"soort": "einde", "waarde": 0, "titel": "Slecht", "tekst": "Slecht."},
    }
    targets = st.sampled_from([*ids, "w", *endings])
    nodes: dict[str, Any] = {
        "w": {
            "soort": "weging",
            "regels": [
                {"als": "spanning >= 5", "naar": draw(st.sampled_from([*ids, "e2"]))},
                {"anders": True, "naar": "e1"},
            ],
        },
        **endings,
    }
    for node in ids:
        choices = []
        for letter in "abc"[: draw(st.integers(2, 3))]:
            choice: dict[str, Any] = {
                "id": letter,
                "zet": draw(st.sampled_from(rules.MOVES)),
                "tekst": letter,
                "uitleg": "omdat",
                "naar": draw(targets),
                "effect": draw(st.dictionaries(st.sampled_from(["vertrouwen", "spanning"]), st.integers(-2, 2))),
            }
            if draw(st.booleans()):
                choice["vlag"] = {"belofte": draw(st.booleans())}
            if draw(st.booleans()):
                choice["als"] = draw(st.sampled_from(["spanning < 6", "not belofte", "belofte or vertrouwen > 2"]))
            choices.append(choice)
        nodes[node] = {"tekst": node, "keuzes": choices, "max_bezoeken": draw(st.integers(1, 3))}
    return simulation(
        {
            "titel": "T",
            "rol": "R",
            "setting": "S",
            "start": "n0",
            "nodes": nodes,
            "vlaggen": {"belofte": False},
            "meters": {
                "vertrouwen": {"start": draw(st.integers(0, 10))},
                "spanning": {"start": draw(st.integers(0, 10))},
            },
        }
    )


@given(simulations(), st.lists(st.integers(0, 3), max_size=30))
def test_no_conversation_leaves_its_bounds(sim: rules.Simulation, picks: list[int]) -> None:
    steps = _wander(sim, picks)
    for step in steps:
        assert all(0 <= level <= 10 for level in step.after.meters)
        assert step.after.flags <= set(sim.flags)
        assert not isinstance(sim.nodes[step.after.node], rules.Weighing)
        limits = [turn.most_visits for turn in sim.turns if turn.most_visits]
        assert all(visits <= limit for visits, limit in zip(step.after.visits, limits, strict=True))


@given(simulations(), st.lists(st.integers(0, 3), max_size=30))
def test_replaying_the_choices_gives_the_same_conversation(sim: rules.Simulation, picks: list[int]) -> None:
    steps = _wander(sim, picks)
    assert rules.replay(sim, [[step.before.node, step.choice.id] for step in steps]) == steps


@given(simulations(), st.lists(st.integers(0, 3), max_size=30))
def test_a_score_lies_between_nought_and_one(sim: rules.Simulation, picks: list[int]) -> None:
    steps = _wander(sim, picks)
    if steps and isinstance(sim.nodes[steps[-1].after.node], rules.Ending):
        assert 0 <= rules.score(sim, steps) <= 1


def test_with_other_meters_the_score_takes_the_mean_of_how_good_they_are() -> None:
    data = copy.deepcopy(COFFEE)
    data["meters"] = {name: {"start": 5} for name in ("vertrouwen", "spanning", "ruimte")}
    data["meters"]["drukte"] = {"start": 10, "richting": "laag"}
    sim = simulation(data)
    steps = rules.walk(sim, list("acaaaaa"))
    # vertrouwen 10, spanning 0, ruimte 10 and drukte 10: three quarters of the first half.
    assert rules.score(sim, steps) == pytest.approx(0.5 * 0.75 + 0.3 + 0.2)


# --- reading texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Gerrit zucht. "Zo."', ("Gerrit zucht.", '"Zo."', "")),
        ('Anja: "Kun je dat waarmaken?"', ("", '"Kun je dat waarmaken?"', "Anja")),
        ("De deur slaat dicht.", ("", "", "")),
        ('"Een folder," zegt Gerrit.', ("", "", "")),
        ('"Zo," zegt hij. "Tja."', ("", "", "")),
        ("Hij knikt. “Zo.”", ("Hij knikt.", "“Zo.”", "")),
    ],
)
def test_only_a_plain_scene_with_speech_after_it_is_split(text: str, expected: tuple[str, str, str]) -> None:
    assert authored.split(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Hij zegt: "Zo."', "Hij zegt: “Zo.”"),
        ("Bij jullie heet het 'zoekgebied'.", "Bij jullie heet het ‘zoekgebied’."),
        ("'t Is goed, Daan's land.", "’t Is goed, Daan’s land."),
        ("“Al goed.”", "“Al goed.”"),
    ],
)
def test_straight_quotes_are_printed_as_real_ones(text: str, expected: str) -> None:
    assert authored.typographic(text) == expected


# --- figures of a group


def test_a_tally_counts_endings_and_shares_of_choices() -> None:
    answers = [{"choices": [["k01", "a"]], "einde": "e1"}] * 4 + [
        {"choices": [["k01", "b"], ["k03", "a"]], "einde": "e3"}
    ] * 2
    assert debrief.tally(answers) == {"n": 6, "endings": {"e1": 4, "e3": 2}, "choices": {"k01": {"a": 0.65, "b": 0.35}}}


def test_a_turn_that_was_come_to_twice_counts_its_first_choice() -> None:
    twice = [{"choices": [["k01", "a"], ["k01", "b"]], "einde": "e1"}] * 5
    assert debrief.tally(twice)["choices"] == {"k01": {"a": 1.0}}
