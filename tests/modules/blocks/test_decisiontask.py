"""The decision task of Startpunt, Eindpunt and Herhaalmoment (curriculum 2.0, 2.5)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from learning.runtime.blocks import resource_address
from modules.authoring import read_yaml
from modules.blocks.conversationsim import rules
from modules.blocks.decisiontask.block import DecisionTask
from modules.blocks.decisiontask.rules import END, ENOUGH, LATER, MOMENTS, START, next_task
from tests.modules.toy import Played

TASKS = read_yaml((Path(__file__).parent / "data" / "beslistaken.yaml").read_text()).data
IDS = [task["id"] for task in TASKS["taken"]]


def file(moment: str, **more: Any) -> dict[str, Any]:
    return {**copy.deepcopy(TASKS), "moment": moment, **more}


class Somebody(Played):
    """Holds conversations at one of the three places, by the forms on the page."""

    def __init__(self, moment: str, user: str = "learner") -> None:
        super().__init__(DecisionTask, file(moment), user=user, usage=f"m/m-{moment}")
        self.fields["display_name"] = "Een gesprek"

    def page(self) -> html.HtmlElement:
        return html.fromstring(self.view())

    def begin(self) -> None:
        self.post("start", play=str(self.block.play + 1))

    def hold(self, *, well: bool = True) -> str:
        """A whole conversation, always what brings most, or least. Which task it was."""
        self.begin()
        task = str(self.block.content["id"])
        while self.block.screen == "spel":
            block = self.block
            state = block._state(block._steps())
            offered = block.offered(state, len(block.choices))
            worth = [block.simulation.gain(rules.choose(block.simulation, state, each.id).change(block.simulation))
                     for each in offered]  # fmt: skip
            best = worth.index(max(worth) if well else min(worth))
            form = {"play": str(block.play), "step": str(len(block.choices)), "node": state.node}
            self.post("choose", **form, choice=str(best + 1))
        return task


def met(user: str, *places: str) -> Iterator[tuple[str, str]]:
    """Conversations at these places, one after another, by somebody whose places know of each other."""
    people: dict[str, Somebody] = {}
    known: dict[str, list[str]] = {}
    for place in places:
        somebody = people.setdefault(place, Somebody(place, user))
        somebody.fields["met"] = known
        yield place, somebody.hold(well=False)
        known = somebody.fields["met"]


@pytest.mark.parametrize("user", ["een", "twee", "drie", "vier"])
@pytest.mark.parametrize(
    "places",
    [(START, END, END, END, LATER), (START, END, LATER, LATER, END), (START, END, LATER, END, LATER)],
)
def test_nobody_meets_a_task_twice_in_five_conversations_wherever_they_hold_them(
    user: str, places: tuple[str, ...]
) -> None:
    tasks = [task for _, task in met(user, *places)]
    assert sorted(tasks) == sorted(IDS)


def test_without_the_other_places_three_ends_and_a_later_one_still_differ() -> None:
    """Who began before places told each other."""
    start, end, later = Somebody(START), Somebody(END), Somebody(LATER)
    for somebody in (start, end, later):
        somebody.fields["met"] = {}
    assert len({start.hold(), end.hold(), end.hold(), end.hold(), later.hold()}) == 5


def test_who_moves_to_an_edition_with_more_tasks_meets_none_twice() -> None:
    """The order is mixed anew with the number of tasks; what was met isn't forgotten."""
    for user in map(str, range(20)):
        start = Somebody(START, user)
        start.fields["authored"] = {**start.fields["authored"], "taken": start.fields["authored"]["taken"][:4]}
        first = start.hold()
        end = Somebody(END, user)
        end.fields["met"] = start.fields["met"]
        assert first not in {end.hold() for _ in range(4)}


def test_a_conversation_under_way_stays_the_same_when_another_place_begins_one() -> None:
    end, later = Somebody(END), Somebody(LATER)
    end.begin()
    task = end.block.content["id"]
    later.fields["met"] = end.fields["met"]
    other = later.hold()
    end.fields["met"] = {**later.fields["met"], TASKS["id"]: [*later.fields["met"][TASKS["id"]], task]}
    assert (end.block.content["id"], other == task) == (task, False)


def test_people_get_the_tasks_in_orders_of_their_own() -> None:
    firsts = {Somebody(START, user=f"u{n}").block.content["id"] for n in range(30)}
    assert firsts == set(IDS)


@pytest.mark.parametrize("moment", MOMENTS[1:])
@pytest.mark.parametrize("many", range(4, 9))
def test_no_task_comes_back_at_a_place_while_there_is_one_that_was_not_met(moment: str, many: int) -> None:
    done: list[int] = []
    for _ in range(many):
        task = next_task(range(many), moment, done)
        assert task not in done
        done.append(task)
    assert next_task(range(many), moment, done) == done[0]
    assert next_task(range(many), moment, [*done, done[0]]) == done[1]


@pytest.mark.parametrize("many", range(4, 9))
def test_at_an_end_what_comes_first_is_never_what_was_met_at_the_start(many: int) -> None:
    first = next_task(range(many), START, [])
    assert {next_task(range(many), moment, []) for moment in MOMENTS[1:]} == {1, many - 1}
    assert first == 0


