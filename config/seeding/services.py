"""Seeds an organisation. All of it is there or nothing is: one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import batched
from random import Random

from django.db import transaction
from django.utils import timezone

from config.seeding import bulk, names, past, people, talks, told
from config.seeding.held import Seat
from config.seeding.lives import Life, Practice, lived
from config.seeding.lives import Module as Published
from config.seeding.people import Somebody
from config.seeding.rows import Writer
from config.seeding.teams import Plan, divided
from learning.competences.services import frameworks, hr, showing
from learning.people import groups
from learning.people import queries as people_queries
from learning.people import services as people_services
from learning.people.models import Organisation, Person, Role, Team
from learning.practice.services import seconding
from learning.tracks import queries as track_queries
from learning.tracks import services as tracks
from learning.tracks.models import Module, ModuleEdition, Track

Tell = Callable[[str], None]

SLUG, NAME = "proefland", "Provincie Proefland (verzonnen)"
LIVES = 600
AT_ONCE = 2_000
GROUP = 20
GROUPS_OF_A_TRAINER = 12
# Of the people who learn, how many do so in a group with a trainer: the rest goes through the modules alone.
_IN_A_GROUP = 0.4
# Of who did a module, how many also held its talk; and how many rounds were read twice (`practice.services.seconding`).
_HELD_A_TALK, _READ_TWICE = 0.1, 1 / seconding.ONE_IN
# Of ten departments: for how many the leerlijn is a formal demand of the job.
_REQUIRED = 3


class NothingPublished(Exception):
    """There is no module to learn from."""


class NotEmpty(Exception):
    """There are people in that organisation already."""


def seed(learners: int, *, slug: str = SLUG, number: int = 1, add: bool = False, tell: Tell = print) -> Organisation:
    """So many people who learn, and who trains, advises and oversees them. `number`: the same gives the same people on
    the same day. `add`: also where there are people already. Raises NothingPublished, NotEmpty."""
    with transaction.atomic():
        bulk.check_at_once()
        modules = published()
        if not modules:
            raise NothingPublished
        organisation = people_queries.organisation(slug) or people_services.create_organisation(slug=slug, name=NAME)
        there = Person.objects.filter(organisation=organisation).count()
        if there and not add:
            raise NotEmpty
        _Seeding(organisation, modules, Random(f"{slug} {number} {there}"), tell).seed(learners)  # noqa: S311 no secret
    bulk.know_its_size()
    tell("what may be shown of them now")
    showing.show(organisation)
    return organisation


def published() -> list[Published]:
    """The newest editions, in the order of their numbers."""
    newest: dict[int, Published] = {}
    rows = ModuleEdition.objects.order_by("module__number", "pk")
    for each in rows.values_list("module", "pk", "required", "content_hash"):
        newest[each[0]] = Published(*each[:3], track_queries.edition(each[1], each[3]))
    return list(newest.values())


class _Seeding:
    def __init__(self, organisation: Organisation, modules: Sequence[Published], random: Random, tell: Tell) -> None:
        self._organisation, self._modules, self._random, self._tell = organisation, modules, random, tell

    def seed(self, learners: int) -> None:
        lives = self._lives(min(LIVES, 20 + learners))
        there = Team.objects.filter(organisation=self._organisation, parent=None).count()
        plans = divided(learners, self._random, after=there)
        self._tell(f"{len(plans):,} teams")
        teams = _keep_teams(self._organisation, plans)
        departments = people.began_ago(plans, self._random)
        trainers = self._staff(learners)
        track = self._track(plans, teams, departments)
        everybody = people.everybody(list(bulk.numbers(Person, learners)), plans, departments, lives, self._random)
        self._write(everybody, teams, trainers, track)
        self._tell("what was shown of them in earlier half-years")
        if not there:
            past.write(self._organisation, track, everybody, modules=len(self._modules))

    def _lives(self, many: int) -> list[Life]:
        self._tell(f"{many} lives")
        practice = Practice(talks.cases(), _HELD_A_TALK, _READ_TWICE)
        lives = [lived(self._modules, self._random, practice) for _ in range(many)]
        told.tell(lives, self._organisation)
        return lives

    def _staff(self, learners: int) -> list[Person]:
        """The trainers. Beside them two of HR, one of the works council and one of beheer; they all sit together, in
        no team that is counted."""
        many = max(1, round(learners * _IN_A_GROUP / GROUP / GROUPS_OF_A_TRAINER))
        for role, count in ((Role.HR, 2), (Role.OR, 1), (Role.BEHEER, 1)):
            for place in range(count):
                self._colleague(role, place)
        return [self._colleague(Role.TRAINER, place) for place in range(many)]

    def _colleague(self, role: Role, place: int) -> Person:
        """Or the one of that name who is there."""
        username = f"{self._organisation.slug}-{role}-{place + 1}"
        found = people_queries.person_by_username(username)
        person = found or people_services.create_person(
            self._organisation, username=username, name=names.person(self._random)
        )
        people_services.set_roles_from(person, organisation=self._organisation, source="local", roles={role})
        return person

    def _track(self, plans: Sequence[Plan], teams: Sequence[Team], departments: dict[int, int]) -> Track:
        """The leerlijn, which each department follows from a day of its own on; and what HR needs to see anything."""
        today, organisation = timezone.localdate(), self._organisation
        modules = list(Module.objects.filter(pk__in=[each.number for each in self._modules]).order_by("number"))
        track = tracks.set_track(
            organisation,
            slug="dialogisch-werken",
            title="Dialogisch werken",
            modules=modules,
        )
        for turn, (place, ago) in enumerate(departments.items()):
            begins, required = today - timedelta(days=ago), turn % 10 < _REQUIRED
            hr.assign(
                organisation.pk, track=track, team=teams[place], starts_on=begins, ends_on=None, required=required,
                announced_on=begins - timedelta(days=14) if required else None,
            )  # fmt: skip
        frameworks.begin()
        by = people_queries.person_by_username(f"{organisation.slug}-{Role.BEHEER}-1")
        assert by
        hr.record_basis(by, legal_basis="Verzonnen, om mee te meten.", dpia_on=today, agreement_on=today)
        return track

    def _write(
        self, everybody: Sequence[Somebody], teams: Sequence[Team], trainers: Sequence[Person], track: Track
    ) -> None:
        writer = Writer(
            self._organisation, track, modules=self._modules, teams=[team.pk for team in teams],
            trainers=[trainer.pk for trainer in trainers], random=self._random,
        )  # fmt: skip
        learning = self._seats(everybody, trainers)
        done = 0
        for some in batched(everybody, AT_ONCE):
            writer.write(some, learning)
            done += len(some)
            self._tell(f"{done:,} of {len(everybody):,} people")
        self._tell(", ".join(f"{count:,} {name}" for name, count in writer.written.items()))

    def _seats(self, everybody: Sequence[Somebody], trainers: Sequence[Person]) -> dict[int, Seat]:
        """Of whoever held a talk, and of others until there are enough. People of teams beside each other learn
        together."""
        found = {}
        first = round(len(everybody) * _IN_A_GROUP)
        learning = [who for place, who in enumerate(everybody) if place < first or (who.life and who.life.talks)]
        for number, some in enumerate(batched(learning, GROUP)):
            trainer = trainers[number // GROUPS_OF_A_TRAINER % len(trainers)]
            group = groups.make_group(trainer, name=f"Leergroep {number + 1}", ends_on=None)
            found.update({who.number: Seat(group.pk, trainer.pk) for who in some})
        return found


def _keep_teams(organisation: Organisation, plans: Sequence[Plan]) -> list[Team]:
    """In the order of the plans: those at the top first, then those in them."""
    made: dict[int, Team] = {}
    depth = 0
    while level := [place for place, plan in enumerate(plans) if _depth(plans, plan) == depth]:
        rows = [
            Team(organisation=organisation, name=plans[place].name, parent=_above(made, plans[place]))
            for place in level
        ]
        made.update(zip(level, Team.objects.bulk_create(rows, batch_size=500), strict=True))
        depth += 1
    return [made[place] for place in range(len(plans))]


def _above(made: dict[int, Team], plan: Plan) -> Team | None:
    return None if plan.parent is None else made[plan.parent]


def _depth(plans: Sequence[Plan], plan: Plan) -> int:
    return 0 if plan.parent is None else 1 + _depth(plans, plans[plan.parent])
