"""Whoever keeps all that HR can reach of leerlijnen, of where people stand still and of effect, and solves it, never
knows of a few people that they began, are busy with, stand still in or finished one module or another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from itertools import combinations_with_replacement, product
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from learning.competences.effect import measures
from learning.competences.effect.measures import BEGUN, FINISHED, FOLLOWS, MEASURES, called
from learning.competences.effect.whom import Seen
from learning.competences.models import ShownFigure, ShownMeasure, ShownOf, TrackForTeam
from learning.competences.services import effect, showing, tables
from learning.competences.services.tables import NOT_BEGUN, NOT_STUCK, TOP, progress_in, stuck_in
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.tracks.models import Enrolment, ModuleEdition
from learning.tracks.services import set_track
from tests.factories import OrganisationFactory, PersonFactory, published
from tests.learning.competences.test_figures import follow
from tests.learning.competences.test_privacy import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_competences")]

K = 5
NOT, BUSY, STUCK, DONE = range(4)
"""Where somebody is in a module."""
Cell = tuple[int, tuple[int, ...]]
"""(team, where somebody is in each module)"""
Move = tuple[Cell, Cell]
"""Somebody who would be in the second instead of the first."""
Difference = Mapping[Cell, int]
"""How many more or fewer would be in a cell."""
TOLD = (BEGUN, FINISHED)


@pytest.fixture
def editions(tmp_path: Path) -> list[ModuleEdition]:
    return [published(tmp_path / f"module-{n}", units=1, quizzes=1, key=f"module-{n}") for n in range(2)]


class House:
    """`holding`: the modules of each leerlijn; `follows`: the leerlijnen of each team; `people`: how many in a cell."""

    def __init__(
        self, editions: Sequence[ModuleEdition], holding: Sequence[Sequence[int]], follows: Sequence[Sequence[int]],
        people: Mapping[Cell, int],
    ):  # fmt: skip
        self.organisation: Organisation = OrganisationFactory.create()
        self.editions, self.holding = editions, holding
        self.follows, self.people = follows, Counter(people)
        modules = [[editions[each].module for each in some] for some in holding]
        self.tracks = [
            set_track(self.organisation, slug=f"leerlijn-{n}", title=f"Leerlijn {n}", modules=some)
            for n, some in enumerate(modules)
        ]
        self.teams = [
            Team.objects.create(organisation=self.organisation, name=f"Team {number}") for number in range(len(follows))
        ]
        for team, some in zip(self.teams, follows, strict=True):
            for each in some:
                follow(self.tracks[each], team)
        for (number, places), n in people.items():
            self.some(self.teams[number], places, n)

    def some(self, team: Team, places: Sequence[int], n: int) -> None:
        """Who is done began first."""
        people = Person.objects.bulk_create(PersonFactory.build_batch(n, organisation=self.organisation))
        TeamMembership.objects.bulk_create(TeamMembership(team=team, person=each) for each in people)
        now = timezone.now()
        for edition, place in zip(self.editions, places, strict=True):
            done = now - timedelta(days=1) if place == DONE else None
            Enrolment.objects.bulk_create(
                Enrolment(person=each, module=edition.module, edition=edition, completed_at=done, finished_at=done)
                for each in people
                if place != NOT
            )
            began = now - timedelta(days={DONE: 30, STUCK: 20}.get(place, 2))
            Enrolment.objects.filter(person__in=people, module=edition.module).update(started_at=began)

    def show(self) -> None:
        showing.show(self.organisation)
        effect.show(self.organisation)

    @cached_property
    def cells(self) -> list[Cell]:
        return list(product(range(len(self.teams)), product(range(4), repeat=len(self.editions))))

    def near(self, team: int, module: int) -> set[int]:
        """The modules of the leerlijnen with this one that a team follows."""
        return {m for each in self.follows[team] if module in self.holding[each] for m in self.holding[each]}

    def counts(self, module: int, people: Iterable[tuple[Cell, int]]) -> tuple[int, int]:
        """How many of those who follow it began a module, and finished it."""
        there = [(places[module], n) for (team, places), n in people if self.near(team, module)]
        return sum(n for place, n in there if place != NOT), sum(n for place, n in there if place == DONE)

    def value(self, table: str, cell: Cell) -> int | None:
        """At which value they are in it; None outside it."""
        team, places = cell
        for number, (track, some) in enumerate(zip(self.tracks, self.holding, strict=True)):
            if table == progress_in(track.pk) and number in self.follows[team]:
                there = [places[module] for module in some]
                return tables._how_far(sum(each != NOT for each in there), there.count(DONE), len(there))
        for module, edition in enumerate(self.editions):
            if table == stuck_in(edition.module.pk) and (near := self.near(team, module)):
                begun = any(places[each] != NOT for each in near)
                return 1 if places[module] == STUCK else NOT_STUCK if begun else NOT_BEGUN
        return None


# --- the attacker


@dataclass(frozen=True)
class Of:
    """What is shown of a module. `follow`: how many follow it; `elsewhere`: how many other pages tell that began and
    finished anything of its leerlijnen; `told`: how many this page tells of."""

    follow: int
    elsewhere: Mapping[str, int]
    told: Sequence[int | None]

    def fits(self, begun: int, finished: int) -> bool:
        """Whether the same would be shown of so many, of whom those who finished began first."""
        said = {BEGUN: dict.fromkeys(range(begun), "1"), FINISHED: dict.fromkeys(range(finished), "1")}
        seen = {FOLLOWS: Seen(range(self.follow), self.follow)}
        found = measures.shown_anew(seen, said, told=self.elsewhere, k=K)
        shown = {measure.name: len(people) for measure, people, _of in found}
        return [shown.get(name) for name in TOLD] == self.told


def figures(house: House) -> list[tuple[frozenset[Cell], int]]:
    """So many people are in these cells."""
    found = tables.population(house.organisation)
    members = {row.key: set(row.members) for row in rows_of(found.rows)}
    known = []
    for figure in ShownFigure.objects.filter(organisation=house.organisation, competence=""):
        there = [cell for cell in house.cells if house.teams[cell[0]].pk in members[figure.row]]
        for values, n in figure.bins:
            known.append((frozenset(cell for cell in there if house.value(figure.kind, cell) in values), n))
    return known


def measured(house: House) -> dict[int, Of]:
    """{module: what is shown of its effect}"""
    period, known = showing.period_of(timezone.localdate()), {}
    for number, edition in enumerate(house.editions):
        module, here = edition.module, {"organisation": house.organisation, "period": period}
        stuck = ShownFigure.objects.filter(**here, kind=stuck_in(module.pk), row=TOP).first()
        if stuck:
            shown = dict(ShownMeasure.objects.filter(**here, module=module.slug).values_list("name", "n"))
            elsewhere = effect._told(house.organisation, period, module, stuck)
            known[number] = Of(stuck.n, elsewhere, [shown.get(name) for name in TOLD])
    return known


def others(house: House, most: int) -> Iterator[Difference]:
    """In what people could be spread otherwise, so that all that is shown would be the same: with up to three of them
    elsewhere."""
    known, effects = figures(house), measured(house)
    assert all(sum(house.people[cell] for cell in cells) == n for cells, n in known)
    counts = {module: house.counts(module, house.people.items()) for module in effects}
    moves: dict[tuple[int, ...], list[Move]] = defaultdict(list)
    for here, there in product(house.people, house.cells):
        if house.people[here] and here[0] == there[0] and here != there:
            moves[tuple((there in cells) - (here in cells) for cells, _n in known)].append((here, there))
    tried: set[frozenset[tuple[Cell, int]]] = set()
    fits: dict[tuple[int, int, int], bool] = {}
    for together in _together(moves, (0,) * len(known), most):
        by = Counter(there for _here, there in together)
        by.subtract(here for here, _there in together)
        by = Counter({cell: n for cell, n in by.items() if n})
        key = frozenset(by.items())
        if not by or key in tried or any(house.people[cell] + n < 0 for cell, n in by.items()):
            continue
        tried.add(key)
        for module, of in effects.items():
            begun, finished = (n + more for n, more in zip(counts[module], house.counts(module, key), strict=True))
            at = (module, begun, finished)
            fits[at] = fits[at] if at in fits else of.fits(begun, finished)
            if not fits[at]:
                break
        else:
            yield by


def _together(
    moves: Mapping[tuple[int, ...], Sequence[Move]], nothing: tuple[int, ...], most: int
) -> Iterator[Sequence[Move]]:
    """Moves that together change no figure: up to two, and with `most` of three of those a part."""
    yield from ((move,) for move in moves.get(nothing, ()))
    for change, some in moves.items():
        yield from product(some, moves.get(tuple(-n for n in change), ()))
    if most > 2:
        for one, other in combinations_with_replacement(moves, 2):
            third = moves.get(tuple(-a - b for a, b in zip(one, other, strict=True)), ())
            yield from product(moves[one][:40], moves[other][:40], third[:40])


def found(house: House) -> dict[Cell, int] | None:
    """Cells that are sure to hold 1 to 4 people together; None where there are none."""
    few = sure(house.people, others(house, 2))
    return few and sure(house.people, others(house, 3))


def sure(people: Mapping[Cell, int], differences: Iterable[Difference]) -> dict[Cell, int] | None:
    """Cells that hold 1 to 4 people together whatever is different; None where there are none. Cells of which one could
    be the other are either both in it or both not."""
    same: dict[Cell, Cell] = {}

    def first(cell: Cell) -> Cell:
        while cell in same:
            cell = same[cell]
        return cell

    rest = []
    for by in differences:
        if sorted(by.values()) == [-1, 1]:
            one, other = map(first, by)
            same |= {one: other} if one != other else {}
        else:
            rest.append(by)
    held = _added_up(people, first)
    sums = {frozenset((cell, n) for cell, n in _added_up(by, first).items() if n and held[cell] < K) for by in rest}
    for cell, n in held.items():
        if 0 < n < K and (chosen := chosen_with({cell: True}, [dict(each) for each in sums], held)):
            return {each: n for each, n in people.items() if chosen.get(first(each))}
    return None


def _added_up(by: Mapping[Cell, int], first: Callable[[Cell], Cell]) -> Counter[Cell]:
    total: Counter[Cell] = Counter()
    for cell, n in by.items():
        total[first(cell)] += n
    return total


def chosen_with(
    chosen: dict[Cell, bool], sums: Sequence[Mapping[Cell, int]], held: Mapping[Cell, int]
) -> dict[Cell, bool] | None:
    """Cells, these among them, that hold fewer than k people and of which each of these sums is nothing."""
    chosen = dict(chosen)
    again = True
    while again:
        again = False
        if sum(held[cell] for cell, is_in in chosen.items() if is_in) >= K:
            return None
        for total in sums:
            fixed = sum(n for cell, n in total.items() if chosen.get(cell))
            free = {cell: n for cell, n in total.items() if cell not in chosen}
            low = fixed + sum(n for n in free.values() if n < 0)
            high = fixed + sum(n for n in free.values() if n > 0)
            if low > 0 or high < 0:
                return None
            for cell, n in free.items():
                with_it = low + max(n, 0) <= 0 <= high + min(n, 0)
                without = low - min(n, 0) <= 0 <= high - max(n, 0)
                if not (with_it and without):
                    chosen[cell], again = with_it, True
                    break
    unsure = next((cell for total in sums for cell in total if cell not in chosen), None)
    if unsure is None:
        return chosen
    return chosen_with({**chosen, unsure: False}, sums, held) or chosen_with({**chosen, unsure: True}, sums, held)


# --- what it finds

SHAPES: Sequence[tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]]] = (
    ([[0, 1]], [[0]]),
    ([[0, 1]], [[0], [0]]),
    ([[0, 1], [1]], [[0], [1]]),
    ([[0], [1]], [[0, 1]]),
)
"""(the modules of each leerlijn, the leerlijnen of each team)"""


@st.composite
def organisations(draw: st.DrawFn) -> tuple[Sequence[Sequence[int]], Sequence[Sequence[int]], dict[Cell, int]]:
    holding, follows = draw(st.sampled_from(SHAPES))
    chance = Random(draw(st.integers(0, 10_000)))
    cells = product(range(len(follows)), product(range(4), repeat=2))
    return holding, follows, {cell: n for cell in cells if (n := chance.choice([0, 0, 0, 1, 2, 3, 6, 7]))}


@settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
@given(made=organisations())
def test_whoever_solves_leerlijnen_and_effect_together_is_sure_of_no_few_people_who_did_this_or_that(
    editions: list[ModuleEdition], made: tuple[Sequence[Sequence[int]], Sequence[Sequence[int]], dict[Cell, int]]
) -> None:
    with transaction.atomic():
        house = House(editions, *made)
        house.show()
        assert not found(house)
        transaction.set_rollback(True)


def test_whoever_solves_them_finds_who_began_with_another_module_where_nobody_waits(
    editions: list[ModuleEdition],
) -> None:
    """Two of the thirty-one who began anything didn't begin the first."""
    places = {(NOT, NOT): 9, (BUSY, NOT): 8, (BUSY, BUSY): 7, (DONE, BUSY): 7, (DONE, DONE): 7, (NOT, BUSY): 2}
    people: dict[Cell, int] = {(0, each): n for each, n in places.items()}
    with transaction.atomic():
        house = House(editions, [[0, 1]], [[0]], people)
        house.show()
        assert not found(house)
        transaction.set_rollback(True)
    at_once = [replace(each, stays_open=False) for each in MEASURES]
    with patch.object(measures, "MEASURES", at_once):
        house = House(editions, [[0, 1]], [[0]], people)
        house.show()
        assert found(house) == {(0, (NOT, BUSY)): 2}


