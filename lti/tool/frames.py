"""Who may show us in a frame (CSP frame-ancestors): the sites of the LMS that launched this session, nobody else. And
where a page that goes back to an LMS may send its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse

from lti.embedding import FRAME_ORIGINS

SESSION_KEY = FRAME_ORIGINS


class FrameMiddleware:
    """Stands below CSPMiddleware, which writes the header.

    Costs no query: a page of a session that was begun by a launch has read that session already to know who is there;
    one that didn't belongs to nobody and may not be framed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed:
            origins = request.session.get(SESSION_KEY)
            if origins:
                allow(response, origins)
        return response


def allow(response: HttpResponse, origins: Iterable[str]) -> None:
    """Instead of the 'none' that the settings say; a response that decided for itself keeps what it has."""
    replaced: dict[str, object] = getattr(response, "_csp_replace", None) or {}
    response._csp_replace = {"frame-ancestors": list(origins), **replaced}  # type: ignore[attr-defined]


def send_only_to(response: HttpResponse, origin: str) -> None:
    """A form on this page goes to a site of the LMS, and to nobody else."""
    replaced: dict[str, object] = getattr(response, "_csp_replace", None) or {}
    response._csp_replace = {**replaced, "form-action": [origin]}  # type: ignore[attr-defined]
