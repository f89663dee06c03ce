"""What is counted of people, as tables of which each column is a figure: levels and breadth per competence, how far
they are in a leerlijn, and in which unit of a module they stand still. A person has one value in each column; who isn't
in a table isn't in `people`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from learning.competences.models import Reached, TrackForTeam
from learning.competences.rules import CODES
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.tracks.content import Edition, Unit
from learning.tracks.models import Enrolment, Module, Track
from learning.tracks.queries import edition

LEVEL, BREADTH = "niveau", "breedte"
KINDS = (LEVEL, BREADTH)

_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"

# How far somebody is in a leerlijn (curriculum 4.5, screen 1).
ASSIGNED, BEGUN, UNDER_WAY, COMPLETE = range(4)

STILL = timedelta(days=14)
"""Who touched nothing for so long, and isn't done, is stuck."""
MOST_UNITS = 16
NOT_STUCK = 0


@dataclass(frozen=True)
class Table:
    """`codes`: its columns. `values`: how many there are, from 0. `people`: {person: (the team they count in or None, a
    character for each column)}."""

    name: str
    codes: Sequence[str]
    values: int
    people: Mapping[int, tuple[int | None, str]]


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


def of(organisation: Organisation) -> Iterator[Table]:
    """One after the other, so that not all of them are in memory."""
    teams = _teams_of_people(organisation)
    yield from _reached(organisation, teams)
    for track in Track.objects.filter(organisation=organisation).order_by("pk"):
        yield Table(progress_in(track.pk), ("",), COMPLETE + 1, _progress(track, organisation, teams))
    for module in Module.objects.filter(places__track__organisation=organisation).distinct().order_by("pk"):
        yield Table(stuck_in(module.pk), ("",), 1 + MOST_UNITS, _stuck(module, organisation, teams))


def _teams_of_people(organisation: Organisation) -> dict[int, int | None]:
    people = Person.objects.filter(organisation=organisation, is_active=True).annotate(counts_in=team_of("pk"))
    return dict(people.values_list("pk", "counts_in"))


def team_of(person: str) -> Subquery:
    """For a query with somebody in column `person`: the team they count in. Of two the one they joined first, so that
    everybody is counted once."""
    first = TeamMembership.objects.filter(person=OuterRef(person)).order_by("since", "pk")
    return Subquery(first.values("team")[:1])


def _reached(organisation: Organisation, teams: Mapping[int, int | None]) -> Iterator[Table]:
    """Of everybody who began something, and of whose team follows a leerlijn by now: those who began nothing yet are at
    the start, else they were what the progress of a leerlijn has more than its levels."""
    nothing = ["0"] * len(CODES)
    following = _following(organisation)
    waiting = [person for person, team in teams.items() if team in following]
    found: dict[str, dict[int, list[str]]] = {
        name: {person: list(nothing) for person in waiting} for name in (LEVEL, BREADTH)
    }
    rows = Reached.objects.filter(person__organisation=organisation, person__is_active=True)
    columns = rows.values_list("person", "competence", "level", "learning_levels")
    for person, code, level, learning_levels in columns.iterator(chunk_size=5_000):
        at = CODES.index(code)
        for name, value in ((LEVEL, level), (BREADTH, len(learning_levels))):
            found[name].setdefault(person, list(nothing))[at] = character(value)
    for name, people in found.items():
        values = {person: (teams.get(person), "".join(each)) for person, each in people.items()}
        yield Table(name, CODES, 5, values)


def _progress(
    track: Track, organisation: Organisation, teams: Mapping[int, int | None]
) -> dict[int, tuple[int | None, str]]:
    """Of whose team follows the leerlijn by now, and of who began it anyway."""
    modules = set(track.places.values_list("module", flat=True))
    begun: dict[int, int] = {}
    done: dict[int, int] = {}
    rows = Enrolment.objects.filter(module__in=modules, person__organisation=organisation, person__is_active=True)
    for person, completed_at in rows.values_list("person", "completed_at").iterator(chunk_size=5_000):
        begun[person] = begun.get(person, 0) + 1
        done[person] = done.get(person, 0) + (completed_at is not None)
    assigned = _following(organisation, track=track)
    people = begun.keys() | {person for person, team in teams.items() if team in assigned}
    return {
        person: (teams.get(person), character(_how_far(begun.get(person, 0), done.get(person, 0), len(modules))))
        for person in people
        if person in teams
    }


def _following(organisation: Organisation, **which: Track) -> set[int]:
    """The teams that follow a leerlijn by now (that `track`, or any), with all in them."""
    following = TrackForTeam.objects.filter(
        team__organisation=organisation, starts_on__lte=timezone.localdate(), **which
    )
    return with_inside(organisation.pk, set(following.values_list("team", flat=True)))


def _how_far(begun: int, done: int, modules: int) -> int:
    """All modules done, at least one, begun, or not yet."""
    if modules and done >= modules:
        return COMPLETE
    return UNDER_WAY if done else BEGUN if begun else ASSIGNED


def _stuck(
    module: Module, organisation: Organisation, teams: Mapping[int, int | None]
) -> dict[int, tuple[int | None, str]]:
    """Of everybody who began: the unit they were in last, where they aren't done and touched nothing for two weeks. Who
    isn't stuck is counted too, else they were what more people began than are stuck. One query, and one for each
    edition that isn't remembered."""
    before = timezone.now() - STILL
    rows = Enrolment.objects.filter(module=module, person__organisation=organisation, person__is_active=True)
    columns = rows.values_list(
        "person", "place", "edition", "edition__content_hash", "completed_at", Coalesce("touched_at", "started_at")
    )
    found = {}
    for person, place, number, content_hash, completed_at, last in columns.iterator(chunk_size=5_000):
        if person in teams:
            stuck = completed_at is None and last < before
            value = _unit_of(place, edition(number, content_hash)) if stuck else NOT_STUCK
            found[person] = (teams[person], character(value))
    return found


def _unit_of(place: str, edition: Edition) -> int:
    """Who touched nothing yet, stands at the first."""
    unit, _activity = edition.by_key.get(place, (None, None))
    places = places_in(edition)
    return 1 + places.index(unit) if unit in places else 1


def with_inside(organisation_id: int, teams: set[int]) -> set[int]:
    """The numbers of these teams and of all in them. One query."""
    found = set(teams)
    parents = dict(Team.objects.filter(organisation=organisation_id).values_list("pk", "parent"))
    more = True
    while more:
        new = {team for team, parent in parents.items() if parent in found} - found
        found |= new
        more = bool(new)
    return found
