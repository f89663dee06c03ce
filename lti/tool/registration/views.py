"""/lti/register: where an LMS comes with an invitation. GET shows who asks for what; POST, from that page, does it."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lti import claims as words
from lti import outbound
from lti.tool import frames, invitations
from lti.tool.registration import configuration, ours, registering
from lti.tool.registration.refusals import NotRegistrable

log = logging.getLogger(__name__)

MAX_TOKEN = 8000
"""Of the LMS's registration token; a signed one is about 1 KB."""

MOST_AT_ONCE = 3
"""In one process, of requests here that wait for an LMS: one that hangs may not hold all threads of the site."""

CLOSE = "org.imsglobal.lti.close"
"""What a window or frame says when it may go (LTI-DR 1.0 §3.8)."""


_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


@contextmanager
def a_turn() -> Iterator[None]:
    """While an LMS is waited for. Raises NotRegistrable when too many wait already."""
    if not _turns.acquire(blocking=False):
        raise NotRegistrable("registration-crowded")
    try:
        yield
    finally:
        _turns.release()


@csrf_exempt  # the frame it comes from may keep no cookies; the form is signed, and made for one invitation
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A page that says who asks for what, or one that says why it stops; only then anything is sent."""
    origins: list[str] = []
    try:
        if request.method == "POST":
            return _register(request, origins)
        return _ask(request, origins)
    except NotRegistrable as error:
        reference = secrets.token_hex(4).upper()
        log.info("not registered %s: %s", reference, error.code)
        context = {"reason": error.reason, "reference": f"{reference[:4]}-{reference[4:]}"}
        return _page(request, "lti/registration/refused.html", context, origins, status=error.reason.status)


@require_safe
@cache_control(public=True, max_age=3600)
def by_hand(request: HttpRequest) -> JsonResponse:
    """Who we are, for an LMS where a person types or pastes it. Nothing of it is secret."""
    return JsonResponse(ours.by_hand(), json_dumps_params={"indent": 2, "ensure_ascii": False})


def _ask(request: HttpRequest, origins: list[str]) -> HttpResponse:
    address = _parameter(request, "openid_configuration", outbound.MAX_URL)
    _show_in(origins, address)
    token = _parameter(request, "registration_token", MAX_TOKEN)
    try:
        invitation = invitations.find(_parameter(request, "invite", invitations.MAX_TOKEN))
    except invitations.Unusable as error:
        raise NotRegistrable(error.code) from error
    if not address:
        raise NotRegistrable("asked-bare")
    with a_turn():
        said = configuration.fetch(address)
    asked = registering.Request(invitation.pk, address, token, said)
    context = {
        "invitation": invitation, "said": said, "host": urlsplit(address).netloc, "form": asked.seal(),
        "asks": {
            "grades": words.AGS_SCORE_SCOPE in said.scopes, "people": words.NRPS_SCOPE in said.scopes,
            "choosing": said.deep_linking,
        },
    }  # fmt: skip
    return _page(request, "lti/registration/confirm.html", context, origins)


def _register(request: HttpRequest, origins: list[str]) -> HttpResponse:
    sealed = request.POST.getlist("form")
    if len(sealed) != 1:
        raise NotRegistrable("form-invalid")
    asked = registering.Request.unseal(sealed[0])
    _show_in(origins, asked.address)
    with a_turn():
        platform = registering.register(asked)
    context = {"platform": platform, "deployed": platform.deployments.exists(), "close": CLOSE}
    return _page(request, "lti/registration/done.html", context, origins)


def _parameter(request: HttpRequest, name: str, longest: int) -> str:
    """Once, and of a kind that fits in an address or a header; "" when it isn't there. Raises NotRegistrable."""
    given = request.GET.getlist(name) or [""]
    if len(given) > 1 or len(given[0]) > longest or not given[0].isascii() or not given[0].isprintable():
        raise NotRegistrable("asked-unfit")
    return str(given[0])


def _show_in(origins: list[str], address: str) -> None:
    """In a frame of the LMS that asks: of the site its configuration is on. Also of ourselves, for our platform side
    may stand on this host."""
    try:
        outbound.check_address(address)
    except outbound.NotAllowed:
        return
    origins += [SELF, outbound.origin(address)]


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], origins: list[str], *, status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    if origins:
        frames.allow(response, origins)
    return response
