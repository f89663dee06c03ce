"""What every service for tools has in common: who may, in which order that is judged, pages, and how a no is told.

Each request is judged in this order: token (401), method (405), scope (403), does it exist (404), is it the tool's own
(403), is it well-formed (400, 413, 415).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, NoReturn

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lti.platform import queries, tokens
from lti.platform.endpoints import endpoint
from lti.platform.models import Course

PAGE = 100
LARGEST_PAGE = 500
LARGEST_BODY = 16 * 1024  # bytes

type View = Callable[..., HttpResponse]


class Problem(Exception):
    """An answer other than success, told as RFC 9457 problem details. `detail` is for the tool's developer."""

    def __init__(self, status: int, title: str, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.headers = status, title, detail, headers


def service(**scopes: Sequence[str]) -> Callable[[View], View]:
    """A service for tools: `GET=[…]` and the like, each method with the scopes of which a token must hold one.

    The view gets the Access after the request.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                response = view(request, _access(request, scopes), **kwargs)
            except Problem as problem:
                response = told(problem)
            response["Cache-Control"] = "no-store"
            return response

        return answer

    return decorate


def _access(request: HttpRequest, scopes: Mapping[str, Sequence[str]]) -> tokens.Access:
    try:
        access = tokens.access(request.headers.get("Authorization", ""))
    except tokens.NoAccess as no:
        challenge = f'Bearer error="invalid_token", error_description="{no.reason}"'
        raise Problem(401, "No access", no.reason, **{"WWW-Authenticate": challenge}) from None
    asked = scopes.get(request.method or "")
    if asked is None:
        methods = ", ".join(scopes)
        raise Problem(405, "Method not allowed", f"only {methods} is possible here", Allow=methods)
    if not access.scopes.intersection(asked):
        challenge = f'Bearer error="insufficient_scope", scope="{" ".join(asked)}"'
        raise Problem(403, "Not in scope", "the token lacks " + " or ".join(asked), **{"WWW-Authenticate": challenge})
    return access


def own_course(access: tokens.Access, key: uuid.UUID) -> Course:
    """The course, if the tool stands in it now. Raises Problem."""
    course = Course.objects.filter(key=key).first()
    if course is None:
        raise Problem(404, "Not found", "there is no such course")
    if not queries.tool_is_in(access.tool, course):
        raise Problem(403, "Not yours", "this tool doesn't stand in the course")
    return course


def read_json(request: HttpRequest, content_type: str) -> Any:
    """Raises Problem for what isn't one small JSON value of the right type."""
    if request.content_type != content_type:
        raise Problem(415, "Wrong content type", f"the body must be {content_type}")
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        raise Problem(413, "Too large", f"the body must be at most {LARGEST_BODY} bytes")
    try:
        return json.loads(request.body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "Bad JSON", "the body is not JSON") from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def page_of[M: Model](request: HttpRequest, found: QuerySet[M]) -> tuple[list[M], dict[str, str]]:
    """At most `limit` of them, and the next page's address in a Link header (RFC 8288; AGS 2.0, 3.2.7; NRPS 2.0, 2.4).

    Raises Problem.
    """
    limit = _count(request, "limit", PAGE, LARGEST_PAGE)
    page = _count(request, "page", 1, 2**31)
    start = (page - 1) * limit
    rows = list(found[start : start + limit + 1])
    if len(rows) <= limit:
        return rows, {}
    query = request.GET.copy()
    query["limit"], query["page"] = str(limit), str(page + 1)
    return rows[:limit], {"Link": f'<{_here(request)}?{query.urlencode()}>; rel="next"'}


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


def told(problem: Problem) -> HttpResponse:
    return JsonResponse(
        {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail},
        status=problem.status,
        content_type="application/problem+json",
        headers=problem.headers,
    )
