"""The rest of the ministry: who learn and have no door, so many that HR finds levels of teams, a half-year beside
another, and what came of the modules.

They lived through the modules as the people of `config.seeding` do: with evidence, from which anybody's levels are
worked out again. Five trainers judged the talks they held, and read each other's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import batched
from random import Random
from typing import TYPE_CHECKING

from django.utils import timezone

from config.demo.people import CROWD, MODULES, TEAMS, TRAINERS
from config.seeding import bulk, past, people, services, talks, told
from config.seeding.held import Seat
from config.seeding.lives import Practice, lived
from config.seeding.rows import Writer
from config.seeding.teams import Plan
from learning.competences.models import ShownFigure
from learning.people import groups
from learning.people import queries as people_queries
from learning.people import services as people_services
from learning.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from config.seeding.people import Somebody
    from learning.people.models import Organisation, Team
    from learning.tracks.models import Track

LIVES = 64
"""More people than that live the same as somebody else, on other days."""
HELD_A_TALK, READ_TWICE = 0.75, 0.6
"""More than elsewhere, for of few people little may be told."""
BEGAN_AGO = 500
"""Days ago that the ministry began with the leerlijn, at least two half-years before this one."""


def since() -> date:
    return timezone.localdate() - timedelta(days=BEGAN_AGO)


def live(organisation: Organisation, teams: Mapping[str, Team], track: Track, trainer: Person) -> None:
    """Once, before anything is shown, and where the house's modules are published: others may hold too little to live
    through. Inside a transaction; comes after all else that is written, and after the teams were given the leerlijn."""
    modules = services.published()
    if len(modules) < len(MODULES) or _is_lived_in(organisation):
        return
    bulk.check_at_once()
    random = Random(organisation.slug)  # noqa: S311 no secret
    plans, others = _plans(), _trainers(organisation)
    numbers = list(bulk.numbers(Person, sum(plan.size for plan in plans)))
    practice = Practice(talks.cases(), HELD_A_TALK, READ_TWICE)
    lives = [lived(modules, random, practice) for _ in range(LIVES)]
    told.tell(lives, organisation)
    departments = {place: BEGAN_AGO for place, plan in enumerate(plans) if plan.parent is None}
    everybody = people.everybody(numbers, plans, departments, lives, random)
    Writer(
        organisation, track, modules=modules, teams=[teams[plan.name].pk for plan in plans],
        trainers=[trainer.pk, *(each.pk for each in others)], random=random,
    ).write(everybody, _seats(everybody, others))  # fmt: skip
    past.write(organisation, track, everybody, modules=len(modules))


def _trainers(organisation: Organisation) -> list[Person]:
    """In no team, so they count nowhere. They trained until lately and hold the role no more: nobody waits in the demo
    for somebody without a door."""
    return [
        people_queries.person_by_username(username)
        or people_services.create_person(
            organisation, username=username, name=name, email=f"{username}@land-en-water.example"
        )
        for username, (name, _group) in TRAINERS.items()
    ]


def _seats(everybody: Sequence[Somebody], trainers: Sequence[Person]) -> dict[int, Seat]:
    """Everybody learns in a group of one of them."""
    found = {}
    some = batched(everybody, -(-len(everybody) // len(trainers)))
    for trainer, (_name, name), learners in zip(trainers, TRAINERS.values(), some, strict=True):
        group = groups.make_group(trainer, name=name, ends_on=None)
        found.update({who.number: Seat(group.pk, trainer.pk) for who in learners})
    return found


def _is_lived_in(organisation: Organisation) -> bool:
    """Also by people whom the demo's LMS sent in, or in a demo of before there was a crowd."""
    people = Person.objects.filter(organisation=organisation, username=None)
    return people.exists() or ShownFigure.objects.filter(organisation=organisation).exists()


def _plans() -> list[Plan]:
    """The teams of the demo, in their order."""
    places = {name: place for place, (name, _parent) in enumerate(TEAMS)}
    return [
        Plan(name, places.get(parent), CROWD.get(name, 0), places.get(parent, place))
        for place, (name, parent) in enumerate(TEAMS)
    ]
