"""What is counted of people, as tables of which each column is a figure: levels and breadth per competence, how far
they are in a leerlijn, and in which unit of a module they stand still. A person has one value in each column.

In a table are the people of teams that follow a leerlijn: any of them for levels, the leerlijn for its progress, one
with the module for where they stand still. Never anybody by themselves: who is in a table is known to whoever knows the
teams, so nothing can be learned by taking one table off another but of whole teams.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from learning.competences import privacy
from learning.competences.models import Reached, TrackForTeam
from learning.competences.privacy import Edge, Follows, Row
from learning.competences.rules import CODES
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.tracks import additions
from learning.tracks.content import Edition, Unit
from learning.tracks.models import Enrolment, Module, Track, TrackModule
from learning.tracks.queries import edition

LEVEL, BREADTH = "niveau", "breedte"
KINDS = (LEVEL, BREADTH)

TOP = 0
"""The organisation itself stands at the top of its teams, and holds who is in none."""

_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"

# How far somebody is in a leerlijn (curriculum 4.5, screen 1).
ASSIGNED, BEGUN, UNDER_WAY, COMPLETE = range(4)

STILL = timedelta(days=14)
"""Who touched nothing for so long, and isn't done, is stuck."""
MOST_UNITS = 16
NOT_STUCK = 0
NOT_BEGUN = MOST_UNITS + 1


@dataclass(frozen=True)
class Table:
    """`codes`: its columns. `values`: those there are, in their order. `people`: {person: (the team they count in, a
    character for each column)}.

    What bins are made by besides (`privacy.Own`): `beside`, people as in `people` who aren't in this table but in one
    that it can be compared with; `told`, {person: "1" for each column of which another table tells their value};
    `near`, the leerlijnen of the tables it can be compared with; `apart`, {person: "1" for each column of which another
    table would tell that they are at 1 or more, and no further, if a bin began at 1}.

    What was shown of other tables earlier: `alike`, those with the same values; `begun_in`, those that tell who began
    too, their first value like the first here.
    """

    name: str
    codes: Sequence[str]
    values: Sequence[int]
    people: Mapping[int, tuple[int, str]]
    beside: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    told: Mapping[int, str] = field(default_factory=dict)
    near: Follows = privacy.NOTHING
    apart: Mapping[int, str] = field(default_factory=dict)
    beyond: Mapping[int, Mapping[Edge, int]] = field(default_factory=dict)
    alike: Sequence[str] = ()
    begun_in: Sequence[str] = ()


def character(value: int) -> str:
    return _CHARACTERS[value]


def number(character: str) -> int:
    return _CHARACTERS.index(character)


def progress_in(track_id: int) -> str:
    """The name of the table of a leerlijn."""
    return f"voortgang:{track_id}"


def stuck_in(module_id: int) -> str:
    """The name of the table of where people stand still in a module."""
    return f"vast:{module_id}"


def places_in(edition: Edition) -> Sequence[Unit]:
    """What its values from 1 on stand for: the units a module asks for, in their order."""
    return [unit for unit in edition.units if unit.counts][:MOST_UNITS]


# --- whom they are about


@dataclass(frozen=True)
class Population:
    """`teams`: {person: the team they count in} of who counts anywhere. `follows`: {team: the leerlijnen it counts
    for}. `rows`: those of all tables. `names`: {team: its name}."""

    organisation: Organisation
    teams: Mapping[int, int]
    follows: Mapping[int, Follows]
    rows: Row
    names: Mapping[int, str]

    def following(self, tracks: Follows) -> dict[int, int]:
        """Who follows any of these: {person: team}."""
        return {person: team for person, team in self.teams.items() if self.follows[team] & tracks}


