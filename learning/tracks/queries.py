"""Reads about tracks, editions and progress. Each says how many queries it takes."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import connection
from django.db.models import Avg, Case, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils import timezone

from learning.moments import aware
from learning.people.models import Person
from learning.tracks import content
from learning.tracks.content import Kind
from learning.tracks.models import (
    ActivityProgress,
    Enrolment,
    LinkProgress,
    Module,
    ModuleEdition,
    Status,
    Track,
    TrackLink,
    TrackModule,
)
from learning.tracks.returning import Window, window

_EDITIONS_KEPT = 64
_editions: OrderedDict[str, content.Edition] = OrderedDict()
_editions_guard = threading.Lock()


def edition(edition_id: int, content_hash: str) -> content.Edition:
    """One query the first time in a process, none after: an edition never changes."""
    found = _editions.get(content_hash)
    if found is None:
        document = ModuleEdition.objects.values_list("document", flat=True).get(pk=edition_id)
        found = _keep(content.read(content_hash, document))
    return found


def _keep(edition: content.Edition) -> content.Edition:
    with _editions_guard:
        _editions[edition.content_hash] = edition
        while len(_editions) > _EDITIONS_KEPT:
            _editions.popitem(last=False)
    return edition


def followed_by(person_id: int) -> dict[str, content.Edition]:
    """{module: the edition they follow}, in the order in which they began. One query, in which the documents come along
    that this process hasn't met yet."""
    with _editions_guard:
        met = dict(_editions)
    document = Case(When(~Q(edition__content_hash__in=list(met)), then=F("edition__document")))
    rows = Enrolment.objects.filter(person=person_id).order_by("started_at", "pk")
    return {
        slug: _keep(content.read(content_hash, unmet)) if unmet else met[content_hash]
        for slug, content_hash, unmet in rows.values_list("module__slug", "edition__content_hash", document)
    }


def module(slug: str) -> Module | None:
    """One query."""
    return Module.objects.filter(slug=slug).first()


def newest(slug: str) -> content.Edition | None:
    """The edition that whoever begins now will follow. One query, two the first time."""
    editions = ModuleEdition.objects.filter(module__slug=slug).order_by("-published_at", "-pk")
    found = editions.values_list("pk", "content_hash").first()
    return edition(*found) if found else None


@dataclass(frozen=True)
class UnitProgress:
    """How far somebody is in a unit: `done` of its `required` activities."""

    unit: content.Unit
    done: int
    required: int
    started: bool

    @property
    def is_done(self) -> bool:
        return self.done >= self.required


@dataclass(frozen=True)
class Way:
    """Somebody's way through a module. `statuses`: activity key → Status, for what they have touched; `scores`
    likewise, of what was scored. `medians`: unit key → minutes, of units whose time was measured. `now`: when this was
    read.
    """

    enrolment_id: int
    person_id: int
    edition_id: int
    edition: content.Edition
    place: str
    done: int
    required: int
    completed_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    looked_back_at: datetime | None
    statuses: Mapping[str, str]
    scores: Mapping[str, float]
    medians: Mapping[str, int]
    now: datetime

    @property
    def complete(self) -> bool:
        return self.completed_at is not None

    @property
    def window(self) -> Window:
        """Of the Herhaalmoment, where the edition has one."""
        return self.window_of(Kind.RETURN)

    def window_of(self, kind: Kind) -> Window:
        """Of what comes when the module is done, where the edition has it."""
        return self._windows[kind]

    @cached_property
    def _windows(self) -> Mapping[Kind, Window]:
        done = {Kind.RETURN: self.returned_at, Kind.LOOK_BACK: self.looked_back_at}
        return {kind: window(kind, self.finished_at, self.now, done=at is not None) for kind, at in done.items()}

    def is_open(self, unit: content.Unit) -> bool:
        """What comes when the module is done only in its time."""
        return unit.counts or self.window_of(unit.kind).is_open

    def minutes(self, unit: content.Unit) -> int:
        """What it takes: as measured, else as planned."""
        return self.medians.get(unit.key, unit.minutes)

    @cached_property
    def open_units(self) -> tuple[UnitProgress, ...]:
        """What there is to do now."""
        return tuple(progress for progress in self.units if self.is_open(progress.unit))

    @cached_property
    def units(self) -> tuple[UnitProgress, ...]:
        return tuple(
            UnitProgress(
                unit,
                sum(self.statuses.get(activity.key) == Status.DONE for activity in unit.required),
                len(unit.required),
                any(activity.key in self.statuses for activity in unit.activities),
            )
            for unit in self.edition.units
        )

    def progress_in(self, unit: content.Unit) -> UnitProgress:
        return self.units[self.edition.units.index(unit)]

    @cached_property
    def next(self) -> tuple[content.Unit, content.Activity] | None:
        """Where to go on: where they were, unless that is done; else the first that must be and isn't.

        A unit nobody has touched yet starts at its top, with what leads in. None when all that must be is done. Once
        the module is done there is only what comes after it to go on with, while that is open.
        """
        due = [progress for progress in self.open_units if not (self.finished_at and progress.unit.counts)]
        if all(progress.is_done for progress in due):
            return None
        steps = [(progress.unit, step) for progress in due for step in progress.unit.activities]
        here = next((place for place in steps if place[1].key == self.place), None)
        if here and self.statuses.get(self.place) != Status.DONE:
            return here
        start = next((index for index, (_, step) in enumerate(steps) if step.key == self.place), -1) + 1
        for unit, activity in steps[start:] + steps[:start]:
            if activity.required and self.statuses.get(activity.key) != Status.DONE:
                touched = any(step.key in self.statuses for step in unit.activities)
                return unit, activity if touched else unit.activities[0]
        return None


