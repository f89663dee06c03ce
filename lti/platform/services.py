"""Writes of the platform side."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from learning.tracks import services as tracks
from learning.tracks.models import Status
from lti.claims import (
    AGS_LINE_ITEM_READ_SCOPE,
    AGS_LINE_ITEM_SCOPE,
    AGS_RESULT_SCOPE,
    AGS_SCORE_SCOPE,
    NRPS_SCOPE,
)
from lti.platform import membership, scores
from lti.platform.addresses import belongs_to
from lti.platform.endpoints import page
from lti.platform.models import (
    Course,
    CourseMember,
    CourseRole,
    LineItem,
    Placement,
    Presentation,
    Result,
    SpentToken,
    Tool,
)

if TYPE_CHECKING:
    from learning.people.models import Organisation, Person
    from learning.tracks.models import Track

LINE_ITEM = AGS_LINE_ITEM_SCOPE
LINE_ITEM_READ = AGS_LINE_ITEM_READ_SCOPE
RESULT_READ = AGS_RESULT_SCOPE
SCORE = AGS_SCORE_SCOPE
MEMBERS_READ = NRPS_SCOPE
GRADE_SCOPES = (LINE_ITEM_READ, RESULT_READ, SCORE)
# Every scope this platform can honour; a tool is given some of them.
SCOPES = (LINE_ITEM, *GRADE_SCOPES, MEMBERS_READ)
MOST_LINE_ITEMS = 500  # that a tool may have in a course


class AlreadySpent(Exception):
    """What may be used once was used before."""


class NotAllowed(Exception):
    """The tool isn't registered for this."""


def spend(value: str, *, until: datetime) -> None:
    """Mark `value` as used; it is forgotten after `until`. Raises AlreadySpent, in one of two at the same moment too.

    Only for what was checked to be ours or the tool's own, so that bad requests can't fill the table.
    """
    digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
    forget_spent()
    try:
        with transaction.atomic():
            SpentToken.objects.create(digest=digest, expires_at=until)
    except IntegrityError:
        raise AlreadySpent from None


def forget_spent() -> None:
    """What was used and would be too old by now anyway."""
    SpentToken.objects.filter(expires_at__lt=timezone.now()).delete()


def register_tool(
    organisation: Organisation,
    *,
    client_id: str,
    name: str,
    deployment_id: str,
    login_url: str,
    target_link_uris: Sequence[str],
    redirect_uris: Sequence[str],
    jwks_url: str,
    choosing_url: str = "",
    scopes: Sequence[str] = GRADE_SCOPES,
    shares_name: bool = False,
    shares_email: bool = False,
) -> Tool:
    """Or set the tool of that client_id right; its kept keys go when their address changes."""
    fields = {
        "organisation": organisation,
        "name": name,
        "deployment_id": deployment_id,
        "login_url": login_url,
        "target_link_uris": list(target_link_uris),
        "redirect_uris": list(redirect_uris),
        "jwks_url": jwks_url,
        "choosing_url": choosing_url,
        "scopes": [scope for scope in SCOPES if scope in scopes],
        "shares_name": shares_name,
        "shares_email": shares_email,
    }
    tool, created = Tool.objects.get_or_create(client_id=client_id, defaults=fields)
    if not created:
        if tool.jwks_url != jwks_url:
            fields |= {"keys": [], "keys_asked_at": None}
        Tool.objects.filter(pk=tool.pk).update(**fields)
        tool.refresh_from_db()
    return tool


def add_tool(
    organisation: Organisation,
    *,
    name: str,
    login_url: str,
    target_link_uris: Sequence[str],
    redirect_uris: Sequence[str],
    jwks_url: str,
    choosing_url: str = "",
    description: str = "",
    custom: Mapping[str, str] | None = None,
    asks: Mapping[str, list[str]] | None = None,
    awaits_approval: bool = False,
) -> Tool:
    """A new tool, under a client_id and deployment of its own: never another one's. It may do nothing yet."""
    return Tool.objects.create(
        organisation=organisation,
        name=name,
        description=description,
        client_id=secrets.token_urlsafe(15),
        deployment_id=secrets.token_urlsafe(6),
        login_url=login_url,
        target_link_uris=list(target_link_uris),
        redirect_uris=list(redirect_uris),
        jwks_url=jwks_url,
        choosing_url=choosing_url,
        custom=dict(custom or {}),
        asks=dict(asks or {}),
        active=not awaits_approval,
        awaits_approval=awaits_approval,
    )


def approve(tool: Tool) -> None:
    """From now on it can be placed and launched. What it may know and do is set apart: see `allow`."""
    Tool.objects.filter(pk=tool.pk).update(awaits_approval=False, active=True)


