"""The measures of a module (curriculum 6.2): what people said or did, and what is said of all of them together.

What one person said is a short text, and is kept nowhere else than where they said it. Facts are what `ShownMeasure`
keeps; shares and means in them are whole percents, or marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from learning.competences.effect import sums
from learning.competences.effect.sums import FEWEST_COMPARED, Bins
from learning.competences.effect.whom import Seen, is_new, who_counts
from modules.blocks.exitcard import rules as exitcard

FOLLOWS, BEGUN, FINISHED = "volgt", "begonnen", "af"
KNOWLEDGE, DECISION, KEPT = "kennis", "beslissing", "herhaald"
MARK, RECOMMENDS, USED, WEIGHT = exitcard.QUESTIONS
HANDED_IN, ROUNDS, AGREEMENT = "ingeleverd", "rondes", "overeenstemming"
LATER, DIFFERENT, STATEMENTS = "drie_maanden", "anders", "zinnen"

MARKS = range(1, 11)
RECOMMENDATIONS = range(11)
AGAINST, BETWEEN, FOR = range(7), range(7, 9), range(9, 11)
"""What a net promoter score is made from."""
USES, WEIGHTS = exitcard.CHOICES[USED], exitcard.CHOICES[WEIGHT]
CLASSES = ((0, 49), (50, 59), (60, 69), (70, 79), (80, 89), (90, 100))
"""Of scores in percent, both ends in it."""
LESS, SAME, MORE = range(3)
AS_GOOD = 5
"""Points of a hundred; a smaller change is none."""
ANSWERS = range(6)
"""To a statement: 1 to 5, and 0 where it didn't apply."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """`inside`: the measure of whose people it is told. `facts`: from what each said, and k. `fewest`: of fewer people
    it isn't shown. `stays_open`: how many are missing isn't to be known, for other pages tell of a whole leerlijn."""

    name: str
    inside: str
    facts: Callable[[Sequence[str], int], Facts]
    fewest: int = 0
    stays_open: bool = False


def _only_counted(_said: Sequence[str], _k: int) -> Facts:
    return {}


def _parted(values: Sequence[int], domain: Sequence[int], k: int, *apart: Sequence[int]) -> Facts:
    return {"vakken": _kept(sums.distribution(values, domain, k=k, apart=apart))}


def _kept(bins: Bins) -> list[list[Any]]:
    return [[list(values), people] for values, people in bins]


def _marks(said: Sequence[str], k: int) -> Facts:
    values = [int(each) for each in said]
    bins = sums.distribution(values, MARKS, k=k)
    mean = sums.mean(values, bins, {mark: (mark, mark) for mark in MARKS}, k=k, parts=10)
    return {"vakken": _kept(bins), "gemiddeld": mean}


def _recommendations(said: Sequence[str], k: int) -> Facts:
    values = [int(each) for each in said]
    bins = sums.distribution(values, RECOMMENDATIONS, k=k, apart=(AGAINST, BETWEEN, FOR))
    return {"vakken": _kept(bins), "saldo": sums.recommending(bins, len(values))}


def _choices(names: Sequence[str]) -> Callable[[Sequence[str], int], Facts]:
    return lambda said, k: _parted([names.index(each) for each in said], range(len(names)), k)


UNIT = 10
"""Scores of most activities differ by ten points or more."""


def _scores(said: Sequence[str], k: int) -> Facts:
    values = [int(each) for each in said]
    held = [next(at for at, (_low, high) in enumerate(CLASSES) if value <= high) for value in values]
    bins = sums.distribution(held, range(len(CLASSES)), k=k)
    return {"vakken": _kept(bins), "gemiddeld": sums.mean(values, bins, dict(enumerate(CLASSES)), k=k, unit=UNIT)}


def _changes(said: Sequence[str], k: int) -> Facts:
    """Of "40;65", in percent: before and after."""
    before, after = zip(*(map(int, each.split(";")) for each in said), strict=True)
    apart = [b - a for a, b in zip(before, after, strict=True)]
    ways = [MORE if each >= AS_GOOD else LESS if each <= -AS_GOOD else SAME for each in apart]
    size = sums.size_of_change(before, after)
    return {
        **_parted(ways, (LESS, SAME, MORE), k),
        "verschil": sums.rounded(apart, -100, 100, k=k, unit=UNIT),
        "grootte": [round(each, 1) for each in (size.d, size.low, size.high)] if size else None,
    }


def _before_and_after(said: Sequence[str], k: int) -> Facts:
    """With both means, of which what came later must not be told again: of some of the same people that would be a way
    to find the others."""
    before, after = zip(*(map(int, each.split(";")) for each in said), strict=True)
    means = [sums.rounded(each, 0, 100, k=k, unit=UNIT) for each in (before, after)]
    return {**_changes(said, k), "voor": means[0], "na": means[1]}


def _statements(said: Sequence[str], k: int) -> Facts:
    """Of a digit for each statement."""
    return {
        "zinnen": [
            _kept(sums.distribution([int(each[at]) for each in said], ANSWERS, k=k)) for at in range(len(said[0]))
        ]
    }


MEASURES = (
    Measure(BEGUN, FOLLOWS, _only_counted, stays_open=True),
    Measure(FINISHED, BEGUN, _only_counted, stays_open=True),
    Measure(MARK, FINISHED, _marks),
    Measure(RECOMMENDS, FINISHED, _recommendations),
    Measure(USED, FINISHED, _choices(USES)),
    Measure(WEIGHT, FINISHED, _choices(WEIGHTS)),
    Measure(KNOWLEDGE, FINISHED, _scores),
    Measure(DECISION, FINISHED, _before_and_after, FEWEST_COMPARED),
    Measure(KEPT, DECISION, _changes, FEWEST_COMPARED),
    Measure(HANDED_IN, FINISHED, _only_counted),
    Measure(ROUNDS, HANDED_IN, _changes, FEWEST_COMPARED),
    Measure(LATER, FINISHED, _only_counted),
    Measure(DIFFERENT, LATER, _choices(("ja", "nee"))),
    Measure(STATEMENTS, LATER, _statements),
)
"""Of each module; what one is inside of stands before it."""


def shown_anew(
    seen: Mapping[str, Seen], said: Mapping[str, Mapping[int, str]], *, told: Mapping[str, int], k: int
) -> Iterator[tuple[Measure, dict[int, str], int]]:
    """The measures that may be shown anew, with their people and how many they are inside of. `seen`: {measure: its
    people as it was last shown}, with who follows; `said`: {measure: who says what now}; `told`: {measure: of how many
    people other pages tell as much in any module}, where they do."""
    stands = dict(seen)
    for measure in MEASURES:
        inside, before = stands.get(measure.inside), stands.get(measure.name)
        if inside is None:
            continue
        most = told.get(measure.name, inside.n) if measure.stays_open else None
        counted = who_counts(inside, said.get(measure.name, {}), before=before, k=k, told=most)
        if len(counted) >= max(k, measure.fewest) and is_new(before, counted, k=k):
            stands[measure.name] = Seen(counted.keys(), len(counted))
            yield measure, counted, inside.n


def called(name: str, module: int) -> str:
    """What `ShownOf.table` calls it."""
    return f"effect:{name}:{module}"


def bins_of(facts: Mapping[str, Any], name: str = "vakken") -> Iterator[tuple[tuple[int, ...], int]]:
    return ((tuple(values), people) for values, people in facts.get(name, ()))
