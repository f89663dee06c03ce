"""Reads for who looks after the connections of an organisation. Never about a person."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from jobs.queries import JobState, unfinished
from learning.people.models import Organisation
from lti.tool import lineitems, results, rosters, scores
from lti.tool.models import Context, Invitation, LaunchRecord, LineItem, Platform, ResourceLink, Seat
from lti.tool.refusals import REASONS, Reason
from lti.tool.troubles import in_words

_PLATFORM_OF: Mapping[str, tuple[type[Seat | LineItem | ResourceLink | Context | Platform], str]] = {
    scores.KIND: (Seat, "resource_link__deployment__platform"),
    lineitems.KIND: (ResourceLink, "deployment__platform"),
    results.KIND: (LineItem, "platform"),
    rosters.KIND: (Context, "deployment__platform"),
    scores.KIND_AGAIN: (Platform, "pk"),
}
"""Kind of job → what its key numbers, and the way from there to a platform. A key is `kind:number`."""


@dataclass(slots=True)
class Work:
    """What is still to be done for a platform. `failed`: what was given up, by its reason in words."""

    waiting: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    failed_keys: list[tuple[str, str]] = field(default_factory=list)

    @property
    def failures(self) -> int:
        return self.failed.total()

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """The most frequent first."""
        return self.failed.most_common()


@dataclass(frozen=True, slots=True)
class Connection:
    platform: Platform
    last_launch: dt.datetime | None
    last_refusal: dt.datetime | None
    last_score: dt.datetime | None
    work: Work


@dataclass(frozen=True, slots=True)
class LogLine:
    """`reason` None: it went well. `to_add`: a deployment that would make it go well, and isn't there yet."""

    record: LaunchRecord
    reason: Reason | None
    to_add: str


def of_organisation(organisation: Organisation) -> list[Connection]:
    """Those that wait for approval first. Seven queries at most, however many there are."""
    rows = list(_with_health(Platform.objects.filter(organisation=organisation)).order_by("-awaits_approval", "name"))
    work = _work()
    return [_connection(row, work) for row in rows]


def one(organisation: Organisation, number: int) -> Connection | None:
    row = _with_health(Platform.objects.filter(organisation=organisation, pk=number)).first()
    return None if row is None else _connection(row, _work())


def platform(organisation: Organisation, number: int) -> Platform | None:
    return Platform.objects.filter(organisation=organisation, pk=number).first()


def log(platform: Platform, *, reference: str = "") -> QuerySet[LaunchRecord]:
    """The newest first; with `reference` only the one with that number."""
    rows = LaunchRecord.objects.filter(platform=platform).order_by("-pk")
    return rows.filter(reference=reference) if reference else rows


def log_lines(records: Iterable[LaunchRecord], *, deployments: Iterable[str]) -> list[LogLine]:
    there = set(deployments)
    return [
        LogLine(
            row,
            REASONS.get(row.code) if row.code else None,
            row.deployment_id if row.deployment_id not in there else "",
        )
        for row in records
    ]


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Open ones first, then the newest."""
    rows = Invitation.objects.filter(organisation=organisation).select_related("platform")
    return rows.order_by("used_at", "-expires_at")


def state_of(invitation: Invitation) -> str:
    """ "open", "used" or "over"."""
    if invitation.used_at is not None:
        return "used"
    return "over" if invitation.expires_at <= timezone.now() else "open"


def _with_health(rows: QuerySet[Platform]) -> QuerySet[Platform]:
    mine = LaunchRecord.objects.filter(platform=OuterRef("pk")).order_by("-at")
    sent = (
        Seat.objects.filter(line_item__platform=OuterRef("pk"))
        .order_by()
        .values("line_item__platform")
        .annotate(last=Max("last_sent_at"))
    )
    return rows.annotate(
        last_launch=Subquery(mine.filter(code="").values("at")[:1]),
        last_refusal=Subquery(mine.filter(~Q(code="")).values("at")[:1]),
        last_sent=Subquery(sent.values("last")[:1]),
    )


def _connection(row: Platform, work: Mapping[int, Work]) -> Connection:
    sent = getattr(row, "last_sent", None)
    return Connection(
        row,
        getattr(row, "last_launch", None),
        getattr(row, "last_refusal", None),
        dt.datetime.fromtimestamp(sent, dt.UTC) if sent else None,
        work.get(row.pk, Work()),
    )


def _work() -> dict[int, Work]:
    """By platform. One query, and one for each kind of job that there is."""
    jobs: dict[str, dict[int, JobState]] = defaultdict(dict)
    for job in unfinished(_PLATFORM_OF):
        number = job.key.removeprefix(f"{job.kind}:")
        if number.isdigit():
            jobs[job.kind][int(number)] = job
    found: dict[int, Work] = defaultdict(Work)
    for kind, of_kind in jobs.items():
        model, way = _PLATFORM_OF[kind]
        for number, platform_id in model._default_manager.filter(pk__in=list(of_kind)).values_list("pk", way):
            _count(found[platform_id], of_kind[number])
    return found


def _count(work: Work, job: JobState) -> None:
    if job.status == "failed":
        work.failed[in_words(job.reason)] += 1
        work.failed_keys.append((job.kind, job.key))
    else:
        work.waiting += 1
