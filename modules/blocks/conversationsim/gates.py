"""May this conversation be published? Gates V1 to V10 of curriculum 3.c, and the figures an author wants beside them.

V1, V8 and the shape of what was written come from `authored`; the rest is worked out here on the graph (V2, V3, V6), on
the texts (V7, V9) and by going through every state the conversation can get into (V4, V5, V10).
"""

from __future__ import annotations

import statistics
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from modules.authoring import Problem
from modules.blocks.conversationsim import authored
from modules.blocks.conversationsim.rules import (
    Choice,
    Ending,
    NotAChoiceError,
    NoWayOnError,
    Simulation,
    State,
    Turn,
    Weighing,
    begin,
    edges,
    score,
    walk,
    ways,
)

# A conversation of twenty turns has some ten thousand states. Past this one it is no longer a conversation.
MOST_STATES = 150_000

FEWEST_CHOICES, MOST_CHOICES = 2, 4
MOST_CORRELATION, MOST_LONGEST_IS_BEST = 0.3, 0.6
# V10's "spanning >= 7", and its mirror image for a meter that is better high.
TENSE_FROM, LOW_TO = 7, 3
SCORE_MARGIN = 0.005


@dataclass(frozen=True)
class Explored:
    """Every state that can be reached, with its ways on. `complete` is False when there were too many."""

    ways: Mapping[State, Sequence[tuple[Choice, State]]]
    complete: bool = True

    @cached_property
    def nodes(self) -> frozenset[str]:
        return frozenset(state.node for state in self.ways)

    def leading_to(self, goals: Iterable[State]) -> set[State]:
        """The states from which one of `goals` can be reached, the goals included."""
        came_from: dict[State, list[State]] = {}
        for state, onward in self.ways.items():
            for _, after in onward:
                came_from.setdefault(after, []).append(state)
        found, waiting = set(goals), deque(goals)
        while waiting:
            for state in came_from.get(waiting.popleft(), ()):
                if state not in found:
                    found.add(state)
                    waiting.append(state)
        return found


def explore(simulation: Simulation) -> Explored:
    """Breadth first over (node, meters, flags, visits). Raises NoWayOnError when the start itself leads nowhere."""
    first = begin(simulation)
    seen: dict[State, list[tuple[Choice, State]]] = {first: []}
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        seen[state] = ways(simulation, state)
        for _, after in seen[state]:
            if after not in seen:
                if len(seen) >= MOST_STATES:
                    return Explored(seen, complete=False)
                seen[after] = []
                waiting.append(after)
    return Explored(seen)


# --- figures


@dataclass
class Report:
    """What an author gets to see: the problems, and the shape of the conversation in figures.

    `paths` counts the ways through by their number of choices, `endings` by the ending they reach. `too_late` is no
    problem but worth knowing: {turn: an example of a tense state there from which only the worst ending is left}.
    """

    problems: list[Problem]
    simulation: Simulation | None = None
    states: int = 0
    paths: Mapping[int, int] = field(default_factory=dict)
    endings: Mapping[str, int] = field(default_factory=dict)
    longest_is_best: int = 0
    correlation: float = 0.0
    too_late: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """For a terminal, in the author's language."""
        found = [f"{one.rule or '·'}  {'/'.join(map(str, one.path))}: {one.reason}" for one in self.problems]
        if not self.simulation:
            return found
        turns, total = len(self.simulation.turns), sum(self.paths.values())
        found.append(f"{turns} beurten, {len(self.simulation.endings)} einden, {self.states} toestanden")
        if total:
            reached = ", ".join(f"{node} {count / total:.0%}" for node, count in self.endings.items())
            found.append(f"{total} paden van {min(self.paths)}–{max(self.paths)} keuzes; einden: {reached}")
        found.append(f"langste is beste in {self.longest_is_best} van {turns}; samenhang {self.correlation:.2f}")
        found += [f"let op: in '{node}' kan het te laat zijn ({state})" for node, state in self.too_late.items()]
        return found


def report(data: Mapping[str, Any]) -> Report:
    """Everything there is to say about what an author wrote."""
    simulation, problems = authored.read_simulation(data)
    made = Report(problems, simulation)
    if simulation is None:
        return made
    looping = without_limit(simulation)
    problems += [*on_graph(simulation, looping), *on_texts(simulation), *authored.check_surroundings(data, simulation)]
    made.correlation, made.longest_is_best = length_and_effect(simulation), longest_is_best(simulation)
    try:
        explored = explore(simulation)
    except NoWayOnError:
        problems.append(Problem(("start",), "vanaf het begin is er geen weg", "V4"))
        return made
    made.states = len(explored.ways)
    if not explored.complete:
        problems.append(Problem(("nodes",), f"meer dan {MOST_STATES} toestanden: te groot om na te rekenen", "V5"))
        return made
    lost, unmendable = beyond_repair(simulation, explored)
    problems += [*on_states(simulation, explored), *unmendable, *on_test_paths(data, simulation)]
    made.too_late = {node: _described(simulation, state) for node, state in lost.items()}
    if not looping:
        paths = count_paths(explored, begin(simulation))
        made.paths = _totals((length, count) for (length, _), count in paths.items())
        made.endings = _totals((ending, count) for (_, ending), count in paths.items())
    return made