def population(organisation: Organisation, *, on: date | None = None) -> Population:
    """Whom figures are about: whose team follows a leerlijn. Four queries."""
    k, follows = privacy.least(settings.FIGURES_K), _followed(organisation, on or timezone.localdate())
    people = Person.objects.filter(organisation=organisation, is_active=True).annotate(counts_in=team_of("pk"))
    teams = {person: team or TOP for person, team in people.values_list("pk", "counts_in").iterator(chunk_size=5_000)}
    sizes = Counter(teams.values())
    names, inside = {}, defaultdict(list)
    for team in Team.objects.filter(organisation=organisation).order_by("pk"):
        names[team.pk] = team.name
        inside[team.parent_id or TOP].append(team.pk)

    def tree(key: int, above: Follows) -> privacy.Team:
        own = above | follows.get(key, privacy.NOTHING)
        return privacy.Team(key, sizes[key], own, tuple(tree(each, own) for each in inside[key]))

    top = tree(TOP, privacy.NOTHING)
    counts_for = privacy.settled(top, k)
    counting = {person: team for person, team in teams.items() if counts_for.get(team)}
    return Population(organisation, counting, counts_for, privacy.parted(top, counts_for, k), names)


def _followed(organisation: Organisation, on: date) -> dict[int, Follows]:
    found: dict[int, Follows] = defaultdict(frozenset)
    for team, track in followed_on(organisation.pk, on).values_list("team", "track"):
        found[team] |= {track}
    return found


def followed_on(organisation_id: int, on: date) -> QuerySet[TrackForTeam]:
    """What teams follow that day, or followed earlier in that half-year: it keeps all who followed in it."""
    begun = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=half_year(on)))
    return TrackForTeam.objects.filter(begun, team__organisation=organisation_id)


