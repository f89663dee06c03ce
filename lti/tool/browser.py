"""What we keep in a browser between login and launch, and whether it keeps anything at all.

Every login has a cookie of its own, so that two tabs don't get in each other's way. All are `Partitioned; Secure;
SameSite=None`: they live in the frame of one LMS and come back with its POST. In production their names begin with
`__Host-`, so that no other site of our domain can put one in.
"""

from __future__ import annotations

import functools
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from lti.tool import state

PREFIX = "lti-"
PROBE = "lti-cookies"
PROBED = "cookies"
PROBE_LIFETIME = 30 * 24 * 60 * 60

MAX_LOGINS = 10
"""Logins that may be open in one browser at once; the oldest make way. A header of cookies is bounded."""


def cookie_name(now: int) -> str:
    """Sorts by age."""
    return f"{_prefix()}{now:x}-{secrets.token_hex(4)}"


def remember(request: HttpRequest, response: HttpResponse, name: str, secret: str) -> None:
    open_logins = sorted(each for each in request.COOKIES if each.startswith(_prefix()) and each != PROBE)
    for old in open_logins[: max(0, len(open_logins) - MAX_LOGINS + 1)]:
        forget(response, old)
    _set(response, name, secret, state.LIFETIME)


def forget(response: HttpResponse, name: str) -> None:
    _set(response, name, "", 0)


def is_same(kept: str, login: state.Login) -> bool:
    """Whether this is the browser the login was in: it has kept the secret of that login."""
    return hmac.compare_digest(state.digest(kept), login.browser)


def is_framed(request: HttpRequest) -> bool:
    """Browsers say so themselves (Fetch Metadata, since 2023 in all of them)."""
    return request.META.get("HTTP_SEC_FETCH_DEST") in ("iframe", "frame", "object", "embed")


def is_old_browser(request: HttpRequest) -> bool:
    """From before Fetch Metadata: the very ones that may keep no cookies in a frame. A program that is no browser runs
    no script of ours either; it is sent straight on."""
    return "HTTP_SEC_FETCH_DEST" not in request.META and "Mozilla/" in request.META.get("HTTP_USER_AGENT", "")


def is_from_us(request: HttpRequest) -> bool:
    """Whether a form was on a page of ours, as far as the browser says."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    return site in (None, "same-origin") and origin in (None, settings.BASE_URL)


def sends_cookies(request: HttpRequest) -> bool:
    ours = (PROBE, settings.SESSION_COOKIE_NAME)
    return any(name.startswith(_prefix()) or name in ours for name in request.COOKIES)


def was_probed(asked: QueryDict) -> bool:
    return PROBED in asked


def probe(address: str) -> HttpResponse:
    """Once around to see whether a cookie comes back, before the LMS is asked: its hints may work only once (Moodle),
    so that finding out afterwards would be a dead end."""
    response = HttpResponse(status=303, headers={"Location": f"{address}&{PROBED}=asked", "Cache-Control": "no-store"})
    _set(response, PROBE, "1", PROBE_LIFETIME)
    return response


def speak(response: HttpResponse, language: str) -> None:
    """The language the LMS was in when it launched; the switch on the page can change it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, path=settings.LANGUAGE_COOKIE_PATH, samesite="None", secure=True,
        httponly=True,
    )  # fmt: skip
    _partition(response, settings.LANGUAGE_COOKIE_NAME)


def set_session(response: HttpResponse, key: str) -> None:
    """As Django's session middleware would; it doesn't, for the session was saved before it looks."""
    response.set_cookie(
        settings.SESSION_COOKIE_NAME, key, max_age=settings.SESSION_COOKIE_AGE, path=settings.SESSION_COOKIE_PATH,
        domain=settings.SESSION_COOKIE_DOMAIN, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="None",
    )  # fmt: skip
    _partition(response, settings.SESSION_COOKIE_NAME)


def _set(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path=_path(name), secure=True, httponly=True, samesite="None")
    _partition(response, name)


def _prefix() -> str:
    return f"{settings.COOKIE_PREFIX}{PREFIX}"


def _path(name: str) -> str:
    """That of login and launch, and no other page; the whole host where the name says so (RFC 6265bis, 4.1.3.2)."""
    return "/" if name.startswith("__Host-") else _own_path()


@functools.cache
def _own_path() -> str:
    return reverse("lti:login").removesuffix("login")


def _partition(response: HttpResponse, name: str) -> None:
    morsel: Any = response.cookies[name]
    morsel["partitioned"] = True