_ENROLMENT = """
SELECT e.id, e.edition_id, v.content_hash, e.place, e.done, v.required, e.completed_at, e.finished_at, e.returned_at,
    e.looked_back_at, m.medians
FROM learning_enrolment e
JOIN learning_module m ON m.id = e.module_id
JOIN learning_moduleedition v ON v.id = e.edition_id
WHERE e.person_id = %s AND m.slug = %s
"""
_STATUSES = "SELECT activity, status, score FROM learning_activityprogress WHERE enrolment_id = %s"


def way(person: Person, slug: str) -> Way | None:
    """Two queries, by hand: every page of a module begins here. None when the person isn't enrolled in the module."""
    with connection.cursor() as cursor:
        cursor.execute(_ENROLMENT, [person.pk, slug])
        enrolment = cursor.fetchone()
        if enrolment is None:
            return None
        pk, edition_id, content_hash, place, done, required, *moments, medians = enrolment
        completed, finished, returned, looked_back = map(aware, moments)
        cursor.execute(_STATUSES, [pk])
        touched = cursor.fetchall()
    return Way(
        pk,
        person.pk,
        edition_id,
        edition(edition_id, content_hash),
        place,
        done,
        required,
        completed,
        finished,
        returned,
        looked_back,
        {key: status for key, status, _score in touched},
        {key: score for key, _status, score in touched if score is not None},
        json.loads(medians),
        timezone.now(),
    )


def way_of(enrolment_id: int) -> Way | None:
    """The way of an enrolment. Three queries."""
    enrolment = Enrolment.objects.filter(pk=enrolment_id).select_related("person", "module").first()
    return way(enrolment.person, enrolment.module.slug) if enrolment else None


def done_in(enrolment_id: int, activities: Sequence[str]) -> int:
    """How many of these activities are done. One query."""
    return ActivityProgress.objects.filter(enrolment=enrolment_id, activity__in=activities, status=Status.DONE).count()


@dataclass(frozen=True)
class TrackLine:
    """A module in a track as its learner sees it. `enrolment` is None until they begin."""

    module: Module
    enrolment: Enrolment | None
    available: bool

    @cached_property
    def window(self) -> Window | None:
        """Of the Herhaalmoment, where the module is done and has one."""
        return self._window_of(Kind.RETURN)

    @cached_property
    def look_back(self) -> Window | None:
        """Of the Terugblik, likewise."""
        return self._window_of(Kind.LOOK_BACK)

    def _window_of(self, kind: Kind) -> Window | None:
        enrolment = self.enrolment
        if enrolment is None or enrolment.finished_at is None:
            return None
        there, done_at = {
            Kind.RETURN: (enrolment.edition.returns, enrolment.returned_at),
            Kind.LOOK_BACK: (enrolment.edition.looks_back, enrolment.looked_back_at),
        }[kind]
        return window(kind, enrolment.finished_at, timezone.now(), done=done_at is not None) if there else None

    @property
    def calls_back(self) -> bool:
        """The Herhaalmoment is open and still to do."""
        return _calls(self.window)

    @property
    def asks_once_more(self) -> bool:
        """The Terugblik is open and still to do."""
        return _calls(self.look_back)


def _calls(window: Window | None) -> bool:
    return bool(window and window.is_open and not window.done)


@dataclass(frozen=True)
class LinkLine:
    """Something of others in a track as its learner sees it. `progress` is None until they open it."""

    link: TrackLink
    progress: LinkProgress | None


@dataclass(frozen=True)
class TrackOverview:
    """`lines` are the modules; `all_lines` what stands in the track, in its order."""

    track: Track
    lines: tuple[TrackLine, ...]
    all_lines: tuple[TrackLine | LinkLine, ...]