def half_year(day: date) -> date:
    """Its first day."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def team_of(person: str) -> Subquery:
    """For a query with somebody in column `person`: the team they count in. Of two the one they joined first, so that
    everybody is counted once."""
    first = TeamMembership.objects.filter(person=OuterRef(person)).order_by("since", "pk")
    return Subquery(first.values("team")[:1])


# --- the tables


def of(found: Population) -> Iterator[Table]:
    """One after the other, so that not all of them are in memory. Of leerlijnen that share a module the one with most
    people comes first; what can be compared with it fits beside it."""
    followed = Counter(track for team in found.teams.values() for track in found.follows[team])
    every = _modules(found.organisation)
    modules = {track: every.get(track, set()) for track in followed}
    yield from _reached(found)
    for track in Track.objects.filter(pk__in=followed).order_by("pk"):
        before = {each for each in followed if (-followed[each], each) < (-followed[track.pk], track.pk)}
        near = Follows(each for each in before if modules[each] & modules[track.pk]) | {track.pk}
        alike = [each for each, some in every.items() if each != track.pk and some & modules[track.pk]]
        yield _progress(track, {each: modules[each] for each in near}, found, alike)
    for module in Module.objects.filter(places__track__in=followed).distinct().order_by("pk"):
        holding = {track_id: some for track_id, some in modules.items() if module.pk in some}
        begun_in = [progress_in(each) for each, some in every.items() if some & _all(holding)]
        yield _stuck(module, holding, found, begun_in)


def _modules(organisation: Organisation) -> dict[int, set[int]]:
    """{leerlijn: its modules}"""
    modules: dict[int, set[int]] = defaultdict(set)
    rows = TrackModule.objects.filter(track__organisation=organisation).order_by("track", "module")
    for track_id, module_id in rows.values_list("track", "module"):
        modules[track_id].add(module_id)
    return modules


def _reached(found: Population) -> Iterator[Table]:
    """Two queries."""
    nothing = "0" * len(CODES)
    level = {person: list(nothing) for person in found.teams}
    breadth = {person: list(nothing) for person in found.teams}
    rows = Reached.objects.filter(person__organisation=found.organisation, person__is_active=True)
    columns = rows.values_list("person", "competence", "level", "learning_levels")
    for person, code, reached, learning_levels in columns.iterator(chunk_size=5_000):
        if person in found.teams:
            at = CODES.index(code)
            level[person][at], breadth[person][at] = character(reached), character(len(learning_levels))
    enrolled = Enrolment.objects.filter(person__organisation=found.organisation)
    begun = set(enrolled.values_list("person", flat=True).distinct().iterator(chunk_size=5_000))
    yield from of_levels(found, level, breadth, begun)


Columns = Mapping[int, Sequence[str]]
"""{person: a character for each competence}"""


def of_levels(found: Population, level: Columns, breadth: Columns, begun: Collection[int]) -> Iterator[Table]:
    """Who began nothing is known to be at 0 in both. Whoever is at N1 showed something, so the number of those who only
    showed something could be worked out."""
    told = {
        person: _where((deep == broad == "0") for deep, broad in zip(level[person], broads, strict=True))
        for person, broads in breadth.items()
        if person not in begun
    }
    apart = {
        person: _where((deep == "0" != broad) for deep, broad in zip(level[person], broads, strict=True))
        for person, broads in breadth.items()
    }
    for name, values, only in ((LEVEL, level, {}), (BREADTH, breadth, apart)):
        people = {person: (found.teams[person], "".join(each)) for person, each in values.items()}
        yield Table(name, CODES, range(5), people, told=told, apart=only)


def _where(columns: Iterable[bool]) -> str:
    """ "1" for each column where it is so."""
    return "".join("01"[each] for each in columns)


def _progress(track: Track, near: Mapping[int, set[int]], found: Population, alike: Iterable[int]) -> Table:
    """Where HR may see by name who has the certificate, those are told. `near`: {leerlijn: its modules}, itself too.
    One query, and one for certificates."""
    far = _far(found, near)
    own = {person: character(far[track.pk][person]) for person in found.following(Follows(near))}
    people, beside = _counted(found, Follows({track.pk}), Follows(near), own)
    finished = [person for person in people if own[person] == character(COMPLETE)]
    told = dict.fromkeys(_certified(track, finished), "1")
    names = [progress_in(each) for each in alike]
    beyond = _beyond(track.pk, near, far, found, people)
    return Table(
        progress_in(track.pk), ("",), range(COMPLETE + 1), people, beside, told, Follows(near), beyond=beyond,
        alike=names,
    )  # fmt: skip


def _far(found: Population, tracks: Mapping[int, set[int]]) -> dict[int, Mapping[int, int]]:
    """{leerlijn: {person: how far}}"""
    begun: dict[int, Counter[int]] = {track: Counter() for track in tracks}
    done: dict[int, Counter[int]] = {track: Counter() for track in tracks}
    holding = {module: [track for track, some in tracks.items() if module in some] for module in _all(tracks)}
    rows = Enrolment.objects.filter(module__in=holding, person__organisation=found.organisation)
    columns = rows.values_list("person", "module", "completed_at")
    for person, module, completed_at in columns.iterator(chunk_size=5_000):
        for track in holding[module]:
            begun[track][person] += 1
            done[track][person] += completed_at is not None
    return {
        track: Counter({each: _how_far(n, done[track][each], len(some)) for each, n in begun[track].items()})
        for track, some in tracks.items()
    }


def _all(tracks: Mapping[int, set[int]]) -> set[int]:
    return {module for some in tracks.values() for module in some}


def _beyond(
    track: int, near: Mapping[int, set[int]], far: Mapping[int, Mapping[int, int]], found: Population, people: Placed
) -> dict[int, Counter[Edge]]:
    """Of who follows this leerlijn and another that isn't quite the same: how many are so far in only one of both."""
    beyond: dict[int, Counter[Edge]] = defaultdict(Counter)
    others = [other for other, modules in near.items() if modules != near[track]]
    steps = range(BEGUN, COMPLETE + 1)
    for person, (team, _value) in people.items():
        for other in others:
            if other in found.follows[team]:
                here, there = far[track][person], far[other][person]
                for step, its in product(steps, steps):
                    beyond[team][step, f"{progress_in(other)} {its}"] += (here >= step) != (there >= its)
    return beyond


Placed = dict[int, tuple[int, str]]


