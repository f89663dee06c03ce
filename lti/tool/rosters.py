"""The class list of a course (NRPS 2.0 §2), read by a job and applied: who is new, who changed, who left.

Read page by page and written batch by batch, so that a list of any length takes the same memory; what takes longer than
a job may is gone on with by the next. Nobody is taken out before the whole list was read. A list that is empty, or that
would take out more than half, is more likely a slip of the LMS than the truth: it is believed when it says so again.
People are known by their id in the LMS and by nothing else, never by e-mail. Who is suspended here stays so.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from jobs.registry import GiveUp, TryLater
from jobs.services import record
from learning.people import services as people
from lti import claims as words
from lti import outbound
from lti.tool import calls, paging, texts
from lti.tool.models import Account, Context, Participation, Platform
from lti.tool.roles import TRAINER, ours
from lti.tool.services import is_id

KIND, KIND_ALL = "lti.roster", "lti.rosters"
LARGEST = 8 * 1024 * 1024
"""Bytes of a page. An LMS that gives everybody at once, whatever is asked, needs about 2 MB for five thousand."""
PAGE = 500
BATCH = 250
MOST_MEMBERS = 50_000
SECONDS = 60.0
"""Of one job; then the next goes on at the page where this one stopped."""

SMALL = 10
"""People. Of a smaller class more than half may well leave at once."""

EVERY = 10 * 60
"""Seconds between two readings that launches ask for."""

RECENT = 60 * 24 * 3600
"""Seconds since the last launch during which a class list is read every day."""

UNREACHABLE, REFUSED, UNREADABLE, TOO_LONG = "unreachable", "refused", "unreadable", "too-long"
EMPTY, MANY_LEFT = "empty", "many-left"
DOUBTED = frozenset({EMPTY, MANY_LEFT})
"""What `Context.roster_trouble` may say. The last two mean: read whole, but not believed yet."""

_GONE = frozenset({"inactive", "deleted"})
"""Of NRPS 2.0 §2.2, however an LMS writes them. Whatever else it says, and when it says nothing, they are active."""


def read(context: Context) -> None:
    """Record that the class list of this course must be read. Where the LMS offers none, nothing happens."""
    if not context.memberships_url:
        return
    with transaction.atomic():
        ask(context.pk)


def ask(context_id: int) -> None:
    """The same, inside the transaction of what asks."""
    record(KIND, f"{KIND}:{context_id}", {"context": context_id})


def ask_all_recent() -> None:
    """Every day: the class lists of courses where somebody came in lately."""
    since = int(time.time()) - RECENT
    recent = Context.objects.filter(
        launched_at__gte=since, deployment__platform__active=True
    ).exclude(memberships_url="")  # fmt: skip
    numbers = list(recent.values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        with transaction.atomic():
            for number in numbers[start : start + BATCH]:
                ask(number)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that is under way: what goes in the job that goes on with it.

    `newest` is the last participation there was at the start: who comes in by a launch meanwhile isn't taken out.
    `doubted`: the one before was read whole but not believed.
    """

    context: int
    run: int
    newest: int
    doubted: bool
    following: str
    seen: int
    pages: int


@dataclass(frozen=True, slots=True)
class Member:
    subject: str
    name: str
    email: str
    roles: frozenset[str]


def update(payload: Mapping[str, Any]) -> None:
    """Read the class list, or go on reading it, and apply it. May run twice. Raises TryLater or GiveUp."""
    context = Context.objects.select_related("deployment__platform__organisation").filter(pk=payload["context"]).first()
    if context is None or not context.memberships_url:
        return
    platform = context.deployment.platform
    if not platform.active:
        raise GiveUp("the platform is switched off")
    reading = Reading(**payload) if "run" in payload else _begin(context)
    if reading.run != context.roster_run and "run" in payload:
        # Another reading began since.
        return
    try:
        _read(context, platform, reading)
    except (TryLater, GiveUp) as trouble:
        Context.objects.filter(pk=context.pk).update(roster_trouble=_word_for(trouble))
        raise


