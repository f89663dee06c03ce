"""A conversation as a finite state machine (curriculum 3.c): its parts, and what a choice does.

Pure: a `State` and a choice give the next `State`. A conversation is replayed from its list of choices, so nothing
about it needs keeping but that list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from modules.blocks.conversationsim.guards import Guard

LOWEST, HIGHEST = 0, 10

# Curriculum 3.b: moves of dialogue, moves of debate, and information.
MOVES = ("D1", "D2", "D3", "D4", "D5", "D6", "B1", "B2", "B3", "B4", "B5", "B6", "N0")

# The score in words. Under .40 the conversation ran aground, whatever ending it found. Open asks what a decision task
# asks (.65, curriculum 2.0) and a good ending too: warmth with a promise left open (.84 in 5.1) stays onderweg.
STIFF, ON_THE_WAY, OPEN = "stroef", "onderweg", "open"
ON_THE_WAY_FROM, OPEN_FROM, GOOD_ENDING = 0.40, 0.65, 0.75

AT_MOST_TURNING_POINTS = 3


@dataclass(frozen=True)
class Meter:
    """`high_is_good` is the author's `richting` (hoog|laag): unless they say so, only spanning is better low."""

    name: str
    start: int
    high_is_good: bool = True
    explanation: str = ""

    def quality(self, level: int) -> int:
        """0..10, where 10 is what one hopes for."""
        return level if self.high_is_good else HIGHEST - level


@dataclass(frozen=True)
class Text:
    """What happens and what is said in a turn. `whole` always; the others where the author, or the text, gives them."""

    whole: str
    speaker: str = ""
    heading: str = ""
    scene: str = ""
    said: str = ""


@dataclass(frozen=True)
class Choice:
    id: str
    move: str
    text: str
    target: str
    why: str = ""
    effect: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    guard: Guard | None = None

    @property
    def is_dialogue(self) -> bool:
        return self.move.startswith("D")


@dataclass(frozen=True)
class Rule:
    """A line of a weging. Without a guard it is `anders`."""

    target: str
    guard: Guard | None = None


@dataclass(frozen=True)
class Turn:
    """`most_visits`: how often the conversation may come here, 0 for no limit. `variants`: text when a flag stands."""

    id: str
    text: Text
    choices: tuple[Choice, ...]
    variants: Mapping[str, Text] = field(default_factory=dict)
    most_visits: int = 0
    audio: str = ""
    image: str = ""
    image_alt: str = ""

    @property
    def targets(self) -> list[str]:
        return [choice.target for choice in self.choices]

    def text_for(self, flags: frozenset[str]) -> Text:
        """The first variant whose flag stands, in the author's order."""
        return next((text for flag, text in self.variants.items() if flag in flags), self.text)


@dataclass(frozen=True)
class Weighing:
    id: str
    rules: tuple[Rule, ...]

    @property
    def targets(self) -> list[str]:
        return [rule.target for rule in self.rules]


@dataclass(frozen=True)
class Ending:
    id: str
    value: float
    title: str
    text: str

    @property
    def targets(self) -> list[str]:
        return []


Node = Turn | Weighing | Ending


@dataclass(frozen=True)
class Simulation:
    start: str
    meters: tuple[Meter, ...]
    flags: Mapping[str, bool]
    nodes: Mapping[str, Node]

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        return tuple(node for node in self.nodes.values() if isinstance(node, Turn))

    @cached_property
    def endings(self) -> tuple[Ending, ...]:
        return tuple(node for node in self.nodes.values() if isinstance(node, Ending))

    @cached_property
    def meter_names(self) -> tuple[str, ...]:
        return tuple(meter.name for meter in self.meters)

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The turns whose visits matter, in order: the key to `State.visits`."""
        return tuple(turn.id for turn in self.turns if turn.most_visits)

    def gain(self, change: Mapping[str, int]) -> int:
        """A change of the meters as one number: up is better, whichever way each meter points."""
        return sum(
            change.get(meter.name, 0) if meter.high_is_good else -change.get(meter.name, 0) for meter in self.meters
        )


class State(NamedTuple):
    """Where a conversation is. `meters` and `visits` follow the order of the simulation's `meters` and `counted`."""

    node: str
    meters: tuple[int, ...]
    flags: frozenset[str]
    visits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """One choice: where it was made and where it led."""

    before: State
    choice: Choice
    after: State

    def change(self, simulation: Simulation) -> dict[str, int]:
        """What each meter really did; a meter at its end stays there whatever the choice would do."""
        return {
            meter.name: now - then
            for meter, then, now in zip(simulation.meters, self.before.meters, self.after.meters, strict=True)
        }


class NotAChoiceError(ValueError):
    """This can't be chosen here."""


class NoWayOnError(ValueError):
    """A weging without a rule that applies: gates V4 and V6 keep this out of published content."""


def begin(simulation: Simulation) -> State:
    state = State(
        simulation.start,
        tuple(meter.start for meter in simulation.meters),
        frozenset(name for name, on in simulation.flags.items() if on),
        (0,) * len(simulation.counted),
    )
    return _arrive(simulation, state)


def ways(simulation: Simulation, state: State) -> list[tuple[Choice, State]]:
    """What one can choose here and where it leads: the guard holds and the way on is still open."""
    turn = simulation.nodes[state.node]
    if not isinstance(turn, Turn):
        return []
    found = list[tuple[Choice, State]]()
    for choice in turn.choices:
        if choice.guard is None or choice.guard.holds(levels_of(simulation, state), state.flags):
            after = _after(simulation, state, choice)
            if after is not None:
                found.append((choice, after))
    return found


