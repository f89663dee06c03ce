"""Whoever knows the teams, how large they are and what they follow, and keeps all that HR can reach, finds nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from learning.competences.models import Reached, ShownFigure, TrackForTeam
from learning.competences.queries.hr import figures
from learning.competences.services import showing, tables
from learning.competences.services.tables import progress_in
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.tracks.models import Enrolment, ModuleEdition, Track
from learning.tracks.services import set_track
from tests.factories import OrganisationFactory, PersonFactory, published
from tests.learning.competences.test_figures import follow
from tests.learning.competences.test_privacy import (
    BEGUN,
    REACHED,
    SHOWED,
    STATES,
    Equation,
    pinned,
    rows_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_competences")]

DAY = date(2026, 9, 1)


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


class House:
    """Two leerlijnen with the same module, and teams that follow one of them, both, or none. `people`: {team: how many
    are in each state}, as in `test_privacy`."""

    def __init__(self, edition: ModuleEdition, people: Mapping[int, tuple[int, ...]], follows: Mapping[int, set[int]]):
        self.edition, self.module = edition, edition.module
        self.organisation: Organisation = OrganisationFactory.create()
        self.tracks: list[Track] = [
            set_track(self.organisation, slug=f"leerlijn-{n}", title=f"Leerlijn {n}", modules=[edition.module])
            for n in (1, 2)
        ]
        above = Team.objects.create(organisation=self.organisation, name="Directie")
        self.teams: list[Team] = []
        for number, states in people.items():
            parent = above if number % 2 else None
            team = Team.objects.create(organisation=self.organisation, name=f"Team {number}", parent=parent)
            self.teams.append(team)
            self.some(team, [state for state, n in enumerate(states) for _each in range(n)])
            for each in follows[number]:
                follow(self.tracks[each], team)

    def some(self, team: Team, states: Sequence[int]) -> list[Person]:
        now = timezone.now()
        people = Person.objects.bulk_create(PersonFactory.build_batch(len(states), organisation=self.organisation))
        TeamMembership.objects.bulk_create(TeamMembership(team=team, person=each) for each in people)
        in_state = list(zip(people, states, strict=True))
        Enrolment.objects.bulk_create(
            Enrolment(person=each, module=self.module, edition=self.edition, started_at=now)
            for each, state in in_state
            if state >= BEGUN
        )
        Reached.objects.bulk_create(self.reached(each, state) for each, state in in_state if state >= SHOWED)
        return people

    def reached(self, person: Person, state: int) -> Reached:
        return Reached(
            person=person, competence="C1", level=int(state >= REACHED), learning_levels="i", rule_version=1,
            worked_out_at=timezone.now(),
        )  # fmt: skip

    def move(self, person: Person, state: int) -> None:
        if state >= BEGUN:
            Enrolment.objects.get_or_create(
                person=person, module=self.module, defaults={"edition": self.edition, "started_at": timezone.now()}
            )
        if state >= SHOWED:
            Reached.objects.bulk_create(
                [self.reached(person, state)], update_conflicts=True, unique_fields=["person", "competence"],
                update_fields=["level", "worked_out_at"],
            )  # fmt: skip

    def known(self) -> list[Equation]:
        """All that is shown now, as an attacker writes it down: so many of these teams are in this state or further."""
        found = tables.population(self.organisation, on=DAY)
        members = {row.key: set(row.members) for row in rows_of(found.rows)}
        filled = {team.pk for team in self.teams if team.memberships.exists()}
        equations = []
        for figure in ShownFigure.objects.filter(organisation=self.organisation, competence__in=["", "C1"]):
            there = members[figure.row] & filled
            teams = frozenset(team for team in there if self.counts_in(figure.kind, found.follows[team]))
            first = figure.bins[0][0]
            if len(figure.bins) > 1 and len(first) == 1:
                equations.append((teams, self.side(figure.kind), figure.n - figure.bins[0][1]))
        return equations

    def side(self, kind: str) -> int:
        """The state from which on people are in no first bin, where that holds one value."""
        return {tables.LEVEL: REACHED, tables.BREADTH: SHOWED}.get(kind, BEGUN)

    def counts_in(self, kind: str, follows: frozenset[int]) -> bool:
        for track in self.tracks:
            if kind == progress_in(track.pk):
                return track.pk in follows
        return bool(follows)


houses = st.dictionaries(
    st.integers(1, 4),
    st.tuples(st.tuples(*[st.sampled_from([0, 1, 2, 3, 6])] * STATES), st.sets(st.integers(0, 1))),
    min_size=2, max_size=4,
)  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(made=houses)
def test_all_tables_of_two_leerlijnen_together_pin_down_fewer_than_five_of_no_team(
    edition: ModuleEdition, made: dict[int, tuple[tuple[int, ...], set[int]]]
) -> None:
    with transaction.atomic():
        house = House(
            edition, {key: states for key, (states, _f) in made.items()}, {key: f for key, (_s, f) in made.items()}
        )
        showing.show(house.organisation, on=DAY)
        known = house.known()
        sizes = {team.pk: team.memberships.count() for team in house.teams}
        wanted = {key: n for key, n in sizes.items() if any(key in teams for teams, _state, _n in known)}
        groups = {frozenset({key}) for key in wanted} | {teams for teams, _state, _n in known}
        assert not pinned(wanted, known, groups, fewest=5)
        transaction.set_rollback(True)


def test_the_attacker_finds_who_is_shown_by_a_rule_that_lets_them(edition: ModuleEdition) -> None:
    """So that the tests beside this one could fail: three people of a team that alone isn't in one of two tables."""
    house = House(edition, {1: (6, 6, 6, 6), 2: (0, 3, 0, 0)}, {1: {0, 1}, 2: {1}})
    one, few = (team.pk for team in house.teams)
    shown: list[Equation] = [(frozenset({one}), BEGUN, 18), (frozenset({one, few}), BEGUN, 21)]
    assert pinned({one: 24, few: 3}, shown, [frozenset({few})], fewest=5)


