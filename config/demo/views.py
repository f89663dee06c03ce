"""The doors of the demo. Elsewhere these addresses don't exist: config.urls leaves them out, and so do the views."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.demo.people import PEOPLE
from learning.people.queries import person_by_username
from lti.platform.endpoints import has_lms, lms_page
from lti.platform.lms import tickets


@never_cache
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    _only_in_the_demo()
    people = [
        {
            "about": each,
            "ticket": tickets.issue(person) if each.course_role and has_lms() else "",
        }
        for each in PEOPLE
        if (person := person_by_username(each.username)) and person.is_active
    ]
    context = {"people": people, "lms": lms_page("step-in") if has_lms() else ""}
    response = render(request, "demo/doors.html", context)
    if has_lms():
        response._csp_update = {"form-action": [settings.PLATFORM_URL]}  # type: ignore[attr-defined]
    return response


@require_POST
def step_in(request: HttpRequest) -> HttpResponse:
    """Sign in here as one of the demo's people, without a password. Nobody else: the name must be in our list."""
    _only_in_the_demo()
    username = request.POST.get("username", "")
    person = person_by_username(username) if username in {each.username for each in PEOPLE} else None
    if person is None or not person.is_active:
        raise Http404
    login(request, person, backend="learning.people.backend.PersonBackend")
    return redirect("start")


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404
