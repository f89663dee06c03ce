"""What people did and said in a module, for its measures: {person: a short text}, who came first in front. A fixed
number of queries, read as they come, whatever the number of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from django.utils import timezone

from learning.competences.effect import measures
from learning.competences.rules import Source
from learning.people.models import Organisation
from learning.practice.models import Assessment, Part, Round, Stage
from learning.runtime.models import Attempt
from learning.runtime.queries import exit_cards, looked_back
from learning.tracks.content import Kind
from learning.tracks.models import Enrolment, Module, ModuleEdition
from learning.tracks.queries import edition
from learning.tracks.returning import TERMS
from modules import coverage
from modules.blocks.lookback.rules import OTHERWISE

_AT_ONCE = 5_000

People = dict[int, str]


def of(organisation: Organisation, module: Module) -> dict[str, People]:
    """{measure: who said what}. Five queries, and one for each edition that isn't remembered."""
    return {
        **_followed(organisation, module),
        **_scored(organisation, module),
        **_practised(organisation, module),
    }


def said(organisation_id: int) -> dict[str, dict[str, People]]:
    """{module: {measure: who said what}} of what people said of a module and of what came of it. Four queries."""
    found: dict[str, dict[str, People]] = defaultdict(lambda: defaultdict(dict))
    cards = sorted(exit_cards(organisation_id), key=lambda card: card[3])
    for person, module, answers, _day in cards:
        for question, answer in answers.items():
            if answer is not None:
                found[module][question][person] = str(answer)
    for person, module, talk, worths, _day in sorted(looked_back(organisation_id), key=lambda each: each[4]):
        found[module][measures.DIFFERENT][person] = "ja" if talk[OTHERWISE] else "nee"
        if any(worths.values()):
            found[module][measures.STATEMENTS][person] = "".join(str(worth or 0) for worth in worths.values())
    return found


def _followed(organisation: Organisation, module: Module) -> dict[str, People]:
    """Who finished is in no order of time: else how many finished three months ago would tell how many had then."""
    before = timezone.now() - TERMS[Kind.LOOK_BACK].opens_after
    rows = Enrolment.objects.filter(module=module, person__organisation=organisation).order_by("started_at", "pk")
    begun, finished = [], []
    for person, completed_at, finished_at in _each(rows.values_list("person", "completed_at", "finished_at")):
        begun.append(person)
        if completed_at:
            finished.append((person, finished_at is not None and finished_at <= before))
    finished.sort()
    return {
        measures.BEGUN: dict.fromkeys(begun, "1"),
        measures.FINISHED: dict.fromkeys((person for person, _long_ago in finished), "1"),
        measures.LATER: dict.fromkeys((person for person, long_ago in finished if long_ago), "1"),
    }


def _each[T](rows: Iterable[T]) -> Iterator[T]:
    return rows.iterator(chunk_size=_AT_ONCE)  # type: ignore[attr-defined, no-any-return]


Place = tuple[Kind, Source]


def _places(module: Module) -> dict[str, Place]:
    """{usage: where it stands and what its score is of}, of all editions, for people stay on theirs."""
    found: dict[str, Place] = {}
    for row in ModuleEdition.objects.filter(module=module).order_by("pk").values_list("pk", "content_hash"):
        for unit, activity in edition(*row).activities():
            counted = coverage.source_of_type(activity.type, activity.fields["authored"])
            if not unit.is_unit and counted:
                found[activity.usage] = (unit.kind, Source(counted.value))
    return found


def _scored(organisation: Organisation, module: Module) -> dict[str, People]:
    """By first attempts, at a Startpunt, an Eindpunt and a Herhaalmoment: later ones were practised."""
    places = _places(module)
    scores: dict[Place, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    rows = Attempt.objects.filter(
        person__organisation=organisation, usage__in=places, number=1, score__isnull=False
    ).order_by("created_at", "pk")
    for person, usage, score in _each(rows.values_list("person", "usage", "score")):
        scores[places[usage]][person].append(score or 0.0)
    start, end, again = (scores[kind, Source.DECISION] for kind in (Kind.START, Kind.END, Kind.RETURN))
    known = scores[Kind.END, Source.KNOWLEDGE]
    return {
        measures.KNOWLEDGE: {person: str(_percent(own)) for person, own in known.items()},
        measures.DECISION: _beside(start, end),
        measures.KEPT: _beside(start, again),
    }


def _beside(before: Mapping[int, Sequence[float]], after: Mapping[int, Sequence[float]]) -> People:
    return {person: f"{_percent(before[person])};{_percent(own)}" for person, own in after.items() if person in before}


def _percent(scores: Iterable[float]) -> int:
    return round(100 * fmean(scores))


def _practised(organisation: Organisation, module: Module) -> dict[str, People]:
    """Who handed in a talk; and of the first work that was read more than once by a trainer, the mean level of its
    first round and of its last, in percent of the highest."""
    usage = {"assignment__version__case__usage__startswith": f"{module.slug}/", "person__organisation": organisation}
    rounds = Round.objects.filter(number=1, **{f"work__{name}": value for name, value in usage.items()})
    handed_in = dict.fromkeys(_each(rounds.order_by("handed_in_at", "pk").values_list("work__person", flat=True)), "1")
    read = Assessment.objects.filter(
        part=Part.TRAINER, stage=Stage.GIVEN, **{f"work__{name}": value for name, value in usage.items()}
    ).order_by("given_at", "pk")
    levels: dict[tuple[int, int], dict[int, dict[str, int]]] = defaultdict(dict)
    for person, work, number, given in _each(read.values_list("work__person", "work", "round__number", "levels")):
        if given:
            levels[person, work][number] = given
    compared: People = {}
    for (person, _work), by_round in levels.items():
        if len(by_round) > 1 and person not in compared:
            first, last = (
                _percent(level / 4 for level in by_round[at].values()) for at in (min(by_round), max(by_round))
            )
            compared[person] = f"{first};{last}"
    return {measures.HANDED_IN: handed_in, measures.ROUNDS: compared}


@dataclass(frozen=True)
class ReadTwice:
    """Whose rounds were read twice, by how many trainers; `pairs`: {person: [(level of the first, of the second)]}, one
    for each criterion; `rounds`: how many."""

    pairs: dict[int, list[tuple[int, int]]]
    rounds: int
    readers: int


def read_twice(organisation: Organisation) -> ReadTwice:
    """Of the whole organisation. One query."""
    twice = Assessment.objects.filter(part=Part.SECOND, stage=Stage.GIVEN, work__person__organisation=organisation)
    rows = Assessment.objects.filter(
        part__in=(Part.TRAINER, Part.SECOND), stage=Stage.GIVEN, round__in=twice.values("round")
    ).order_by("given_at", "pk")
    read: dict[tuple[int, int], dict[str, tuple[int | None, dict[str, int]]]] = defaultdict(dict)
    for person, kept, part, reader, levels in _each(
        rows.values_list("work__person", "round", "part", "person", "levels")
    ):
        read[person, kept][part] = (reader, levels)
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    readers: set[int | None] = set()
    both = {place: parts for place, parts in read.items() if len(parts) == 2}
    for (person, _kept), parts in both.items():
        (first_reader, first), (second_reader, second) = parts[Part.TRAINER], parts[Part.SECOND]
        readers |= {first_reader, second_reader}
        pairs[person] += [(first[criterion], second[criterion]) for criterion in sorted(first.keys() & second.keys())]
    return ReadTwice(dict(pairs), len(both), len(readers - {None}))
