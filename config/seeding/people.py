"""Who lives which life, in which team, from when on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.utils import timezone

from config.seeding import bulk, names
from config.seeding.lives import Life
from config.seeding.teams import Plan

LONGEST = 720
"""Days ago that the first department began with the leerlijn."""
_SHORTEST = 120
# Of a hundred people.
_NOT_BEGUN, _IN_NONE, _IN_TWO = 12, 1, 1


@dataclass(frozen=True, slots=True)
class Somebody:
    """`number`: their primary key. `team`: the place in the list of teams of the one they are in, None where in none;
    `also`: another, which they joined later. `life` is None while they didn't begin. `began`: days ago."""

    number: int
    name: str
    team: int | None
    also: int | None
    life: Life | None
    began: int

    @property
    def counts_in(self) -> int | None:
        """As `learning.competences.services.tables.team_of` says."""
        return self.also if self.team is None else self.team


class Calendar:
    """The days of people, as a database reads them: each counts from when they began. `longest`: how many days ago the
    first of them is."""

    def __init__(self, longest: int) -> None:
        today, self._utc = timezone.localdate(), bulk.utc()
        self._days = [bulk.day(today - timedelta(days=ago)) for ago in range(longest + 1)]

    def ago(self, days: int) -> str:
        return self._days[days]

    def day(self, who: Somebody, day: int) -> str:
        return self._days[who.began - day]

    def moment(self, who: Somebody, day: int, clock: str) -> str:
        """`clock`: "09:41:00", UTC."""
        return f"{self._days[who.began - day]} {clock}{self._utc}"


def began_ago(plans: Sequence[Plan], random: Random) -> dict[int, int]:
    """{department: days ago that it began with the leerlijn}; the first before all others."""
    found = {place: random.randint(_SHORTEST, LONGEST) for place, plan in enumerate(plans) if plan.parent is None}
    return {**found, 0: LONGEST}


def everybody(
    numbers: Sequence[int], plans: Sequence[Plan], departments: dict[int, int], lives: Sequence[Life], random: Random
) -> list[Somebody]:
    """In the order of teams. Who began shortly ago has a life that is short as yet."""
    by_span = sorted(lives, key=lambda life: life.span)
    spans = [life.span for life in by_span]
    places = [place for place, plan in enumerate(plans) for _ in range(plan.size)]
    found = []
    for number, place in zip(numbers, places, strict=True):
        began = random.randint(1, departments[plans[place].department])
        short = by_span[: bisect_right(spans, began - 1)]
        begins = short and random.randrange(100) >= _NOT_BEGUN
        chance = random.randrange(100)
        found.append(
            Somebody(
                number,
                names.person(random),
                None if chance < _IN_NONE else place,
                random.choice(places) if chance >= 100 - _IN_TWO else None,
                random.choice(short) if begins else None,
                began,
            )
        )
    return found
