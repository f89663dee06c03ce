"""Whether trainers see the same: of rounds that were drawn and read twice (curriculum 3.g). For trainers alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone

from learning.people.models import Person
from learning.practice.agreement import FEWEST_ROUNDS, kappa
from learning.practice.models import Assessment, Part, Stage


class Since(StrEnum):
    QUARTER = "kwartaal"
    YEAR = "jaar"
    ALWAYS = "altijd"


_LONG = {Since.QUARTER: timedelta(days=91), Since.YEAR: timedelta(days=365)}


@dataclass(frozen=True)
class Agreement:
    """Of one case. `rounds` were read twice, `pairs` are their criteria. `kappa` is None where it can't be worked out.
    `people`: who read them, by name; without numbers, and nobody who has nothing to compare."""

    title: str
    rounds: int
    pairs: int
    kappa: float | None
    people: Sequence[Person]

    @property
    def is_little(self) -> bool:
        return self.rounds < FEWEST_ROUNDS


def agreements(trainer: Person, since: Since) -> list[Agreement]:
    """In their organisation, by title; cases of which nothing was read twice aren't there. Two queries."""
    seconds = _given(trainer, Part.SECOND)
    if since in _LONG:
        seconds = seconds.filter(given_at__gt=timezone.now() - _LONG[since])
    second_of = {each.round_id: each for each in seconds.order_by("given_at", "pk")}
    firsts = _given(trainer, Part.TRAINER).filter(round__in=second_of)
    first_of = {each.round_id: each for each in firsts.order_by("given_at", "pk")}
    together = defaultdict[tuple[str, int], list[tuple[Assessment, Assessment]]](list)
    for kept, first in first_of.items():
        case = first.work.assignment.version.case
        together[case.title, case.pk].append((first, second_of[kept]))
    return [_agreement(title, pairs) for (title, _), pairs in sorted(together.items(), key=lambda each: each[0])]


def _given(trainer: Person, part: Part) -> QuerySet[Assessment]:
    found = Assessment.objects.filter(
        part=part, stage=Stage.GIVEN, work__group__organisation=trainer.organisation_id
    ).select_related("person", "work__assignment__version__case")
    return found.defer(
        "sealed", "work__sealed_draft", "work__assignment__version__document", "work__assignment__version__case__draft"
    )


def _agreement(title: str, read: Sequence[tuple[Assessment, Assessment]]) -> Agreement:
    pairs = [
        (first.levels[criterion], second.levels[criterion])
        for first, second in read
        for criterion in first.levels.keys() & second.levels.keys()
    ]
    people = {each.person.pk: each.person for both in read for each in both if each.person}
    by_name = sorted(people.values(), key=lambda person: (person.name.lower(), person.pk))
    return Agreement(title, len(read), len(pairs), kappa(pairs), by_name)