def test_whoever_solves_them_finds_who_is_busy_just_now_where_who_stands_still_is_told_anyway(
    editions: list[ModuleEdition],
) -> None:
    """Of fifteen who began and aren't done, twelve stand still."""
    people: dict[Cell, int] = {(0, (place, NOT)): n for place, n in ((NOT, 9), (BUSY, 3), (STUCK, 12), (DONE, 6))}
    with transaction.atomic():
        house = House(editions, [[0], [1]], [[0]], people)
        house.show()
        assert not found(house)
        transaction.set_rollback(True)
    with patch.object(tables, "_leave_open"):
        house = House(editions, [[0], [1]], [[0]], people)
        house.show()
        assert found(house) == {(0, (BUSY, NOT)): 3}


@pytest.mark.parametrize("seed", range(3))
def test_whoever_gives_a_leerlijn_to_teams_in_turn_sees_only_groups_that_grow_by_five_or_more(
    editions: list[ModuleEdition], seed: int
) -> None:
    """So whatever they take off one another is of five people or more, and nothing is seen of them again in another
    way."""
    chance = Random(seed)
    house = House(
        editions, [[0]], [[0]] * 4, {(team, (place, NOT)): 8 for team in range(4) for place in (NOT, BUSY, DONE)}
    )
    module, shown = editions[0].module, 0
    seen: dict[str, set[int]] = defaultdict(set)
    for _night in range(10):
        TrackForTeam.objects.filter(track=house.tracks[0]).delete()
        for team in chance.sample(house.teams, chance.randrange(1, 5)):
            follow(house.tracks[0], team)
        house.show()
        for name in (BEGUN, FINISHED):
            people = ShownOf.objects.filter(table=called(name, module.pk)).values_list("person", flat=True)
            came = set(people) - seen[name]
            assert seen[name] <= set(people)
            assert not came or len(came) >= K
            seen[name], shown = set(people), shown + bool(came)
    assert shown > 1
