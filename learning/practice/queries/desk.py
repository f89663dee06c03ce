"""Who waits for a trainer, across all groups they train, and what else is on the way there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from learning.people.models import Group, GroupMember, Person, Role
from learning.people.queries import roles_of, training
from learning.practice import rules
from learning.practice.flow import WAITING
from learning.practice.models import Assessment, Objection, Part, Stage, State, Work
from learning.practice.models import Case as PracticeCase
from learning.practice.permissions import asked_of, objections_for
from learning.practice.working_days import between

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

PAGE = 25
BESIDE = 8
"""As many of the queue stand beside a round."""


class Which(StrEnum):
    """What somebody looks for; WAITING is the queue itself."""

    WAITING = ""
    BUSY = "bezig"
    RETURNED = "terug"
    ENOUGH = "voldoende"
    GOES_ON = "loopt_door"
    WITHDRAWN = "ingetrokken"


STATES: Mapping[Which, frozenset[State]] = {
    Which.WAITING: WAITING,
    Which.BUSY: frozenset({State.GIVEN, State.PREPARED, State.HELD}),
    Which.RETURNED: frozenset({State.RETURNED}),
    Which.ENOUGH: frozenset({State.ENOUGH}),
    Which.GOES_ON: frozenset({State.GOES_ON}),
    Which.WITHDRAWN: frozenset({State.WITHDRAWN}),
}


class Why(StrEnum):
    """Why somebody waits for this trainer: of a group they train, or because they were asked beside that."""

    GROUP = ""
    SECOND = "tweede"
    OBJECTION = "bezwaar"
    READER = "lezer"


@dataclass(frozen=True)
class Filter:
    """`group`, `case`: numbers, None for all. `mine`: only what is with this trainer, or asked of them."""

    which: Which = Which.WAITING
    group: int | None = None
    case: int | None = None
    mine: bool = False


@dataclass(frozen=True)
class Row:
    """`days`: working days since they wait, or since it changed. `hands`: the colleague who has it. `with_me`: this
    trainer has it. `along`: (peers who read it, peers who were asked)."""

    work: Work
    why: Why
    days: int
    late: bool
    hands: Person | None
    with_me: bool
    along: tuple[int, int]


@dataclass(frozen=True)
class Desk:
    """What one trainer may look at; asked once for a page. `groups` by name; `beside`: {group: {number: who trains it
    today}}, with who looks; `asked`: {work: (why, since)}."""

    trainer: Person
    groups: Sequence[Group]
    beside: Mapping[int, Mapping[int, Person]]
    asked: Mapping[int, tuple[Why, datetime]]

    @property
    def numbers(self) -> list[int]:
        return [group.pk for group in self.groups]

    @property
    def colleagues(self) -> list[Person]:
        """Who train any of these groups too, by name."""
        found = {number: person for trainers in self.beside.values() for number, person in trainers.items()}
        found.pop(self.trainer.pk, None)
        return sorted(found.values(), key=by_name)

    def holder(self, work: Work) -> Person | None:
        """The colleague who has it, and trains its group."""
        if work.state not in WAITING or work.assessor_id in (None, self.trainer.pk):
            return None
        return self.beside.get(work.group_id, {}).get(work.assessor_id or 0)


def by_name(person: Person) -> tuple[str, int]:
    return person.name.lower(), person.pk


def desk_of(trainer: Person) -> Desk | None:
    """None for who isn't a trainer. Three queries; four for a trainer without a group."""
    mine = GroupMember.objects.filter(training(), person=trainer).values("group")
    groups = list(Group.objects.filter(pk__in=mine, organisation=trainer.organisation_id).order_by(Lower("name"), "pk"))
    if not groups and Role.TRAINER not in roles_of(trainer):
        return None
    beside: dict[int, dict[int, Person]] = {}
    for member in GroupMember.objects.filter(training(), group__in=groups).select_related("person"):
        beside.setdefault(member.group_id, {})[member.person_id] = member.person
    return Desk(trainer, groups, beside, _asked(trainer))


