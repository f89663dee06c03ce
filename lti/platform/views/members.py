"""Names and Role Provisioning Services 2.0 for tools: who takes part in a course where the tool stands.

Only where the organisation agreed to it, and with names and addresses only where it agreed to those too. Who was
suspended or never came isn't told about.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from lti.claims import MEMBERSHIP, NRPS_TYPE
from lti.platform import membership, queries, services, tokens
from lti.platform.adapter import ROLES
from lti.platform.endpoints import endpoint
from lti.platform.models import Tool
from lti.platform.views.service import Problem, as_uuid, own_course, page_of, service

if TYPE_CHECKING:
    from learning.people.models import Person


@service(GET=[services.MEMBERS_READ])
def members(request: HttpRequest, access: tokens.Access, course: uuid.UUID) -> HttpResponse:
    """By page (NRPS 2.0, 2.4.2), of one role where `role` says so (2.4.1), for one place by `rlid` (2.4.3)."""
    found = own_course(access, course)
    if "rlid" in request.GET:
        key = as_uuid(request.GET["rlid"])
        if key is None or queries.own_placement(access.tool, found, key) is None:
            raise Problem(404, "Not found", "rlid is no place of this tool in this course")
    role = _role(request.GET["role"]) if "role" in request.GET else None
    people = membership.participants(found, role=role)
    rows, headers = page_of(request, people)
    told = {
        "id": endpoint("members", course),
        "context": {"id": str(found.key), "label": found.slug, "title": found.title},
        "members": [_member(person, access.tool) for person in rows],
    }
    return JsonResponse(told, content_type=NRPS_TYPE, headers=headers)


def _role(text: str) -> str:
    """Our word for a role, given in full or by its short name ("Learner"); nobody's where there is none."""
    whole = text if text.startswith(MEMBERSHIP) else f"{MEMBERSHIP}#{text}"
    return next((ours for ours, theirs in ROLES.items() if theirs == whole), "-")


def _member(person: Person, tool: Tool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "status": "Active",
        "user_id": str(person.pseudonym),
        "roles": [ROLES[person.course_role]],  # type: ignore[attr-defined]  # what `participants` adds
    }
    if tool.shares_name and person.name:
        told["name"] = person.name
    if tool.shares_email and person.email:
        told["email"] = person.email
    return told
