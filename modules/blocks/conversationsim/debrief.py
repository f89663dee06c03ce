"""Looking back on a conversation: its moments, the river they make, and two attempts side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modules.blocks.conversationsim.rules import (
    HIGHEST,
    Choice,
    Ending,
    Meter,
    Simulation,
    State,
    Step,
    Text,
    Turn,
    parted_at,
    score,
    turning_points,
    ways,
    word_for,
)

# How a moment turned; the words are the template's.
OPENED, MENDED, STIFFENED, STILL = "ruimte", "hersteld", "stroever", "stil"
LONGEST_HEADING = 60

# Group percentages (curriculum 4.5): k ≥ 5 for each turn, in steps of 5% below twenty people.
FEWEST_PEOPLE, FINE_FROM, COARSE = 5, 20, 0.05


@dataclass(frozen=True)
class Level:
    """A meter after a moment."""

    name: str
    value: int
    change: int


@dataclass(frozen=True)
class River:
    """One stretch of water in a square of 100 by 100: half its width at the top and at the bottom, and its waves.

    `waves` is the tension after the moment, 0..10, or None where no meter tells it.
    """

    top: float
    bottom: float
    waves: int | None


@dataclass(frozen=True)
class Moment:
    """`turn` is "" where nothing turned. `flag_words` are the author's own words for what turned here, or ""."""

    place: int
    node: str
    text: Text
    heading: str
    choice: Choice
    levels: tuple[Level, ...]
    river: River
    turn: str = ""
    flag_words: str = ""
    gain: int = 0

    @property
    def is_turning_point(self) -> bool:
        return bool(self.turn)


@dataclass(frozen=True)
class Outcome:
    ending: Ending
    score: float
    word: str
    dialogue_moves: int
    flags: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """Two attempts: the moments they shared, then what each did where they parted. None: they never parted."""

    shared: int
    here: Moment | None
    there: Moment | None
    after_here: tuple[str, ...] = ()
    after_there: tuple[str, ...] = ()


def width_meter(simulation: Simulation) -> Meter:
    """What makes the water wide: ruimte, else the first meter that is better high, else the first."""
    named = [meter for meter in simulation.meters if meter.name == "ruimte"]
    high = [meter for meter in simulation.meters if meter.high_is_good]
    return (named or high or list(simulation.meters))[0]


def waves_meter(simulation: Simulation) -> Meter | None:
    """What makes waves: spanning, else the first meter that is better low."""
    named = [meter for meter in simulation.meters if meter.name == "spanning"]
    low = [meter for meter in simulation.meters if not meter.high_is_good]
    return next(iter(named or low), None)


def moments(
    simulation: Simulation, steps: Sequence[Step], flag_words: Mapping[str, Mapping[str, str]]
) -> tuple[Moment, ...]:
    turned, found, gain_before = turning_points(simulation, steps), list[Moment](), 0
    for place, step in enumerate(steps):
        change, words = step.change(simulation), _about_flags(simulation, step, flag_words)
        gain, text = simulation.gain(change), text_at(simulation, step.before)
        levels = tuple(
            Level(meter.name, value, change[meter.name])
            for meter, value in zip(simulation.meters, step.after.meters, strict=True)
        )
        found.append(
            Moment(
                place,
                step.before.node,
                text,
                heading(text),
                step.choice,
                levels,
                _stretch(simulation, step),
                _turned(gain, gain_before) if place in turned or words else "",
                words,
                gain,
            )
        )
        gain_before = gain
    return tuple(found)


def _turned(gain: int, gain_before: int) -> str:
    if gain == 0:
        return STILL
    if gain < 0:
        return STIFFENED
    return MENDED if gain_before < 0 else OPENED


def _about_flags(simulation: Simulation, step: Step, words: Mapping[str, Mapping[str, str]]) -> str:
    """The author's words for a flag that was raised, taken back, or could have been taken back here."""
    for flag, given in words.items():
        was, now = flag in step.before.flags, flag in step.after.flags
        if was != now:
            about = given.get("aan" if now else "uit", "")
        elif was and any(choice.flags.get(flag) is False for choice, _ in ways(simulation, step.before)):
            about = given.get("kans", "")
        else:
            about = ""
        if about:
            return about
    return ""


