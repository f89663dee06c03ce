"""Reads about groups, for their own trainers. Who isn't one finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Lower

from learning.people.models import Group, GroupMember, Person
from learning.people.queries import training
from learning.tracks.content import Edition
from learning.tracks.models import Enrolment, Module
from learning.tracks.queries import edition

PAGE = 50


def groups_of(person: Person) -> QuerySet[Group]:
    """Those in which somebody is a trainer, in the one organisation that is theirs, by name; each with `learners`, how
    many learn in it. One query."""
    mine = GroupMember.objects.filter(training(), person=person).values("group")
    learners = Count("members", filter=Q(members__is_trainer=False))
    groups = Group.objects.filter(pk__in=mine, organisation=person.organisation_id)
    return groups.annotate(learners=learners).order_by(Lower("name"), "pk")


def group_of(person: Person, number: int) -> Group | None:
    """One query."""
    return groups_of(person).filter(pk=number).first()


def trains(person: Person, *, source: str) -> Group | None:
    """The group that follows `source`, for its trainer. One query."""
    return groups_of(person).filter(source=source).first()


def learners_in(group: Group, *, page: str, outside: Group | None = None) -> Page[GroupMember]:
    """By name; who has no name here comes last: names aren't guessed. Without who is in `outside`. Two queries, one
    for a group of `groups_of`."""
    members = GroupMember.objects.filter(group=group, is_trainer=False).select_related("person")
    if outside:
        members = members.filter(person__organisation=outside.organisation_id, person__is_active=True).exclude(
            person__in=GroupMember.objects.filter(group=outside).values("person")
        )
    nameless = ExpressionWrapper(Q(person__name=""), BooleanField())
    pages = Paginator(members.order_by(nameless.asc(), Lower("person__name"), "person"), PAGE)
    known = getattr(group, "learners", None)  # `groups_of` counted them
    if outside is None and known is not None:
        pages.count = known
    return pages.get_page(page)


def learners_named(group: Group, numbers: Sequence[str]) -> list[Person]:
    """Those of these people (by number, as a form sends them) who learn in a group, at most a page. One query."""
    known = [int(number) for number in numbers[:PAGE] if number.isascii() and number.isdigit() and len(number) < 19]
    learning = GroupMember.objects.filter(group=group, is_trainer=False, person__in=known).values("person")
    return list(Person.objects.filter(pk__in=learning, organisation=group.organisation_id, is_active=True))


def member_of(group: Group, person: int) -> GroupMember | None:
    """One query."""
    return GroupMember.objects.filter(group=group, person__pk=person).select_related("person").first()


def seats_of_trainers(group: Group) -> list[GroupMember]:
    """Who train it, also those whose days of standing in are over. One query."""
    trainers = GroupMember.objects.filter(group=group, is_trainer=True).select_related("person")
    return list(trainers.order_by(Lower("person__name"), "person"))


@dataclass(frozen=True)
class Seat:
    """A group somebody learns in, with who train it today."""

    group: Group
    trainers: tuple[Person, ...]


def learning_in(person: Person) -> list[Seat]:
    """Who see how far somebody is. Two queries."""
    groups = list(
        Group.objects.filter(
            members__in=GroupMember.objects.filter(person=person, is_trainer=False), organisation=person.organisation_id
        ).order_by(Lower("name"), "pk")
    )
    trainers: dict[int, list[Person]] = {}
    members = GroupMember.objects.filter(training(), group__in=groups).select_related("person")
    for member in members.order_by(Lower("person__name"), "person"):
        trainers.setdefault(member.group_id, []).append(member.person)
    return [Seat(group, tuple(trainers.get(group.pk, ()))) for group in groups]


@dataclass(frozen=True)
class HowFarIn:
    """`enrolment` is None for who hasn't begun."""

    enrolment: Enrolment | None


@dataclass(frozen=True)
class Learner:
    person: Person
    modules: tuple[HowFarIn, ...]


@dataclass(frozen=True)
class Progress:
    """A page of learners, by name, and of each how far they are in `modules` (number and title), in that order."""

    page: Page[GroupMember]
    modules: tuple[tuple[str, str], ...]
    learners: tuple[Learner, ...]


def progress_in(group: Group, *, page: str) -> Progress:
    """Two queries for a group of `groups_of`, however many people."""
    shown = learners_in(group, page=page)
    people = [member.person for member in shown]
    enrolments = list(
        Enrolment.objects.filter(person__in=people).select_related("module", "edition").defer("edition__document")
    )
    modules = sorted({enrolment.module for enrolment in enrolments}, key=lambda module: (module.number, module.pk))
    of = {(enrolment.person_id, enrolment.module_id): enrolment for enrolment in enrolments}
    learners = tuple(
        Learner(person, tuple(HowFarIn(of.get((person.pk, module.pk))) for module in modules)) for person in people
    )
    return Progress(shown, tuple((module.number, module.title) for module in modules), learners)


def modules_of(group: Group) -> Sequence[Module]:
    """The modules that anybody in a group follows, by number. One query."""
    followed = Enrolment.objects.filter(_learns_in(group)).values("module")
    return list(Module.objects.filter(pk__in=followed).order_by("number", "pk"))


def edition_in(group: Group, module: str) -> Edition | None:
    """The newest edition of a module that is followed in a group; None where nobody follows it. One query, two the
    first time."""
    followed = Enrolment.objects.filter(_learns_in(group), module__slug=module).order_by(
        "-edition__published_at", "-edition"
    )
    found = followed.values_list("edition", "edition__content_hash").first()
    return edition(*found) if found else None


def _learns_in(group: Group) -> Q:
    learners = GroupMember.objects.filter(group=group, is_trainer=False, person__organisation=group.organisation_id)
    return Q(person__in=learners.values("person"))


def learners_beside(trainer: Person, group: Group) -> dict[int, set[int]]:
    """{group: who learn in it} of the groups this trainer trains in which somebody of `group` learns, itself first.
    One query."""
    learners = GroupMember.objects.filter(is_trainer=False, person__organisation=trainer.organisation_id)
    here = learners.filter(group=group).values("person")
    shared = learners.filter(group__in=groups_of(trainer).values("pk"), person__in=here).values("group")
    found: dict[int, set[int]] = {group.pk: set()}
    for number, person in learners.filter(group__in=shared).order_by("group", "person").values_list("group", "person"):
        found.setdefault(number, set()).add(person)
    return found


def trainers_of(group: Group) -> Sequence[Person]:
    """Who train it today. One query."""
    trainers = GroupMember.objects.filter(training(), group=group).values("person")
    return list(Person.objects.filter(pk__in=trainers).order_by("name", "pk"))
