"""Assignment and Grade Services 2.0 for tools: line items, scores to send, results to read back.

A tool sees, changes and fills only line items of its own, in courses where it stands. It may delete those it made
itself; the column that belongs to its place is the LMS's.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from lti.claims import AGS_LINE_ITEM_TYPE, AGS_LINE_ITEMS_TYPE, AGS_RESULTS_TYPE, AGS_SCORE_TYPE
from lti.platform import queries, services, tokens
from lti.platform import scores as rules
from lti.platform.endpoints import endpoint
from lti.platform.lineitems import WrongField, read_fields
from lti.platform.models import Course, LineItem, Placement, Result
from lti.platform.views.service import Problem, as_uuid, own_course, page_of, read_json, service

LINE_ITEM = AGS_LINE_ITEM_TYPE
LINE_ITEMS = AGS_LINE_ITEMS_TYPE
RESULTS = AGS_RESULTS_TYPE
SCORE = AGS_SCORE_TYPE

READS = (services.LINE_ITEM_READ, services.LINE_ITEM)
WRITES = (services.LINE_ITEM,)


@service(GET=READS, POST=WRITES)
def line_items(request: HttpRequest, access: tokens.Access, course: uuid.UUID) -> HttpResponse:
    """The tool's own line items of a course (AGS 2.0, 3.2), by page, filtered as 3.2.6 has it; or one more."""
    found = own_course(access, course)
    if request.method == "POST":
        return _make_line_item(request, access, found)
    own = queries.line_items_of(access.tool, found)
    wanted = request.GET
    if "resource_link_id" in wanted:
        key = as_uuid(wanted["resource_link_id"])
        own = own.filter(placement__key=key) if key else own.none()
    for parameter in ("resource_id", "tag"):
        if parameter in wanted:
            text = wanted[parameter]
            own = own.filter(**{parameter: text}) if text.isprintable() else own.none()
    return _page(request, own, lambda item: _line_item(item, course), LINE_ITEMS)


def _make_line_item(request: HttpRequest, access: tokens.Access, course: Course) -> HttpResponse:
    """AGS 2.0, 3.2.5. The address of what was made is in its `id`, and in Location."""
    payload = read_json(request, LINE_ITEM)
    fields = _fields(payload)
    placement = _placement(access, course, payload.get("resourceLinkId"))
    try:
        item = services.make_line_item(access.tool, course, fields, placement=placement)
    except services.TooMany:
        raise Problem(403, "Too many", f"at most {services.MOST_LINE_ITEMS} line items a course") from None
    told = _line_item(item, course.key)
    return JsonResponse(told, status=201, content_type=LINE_ITEM, headers={"Location": told["id"]})


@service(GET=READS, PUT=WRITES, DELETE=WRITES)
def line_item(request: HttpRequest, access: tokens.Access, course: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    found = _own_item(access, course, item)
    if request.method == "DELETE":
        try:
            services.delete_line_item(found)
        except services.NotAllowed:
            raise Problem(403, "Not yours to delete", "this line item belongs to a place in the course") from None
        return HttpResponse(status=204)
    if request.method == "PUT":
        payload = read_json(request, LINE_ITEM)
        fields = _fields(payload)
        link = str(found.placement.key) if found.placement else ""
        if payload.get("resourceLinkId", link) != link:
            raise Problem(400, "Bad line item", "resourceLinkId can't be changed")
        services.change_line_item(found, fields)
    return JsonResponse(_line_item(found, course), content_type=LINE_ITEM)


@service(POST=[services.SCORE])
def scores(request: HttpRequest, access: tokens.Access, course: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Keep a score (AGS 2.0, 3.4). The rules, and what is answered when nothing changes, are in `lti.platform.scores`.

    200: received, also where a final score stays as it was. 409: not newer than the one kept.
    """
    found = _own_item(access, course, item)
    payload = read_json(request, SCORE)
    try:
        score = rules.parse(payload, now=timezone.now())
        verdict = services.receive_score(found, score)
    except rules.BadScore as bad:
        raise Problem(400, "Bad score", str(bad)) from None
    except services.UnknownMember:
        raise Problem(400, "Bad score", "userId is nobody who takes part in this course") from None
    if verdict is rules.Verdict.STALE:
        raise Problem(409, "Not newer", "a score with this timestamp or a later one was received before")
    return JsonResponse({"resultUrl": _result_address(course, item, score.user_id)})


@service(GET=[services.RESULT_READ])
def results(request: HttpRequest, access: tokens.Access, course: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """The grades as the gradebook has them, on the scale of the line item (AGS 2.0, 3.3)."""
    line = _own_item(access, course, item)
    found = queries.results_of(line)
    if "user_id" in request.GET:
        pseudonym = as_uuid(request.GET["user_id"])
        found = found.filter(person__pseudonym=pseudonym) if pseudonym else found.none()
    return _page(request, found, lambda result: _result(result, line, course), RESULTS)


def _own_item(access: tokens.Access, course: uuid.UUID, key: uuid.UUID) -> LineItem:
    """A late score is welcome, so this doesn't ask whether the tool still stands in the course."""
    item = LineItem.objects.filter(key=key, course__key=course).select_related("placement", "course").first()
    if item is None:
        raise Problem(404, "Not found", "there is no such line item")
    if item.tool_id != access.tool.pk:
        raise Problem(403, "Not yours", "the line item belongs to another tool")
    return item


def _fields(payload: Any) -> services.LineItemFields:
    try:
        return read_fields(payload)
    except WrongField as wrong:
        raise Problem(400, "Bad line item", str(wrong)) from None


def _placement(access: tokens.Access, course: Course, link: Any) -> Placement | None:
    if link is None:
        return None
    key = as_uuid(link) if isinstance(link, str) else None
    placement = queries.own_placement(access.tool, course, key) if key else None
    if placement is None:
        raise Problem(400, "Bad line item", "resourceLinkId is no place of this tool in this course")
    return placement


def _line_item(item: LineItem, course: uuid.UUID) -> dict[str, Any]:
    told = {
        "id": endpoint("line-item", course, item.key),
        "scoreMaximum": item.maximum,
        "label": item.label,
        "resourceId": item.resource_id,
        "tag": item.tag,
        "resourceLinkId": str(item.placement.key) if item.placement else "",
        "startDateTime": _moment(item.starts_at),
        "endDateTime": _moment(item.ends_at),
    }
    return {name: value for name, value in told.items() if value != ""}


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _result(result: Result, item: LineItem, course: uuid.UUID) -> dict[str, Any]:
    subject = str(result.person.pseudonym)
    score, maximum = result.score or 0.0, result.maximum or 1.0
    return {
        "id": _result_address(course, item.key, subject),
        "scoreOf": endpoint("line-item", course, item.key),
        "userId": subject,
        "resultScore": score / maximum * item.maximum,
        "resultMaximum": item.maximum,
    }


def _result_address(course: uuid.UUID, item: uuid.UUID, subject: str) -> str:
    return endpoint("results", course, item) + f"?user_id={subject}"


def _page[M: Model](
    request: HttpRequest, found: QuerySet[M], tell: Callable[[M], dict[str, Any]], content_type: str
) -> HttpResponse:
    rows, headers = page_of(request, found)
    return JsonResponse([tell(row) for row in rows], safe=False, content_type=content_type, headers=headers)