def _counted(found: Population, tracks: Follows, near: Follows, values: Mapping[int, str]) -> tuple[Placed, Placed]:
    """(who follows any of these leerlijnen, who follows another that is near), with their values."""
    people: Placed = {}
    beside: Placed = {}
    for person, value in values.items():
        team = found.teams[person]
        (people if found.follows[team] & tracks else beside)[person] = (team, value)
    return people, beside


def _certified(track: Track, people: Sequence[int]) -> frozenset[int]:
    announced = TrackForTeam.objects.filter(track=track, required=True, announced_on__lte=timezone.localdate())
    return additions.certified(track.slug, people) if announced.exists() else frozenset()


def _how_far(begun: int, done: int, modules: int) -> int:
    """All modules done, at least one, begun, or not yet."""
    if modules and done >= modules:
        return COMPLETE
    return UNDER_WAY if done else BEGUN if begun else ASSIGNED


def _stuck(module: Module, holding: Mapping[int, set[int]], found: Population, begun_in: Sequence[str]) -> Table:
    """The unit they were in last, of who isn't done and touched nothing for two weeks. Who isn't stuck is counted too,
    and who began nothing of the leerlijn, else they were what more people are in it than are stuck. Who is done is told
    by the progress of the leerlijn; who began with a module of another leerlijn, by both. `holding`: {leerlijn with
    the module: its modules}. Two queries, and one for each edition that isn't remembered."""
    near = Follows(holding)
    follows = found.following(near)
    far = _far(found, holding)
    begun = {
        track: {person for person in some if person in follows and track in found.follows[follows[person]]}
        for track, some in far.items()
    }
    anything = set().union(*begun.values())
    values, told = _standing(module, follows, anything, found)
    beyond: dict[int, Counter[Edge]] = defaultdict(Counter)
    for person, team in follows.items():
        some = {track: holding[track] for track in found.follows[team] & near}
        for track in some:
            if holding[track] != _all(some):
                beyond[team][NOT_STUCK, progress_in(track)] += person in anything and person not in begun[track]
    for track, some_begun in begun.items():
        busy = (person for person in some_begun if far[track][person] < COMPLETE)
        at = Counter((follows[person], values[person]) for person in busy)
        _leave_open(beyond, at, f"{progress_in(track)} {COMPLETE}")
    people, _nobody = _counted(found, near, near, values)
    values_of = (NOT_BEGUN, *range(NOT_BEGUN))
    return Table(
        stuck_in(module.pk), ("",), values_of, people, told=told, near=near, beyond=beyond, begun_in=begun_in
    )  # fmt: skip


def _standing(
    module: Module, follows: Iterable[int], begun: Collection[int], found: Population
) -> tuple[dict[int, str], dict[int, str]]:
    """({person: where they are}, {person: "1" of who is done}) of those who follow it. `begun`: who began anything of
    the leerlijn. One query, and one for each edition that isn't remembered."""
    values = {person: character(NOT_STUCK if person in begun else NOT_BEGUN) for person in follows}
    before, told = timezone.now() - STILL, {}
    rows = Enrolment.objects.filter(module=module, person__organisation=found.organisation)
    columns = rows.values_list(
        "person", "place", "edition", "edition__content_hash", "completed_at", Coalesce("touched_at", "started_at")
    )
    for person, place, key, content_hash, completed_at, last in columns.iterator(chunk_size=5_000):
        if person in values and completed_at is not None:
            told[person] = "1"
        elif person in values and last < before:
            values[person] = character(_unit_of(place, edition(key, content_hash)))
    return values, told


def _leave_open(beyond: Mapping[int, Counter[Edge]], busy: Mapping[tuple[int, str], int], told: str) -> None:
    """Of who began and isn't done: those who don't stand still as far on as a bin begins are known where both are
    told. `busy`: {(team, value): people}."""
    for (team, value), n in busy.items():
        for later in range(number(value) + 1, NOT_BEGUN):
            beyond[team][later, told] += n


def _unit_of(place: str, edition: Edition) -> int:
    """Who touched nothing yet, stands at the first."""
    unit, _activity = edition.by_key.get(place, (None, None))
    places = places_in(edition)
    return 1 + places.index(unit) if unit in places else 1