def test_what_is_added_up_for_a_leerlijn_is_a_sum_of_what_is_shown(edition: ModuleEdition) -> None:
    house = House(edition, {1: (6, 6, 6, 6), 2: (6, 6, 6, 6), 3: (1, 1, 1, 0)}, {1: {0, 1}, 2: {1}, 3: {0, 1}})
    showing.show(house.organisation)
    shape = figures.shape(house.organisation.pk, "niveau", "C1")
    (period,) = shape.periods
    teams = frozenset(TrackForTeam.objects.filter(track=house.tracks[1]).values_list("team", flat=True))
    within = shape.within({period: teams})
    read = figures.read_added(house.organisation.pk, "niveau", shape=within, period=period, competence="C1")
    rows = {row.row: row for row in ShownFigure.objects.filter(kind="niveau", competence="C1")}
    assert read.now["C1"].n == sum(rows[row].n for row in within.tops(period))
    for part in read.now["C1"].parts:
        inside = [n for row in within.tops(period) for values, n in rows[row].bins if set(values) <= set(part.values)]
        assert part.n == sum(inside)
        assert all(n >= 5 for n in inside)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_in_two_half_years_no_two_moments_differ_by_a_few(edition: ModuleEdition, seed: int) -> None:
    """People begin, move between teams and leave; a leerlijn is given to a team and taken away; all that was shown
    of a row is kept and taken off what is shown of it next."""
    chance = Random(seed)
    house = House(
        edition, {1: (9, 4, 3, 4), 2: (7, 5, 3, 5), 3: (6, 6, 0, 6), 4: (2, 1, 0, 1)},
        {1: {0}, 2: {0, 1}, 3: {0}, 4: {0}},
    )  # fmt: skip
    people = list(Person.objects.filter(organisation=house.organisation))
    seen: dict[tuple[str, str, int], dict[str, int]] = {}
    for step in range(12):
        day = date(2026, 5, 1) + timedelta(days=14 * step)
        for person in chance.sample(people, 6):
            house.move(person, chance.randrange(STATES))
        for person in chance.sample(people, 2):
            person.team_memberships.update(team=chance.choice(house.teams))
        Person.objects.filter(pk=chance.choice(people).pk).update(is_active=step % 3 == 0)
        if step % 2:
            follow(house.tracks[1], house.teams[0])
        else:
            TrackForTeam.objects.filter(track=house.tracks[1], team=house.teams[0]).delete()
        showing.show(house.organisation, on=day)
        for figure in ShownFigure.objects.filter(
            organisation=house.organisation, period=showing.period_of(day), competence__in=["", "C1"]
        ):
            now = {str(values): n for values, n in figure.bins}
            before = seen.get((figure.kind, figure.competence, figure.row), now)
            if now.keys() == before.keys():
                moved = sum(abs(now[each] - before[each]) for each in now)
                assert moved == 0 or moved >= 10
            seen[figure.kind, figure.competence, figure.row] = now
    assert len({key[0] for key in seen}) > 3


def test_a_person_in_two_teams_that_follow_different_leerlijnen_counts_in_one(edition: ModuleEdition) -> None:
    house = House(edition, {1: (6, 6, 6, 6), 2: (6, 6, 6, 6)}, {1: {0}, 2: {1}})
    (both,) = house.some(house.teams[0], [REACHED])
    TeamMembership.objects.create(team=house.teams[1], person=both)
    found = {table.name: table for table in tables.of(tables.population(house.organisation))}
    assert both.pk in found[progress_in(house.tracks[0].pk)].people
    assert both.pk not in found[progress_in(house.tracks[1].pk)].people
