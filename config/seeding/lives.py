"""Lives to seed with: what somebody did in the modules of a leerlijn, told in days from when they began.

Conversations are really held, by the rules of the simulator; of what else has a score, that is drawn by how good
somebody is at it. `told` says what it is all evidence of.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random
from typing import Any

from config.seeding.said import Answers, answers_to
from config.seeding.talks import Case, Talk, held
from learning.competences.history import Shown
from learning.competences.rules import LearningLevel, Source
from learning.competences.services.tables import BEGUN, COMPLETE, UNDER_WAY
from learning.tracks.content import Activity, Edition, Kind, Unit
from learning.tracks.models import Status
from learning.tracks.returning import TERMS
from modules import coverage
from modules.blocks.conversationsim import rules as talk
from modules.blocks.conversationsim.block import simulation_of

PRACTICE = "practicecase"
# Who came with experience had their practice judged so many days before they began here: long enough ago for the cases
# to be wiped on their date.
BEFORE = 760

# Of ten who begin: how many modules they come to.
_MODULES = (1, 1, 1, 2, 2, 2, 3, 3, 4, 4)
_STOPS_IN_THE_LAST = 0.3
_SKIPS_WHAT_MAY = 0.15
_LEAVES_IT = 0.05
_COMES_BACK = 0.5
_LOOKS_BACK = 0.5
_TRIES_AGAIN_BELOW, _TRIES_AGAIN = 0.6, 0.6
_ITEMS = 8
# What is learned in a unit, of what somebody couldn't do yet.
_LEARNS = 0.1
# Within office hours, in UTC: the day is the same here.
_FIRST_MINUTE, _LAST_MINUTE = 8 * 60, 16 * 60
_EXPERIENCED = 0.15
_SITUATIONS = ("praktijk:gewist-1", "praktijk:gewist-2")


@dataclass(frozen=True)
class Module:
    """An edition that is published. `number` and `edition`: primary keys."""

    number: int
    edition: int
    required: int
    content: Edition


@dataclass(frozen=True)
class Did:
    """An activity was done, or begun (`status`), on a day at a `clock` ("09:41:00", UTC)."""

    activity: str
    status: Status
    score: float | None
    day: int
    clock: str


@dataclass(frozen=True)
class Try:
    """A complete attempt."""

    usage: str
    edition: int
    number: int
    answers: Any
    score: float
    day: int
    clock: str


@dataclass(frozen=True)
class Said:
    """What somebody said in private, by an attempt whose answers are sealed for each who lives this."""

    usage: str
    edition: int
    answers: Answers
    day: int
    clock: str


@dataclass(frozen=True)
class Stay:
    """Somebody in a module. `completed`, `returned` and `looked_back`: the days, None while they didn't. `talk`: of its
    practice case, which a trainer found enough."""

    module: Module
    did: tuple[Did, ...]
    done: int
    completed: int | None
    returned: int | None
    looked_back: int | None
    talk: Talk | None

    @property
    def began(self) -> int:
        return self.did[0].day

    @property
    def touched(self) -> Did:
        return self.did[-1]


@dataclass(frozen=True)
class Level:
    """A row of `Reached`."""

    competence: str
    level: int
    learning_levels: str
    series: str
    rule_version: int


@dataclass
class Life:
    """`before`: what was judged in another time. `evidence`: [(what was shown, the day of it)] without that of talks;
    `reached`: the levels that follow from both. `steps`: [(day, depth, breadth)], a character for each competence, from
    that day on."""

    stays: tuple[Stay, ...]
    tries: tuple[Try, ...]
    said: tuple[Said, ...] = ()
    before: tuple[Shown, ...] = ()
    evidence: tuple[tuple[Shown, int], ...] = ()
    reached: tuple[Level, ...] = ()
    steps: Sequence[tuple[int, str, str]] = field(default_factory=list)

    @property
    def span(self) -> int:
        """The last day something happened."""
        return max((*(stay.touched.day for stay in self.stays), *(talk.ends for talk in self.talks)), default=0)

    @cached_property
    def talks(self) -> tuple[Talk, ...]:
        return tuple(stay.talk for stay in self.stays if stay.talk)

    @cached_property
    def activities(self) -> int:
        return sum(len(stay.did) for stay in self.stays)

    def levels_on(self, day: int) -> tuple[str, str]:
        """Depth and breadth as they were, from the first day on."""
        return self.steps[bisect_right(self._days, day) - 1][1:]

    @cached_property
    def _days(self) -> list[int]:
        return [step[0] for step in self.steps]

    def progress_on(self, day: int, modules: int) -> int:
        """How far in a leerlijn of so many modules (`learning.competences.services.tables`), from the first day on."""
        done = sum(stay.completed is not None and stay.completed <= day for stay in self.stays)
        return COMPLETE if done >= modules else UNDER_WAY if done else BEGUN


@dataclass(frozen=True)
class Practice:
    """`cases`: {usage: the case of that activity}. How often who did a module also held its talk, and how often a round
    of that is read by a second trainer too."""

    cases: Mapping[str, Case]
    holds: float
    twice: float


def lived(modules: Sequence[Module], random: Random, practice: Practice) -> Life:
    """A new one, of somebody who begins."""
    walk = _Walk(random, practice, skill=random.betavariate(4, 3))
    many = min(random.choice(_MODULES), len(modules))
    stays = []
    for place, module in enumerate(modules[:many], 1):
        stops = place == many and random.random() < _STOPS_IN_THE_LAST
        stays.append(walk.through(module, stops=stops))
        walk.day += random.randint(1, 30)
    before = tuple(_experience(modules, walk.skill, random))
    return Life(tuple(stays), tuple(walk.tries), tuple(walk.said), before)


class _Walk:
    """Somebody on their way, `skill` (0 to 1) at first. `met`: the conversations of decision tasks they had."""

    def __init__(self, random: Random, practice: Practice, *, skill: float) -> None:
        self.random, self.practice, self.skill, self.day = random, practice, skill, 0
        self._last, self._minute = 0, _FIRST_MINUTE
        self.tries: list[Try] = []
        self.said: list[Said] = []
        self.met: set[str] = set()

    def through(self, module: Module, *, stops: bool) -> Stay:
        """One module, whole or until somewhere in it; and after a week or more back to it."""
        units = [unit for unit in module.content.units if unit.counts]
        asked = [(unit, activity) for unit in units for activity in self._taken(unit)]
        if stops:
            asked = asked[: self.random.randint(1, len(asked) - 1)]
        did: list[Did] = []
        last = asked[0][0]
        for unit, activity in asked:
            if unit is not last:
                self.day += round(self.random.expovariate(1 / 4))
                self.skill += _LEARNS * (1 - self.skill)
            last = unit
            did.append(self._do(module, activity))
        done = sum(activity.required for _unit, activity in asked)
        completed = self.day if done == module.required else None
        returned = looked_back = talk = None
        back = module.content.herhaalmoment
        if completed is not None and back and self.random.random() < _COMES_BACK:
            self.day += self.random.randint(7, 40)
            did += [self._do(module, activity) for activity in self._taken(back)]
            returned = self.day
        if completed is not None:
            talk = self._talk_outside(module, completed)
            looked_back = self._looked_back(module, completed, did)
        return Stay(module, tuple(did), done, completed, returned, looked_back, talk)

    def _talk_outside(self, module: Module, completed: int) -> Talk | None:
        """Beside whatever else they do."""
        found = (self.practice.cases.get(activity.usage) for _unit, activity in module.content.activities())
        case = next(filter(None, found), None)
        if case is None or self.random.random() > self.practice.holds:
            return None
        return held(case, self.random, skill=self.skill, given=completed, twice=self.practice.twice)

    def _looked_back(self, module: Module, completed: int, did: list[Did]) -> int | None:
        """Three months later, whatever module they are in then."""
        unit = module.content.moment(Kind.LOOK_BACK)
        if unit is None or self.random.random() > _LOOKS_BACK:
            return None
        day = completed + TERMS[Kind.LOOK_BACK].opens_after.days + self.random.randint(1, 30)
        minute = self.random.randint(_FIRST_MINUTE, _LAST_MINUTE)
        for activity in unit.activities:
            minute += self.random.randint(2, 5)
            self._say(module, activity, day, _clock(minute))
            did.append(Did(activity.key, Status.DONE, None, day, _clock(minute)))
        return day

    def _say(self, module: Module, activity: Activity, day: int, clock: str) -> bool:
        answers = answers_to(activity, self.random, self.skill)
        if answers is not None:
            self.said.append(Said(activity.usage, module.edition, answers, day, clock))
        return answers is not None

    def _taken(self, unit: Unit) -> Iterator[Activity]:
        for activity in unit.activities:
            if activity.type != PRACTICE and (activity.required or self.random.random() > _SKIPS_WHAT_MAY):
                yield activity

    def _do(self, module: Module, activity: Activity) -> Did:
        """Who did badly often tries once more, some days later."""
        clock, score = self._clock(), None
        if coverage.source_of_type(activity.type, activity.fields["authored"]) is not None:
            answers, score = self._answered(activity)
            self.tries.append(Try(activity.usage, module.edition, 1, answers, score, self.day, clock))
            if score < _TRIES_AGAIN_BELOW and self.random.random() < _TRIES_AGAIN:
                self.day += self.random.randint(1, 10)
                clock = self._clock()
                answers, score = self._answered(activity)
                self.tries.append(Try(activity.usage, module.edition, 2, answers, score, self.day, clock))
        told = self._say(module, activity, self.day, clock)
        is_done = activity.required or told or self.random.random() > _LEAVES_IT
        return Did(activity.key, Status.DONE if is_done else Status.BUSY, score, self.day, clock)

    def _clock(self) -> str:
        """Later than what came before it that day; and if that gets late, another day."""
        self._minute += self.random.randint(2, 30)
        if self.day > self._last or self._minute > _LAST_MINUTE:
            self.day += self.day == self._last
            self._minute = _FIRST_MINUTE + self.random.randint(0, 240)
        self._last = self.day
        return _clock(self._minute)

    def _answered(self, activity: Activity) -> tuple[Any, float]:
        """(answers, score), as the block keeps them. Of items only how many were right is known, not which."""
        authored: Mapping[str, Any] = activity.fields["authored"]
        if activity.type == "conversationsim":
            choices, ending, score = self._talk(simulation_of(authored))
            return {"start": None, "choices": choices, "einde": ending}, score
        if activity.type == "decisiontask":
            tasks = authored["taken"]
            task = self.random.choice([each for each in tasks if each["id"] not in self.met] or tasks)
            facts = {"taak": task["id"], "moment": str(authored["moment"]), "eerste": task["id"] not in self.met}
            self.met.add(task["id"])
            choices, ending, score = self._talk(simulation_of(task))
            return {**facts, "choices": choices, "einde": ending}, score
        return {}, round(sum(self.random.random() < self.skill for _ in range(_ITEMS)) / _ITEMS, 4)

    def _talk(self, simulation: talk.Simulation) -> tuple[list[list[str]], str, float]:
        """(choices, ending, score) of a conversation in which who is good at it mostly says what is best."""
        state, steps = talk.begin(simulation), list[talk.Step]()
        while ways := talk.ways(simulation, state):
            best = max(ways, key=lambda way: simulation.gain(way[0].effect) + 2 * way[0].is_dialogue)
            choice, after = best if self.random.random() < self.skill else self.random.choice(ways)
            steps.append(talk.Step(state, choice, after))
            state = after
        choices = [[step.before.node, step.choice.id] for step in steps]
        return choices, state.node, talk.score(simulation, steps)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"


def _experience(modules: Sequence[Module], skill: float, random: Random) -> Iterator[Shown]:
    """Two real situations that a trainer judged, long ago."""
    if random.random() > _EXPERIENCED:
        return
    for number, situation in enumerate(_SITUATIONS, 1):
        module = random.choice(modules)
        case = next((each for _unit, each in module.content.activities() if each.type == PRACTICE), None)
        if case is None:
            continue
        for competence in sorted(coverage.named_by(case.type, case.fields["authored"])):
            level = min(4, 2 + (random.random() < skill) + (random.random() < skill / 3))
            yield Shown(
                key=f"trainer:gewist-{number}:1:0:{competence}",
                competence=competence,
                source=Source.PRACTICE,
                activity=case.usage,
                attempt=1,
                score=level / 4,
                on=date.min,
                situation=situation,
                learning_level=random.choice((LearningLevel.INDIVIDUAL, LearningLevel.ORGANISATION)),
                confirmed=True,
            )
