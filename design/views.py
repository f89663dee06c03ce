"""Choices about how pages look, and the page for a form that came from somewhere else."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

THEME_COOKIE = "thema"
THEMES = ("licht", "donker")
A_YEAR = 365 * 24 * 60 * 60


# Both are free of CSRF tokens: another site can at worst make our pages dark, and a token would start a session
# for everybody who only passes by.
@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """`thema`: "licht", "donker", or "systeem" to follow the visitor's own setting again."""
    chosen = request.POST.get("thema", "")
    if chosen not in (*THEMES, "systeem"):
        return HttpResponseBadRequest()
    response = _back(request)
    _remember(response, THEME_COOKIE, "" if chosen == "systeem" else chosen)
    return response


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """As Django's own view, with a cookie that also lives in an LMS's frame."""
    chosen = request.POST.get("taal", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    response = _back(request)
    _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django gives the reason for the log; the visitor gets what to do."""
    return render(request, "403_csrf.html", status=403)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the form stood on; without a body for a script that has already changed the page."""
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=204)
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    """An empty value forgets. Partitioned: one jar per embedding site, also where third-party cookies are blocked."""
    response.set_cookie(name, value, max_age=A_YEAR if value else 0, secure=True, httponly=True, samesite="None")
    response.cookies[name]["partitioned"] = True
