"""A decision task (curriculum 2.0, 2.5): a short conversation that somebody doesn't know yet, held once.

Startpunt, Eindpunt and Herhaalmoment each have one, from the same file with tasks that ask the same; what somebody met
at one of them they don't meet at another while there are new ones. It is played and looked back on as in the simulator
(3.c), but not taken up again from the middle: that would be polishing.

An attempt says which task it was and whether that was the first time here. The first counts as evidence; the best is
the score of this activity, by which a certificate asks (`rules.ENOUGH`). Any complete attempt makes it done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from webob.multidict import MultiDict
from xblock.fields import Dict, List, Scope, String

from modules.authoring import Authored, Problem, read_yaml
from modules.blocks.base import DONE, REPLAYED, form_handler
from modules.blocks.conversationsim import debrief, rules, told
from modules.blocks.conversationsim.block import DEBRIEF, ConversationSim, simulation_of
from modules.blocks.decisiontask.rules import END, ENOUGH, LATER, MOMENTS, START, TASKS, next_task
from modules.blocks.figures import Say, Table, in_fives
from modules.blocks.gates import Entry, check_choice, check_common, entries

# Curriculum 2.5: "simulator of 6–8 nodes", without its endings.
FEWEST_NODES, MOST_NODES = 6, 8


class DecisionTask(ConversationSim):
    block_type = "decisiontask"
    borrows = "conversationsim"
    replays = False
    verbs = ConversationSim.verbs - {REPLAYED}
    attributes: ClassVar[Mapping[str, Callable[[str], Any]]] = {"moment": str}

    played = List(scope=Scope.user_state, default=[], help="[id, …] of the tasks that were done here, in order")
    task = String(scope=Scope.user_state, default="", help="The id of the task that was begun here and isn't done")
    met: dict[str, list[str]] = Dict(
        scope=Scope.preferences, default={}, help="{file: the tasks that were begun at any of its places, in order}"
    )
    # What the Startpunt came to is told beside the Eindpunt, to this learner alone.
    began = Dict(
        scope=Scope.preferences, default={}, private=True, help="{file: how the conversation at its start went}"
    )

    # --- authored

    @classmethod
    def read(cls, text: str) -> Authored:
        return read_yaml(text)

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = [*check_common(data), *check_choice(data, (), "moment", MOMENTS)]
        tasks, wrong = entries(data, "taken", at_least=TASKS)
        problems += wrong
        for path, task in tasks:
            found = ConversationSim.check(task)
            problems += [Problem((*path, *problem.path), problem.reason, problem.rule) for problem in found]
            problems += [] if found else _check_size(path, task)
        return problems + _check_parallel(data, tasks)

    @classmethod
    def assets(cls, data: Mapping[str, Any]) -> list[str]:
        return [path for task in data["taken"] for path in ConversationSim.assets(task)]

    @classmethod
    def tally(cls, answers: list[Any]) -> Any:
        """{"taken": {task: as a simulator's}}, of tasks that enough people did: each has another first one."""
        of: dict[str, list[Any]] = {}
        for answer in answers:
            of.setdefault(answer["taak"], []).append(answer)
        enough = {task: each for task, each in sorted(of.items()) if len(each) >= debrief.FEWEST_PEOPLE}
        return {"taken": {task: debrief.tally(each) for task, each in enough.items()}}

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """As of a simulator, of each task that enough people got: not everybody has the same first one."""
        found = list[Table]()
        for task in data["taken"]:
            did = [attempt for attempt in attempts if attempt["taak"] == task["id"]]
            if in_fives(did):
                tables = told.tables(simulation_of(task), did, say)
                found += [replace(table, title=f"{task['titel']}: {table.title}") for table in tables]
        return found

    # --- where we are

    @property
    def moment(self) -> str:
        return str(self.authored["moment"])

    def _tasks(self) -> dict[str, Mapping[str, Any]]:
        """By id, in this learner's order: the same at each of the three places."""
        tasks = self.shuffled(list(self.authored["taken"]), of=str(self.authored["id"]))
        return {task["id"]: task for task in tasks}

    @property
    def content(self) -> Mapping[str, Any]:
        """The task before them: the one to do, or while they look back the one they did."""
        tasks = self._tasks()
        if self.screen == DEBRIEF and self.played and self.played[-1] in tasks:
            return tasks[self.played[-1]]
        if self.task in tasks:
            return tasks[self.task]
        return tasks[self._next]

    @property
    def _next(self) -> str:
        return next_task(list(self._tasks()), self.moment, self._met)

    @property
    def _met(self) -> list[str]:
        """Also what was done here before places told each other."""
        met = self.met.get(self.authored["id"], [])
        return [*(task for task in self.played if task not in met), *met]

    @property
    def title(self) -> str:
        return str(self.content["titel"])

    @property
    def may_begin(self) -> bool:
        """At the start once: it says where somebody stood."""
        return self.moment != START or not self.played

    @property
    def good_enough(self) -> bool:
        return (self.score or 0.0) >= ENOUGH.get(self.moment, 0.0)

    # --- handlers

    @form_handler
    def start(self, form: MultiDict) -> None:
        if self.may_begin and self._steps() is None and form.get("play") == str(self.play + 1):
            if not self.task:
                self.task = self._next
                self.met = {**self.met, self.authored["id"]: [*self._met, self.task]}
            self._take_up([], [])

    # A task is looked back on, no more.
    replay = look = reflect = None  # type: ignore[assignment]

    def _complete(self, steps: Sequence[rules.Step]) -> None:
        task, ending = self.content["id"], steps[-1].after.node
        score = rules.score(self.simulation, steps)
        if self.moment == START and not self.played:
            self.began = {**self.began, self.authored["id"]: self._went(score, ending)}
        best = max(score, self.score or 0.0)
        first = task not in self.played
        self.submit(
            {"taak": task, "moment": self.moment, "eerste": first, "choices": self.choices, "einde": ending}, score
        )
        self.score = best
        self.history = [{"n": self.attempts, "choices": self.choices, "einde": ending, "vanaf": [], "play": self.play}]
        self.shown, self.against = self.attempts, 0
        self.played = [*self.played, task]
        self.screen, self.choices, self.origin, self.task = DEBRIEF, [], [], ""
        if self.status != DONE:
            self.finish()

    # --- drawing

    def _shares(self, moments: Sequence[debrief.Moment]) -> dict[int, float]:
        cohort = self.cohort_figures()
        chosen = cohort["figures"]["taken"].get(self.content["id"], {}).get("choices", {}) if cohort else {}
        return {
            moment.place: chosen[moment.node].get(moment.choice.id, 0.0) for moment in moments if moment.node in chosen
        }

    def _went(self, score: float, ending: str) -> str:
        return rules.word_for(score, next(each for each in self.simulation.endings if each.id == ending))

    def beside(self) -> str:
        """How the conversation at the Startpunt went, for beside this one; "" where there was none."""
        went = "" if self.moment == START else self.began.get(self.authored["id"], "")
        return self.went_words().get(went, "")

    def summary_context(self) -> dict[str, Any]:
        return {"playing": self._steps() is not None}

    def said_before(self) -> str:
        """What this conversation is for."""
        return {
            START: self.gettext("Zo begin je: een kort gesprek, zonder voorbereiding. Het telt nergens voor mee."),
            END: self.gettext("Een gesprek dat je nog niet kent. Laat zien wat je nu doet."),
            LATER: self.gettext("Een week later: een nieuw gesprek. Wat doe je nu vanzelf?"),
        }[self.moment]

    def said_after(self) -> str:
        """What it came to, and what can still be done."""
        if self.moment == START:
            return self.gettext("Dit is je beginpunt. Aan het eind van de module voer je een ander gesprek.")
        if self.good_enough:
            return self.gettext("Je liet zien wat een certificaat hier vraagt. Je beste keer telt.")
        return self.gettext(
            "Voor een certificaat is een gesprek nodig waarin meer ruimte komt. Probeer het met een ander gesprek, "
            "zo vaak als je wilt. Je beste keer telt."
        )


def _check_size(path: tuple[str | int, ...], task: Mapping[str, Any]) -> list[Problem]:
    simulation = simulation_of(task)
    nodes = len(simulation.nodes) - len(simulation.endings)
    if FEWEST_NODES <= nodes <= MOST_NODES:
        return []
    return [Problem((*path, "nodes"), f"een taak heeft 6 tot 8 beurten en wegingen; dit zijn er {nodes}")]


def _check_parallel(data: Mapping[str, Any], tasks: list[Entry]) -> list[Problem]:
    """They can only be held beside each other when they ask the same."""
    first: frozenset[str] | None = None
    for path, task in tasks:
        codes = _codes(task.get("competenties", data.get("competenties")))
        if first is None:
            first = codes
        elif codes != first:
            said = ", ".join(sorted(first)) or "geen"
            return [Problem((*path, "competenties"), f"de taken vragen dezelfde competenties; de eerste: {said}")]
    return []


def _codes(competences: Any) -> frozenset[str]:
    if not isinstance(competences, list):
        return frozenset()
    return frozenset(str(each.get("code")) for each in competences if isinstance(each, Mapping))