def _word_for(trouble: TryLater | GiveUp) -> str:
    if isinstance(trouble, Unreadable):
        return trouble.word
    if isinstance(trouble, calls.Refused):
        return REFUSED
    return UNREACHABLE if isinstance(trouble, TryLater) else UNREADABLE


class Unreadable(GiveUp):
    """It came, and isn't a class list we can use."""

    def __init__(self, reason: str, word: str = UNREADABLE) -> None:
        super().__init__(reason)
        self.word = word


def _begin(context: Context) -> Reading:
    with transaction.atomic():
        Context.objects.filter(pk=context.pk).update(roster_run=F("roster_run") + 1)
        run = Context.objects.values_list("roster_run", flat=True).get(pk=context.pk)
    newest = Participation.objects.filter(context=context).aggregate(newest=Max("pk"))["newest"] or 0
    first = paging.with_query(context.memberships_url, limit=PAGE)
    return Reading(context.pk, run, newest, context.roster_trouble in DOUBTED, first, 0, 0)


def _read(context: Context, platform: Platform, reading: Reading) -> None:
    patience = calls.Patience.of(SECONDS)
    group = _group(context, platform)
    call = calls.Call("GET", reading.following, words.NRPS_SCOPE, LARGEST, words.NRPS_TYPE)
    for answer, following in paging.pages(call, platform, patience=replace(patience, until=patience.until + 20)):
        members = _members(answer)
        seen, read = reading.seen + len(members), reading.pages + 1
        reading = replace(reading, following=following, seen=seen, pages=read)
        if seen > MOST_MEMBERS or read > paging.MOST_PAGES:
            raise Unreadable("the class list is too long", TOO_LONG)
        usable = _usable(members)
        while batch := list(islice(usable, BATCH)):
            _apply(batch, context, platform, group, reading.run)
        if following and patience.left <= 0:
            with transaction.atomic():
                record(KIND, f"{KIND}:{context.pk}", asdict(reading))
            return
    _end(context, platform, reading)


def _group(context: Context, platform: Platform) -> int | None:
    """Launches that name no course share a context; they are no class."""
    if not context.context_id:
        return None
    return people.follow_group(platform.organisation, source=context.group_source, name=context.title)


def _members(answer: outbound.Answer) -> Sequence[Any]:
    members = calls.members_of(calls.read_json(answer)).get("members")
    if not isinstance(members, list):
        raise Unreadable("the LMS's answer isn't a class list")
    return members


def _usable(members: Iterable[Any]) -> Iterable[Member]:
    """Who is in the course now, as far as it says. One without a usable id is passed over."""
    for each in map(calls.members_of, members):
        subject, named = each.get("user_id"), each.get("roles")
        if is_id(subject) and str(each.get("status")).lower() not in _GONE:
            roles = [role for role in named[:100] if isinstance(role, str)] if isinstance(named, list) else []
            yield Member(str(subject), texts.name(each), texts.email(each), ours(roles))


@transaction.atomic
def _apply(batch: Sequence[Member], context: Context, platform: Platform, group: int | None, run: int) -> None:
    """These people are in the course, with these names and roles; of who is listed twice the last counts. In the order
    of their ids, so that two lists at once don't wait for each other."""
    members = {member.subject: member for member in sorted(batch, key=lambda member: member.subject)}
    accounts = _accounts(platform, members)
    people.know_many_as(
        (account.person, members[subject].name, members[subject].email) for subject, account in accounts.items()
    )
    roles = {account.person_id: members[subject].roles for subject, account in accounts.items()}
    people.set_roles_of_many(platform.organisation, source=context.role_source, roles=roles)
    Participation.objects.bulk_create(
        [
            Participation(
                context=context, account=account, roles=" ".join(sorted(members[subject].roles)), roster_run=run
            )
            for subject, account in accounts.items()
        ],
        update_conflicts=True, unique_fields=["context", "account"], update_fields=["roles", "roster_run"],
    )  # fmt: skip
    if group is not None:
        people.place_in_group(group, trainers={person: TRAINER in held for person, held in roles.items()})