def test_the_baseline_is_kept_and_held_once() -> None:
    somebody = Somebody(START)
    somebody.hold(well=False)
    assert somebody.block.status == "afgerond"
    assert somebody.block.score is not None
    (attempt,) = somebody.published("attempt")
    assert (attempt["answers"]["moment"], attempt["answers"]["eerste"]) == ("start", True)
    assert not somebody.page().xpath("//form[@action='/handler/start']")
    before = copy.deepcopy(somebody.fields)
    somebody.begin()
    assert somebody.fields == before
    assert "certificaat" not in somebody.view()


def test_an_end_below_the_threshold_is_done_and_asks_kindly_for_another_conversation() -> None:
    somebody = Somebody("eind")
    somebody.hold(well=False)
    assert somebody.block.score < ENOUGH["eind"]
    assert somebody.block.status == "afgerond"
    page = somebody.view()
    assert "zo vaak als je wilt" in page
    assert "Voer een ander gesprek" in page
    somebody.hold(well=True)
    assert somebody.block.score >= ENOUGH["eind"]
    assert "Je liet zien wat een certificaat hier vraagt" in somebody.view()


def test_the_best_conversation_stays_the_score_and_each_attempt_keeps_its_own() -> None:
    somebody = Somebody(LATER)
    somebody.hold(well=True)
    best = somebody.block.score
    somebody.hold(well=False)
    assert somebody.block.score == best
    assert [attempt["score"] == best for attempt in somebody.published("attempt")] == [True, False]


def test_only_the_first_attempt_at_a_task_says_that_it_is() -> None:
    somebody = Somebody("eind")
    tasks = [somebody.hold() for _ in range(6)]
    attempts = [attempt["answers"] for attempt in somebody.published("attempt")]
    assert [attempt["taak"] for attempt in attempts] == tasks
    assert [attempt["eerste"] for attempt in attempts] == [True, True, True, True, True, False]


def test_a_conversation_is_looked_back_on_but_not_taken_up_again_from_the_middle() -> None:
    somebody = Somebody("eind")
    somebody.hold()
    page = somebody.view()
    assert "Zo stroomde het gesprek" in page
    assert "Speel opnieuw vanaf hier" not in page
    for handler in ("replay", "look", "reflect"):
        with pytest.raises(Exception, match="handler"):
            somebody.post(handler, play="2", attempt="1", step="0")


def test_who_stops_half_way_in_a_second_conversation_finds_the_first_as_it_was() -> None:
    somebody = Somebody("eind")
    first = somebody.hold()
    somebody.begin()
    second = somebody.block.content["id"]
    assert second != first
    somebody.post("leave", play=str(somebody.block.play))
    assert somebody.block.content["id"] == first
    assert "Zo stroomde het gesprek" in somebody.view()
    assert somebody.hold() == second


def test_the_page_before_it_names_the_task_and_the_unit_page_tells_no_task() -> None:
    somebody = Somebody("eind")
    assert somebody.page().xpath("//h1")[0].text == somebody.block.content["titel"]
    assert somebody.block.content["rol"] not in somebody.view("summary_view", href="/daar")
    assert "/daar" in somebody.view("summary_view", href="/daar")


def test_it_uses_the_look_of_the_simulator() -> None:
    with DecisionTask.open_local_resource("static/conversationsim.css") as file:
        assert b".spel" in file.read()
    assert resource_address("decisiontask", "static/conversationsim.css", "conversationsim").endswith(
        "/blocks/conversationsim/conversationsim.css"
    )


def test_a_group_is_counted_by_task_from_five_people_on() -> None:
    answers = []
    for number in range(24):
        somebody = Somebody("eind", user=f"u{number}")
        somebody.hold()
        answers.append(somebody.published("attempt")[0]["answers"])
    counted = DecisionTask.tally(answers)["taken"]
    of = {task: sum(answer["taak"] == task for answer in answers) for task in IDS}
    assert {task: figures["n"] for task, figures in counted.items()} == {t: n for t, n in of.items() if n >= 5}


# --- gates


def test_five_parallel_tasks_may_be_published() -> None:
    for moment in MOMENTS:
        assert DecisionTask.check(file(moment)) == []


OTHER = [{"code": "C9", "gewicht": 1}]


def broken(change: Any) -> dict[str, Any]:
    data = file("eind")
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda data: data.update(moment="midden"), ("moment",)),
        (lambda data: data.pop("moment"), ()),
        (lambda data: data["taken"].pop(), ("taken",)),
        (lambda data: data["taken"][2].update(competenties=OTHER), ("taken", 2, "competenties")),
        (lambda data: data["taken"][1].pop("rol"), ("taken", 1)),
        (lambda data: data["taken"][3].update(id=data["taken"][0]["id"]), ("taken", 3, "id")),
        (lambda data: data.update(taken="vier"), ("taken",)),
        (lambda data: data["taken"].__setitem__(0, {"id": "leeg"}), ("taken", 0)),
    ],
)  # fmt: skip
def test_each_gate_names_the_place(change: Any, path: tuple[Any, ...]) -> None:
    assert path in {
        problem.path[: len(path)] for problem in DecisionTask.check(broken(change)) if problem.path or not path
    }


def test_a_task_of_a_simulator_s_size_is_too_long() -> None:
    coffee = read_yaml((Path(__file__).parent / "data" / "sim-keukentafel.yaml").read_text()).data
    data = broken(
        lambda data: data["taken"].__setitem__(0, {**coffee, "competenties": TASKS["taken"][0]["competenties"]})
    )
    assert ("taken", 0, "nodes") in [problem.path for problem in DecisionTask.check(data)]