def _asked(trainer: Person) -> dict[int, tuple[Why, datetime]]:
    """One query. An objection comes before the rest: somebody disagrees."""
    found = Assessment.objects.filter(
        Q(pk__in=asked_of(trainer).values("pk")) | Q(objection__in=objections_for(trainer).values("pk"))
    ).select_related("objection")
    asked: dict[int, tuple[Why, datetime]] = {}
    for reading in found.defer("sealed", "levels", "objection__sealed").order_by("pk"):
        objection = getattr(reading, "objection", None)
        if objection is not None and objection.decided_at is None and reading.person_id != trainer.pk:
            asked[reading.work_id] = (Why.OBJECTION, objection.made_at)
        else:
            why = Why.SECOND if reading.part == Part.SECOND else Why.READER
            asked.setdefault(reading.work_id, (why, reading.asked_at))
    return asked


# --- the queue


def waiting_for(desk: Desk) -> int:
    """How many people wait for this trainer: what nobody else has, and what they were asked. One query."""
    found = _works(desk, Filter()).filter(
        Q(pk__in=list(desk.asked)) | Q(assessor=None) | Q(assessor=desk.trainer) | ~Exists(_holder(desk))
    )
    return int(found.aggregate(people=Count("person", distinct=True))["people"])


def _holder(desk: Desk) -> QuerySet[GroupMember]:
    """The trainer who has a work, as long as they train its group."""
    return GroupMember.objects.filter(training(), group=OuterRef("group"), person=OuterRef("assessor"))


def queue(desk: Desk, chosen: Filter, *, page: str) -> Page[Any]:
    """Longest waiting first. Two queries."""
    return Paginator(_ordered(desk, chosen), PAGE).get_page(page)


def head(desk: Desk) -> list[Work]:
    """The head of the queue, for beside a round. One query."""
    return list(_ordered(desk, Filter())[:BESIDE])


def neighbours(desk: Desk, work: Work, since: datetime | None) -> tuple[UUID | None, UUID | None]:
    """(before, after) it in the queue; before the first is nobody. Of a work that doesn't wait any more: (None, who
    waits longest). Two queries."""
    waiting = _ordered(desk, Filter()).exclude(pk=work.pk)
    if since is None:
        return None, waiting.values_list("key", flat=True).first()
    earlier = Q(since__lt=since) | Q(since=since, pk__lt=work.pk)
    before = waiting.filter(earlier).order_by("-since", "-pk").values_list("key", flat=True).first()
    after = waiting.exclude(earlier).values_list("key", flat=True).first()
    return before, after


def _works(desk: Desk, chosen: Filter) -> QuerySet[Work]:
    """Of one organisation, never one's own."""
    states = STATES[chosen.which]
    theirs = Q(group__in=desk.numbers, state__in=states)
    if chosen.mine:
        theirs &= Q(assessor=desk.trainer)
    if chosen.which is Which.WAITING and desk.asked:
        theirs |= Q(pk__in=list(desk.asked))
    works = Work.objects.filter(theirs, group__organisation=desk.trainer.organisation_id).exclude(person=desk.trainer)
    if chosen.group is not None:
        works = works.filter(group=chosen.group)
    if chosen.case is not None:
        works = works.filter(assignment__version__case=chosen.case)
    return works


def _ordered(desk: Desk, chosen: Filter) -> QuerySet[Any]:
    """Works, each with `since`."""
    works = _works(desk, chosen).annotate(since=_since(desk)).order_by("since", "pk")
    return works.select_related("person", "assessor", "group", "assignment__version__case").defer(
        "sealed_draft", "assignment__version__document", "assignment__version__case__draft", "assignment__people"
    )


def _since(desk: Desk) -> Combinable:
    """Since when somebody waits: since they handed in, or since this trainer was asked."""
    waited = Coalesce(F("waiting_since"), F("changed_at"))
    whens = [
        When(pk=number, then=Value(since)) for number, (why, since) in desk.asked.items() if why is not Why.READER
    ]  # fmt: skip
    return Case(*whens, default=waited) if whens else waited