def reject(tool: Tool) -> None:
    """A tool that still waits goes, with all it said. One that was approved is switched off instead."""
    Tool.objects.filter(pk=tool.pk, awaits_approval=True).delete()


def switch(tool: Tool, *, on: bool) -> None:
    Tool.objects.filter(pk=tool.pk, awaits_approval=False).update(active=on)


def rename(tool: Tool, *, name: str) -> None:
    Tool.objects.filter(pk=tool.pk).update(name=name)


def allow(tool: Tool, *, scopes: Iterable[str], shares_name: bool, shares_email: bool) -> None:
    """What the organisation lets the tool do and know, in force at once, also for tokens that were given out before."""
    wanted = set(scopes)
    given = [scope for scope in SCOPES if scope in wanted]
    Tool.objects.filter(pk=tool.pk).update(scopes=given, shares_name=shares_name, shares_email=shares_email)


def set_course(organisation: Organisation, *, slug: str, title: str, summary: str = "") -> Course:
    """Or set the course of that slug right."""
    return Course.objects.update_or_create(
        slug=slug, defaults={"organisation": organisation, "title": title, "summary": summary}
    )[0]


def course_of(track: Track) -> Course:
    """The course that a track of ours is to tools; its name follows."""
    return Course.objects.update_or_create(
        track=track,
        defaults={"organisation_id": track.organisation_id, "title": track.title},
        create_defaults={
            "organisation_id": track.organisation_id,
            "title": track.title,
            "slug": f"{track.slug[:30]}-{track.pk}-{secrets.token_hex(3)}",
        },
    )[0]


def add_member(course: Course, *, person: Person, role: str) -> CourseMember:
    """Or give the member this role, one of CourseRole."""
    return CourseMember.objects.update_or_create(course=course, person=person, defaults={"role": CourseRole(role)})[0]


@transaction.atomic
def place(
    course: Course,
    *,
    position: int,
    title: str,
    summary: str = "",
    tool: Tool | None = None,
    target_link_uri: str = "",
    custom: Mapping[str, str] | None = None,
    presentation: Presentation = Presentation.FRAME,
) -> Placement:
    """Put something in this position, or set what is there right; its key stays. Without a tool it is announced only.

    Raises NotAllowed when the tool isn't of the course's organisation or not registered for that target.
    """
    if tool and (tool.organisation_id != course.organisation_id or not belongs_to(tool, target_link_uri)):
        raise NotAllowed
    placement, _ = Placement.objects.update_or_create(
        course=course,
        position=position,
        defaults={
            "title": title,
            "summary": summary,
            "tool": tool,
            "target_link_uri": target_link_uri if tool else "",
            "custom": dict(custom or {}),
            "presentation": presentation,
        },
    )
    return placement


def set_line_item(placement: Placement, *, label: str, maximum: float = 1.0, tag: str = "") -> LineItem:
    """The gradebook column of a placement for the tool that stands there; that tool owns it, also when another comes.

    Raises NotAllowed without a tool.
    """
    if placement.tool_id is None:
        raise NotAllowed
    return LineItem.objects.update_or_create(
        placement=placement,
        tool_id=placement.tool_id,
        defaults={"course_id": placement.course_id, "label": label, "maximum": maximum, "tag": tag},
    )[0]


@dataclass(frozen=True)
class Item:
    """Something of a tool to be placed. `maximum` None: without a column in the gradebook."""

    title: str
    target_link_uri: str
    summary: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    window: bool = False
    maximum: float | None = None
    label: str = ""
    resource_id: str = ""
    tag: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@transaction.atomic
def add_items(course: Course, tool: Tool, items: Sequence[Item], *, after: int | None = None) -> list[Placement]:
    """Place all of them at the end of the course; in a track of ours after the module in position `after`.

    Raises NotAllowed, and places none, when one doesn't belong to the tool.
    """
    if not tool.active or tool.organisation_id != course.organisation_id:
        raise NotAllowed
    if not all(belongs_to(tool, item.target_link_uri) for item in items):
        raise NotAllowed
    # So that two at once don't take the same position.
    locked = Course.objects.select_for_update(of=("self",)).select_related("track").get(pk=course.pk)
    last = locked.placements.aggregate(last=Max("position"))["last"] or 0
    return [_add(locked, tool, item, last + number, after) for number, item in enumerate(items, 1)]


def _add(course: Course, tool: Tool, item: Item, position: int, after: int | None) -> Placement:
    placement = Placement(
        course=course,
        position=position,
        title=item.title,
        summary=item.summary,
        tool=tool,
        target_link_uri=item.target_link_uri,
        custom={**tool.custom, **item.custom},
        presentation=Presentation.WINDOW if item.window else Presentation.FRAME,
        opens_at=item.opens_at,
        closes_at=item.closes_at,
    )
    if course.track is not None:
        placement.link = tracks.add_link(
            course.track,
            title=item.title,
            summary=item.summary,
            address=_address(placement),
            after=after,
            new_window=item.window,
        )
    placement.save()
    if item.maximum is not None:
        LineItem.objects.create(
            course=course,
            tool=tool,
            placement=placement,
            label=item.label or item.title,
            maximum=item.maximum,
            resource_id=item.resource_id,
            tag=item.tag,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
        )
    return placement