def tracks_of(person: Person) -> list[TrackOverview]:
    """The tracks of somebody's organisation with how far they are. Six queries, five without anything of others."""
    places = TrackModule.objects.select_related("module").order_by("position")
    own = LinkProgress.objects.filter(person=person)
    links = TrackLink.objects.filter(withdrawn_at=None).prefetch_related(Prefetch("progress", own, to_attr="own"))
    tracks = list(
        Track.objects.filter(organisation=person.organisation_id)
        .prefetch_related(Prefetch("places", places), Prefetch("links", links))
        .order_by("title")
    )
    enrolments = {
        enrolment.module_id: enrolment
        for enrolment in Enrolment.objects.filter(person=person).select_related("edition").defer("edition__document")
    }
    published = set(ModuleEdition.objects.values_list("module_id", flat=True).distinct())
    return [_overview(track, enrolments, published) for track in tracks]


def _overview(track: Track, enrolments: Mapping[int, Enrolment], published: set[int]) -> TrackOverview:
    modules = {
        place.position: TrackLine(place.module, enrolments.get(place.module_id), place.module_id in published)
        for place in track.places.all()
    }
    links: list[tuple[int, int, int, TrackLine | LinkLine]] = [
        (link.after, 1, number, LinkLine(link, next(iter(link.own), None)))  # type: ignore[attr-defined]  # the prefetch
        for number, link in enumerate(track.links.all())
    ]
    every = sorted([*((at, 0, 0, line) for at, line in modules.items()), *links], key=lambda entry: entry[:3])
    return TrackOverview(track, tuple(modules.values()), tuple(line for *_order, line in every))


def on_offer(organisation_id: int) -> list[content.Edition]:
    """What is published of the modules in an organisation's tracks: each once, in its newest edition, in the order of
    the tracks. One query, and one more when this process hasn't met an edition yet."""
    newest = ModuleEdition.objects.filter(module=OuterRef("module")).order_by("-published_at", "-pk")
    places = TrackModule.objects.filter(track__organisation=organisation_id).order_by("track__title", "position")
    rows = places.annotate(
        newest=Subquery(newest.values("pk")[:1]), content_hash=Subquery(newest.values("content_hash")[:1])
    ).values_list("newest", "content_hash")
    wanted = {content_hash: edition_id for edition_id, content_hash in rows if content_hash}
    held = {content_hash: _editions[content_hash] for content_hash in wanted if content_hash in _editions}
    unmet = [edition_id for content_hash, edition_id in wanted.items() if content_hash not in held]
    if unmet:
        for content_hash, document in ModuleEdition.objects.filter(pk__in=unmet).values_list(
            "content_hash", "document"
        ):
            held[content_hash] = _keep(content.read(content_hash, document))
    return [held[content_hash] for content_hash in wanted]


def may_follow(person: Person, slug: str) -> bool:
    """Whether the module is in a track of the person's own organisation. One query."""
    return TrackModule.objects.filter(track__organisation=person.organisation_id, module__slug=slug).exists()


def tracks_of_organisation(organisation_id: int) -> list[Track]:
    """One query."""
    return list(Track.objects.filter(organisation=organisation_id).order_by("title"))


def track_of(organisation_id: int, slug: str) -> Track | None:
    """One query."""
    return Track.objects.filter(organisation=organisation_id, slug=slug).first()


def modules_in(track: Track) -> list[tuple[int, str]]:
    """The position and title of each module of a track, in order. One query."""
    return list(TrackModule.objects.filter(track=track).values_list("position", "module__title"))


def newest_in_tracks(organisation_id: int) -> dict[str, tuple[Module, tuple[int, str]]]:
    """{slug: (module, what `edition` asks of its newest)} of all tracks of an organisation, by number. One query."""
    editions = ModuleEdition.objects.filter(module=OuterRef("pk")).order_by("-published_at", "-pk")
    found = Module.objects.filter(places__track__organisation=organisation_id, editions__isnull=False).annotate(
        newest=Subquery(editions.values("pk")[:1]), newest_hash=Subquery(editions.values("content_hash")[:1])
    )
    return {each.slug: (each, (each.newest, each.newest_hash)) for each in found.distinct().order_by("number", "pk")}


def people_in(track_id: int) -> QuerySet[Person]:
    """Who takes part: they follow a module of the track, or opened something of others in it. No query by itself.

    Who only might is left out, so that nobody is told about people who never came.
    """
    modules = TrackModule.objects.filter(track=track_id).values("module_id")
    following = Enrolment.objects.filter(module__in=modules).values("person_id")
    opened = LinkProgress.objects.filter(link__track=track_id).values("person_id")
    organisation = Track.objects.filter(pk=track_id).values("organisation_id")
    return Person.objects.filter(Q(pk__in=following) | Q(pk__in=opened), organisation__in=organisation, is_active=True)