def rows(desk: Desk, works: Iterable[Work]) -> list[Row]:
    """In the order they came. One query."""
    works = list(works)
    along = _along(works)
    return [_row(desk, work, along.get(work.pk, (0, 0))) for work in works]


def _row(desk: Desk, work: Work, along: tuple[int, int]) -> Row:
    why = desk.asked.get(work.pk, (Why.GROUP, None))[0]
    since: datetime = work.since  # type: ignore[attr-defined]  # annotated
    return Row(
        work=work,
        why=why,
        days=between(timezone.localdate(since), timezone.localdate()),
        late=is_late(work),
        hands=desk.holder(work) if why is Why.GROUP else None,
        with_me=work.state in WAITING and work.assessor_id == desk.trainer.pk,
        along=along,
    )


def is_late(work: Work) -> bool:
    """After the last day: not handed in yet, or handed in for the first time. What came back takes the time it
    takes."""
    if work.round > 1 or work.state not in STATES[Which.BUSY] | WAITING:
        return False
    handed_in_on = timezone.localdate(work.waiting_since) if work.waiting_since else None
    return rules.is_late(work.due_on, today=timezone.localdate(), handed_in_on=handed_in_on)


def _along(works: Sequence[Work]) -> dict[int, tuple[int, int]]:
    asked = Assessment.objects.filter(work__in=[work.pk for work in works], part=Part.PEER)
    counted = asked.exclude(stage=Stage.DECLINED).values("work").annotate(
        asked=Count("pk"), gave=Count("pk", filter=Q(stage=Stage.GIVEN))
    )  # fmt: skip
    return {each["work"]: (each["gave"], each["asked"]) for each in counted.order_by("work")}


def chosen_works(desk: Desk, keys: Iterable[UUID]) -> list[Work]:
    """Of the groups they train; keys of others are left out. One query."""
    works = Work.objects.filter(key__in=list(keys), group__in=desk.numbers).exclude(person=desk.trainer)
    return list(works.select_related("person").order_by("pk"))


def cases_in(desk: Desk) -> Sequence[PracticeCase]:
    """That anybody in these groups was given. One query."""
    given = Work.objects.filter(group__in=desk.numbers).values("assignment__version__case")
    return list(PracticeCase.objects.filter(pk__in=given).defer("draft").order_by(Lower("title"), "pk"))


# --- who reads what


@dataclass(frozen=True)
class Load:
    """Of one trainer in the groups of who looks: `open` waits with them, `read` is what they gave in thirty days, after
    `days` working days in the middle; None where they gave nothing."""

    trainer: Person
    open: int
    read: int
    days: float | None


SINCE = timedelta(days=30)


def loads(desk: Desk) -> list[Load]:
    """By name, never by number. Two queries."""
    trainers = sorted([desk.trainer, *desk.colleagues], key=by_name)
    waits = Work.objects.filter(group__in=desk.numbers, state__in=WAITING, assessor__in=trainers)
    waiting = dict(waits.values_list("assessor").annotate(n=Count("pk")).order_by("assessor"))
    took = defaultdict[int, list[int]](list)
    given = Assessment.objects.filter(
        work__group__in=desk.numbers, part=Part.TRAINER, stage=Stage.GIVEN, person__in=trainers,
        given_at__gt=timezone.now() - SINCE,
    )  # fmt: skip
    for person, since, at in given.values_list("person", "round__handed_in_at", "given_at"):
        took[person].append(between(timezone.localdate(since), timezone.localdate(at)))
    return [
        Load(each, waiting.get(each.pk, 0), len(took[each.pk]), median(took[each.pk]) if took[each.pk] else None)
        for each in trainers
    ]


def objection_for(trainer: Person, work: Work) -> Objection | None:
    """The open one about this work that this trainer may answer. One query."""
    found = objections_for(trainer).filter(assessment__work=work)
    return found.select_related("assessment__round", "assessment__person").order_by("pk").first()