def _totals[K: (int, str)](pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    totals = dict[K, int]()
    for key, count in pairs:
        totals[key] = totals.get(key, 0) + count
    return dict(sorted(totals.items()))


def count_paths(explored: Explored, first: State) -> Counter[tuple[int, str]]:
    """{(number of choices, ending): how many paths}. Needs V6: without it there is no end to counting."""
    counted: dict[State, Counter[tuple[int, str]]] = {}
    waiting = [first]
    while waiting:
        state = waiting[-1]
        onward = explored.ways[state]
        missing = [after for _, after in onward if after not in counted]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        if not onward:
            counted[state] = Counter({(0, state.node): 1})
        elif state not in counted:
            total = Counter[tuple[int, str]]()
            for _, after in onward:
                for (length, ending), count in counted[after].items():
                    total[length + 1, ending] += count
            counted[state] = total
    return counted[first]


def length_and_effect(simulation: Simulation) -> float:
    """Pearson's correlation over all choices between length and gain; 0 when one of the two is constant."""
    choices = [choice for turn in simulation.turns for choice in turn.choices]
    lengths, gains = [len(choice.text) for choice in choices], [simulation.gain(choice.effect) for choice in choices]
    if len(set(lengths)) < 2 or len(set(gains)) < 2:
        return 0.0
    return statistics.correlation(lengths, gains)


def longest_is_best(simulation: Simulation) -> int:
    """In how many turns the longest choice is *the* best. Of two equally good ones neither is."""
    return sum(
        all(
            len(best.text) > len(other.text) and simulation.gain(best.effect) > simulation.gain(other.effect)
            for other in turn.choices
            if other is not best
        )
        for turn in simulation.turns
        for best in [max(turn.choices, key=lambda choice: len(choice.text))]
    )


# --- the gates


def _reached(
    simulation: Simulation, sources: Iterable[str], *, backwards: bool = False, around: Collection[str] = ()
) -> set[str]:
    """The nodes one gets to from `sources`, those included, along the drawn lines and never through `around`."""
    onward: dict[str, list[str]] = {}
    for source, target in edges(simulation):
        here, there = (target, source) if backwards else (source, target)
        if there not in around:
            onward.setdefault(here, []).append(there)
    found, waiting = set(sources), deque(sources)
    while waiting:
        for node in onward.get(waiting.popleft(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def without_limit(simulation: Simulation) -> set[str]:
    """The nodes on a cycle that no `max_bezoeken` breaks."""
    limited = {turn.id for turn in simulation.turns if turn.most_visits}
    return {
        node.id
        for node in simulation.nodes.values()
        if node.id not in limited and node.id in _reached(simulation, set(node.targets) - limited, around=limited)
    }


def on_graph(simulation: Simulation, looping: set[str]) -> list[Problem]:
    forward = _reached(simulation, [simulation.start])
    ending = _reached(simulation, [ending.id for ending in simulation.endings], backwards=True)
    problems = [
        Problem(("nodes", node), f"'{node}' is vanaf het begin niet te bereiken", "V2")
        for node in simulation.nodes
        if node not in forward
    ]
    problems += [
        Problem(("nodes", node), f"vanaf '{node}' is geen einde te bereiken", "V3")
        for node in simulation.nodes
        if node not in ending
    ]
    problems += [
        Problem(("nodes", node), f"'{node}' zit in een kring zonder 'max_bezoeken'", "V6")
        for node in simulation.nodes
        if node in looping
    ]
    if len(simulation.endings) < 2:
        problems.append(Problem(("nodes",), "er zijn minstens twee einden nodig", "V5"))
    return problems


def on_texts(simulation: Simulation) -> list[Problem]:
    problems = list[Problem]()
    for turn in simulation.turns:
        count = len(turn.choices)
        if not FEWEST_CHOICES <= count <= MOST_CHOICES:
            reason = f"'{turn.id}' heeft {count} keuzes; het zijn er 2 tot 4"
            problems.append(Problem(("nodes", turn.id, "keuzes"), reason, "V7"))
        seen = set[str]()
        for place, choice in enumerate(turn.choices):
            text = " ".join(choice.text.casefold().split())
            if text in seen:
                problems.append(Problem(("nodes", turn.id, "keuzes", place), "deze keuze staat er al", "V7"))
            seen.add(text)
    correlation, longest = length_and_effect(simulation), longest_is_best(simulation)
    if correlation > MOST_CORRELATION:
        reason = f"hoe langer de keuze, hoe beter zij werkt (samenhang {correlation:.2f}; hoogstens 0,3)"
        problems.append(Problem(("nodes",), reason, "V9"))
    if longest > MOST_LONGEST_IS_BEST * len(simulation.turns):
        reason = f"de langste keuze is de beste in {longest} van {len(simulation.turns)} beurten; hoogstens 60%"
        problems.append(Problem(("nodes",), reason, "V9"))
    return problems


def on_states(simulation: Simulation, explored: Explored) -> list[Problem]:
    """V4 and V5, and V2 once more: what is reachable in the drawing need not be so with these meters and flags."""
    problems, drawn = list[Problem](), _reached(simulation, [simulation.start])
    for node in simulation.nodes.values():
        if node.id in drawn and node.id not in explored.nodes and not isinstance(node, Weighing):
            rule, what = ("V5", "einde") if isinstance(node, Ending) else ("V2", "beurt")
            reason = f"{what} '{node.id}' is met deze meters en vlaggen onbereikbaar"
            problems.append(Problem(("nodes", node.id), reason, rule))
    stuck = _first_turns(simulation, (state for state, onward in explored.ways.items() if not onward))
    problems += [
        Problem(("nodes", node), f"in '{node}' valt soms niets te kiezen ({_described(simulation, state)})", "V4")
        for node, state in stuck.items()
    ]
    return problems


def beyond_repair(simulation: Simulation, explored: Explored) -> tuple[dict[str, State], list[Problem]]:
    """({turn: a tense state there from which only the worst ending is left}, what of that breaks V10).

    V10 asks of each turn where it can be tense that some path goes from there, tense, to an ending that isn't the
    worst. Not so from each of its states: 5.1 itself has turns near the end where a conversation can be past mending.
    """
    lowest = min((ending.value for ending in simulation.endings), default=0)
    better = {ending.id for ending in simulation.endings if ending.value > lowest}
    saved = explored.leading_to([state for state in explored.ways if state.node in better])
    tense = [state for state in explored.ways if is_tense(simulation, state)]
    mended = _first_turns(simulation, (state for state in tense if state in saved))
    lost = _first_turns(simulation, (state for state in tense if state not in saved))
    return lost, [
        Problem(("nodes", node), f"vanuit '{node}' is niets te herstellen ({_described(simulation, state)})", "V10")
        for node, state in lost.items()
        if node not in mended
    ]


def is_tense(simulation: Simulation, state: State) -> bool:
    """Spanning at 7 or more: any meter that is better low. Where there is none, its mirror image: the first meter,
    the one the author thought of first, at 3 or less."""
    levels = list(zip(simulation.meters, state.meters, strict=True))
    low = [level for meter, level in levels if not meter.high_is_good]
    return any(level >= TENSE_FROM for level in low) if low else state.meters[0] <= LOW_TO


def _first_turns(simulation: Simulation, states: Iterable[State]) -> dict[str, State]:
    first = dict[str, State]()
    for state in states:
        if isinstance(simulation.nodes[state.node], Turn):
            first.setdefault(state.node, state)
    return first


def _described(simulation: Simulation, state: State) -> str:
    levels = [f"{meter.name} {level}" for meter, level in zip(simulation.meters, state.meters, strict=True)]
    return ", ".join([*levels, *sorted(state.flags)])


def on_test_paths(data: Mapping[str, Any], simulation: Simulation) -> list[Problem]:
    """A path the author gave must come out as they say."""
    problems = list[Problem]()
    for place, written in enumerate(authored.test_paths(data)):
        reason = _wrong_with(written, simulation)
        if reason:
            problems.append(Problem(("testpaden", place), reason))
    return problems


def _wrong_with(written: Any, simulation: Simulation) -> str:
    if not isinstance(written, Mapping) or not isinstance(written.get("keuzes"), str):
        return "een testpad heeft 'keuzes' (\"a,c,a\") en 'einde'"
    try:
        steps = walk(simulation, [choice.strip() for choice in written["keuzes"].split(",")])
    except NotAChoiceError as error:
        return f"keuze '{error}' kan op dit pad niet"
    reached = steps[-1].after.node
    if reached != written.get("einde"):
        return f"dit pad komt uit op '{reached}', niet op '{written.get('einde')}'"
    expected = written.get("score")
    if isinstance(expected, int | float) and abs(score(simulation, steps) - expected) > SCORE_MARGIN:
        return f"dit pad scoort {score(simulation, steps):.2f}, niet {expected}"
    return ""