def choose(simulation: Simulation, state: State, choice_id: str) -> Step:
    """This choice made, every weging on the way resolved. Raises NotAChoiceError."""
    for choice, after in ways(simulation, state):
        if choice.id == choice_id:
            return Step(state, choice, after)
    raise NotAChoiceError(choice_id)


def levels_of(simulation: Simulation, state: State) -> dict[str, int]:
    return dict(zip(simulation.meter_names, state.meters, strict=True))


def _after(simulation: Simulation, state: State, choice: Choice) -> State | None:
    """None: the way on is closed, since a turn has been visited as often as it may be."""
    meters = tuple(
        min(HIGHEST, max(LOWEST, level + choice.effect.get(name, 0)))
        for name, level in zip(simulation.meter_names, state.meters, strict=True)
    )
    flags = state.flags
    if choice.flags:
        flags = (flags | {name for name, on in choice.flags.items() if on}) - {
            name for name, on in choice.flags.items() if not on
        }
    try:
        return _arrive(simulation, State(choice.target, meters, flags, state.visits))
    except NoWayOnError:
        return None


def _arrive(simulation: Simulation, state: State) -> State:
    """`state` in the turn or ending that its node leads to, the visit counted. Raises NoWayOnError."""
    node_id, passed = state.node, set[str]()
    while isinstance(node := simulation.nodes[node_id], Weighing):
        if node_id in passed:
            raise NoWayOnError(node_id)
        passed.add(node_id)
        node_id = _weigh(simulation, node, state)
    if not _open(simulation, state, node_id):
        raise NoWayOnError(node_id)
    if node_id not in simulation.counted:
        return state if node_id == state.node else state._replace(node=node_id)
    place, visits = simulation.counted.index(node_id), state.visits
    return state._replace(node=node_id, visits=(*visits[:place], visits[place] + 1, *visits[place + 1 :]))


def _weigh(simulation: Simulation, node: Weighing, state: State) -> str:
    """The first rule that is true wins; one that leads to a turn that is full is passed over."""
    levels = levels_of(simulation, state)
    for rule in node.rules:
        if (rule.guard is None or rule.guard.holds(levels, state.flags)) and _open(simulation, state, rule.target):
            return rule.target
    raise NoWayOnError(node.id)


def _open(simulation: Simulation, state: State, node_id: str) -> bool:
    node = simulation.nodes[node_id]
    if not isinstance(node, Turn) or not node.most_visits:
        return True
    return state.visits[simulation.counted.index(node_id)] < node.most_visits


def replay(simulation: Simulation, choices: Sequence[Sequence[str]]) -> tuple[Step, ...]:
    """The steps of [[node, choice], …] from the start. Raises NotAChoiceError where the list doesn't fit."""
    state, steps = begin(simulation), list[Step]()
    for node_id, choice_id in choices:
        if state.node != node_id:
            raise NotAChoiceError(node_id)
        steps.append(choose(simulation, state, choice_id))
        state = steps[-1].after
    return tuple(steps)


def walk(simulation: Simulation, choice_ids: Sequence[str]) -> tuple[Step, ...]:
    """The steps of a path written as choices only (a, c, a), as authors write a test path. Raises NotAChoiceError."""
    state, steps = begin(simulation), list[Step]()
    for choice_id in choice_ids:
        steps.append(choose(simulation, state, choice_id))
        state = steps[-1].after
    return tuple(steps)


def score(simulation: Simulation, steps: Sequence[Step]) -> float:
    """0..1 for a finished conversation: curriculum 3.c.

    0.5·(vertrouwen + ruimte + 10 − spanning)/30 + 0.3·share of D-moves + 0.2·value of the ending. With other meters the
    first part is the mean of their qualities, so three meters of which spanning is one give the curriculum's formula.
    """
    last = steps[-1].after
    ending = simulation.nodes[last.node]
    if not isinstance(ending, Ending):
        raise ValueError("an unfinished conversation has no score")
    quality = sum(meter.quality(level) for meter, level in zip(simulation.meters, last.meters, strict=True))
    dialogue = sum(step.choice.is_dialogue for step in steps) / len(steps)
    total = 0.5 * quality / (HIGHEST * len(simulation.meters)) + 0.3 * dialogue + 0.2 * ending.value
    return round(total, 4)


def word_for(value: float, ending: Ending) -> str:
    if value < ON_THE_WAY_FROM:
        return STIFF
    return OPEN if value >= OPEN_FROM and ending.value >= GOOD_ENDING else ON_THE_WAY


def turning_points(simulation: Simulation, steps: Sequence[Step]) -> list[int]:
    """The places (from 0) where the conversation turned, in order; at least one and at most three.

    Curriculum 3.c: the largest summed change, |Δ| of all meters together. The largest always counts, the next two if
    they came to 2 or more. Of equal ones the step that reversed the course of the one before it goes first, then the
    earlier one.
    """
    sizes = [sum(map(abs, step.change(simulation).values())) for step in steps]
    gains = [simulation.gain(step.change(simulation)) for step in steps]

    def weight(place: int) -> tuple[int, bool, int]:
        reversed_course = place > 0 and gains[place] * gains[place - 1] < 0
        return -sizes[place], not reversed_course, place

    order = sorted(range(len(steps)), key=weight)
    return sorted(place for rank, place in enumerate(order[:AT_MOST_TURNING_POINTS]) if rank == 0 or sizes[place] >= 2)


def parted_at(one: Sequence[Step], other: Sequence[Step]) -> int | None:
    """The place of the first choice that differs, or None where the conversations are the same."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left.choice.id != right.choice.id or left.before.node != right.before.node:
            return place
    return None


def edges(simulation: Simulation) -> Iterator[tuple[str, str]]:
    for node in simulation.nodes.values():
        for target in node.targets:
            if target in simulation.nodes:
                yield node.id, target