@dataclass(frozen=True)
class EnrolmentFacts:
    """What rooms upstairs may know of an enrolment: for scores to an LMS and for a document.

    `minutes` and `unit_titles` are of the module itself, without a Herhaalmoment.
    """

    enrolment_id: int
    person_id: int
    person_name: str
    person_language: str
    organisation_name: str
    module_slug: str
    module_title: str
    module_number: str
    edition_hash: str
    minutes: int
    unit_titles: tuple[tuple[str, str], ...]
    done: int
    required: int
    started_at: datetime
    completed_at: datetime | None


def enrolment_facts(enrolment_id: int) -> EnrolmentFacts | None:
    """One query, and one more the first time an edition is met. `unit_titles`: ((number, title), …)."""
    enrolment = (
        Enrolment.objects.filter(pk=enrolment_id)
        .select_related("person__organisation", "module", "edition")
        .defer("edition__document")
        .first()
    )
    if enrolment is None:
        return None
    held = edition(enrolment.edition_id, enrolment.edition.content_hash)
    return EnrolmentFacts(
        enrolment.pk,
        enrolment.person_id,
        enrolment.person.name,
        enrolment.person.language,
        enrolment.person.organisation.name,
        enrolment.module.slug,
        held.title,
        held.number,
        held.content_hash,
        held.minutes,
        tuple((unit.number, unit.title) for unit in held.units if unit.is_unit),
        enrolment.done,
        enrolment.edition.required,
        enrolment.started_at,
        enrolment.completed_at,
    )


@dataclass(frozen=True, slots=True)
class HowFar:
    """`done` of `required` activities."""

    done: int
    required: int
    complete: bool


def how_far_statement(enrolment: str) -> str:
    """What gives a row of HowFar, or none: by hand, for it is asked for every score that goes to an LMS, in one message
    with what else is asked then. `enrolment` is SQL of our own for its id."""
    return (
        "SELECT e.done, v.required, e.completed_at IS NOT NULL "  # noqa: S608 names of tables
        f"FROM {Enrolment._meta.db_table} e JOIN {ModuleEdition._meta.db_table} v ON v.id = e.edition_id "
        f"WHERE e.id = {enrolment}"
    )


def mean_score(enrolment_id: int) -> float:
    """Of the required activities that have a score, 0 to 1; 1 when none has. Two queries, three the first time."""
    held = Enrolment.objects.filter(pk=enrolment_id).values_list("edition_id", "edition__content_hash").first()
    if held is None:
        return 1.0
    counted = (Kind.UNIT, Kind.END)  # at the start somebody only shows where they stand
    required = [a.key for unit, a in edition(*held).activities() if a.required and unit.kind in counted]
    scored = ActivityProgress.objects.filter(enrolment=enrolment_id, activity__in=required, score__isnull=False)
    mean: float | None = scored.aggregate(mean=Avg("score"))["mean"]
    return 1.0 if mean is None else min(max(mean, 0.0), 1.0)


def activity_type(slug: str, activity: str) -> str | None:
    """The type of an activity in the newest edition of a module that has it. One query."""
    for edition_id, content_hash in (
        ModuleEdition.objects.filter(module__slug=slug)
        .order_by("-published_at", "-pk")
        .values_list("pk", "content_hash")
    ):
        found = edition(edition_id, content_hash).by_key.get(activity)
        if found:
            return found[1].type
    return None


@dataclass(frozen=True)
class Place:
    """Where an activity is in the edition somebody follows."""

    module: str
    unit: content.Unit
    activity: content.Activity


def places(person: Person, usages: Iterable[str]) -> dict[str, Place]:
    """Where activities are for this person, by usage; left out: those their edition doesn't have. One query."""
    wanted = [usage.partition("/") for usage in dict.fromkeys(usages)]
    followed = Enrolment.objects.filter(person=person, module__slug__in={module for module, _, _ in wanted})
    editions = {
        slug: edition(edition_id, content_hash)
        for slug, edition_id, content_hash in followed.values_list(
            "module__slug", "edition_id", "edition__content_hash"
        )
    }
    found = {}
    for module, _, key in wanted:
        if module in editions and (place := editions[module].by_key.get(key)):
            found[f"{module}/{key}"] = Place(module, *place)
    return found


def fellow_learners(person: Person, *, name: str, limit: int) -> list[Person]:
    """Colleagues with this in their name who follow a module, or a module of a track, that `person` follows too.

    One query.
    """
    own = person.organisation_id
    beside = Module.objects.filter(
        Q(enrolments__person=person) | Q(tracks__organisation=own, tracks__modules__enrolments__person=person)
    )
    colleagues = Person.objects.filter(organisation=own, is_active=True, name__icontains=name).exclude(pk=person.pk)
    return list(colleagues.filter(enrolments__module__in=beside).distinct().order_by("name", "pk")[:limit])
