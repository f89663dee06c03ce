"""How an organisation is divided: departments of about a thousand, units in them, and teams of two to sixty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from config.seeding import names

DEPARTMENT = 1_000
UNIT = 125
# What share of a department is in no team of it, but in the department itself.
AT_THE_TOP = 0.02


@dataclass(frozen=True)
class Plan:
    """A team. `parent`: its place in the list, None at the top. `size`: people in the team itself. `department`: the
    place of the one it is in, or is."""

    name: str
    parent: int | None
    size: int
    department: int


def divided(people: int, random: Random, *, after: int = 0) -> list[Plan]:
    """Parents first; all people are in one of them. `after`: how many departments there are already."""
    plans: list[Plan] = []
    for number, size in enumerate(_parts(people, DEPARTMENT, random)):
        top = len(plans)
        own = round(size * AT_THE_TOP)
        plans.append(Plan(names.department(after + number), None, own, top))
        for place, unit in enumerate(_parts(size - own, UNIT, random)):
            above = len(plans)
            plans.append(Plan(names.unit(place), top, 0, top))
            plans.extend(Plan(names.team(at), above, inside, top) for at, inside in enumerate(_teams(unit, random)))
    return plans


def _parts(people: int, about: int, random: Random) -> Iterator[int]:
    """Sizes around `about` that come to `people`; the last takes what is left."""
    left = people
    while left > about * 1.5:
        size = round(about * random.uniform(0.7, 1.3))
        yield size
        left -= size
    if left:
        yield left


def _teams(people: int, random: Random) -> Iterator[int]:
    """Most are of ten to thirty, some are tiny."""
    left = people
    while left:
        size = min(left, random.choice((2, 3, 4, 7, 11, 14, 16, 18, 20, 22, 25, 30, 38, 60)))
        yield size
        left -= size
