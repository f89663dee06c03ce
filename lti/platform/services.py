"""Writes of the platform side."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from lti.claims import AGS, AGS_SCORE_SCOPE
from lti.platform import scores
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

LINE_ITEM_READ = AGS + "scope/lineitem.readonly"
RESULT_READ = AGS + "scope/result.readonly"
SCORE = AGS_SCORE_SCOPE
# Every scope this platform can honour; a tool is given some of them.
SCOPES = (LINE_ITEM_READ, RESULT_READ, SCORE)


class AlreadySpent(Exception):
    """What may be used once was used before."""


class NotAllowed(Exception):
    """The tool isn't registered for this."""


def spend(value: str, *, until: datetime) -> None:
    """Mark `value` as used; it is forgotten after `until`. Raises AlreadySpent, in one of two at the same moment too.

    Only for what was checked to be ours or the tool's own, so that bad requests can't fill the table.
    """
    digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
    SpentToken.objects.filter(expires_at__lt=timezone.now()).delete()
    try:
        with transaction.atomic():
            SpentToken.objects.create(digest=digest, expires_at=until)
    except IntegrityError:
        raise AlreadySpent from None


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
    scopes: Sequence[str] = SCOPES,
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


def set_course(organisation: Organisation, *, slug: str, title: str, summary: str = "") -> Course:
    """Or set the course of that slug right."""
    return Course.objects.update_or_create(
        slug=slug, defaults={"organisation": organisation, "title": title, "summary": summary}
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
    if tool and (tool.organisation_id != course.organisation_id or target_link_uri not in tool.target_link_uris):
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


class UnknownMember(Exception):
    """The score's userId is nobody who takes part in the course."""


@transaction.atomic
def receive_score(item: LineItem, score: scores.Score) -> scores.Verdict:
    """Keep a score by the rules of `scores`. Raises UnknownMember."""
    person_id = _member(item.course_id, score.user_id)
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
    if created:
        return scores.Verdict.REPLACE
    verdict = scores.decide(score, kept_at=result.stamped_at, kept_is_final=result.is_final)
    if verdict is scores.Verdict.REPLACE:
        for field, value in fields.items():
            setattr(result, field, value)
        result.save()
    return verdict


def _member(course_id: int, user_id: str) -> int:
    try:
        pseudonym = uuid.UUID(user_id)
    except ValueError:
        raise UnknownMember from None
    members = CourseMember.objects.filter(course=course_id, person__pseudonym=pseudonym, person__is_active=True)
    # "{…}" and other spellings of the same UUID aren't the sub we gave out.
    person_id = members.values_list("person_id", flat=True).first() if str(pseudonym) == user_id else None
    if person_id is None:
        raise UnknownMember
    return person_id
