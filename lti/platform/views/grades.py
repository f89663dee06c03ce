"""Assignment and Grade Services 2.0 for tools: line items to read, scores to send, results to read back.

Each request is judged in this order: token (401), scope (403), does it exist (404), is it the tool's own (403), is
it well-formed (400, 413, 415). Line items are made by the LMS: creating and deleting them isn't offered (405).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from lti.claims import AGS_SCORE_TYPE
from lti.platform import queries, services, tokens
from lti.platform import scores as rules
from lti.platform.endpoints import endpoint
from lti.platform.models import Course, LineItem, Result

LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE = AGS_SCORE_TYPE
LARGEST_SCORE = 16 * 1024  # bytes
PAGE = 100
LARGEST_PAGE = 500

type View = Callable[..., HttpResponse]


class Problem(Exception):
    """An answer other than success, told as RFC 9457 problem details. `detail` is for the tool's developer."""

    def __init__(self, status: int, title: str, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.headers = status, title, detail, headers


def service(method: str, *scopes: str) -> Callable[[View], View]:
    """A service for tools: one method, and a token with one of these scopes. The view gets the Access first."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                response = view(request, _access(request, method, scopes), **kwargs)
            except Problem as problem:
                response = _told(problem)
            response["Cache-Control"] = "no-store"
            return response

        return answer

    return decorate


@service("GET", services.LINE_ITEM_READ)
def line_items(request: HttpRequest, access: tokens.Access, course: uuid.UUID) -> HttpResponse:
    """The tool's own line items of a course (AGS 2.0, 3.2), by page, filtered as 3.2.6 has it."""
    found = queries.line_items_of(access.tool, _course(access, course))
    wanted = request.GET
    if "resource_link_id" in wanted:
        key = _uuid(wanted["resource_link_id"])
        found = found.filter(placement__key=key) if key else found.none()
    for parameter in ("resource_id", "tag"):
        if parameter in wanted:
            text = wanted[parameter]
            found = found.filter(**{parameter: text}) if text.isprintable() else found.none()
    return _page(request, found, lambda item: _line_item(item, course), LINE_ITEMS)


@service("GET", services.LINE_ITEM_READ)
def line_item(request: HttpRequest, access: tokens.Access, course: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    found = _own_item(access, course, item)
    return JsonResponse(_line_item(found, course), content_type=LINE_ITEM)


@service("POST", services.SCORE)
def scores(request: HttpRequest, access: tokens.Access, course: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Keep a score (AGS 2.0, 3.4). The rules, and what is answered when nothing changes, are in `lti.platform.scores`.

    200: received, also where a final score stays as it was. 409: not newer than the one kept.
    """
    found = _own_item(access, course, item)
    payload = _json(request)
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


@service("GET", services.RESULT_READ)
def results(request: HttpRequest, access: tokens.Access, course: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """The grades as the gradebook has them, on the scale of the line item (AGS 2.0, 3.3)."""
    line = _own_item(access, course, item)
    found = queries.results_of(line)
    if "user_id" in request.GET:
        pseudonym = _uuid(request.GET["user_id"])
        found = found.filter(person__pseudonym=pseudonym) if pseudonym else found.none()
    return _page(request, found, lambda result: _result(result, line, course), RESULTS)


def _access(request: HttpRequest, method: str, scopes: tuple[str, ...]) -> tokens.Access:
    try:
        access = tokens.access(request.headers.get("Authorization", ""))
    except tokens.NoAccess as no:
        challenge = f'Bearer error="invalid_token", error_description="{no.reason}"'
        raise Problem(401, "No access", no.reason, **{"WWW-Authenticate": challenge}) from None
    if request.method != method:
        raise Problem(405, "Method not allowed", f"only {method} is possible here", Allow=method)
    if not access.scopes.intersection(scopes):
        challenge = f'Bearer error="insufficient_scope", scope="{" ".join(scopes)}"'
        raise Problem(403, "Not in scope", "the token lacks " + " or ".join(scopes), **{"WWW-Authenticate": challenge})
    return access


def _course(access: tokens.Access, key: uuid.UUID) -> Course:
    course = Course.objects.filter(key=key).first()
    if course is None:
        raise Problem(404, "Not found", "there is no such course")
    if not queries.tool_is_in(access.tool, course):
        raise Problem(403, "Not yours", "this tool doesn't stand in the course")
    return course


def _own_item(access: tokens.Access, course: uuid.UUID, key: uuid.UUID) -> LineItem:
    item = LineItem.objects.filter(key=key, course__key=course).select_related("placement").first()
    if item is None:
        raise Problem(404, "Not found", "there is no such line item")
    if item.tool_id != access.tool.pk:
        raise Problem(403, "Not yours", "the line item belongs to another tool")
    return item


def _json(request: HttpRequest) -> Any:
    """Raises Problem for what isn't one small JSON value of the right type."""
    if request.content_type != SCORE:
        raise Problem(415, "Wrong content type", f"the body must be {SCORE}")
    if int(request.headers.get("Content-Length") or 0) > LARGEST_SCORE:
        raise Problem(413, "Too large", f"the body must be at most {LARGEST_SCORE} bytes")
    try:
        return json.loads(request.body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "Bad JSON", "the body is not JSON") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _line_item(item: LineItem, course: uuid.UUID) -> dict[str, Any]:
    told = {
        "id": endpoint("line-item", course, item.key),
        "scoreMaximum": item.maximum,
        "label": item.label,
        "resourceId": item.resource_id,
        "tag": item.tag,
        "resourceLinkId": str(item.placement.key) if item.placement else "",
    }
    return {name: value for name, value in told.items() if value != ""}


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
    """At most `limit` of them; the next page's address in the Link header (AGS 2.0, 3.2.7)."""
    limit = _count(request, "limit", PAGE, LARGEST_PAGE)
    page = _count(request, "page", 1, 2**31)
    start = (page - 1) * limit
    rows = list(found[start : start + limit + 1])
    response = JsonResponse([tell(row) for row in rows[:limit]], safe=False, content_type=content_type)
    if len(rows) > limit:
        query = request.GET.copy()
        query["limit"], query["page"] = str(limit), str(page + 1)
        response["Link"] = f'<{_here(request)}?{query.urlencode()}>; rel="next"'
    return response


def _here(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:  # only outside a request
        raise LookupError
    return endpoint(str(match.url_name), *match.kwargs.values())


def _count(request: HttpRequest, name: str, default: int, largest: int) -> int:
    text = request.GET.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) == 0:
        raise Problem(400, "Bad parameter", f"{name} must be a whole number of 1 or more")
    return min(int(text), largest)


def _told(problem: Problem) -> HttpResponse:
    return JsonResponse(
        {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail},
        status=problem.status,
        content_type="application/problem+json",
        headers=problem.headers,
    )
