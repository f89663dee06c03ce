"""Who may show us in a frame (CSP frame-ancestors): the sites of the LMS that launched this session, nobody else. And
where a page that goes back to an LMS may send its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from lti.embedding import FRAME_ORIGINS

SESSION_KEY = FRAME_ORIGINS
_LEFT = "frame_that_was_left"


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
            if stood_in := getattr(request, _LEFT, None):
                request.session[SESSION_KEY] = stood_in
            origins = request.session.get(SESSION_KEY)
            if origins:
                allow(response, origins)
        return response


@receiver(user_logged_out, dispatch_uid="lti.tool.stays_in_its_frame")
def _signs_out(*, request: HttpRequest, **news: Any) -> None:
    """Who signs out in a frame is still in it: what they see then, such as that they are gone, is of nobody."""
    if origins := request.session.get(SESSION_KEY):
        setattr(request, _LEFT, origins)


@receiver(user_logged_in, dispatch_uid="lti.tool.stands_in_no_frame")
def _signs_in(*, request: HttpRequest, **news: Any) -> None:
    """Not launched by anybody: where another stood before them says nothing of them."""
    request.session.pop(SESSION_KEY, None)


def allow(response: HttpResponse, origins: Iterable[str]) -> None:
    """Instead of the 'none' that the settings say; a response that decided for itself keeps what it has."""
    replaced: dict[str, object] = getattr(response, "_csp_replace", None) or {}
    response._csp_replace = {"frame-ancestors": list(origins), **replaced}  # type: ignore[attr-defined]


def send_only_to(response: HttpResponse, origin: str) -> None:
    """A form on this page goes to a site of the LMS, and to nobody else."""
    replaced: dict[str, object] = getattr(response, "_csp_replace", None) or {}
    response._csp_replace = {**replaced, "form-action": [origin]}  # type: ignore[attr-defined]