def text_at(simulation: Simulation, state: State) -> Text:
    """What happens in this turn, for somebody who comes with these flags."""
    turn = simulation.nodes[state.node]
    if not isinstance(turn, Turn):
        raise TypeError(state.node)
    return turn.text_for(state.flags)


def heading(text: Text) -> str:
    """A few words for a moment: the author's, else what happens, else the start of the text."""
    if text.heading:
        return text.heading
    first = (text.scene or text.whole).split(". ")[0].strip(' ".:“”')
    return first if len(first) <= LONGEST_HEADING else first[:LONGEST_HEADING].rsplit(" ", 1)[0] + "…"


def _stretch(simulation: Simulation, step: Step) -> River:
    names, width, waves = simulation.meter_names, width_meter(simulation), waves_meter(simulation)
    place = names.index(width.name)
    return River(
        _half_width(step.before.meters[place]),
        _half_width(step.after.meters[place]),
        step.after.meters[names.index(waves.name)] if waves else None,
    )


def _half_width(level: int) -> float:
    """A dry bed still has banks: 11 at level 0, almost the whole column (49 of 50) at level 10."""
    return round(11 + 3.8 * level, 1)


def outcome(simulation: Simulation, steps: Sequence[Step]) -> Outcome:
    last, value = steps[-1].after, score(simulation, steps)
    ending = simulation.nodes[last.node]
    if not isinstance(ending, Ending):
        raise TypeError(last.node)
    return Outcome(ending, value, word_for(value, ending), sum(step.choice.is_dialogue for step in steps), last.flags)


def look_again(found: Sequence[Moment]) -> Moment:
    """The moment most worth going back to: the turning point that cost most, of equal ones the last."""
    return min((moment for moment in found if moment.is_turning_point), key=lambda moment: (moment.gain, -moment.place))


def lines(simulation: Simulation, steps: Sequence[Step]) -> list[tuple[str, list[tuple[float, float]]]]:
    """Per meter its name and the points of its line on a plane of 100 by 100, from the start to the last choice."""
    states = [steps[0].before, *(step.after for step in steps)]
    return [
        (
            meter.name,
            [
                (round(100 * place / len(steps), 2), round(100 - 100 * state.meters[index] / HIGHEST, 2))
                for place, state in enumerate(states)
            ],
        )
        for index, meter in enumerate(simulation.meters)
    ]


def compare(
    here: Sequence[Step], there: Sequence[Step], here_moments: Sequence[Moment], there_moments: Sequence[Moment]
) -> Comparison:
    place = parted_at(here, there)
    if place is None:
        return Comparison(len(here_moments), None, None)
    return Comparison(
        place,
        here_moments[place],
        there_moments[place],
        tuple(moment.heading for moment in here_moments[place + 1 :]),
        tuple(moment.heading for moment in there_moments[place + 1 :]),
    )


def tally(answers: Sequence[Any]) -> dict[str, Any]:
    """Of a group's first complete attempts: {"n", "endings": {ending: people}, "choices": {turn: {choice: share}}}.

    A turn that fewer than five people came to is left out. Who came twice is counted once, with their first choice.
    """
    endings = dict[str, int]()
    chosen: dict[str, dict[str, int]] = {}
    for answer in answers:
        endings[answer["einde"]] = endings.get(answer["einde"], 0) + 1
        for node, choice in dict(reversed([tuple(pair) for pair in answer["choices"]])).items():
            counts = chosen.setdefault(node, {})
            counts[choice] = counts.get(choice, 0) + 1
    return {
        "n": len(answers),
        "endings": dict(sorted(endings.items())),
        "choices": {
            node: {choice: _share(count, sum(counts.values())) for choice, count in sorted(counts.items())}
            for node, counts in sorted(chosen.items())
            if sum(counts.values()) >= FEWEST_PEOPLE
        },
    }


def _share(count: int, total: int) -> float:
    share = count / total
    return round(share, 2) if total >= FINE_FROM else round(round(share / COARSE) * COARSE, 2)