def _address(placement: Placement) -> str:
    """In a window of its own there is no page of ours around it."""
    if placement.presentation == Presentation.WINDOW:
        return f"{page('launch', placement.key)}?window=1"
    return page("open", placement.key)


@transaction.atomic
def change_place(placement: Placement, *, title: str, summary: str, window: bool, after: int | None = None) -> None:
    """What people read, how it opens, and where it stands in a track of ours."""
    placement.title, placement.summary = title, summary
    placement.presentation = Presentation.WINDOW if window else Presentation.FRAME
    placement.save(update_fields=["title", "summary", "presentation"])
    if placement.link_id is not None:
        tracks.change_link(
            placement.link_id,
            title=title,
            summary=summary,
            new_window=window,
            after=after,
            address=_address(placement),
        )


def take_out(placement: Placement) -> None:
    """Out of the track: it can't be seen or launched any more. Results stay, and so does who had them."""
    if placement.link_id is not None:
        tracks.withdraw_link(placement.link_id)


@dataclass(frozen=True)
class LineItemFields:
    """What a tool says of a line item of its own (AGS 2.0, 3.2.1)."""

    label: str
    maximum: float
    resource_id: str = ""
    tag: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class TooMany(Exception):
    """The tool has as many line items in this course as it may have."""


def make_line_item(tool: Tool, course: Course, fields: LineItemFields, *, placement: Placement | None) -> LineItem:
    """A line item that the tool itself asks for. Raises TooMany."""
    if LineItem.objects.filter(tool=tool, course=course).count() >= MOST_LINE_ITEMS:
        raise TooMany
    return LineItem.objects.create(tool=tool, course=course, placement=placement, by_tool=True, **vars(fields))


def change_line_item(item: LineItem, fields: LineItemFields) -> None:
    for name, value in vars(fields).items():
        setattr(item, name, value)
    item.save(update_fields=list(vars(fields)))


def delete_line_item(item: LineItem) -> None:
    """With the results in it. Only of what the tool made itself. Raises NotAllowed for a column of the LMS's."""
    if not item.by_tool:
        raise NotAllowed
    item.delete()


class UnknownMember(Exception):
    """The score's userId is nobody who takes part in the course."""


@transaction.atomic
def receive_score(item: LineItem, score: scores.Score) -> scores.Verdict:
    """Keep a score by the rules of `scores`, and tell the track how far somebody is. Raises UnknownMember."""
    person_id = _member(item.course, score.user_id)
    fields = {
        "score": score.score,
        "maximum": score.maximum,
        "activity_progress": score.activity_progress,
        "grading_progress": score.grading_progress,
        "stamped_at": score.stamped_at,
    }
    result, created = Result.objects.select_for_update().get_or_create(
        line_item=item, person_id=person_id, defaults=fields
    )
    verdict = scores.Verdict.REPLACE
    if not created:
        verdict = scores.decide(score, kept_at=result.stamped_at, kept_is_final=result.is_final)
        if verdict is scores.Verdict.REPLACE:
            for name, value in fields.items():
                setattr(result, name, value)
            result.save()
    if verdict is scores.Verdict.REPLACE:
        _tell_track(item, result)
    return verdict


def _tell_track(item: LineItem, result: Result) -> None:
    """Only by the first column of a place: others a tool made beside it say something else than how far somebody is."""
    if item.placement is None or item.placement.link_id is None:
        return
    first = LineItem.objects.filter(placement=item.placement_id).order_by("pk").values_list("pk", flat=True).first()
    if first == item.pk:
        tracks.progress_link(
            item.placement.link_id,
            person_id=result.person_id,
            status=_STATUS[scores.stage(result.activity_progress, result.grading_progress)],
            score=result.share,
        )


_STATUS = {
    scores.Stage.BUSY: Status.BUSY,
    scores.Stage.HANDED_IN: Status.SUBMITTED,
    scores.Stage.DONE: Status.DONE,
}


def _member(course: Course, user_id: str) -> int:
    try:
        pseudonym = uuid.UUID(user_id)
    except ValueError:
        raise UnknownMember from None
    found = membership.participants(course).filter(pseudonym=pseudonym)
    # "{…}" and other spellings of the same UUID aren't the sub we gave out.
    person_id = found.values_list("pk", flat=True).first() if str(pseudonym) == user_id else None
    if person_id is None:
        raise UnknownMember
    return person_id