def _accounts(platform: Platform, members: Mapping[str, Member]) -> dict[str, Account]:
    """By id in the LMS, in its order; whoever has none gets one, with a person of their own."""
    there = _known_accounts(platform, members)
    new = [member for subject, member in members.items() if subject not in there]
    if new:
        made = people.create_people(platform.organisation, named=[(member.name, member.email) for member in new])
        Account.objects.bulk_create(
            [
                Account(organisation=platform.organisation, issuer=platform.issuer, subject=each.subject, person=person)
                for each, person in zip(new, made, strict=True)
            ],
            ignore_conflicts=True,
        )
        there |= _known_accounts(platform, [member.subject for member in new])
        # Somebody may have come in by a first launch in this very moment: then that is who they are.
        used = {account.person_id for account in there.values()}
        people.forget_new([person for person in made if person.pk not in used])
    return {subject: there[subject] for subject in members}


def _known_accounts(platform: Platform, subjects: Iterable[str]) -> dict[str, Account]:
    found = Account.objects.select_related("person").filter(
        organisation=platform.organisation_id, issuer=platform.issuer, subject__in=list(subjects)
    )
    return {account.subject: account for account in found}


def _end(context: Context, platform: Platform, reading: Reading) -> None:
    """The whole list was read: who isn't on it leaves, unless that is hard to believe."""
    before = Participation.objects.filter(context=context, pk__lte=reading.newest)
    leaving = _leaving(before, reading.run)
    left, were = leaving.count(), before.count()
    nobody = not Participation.objects.filter(context=context, roster_run=reading.run).exists()
    doubt = EMPTY if nobody and were else MANY_LEFT if were >= SMALL and 2 * left > were else ""
    if doubt and not reading.doubted:
        Context.objects.filter(pk=context.pk).update(roster_trouble=doubt)
        return
    while batch := list(leaving.order_by("pk").values_list("pk", "account__person")[:BATCH]):
        _let_go(batch, context, platform)
    Context.objects.filter(pk=context.pk).update(roster_read_at=timezone.now(), roster_trouble="")


def _leaving(before: QuerySet[Participation], run: int) -> QuerySet[Participation]:
    """Who was there and isn't on the list. A trainer who never was on one is who runs the LMS and looks around: Moodle
    lets them in as a teacher, but doesn't list them."""
    looks_around = Q(roster_run=0, roles__contains=TRAINER)
    return before.filter(roster_run__lt=run).exclude(looks_around)


@transaction.atomic
def _let_go(leaving: Sequence[tuple[int, int]], context: Context, platform: Platform) -> None:
    """Out of the course, with the roles it gave. What they did stays theirs."""
    persons = sorted({person for _, person in leaving})
    people.set_roles_of_many(platform.organisation, source=context.role_source, roles=dict.fromkeys(persons, ()))
    Participation.objects.filter(pk__in=[pk for pk, _ in leaving]).delete()
    people.leave_group(platform.organisation, source=context.group_source, people=persons)


@dataclass(frozen=True, slots=True)
class ClassList:
    """How a course's class list is. `trouble`: one of the words above, or ""."""

    context: int
    offered: bool
    read_at: dt.datetime | None
    trouble: str


def of_group(source: str) -> ClassList | None:
    """Of the group that follows `source`; None when it follows no course of an LMS. One query."""
    number = source.removeprefix("lti:")
    if not source.startswith("lti:") or not number.isdecimal():
        return None
    context = Context.objects.filter(pk=int(number)).first()
    if context is None:
        return None
    return ClassList(context.pk, bool(context.memberships_url), context.roster_read_at, context.roster_trouble)
