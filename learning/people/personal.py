"""Which data of people there is: each room says of its own tables whose a row is, what it says, and what becomes of it.

A room has a module `personal`, in which every model that holds personal data is named at least once:

    @personal(JournalEntry, "person", _("Wat je in je journaal schreef"))
    def _entry(row: JournalEntry) -> Facts: …

What somebody gets of themselves (`exporting`) and what is wiped (`erasing`) follow from these alone. A test holds them
against the tables: every model and every column that points to a person is here, and what a line says happens is what
the database does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs import clock
from jobs.models import Job, Status
from learning.people.models import GroupMember, Person, RoleGrant, TeamMembership

type Facts = dict[str, Any]
type Words = str | Promise
type Say = Callable[[Any], Facts]


class NotNow(Exception):
    """Erasing can't go on at this moment; `reason` says why, without anybody in it. What was done stays done."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Sound:
    """Something to listen to; `kind` is how the name of its file ends. Nothing is opened before `chunks` is called."""

    kind: str
    chunks: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Held:
    """A kind of data. `path` leads from the table to the person, as in a query; rows at which `but` does too aren't
    counted here. `stays`: why it stays, without the person, when they are erased; what has none goes. `say` is None for
    what can't be told of one person."""

    model: type[models.Model]
    path: str
    title: Words
    say: Say | None
    but: str = ""
    along: Sequence[str] = ()
    sound: Callable[[Any], Sound | None] | None = None
    reason: Words | Callable[[], Words] = ""

    @property
    def stays(self) -> Words:
        return self.reason() if callable(self.reason) else self.reason

    def rows(self, person: Person) -> models.QuerySet[Any]:
        found = self.model._base_manager.filter(**{self.path: person.pk}).order_by("pk").select_related(*self.along)
        return found.exclude(**{self.but: person.pk}) if self.but else found


_held: list[Held] = []
_first: list[Callable[[Person], None]] = []
_with_it: list[Callable[[Person], None]] = []
_outlives: list[Callable[[Person], None]] = []
_jobs: dict[str, tuple[str, type[models.Model], str]] = {}


def personal(
    model: type[models.Model],
    path: str,
    title: Words,
    *,
    stays: Words | Callable[[], Words] = "",
    but: str = "",
    along: Sequence[str] = (),
    sound: Callable[[Any], Sound | None] | None = None,
) -> Callable[[Say | None], Say | None]:
    """Registers what the decorated function says of a row; see `Held`."""

    def register(say: Say | None) -> Say | None:
        add(Held(model, path, title, say, but, along, sound, stays))
        return say

    return register


def add(held: Held) -> None:
    """For what no path of keys leads to: a subclass with `rows` of its own, and "" for its path."""
    _held.append(held)


def first_wipes(step: Callable[[Person], None]) -> Callable[[Person], None]:
    """Before the rows go: what lies outside the database. May be done twice; raises NotNow."""
    _first.append(step)
    return step


def goes_along(step: Callable[[Person], None]) -> Callable[[Person], None]:
    """In the transaction in which the person goes, just before they do: what no cascade of the database reaches."""
    _with_it.append(step)
    return step


def outlives_leaving(step: Callable[[Person], None]) -> Callable[[Person], None]:
    """Where nobody asked, but somebody's term is over: what has a longer one of its own is made to stay without them.
    In the same transaction, before what goes along."""
    _outlives.append(step)
    return step


def about(kind: str, name: str, model: type[models.Model], path: str) -> None:
    """Jobs of this kind are about a person: their payload has at `name` the number of a `model`, whose it is by
    `path`."""
    _jobs[kind] = (name, model, path)


def all_held() -> Sequence[Held]:
    return tuple(_held)


def steps() -> tuple[Sequence[Callable[[Person], None]], Sequence[Callable[[Person], None]]]:
    """(what is wiped first, what goes along)"""
    return tuple(_first), tuple(_with_it)


def what_outlives() -> Sequence[Callable[[Person], None]]:
    return tuple(_outlives)


def kinds_of_jobs() -> frozenset[str]:
    """Those about a person."""
    return frozenset(_jobs)


def columns(row: models.Model, *but: str) -> Facts:
    """What a row says by itself: no keys to other rows, nothing that is sealed."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not (field.is_relation or field.primary_key or isinstance(field, models.BinaryField) or field.name in but)
    }


def jobs_about(person: Person) -> models.QuerySet[Job]:
    """Waiting, done or failed, whatever their payload names. A query per kind of job, and one through the jobs."""
    theirs = {
        kind: (name, set(model._base_manager.filter(**{path: person.pk}).values_list("pk", flat=True)))
        for kind, (name, model, path) in _jobs.items()
    }
    return Job.objects.filter(pk__in=list(_found(theirs)))


def _found(theirs: dict[str, tuple[str, set[Any]]]) -> Iterator[int]:
    kinds = [kind for kind, (_name, numbers) in theirs.items() if numbers]
    for pk, kind, payload in Job.objects.filter(kind__in=kinds).values_list("pk", "kind", "payload").iterator():
        name, numbers = theirs[kind]
        if json.loads(payload).get(name) in numbers:
            yield pk


def is_being_done(person: Person, *, but: str = "") -> bool:
    """Somebody is at work for them this very moment, at another kind of job than `but`."""
    return jobs_about(person).filter(status=Status.RUNNING, due__gt=clock.now()).exclude(kind=but).exists()


# --- this room's own, and the jobs below it


@personal(Person, "pk", _("Wie je bent"), along=["organisation"])
def _person(row: Person) -> Facts:
    return {**columns(row, "password"), "organisatie": row.organisation.name}


@personal(TeamMembership, "person", _("In welk team je zit"), along=["team"])
def _team(row: TeamMembership) -> Facts:
    return {"team": row.team.name, **columns(row)}


@personal(RoleGrant, "person", _("Je rollen"), along=["organisation"])
def _role(row: RoleGrant) -> Facts:
    return {"organisatie": row.organisation.name, **columns(row)}


@personal(GroupMember, "person", _("In welke groepen je zit"), along=["group"])
def _group(row: GroupMember) -> Facts:
    return {"groep": row.group.name, **columns(row)}


class _JobsAbout(Held):
    def rows(self, person: Person) -> models.QuerySet[Any]:
        return jobs_about(person).order_by("pk")


def _job(row: Job) -> Facts:
    return {"kind": row.kind, "status": row.status, "recorded_at": row.recorded_at}


add(_JobsAbout(Job, "", _("Wat er op de achtergrond voor je gebeurt"), _job))
