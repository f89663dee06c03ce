"""The pages of the demo LMS. Who isn't a member of a course gets the same answer as when there is no such course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from csp.constants import SELF
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from learning.people.forms import SignInForm
from lti.platform import membership, queries
from lti.platform.addresses import origins, passed_on
from lti.platform.lms import tickets
from lti.platform.models import CourseMember, CourseRole

if TYPE_CHECKING:
    from learning.people.models import Person

SIGN_IN = "lms:sign-in"
POLL_SECONDS = 5


class SignIn(LoginView):
    """With name and password, and in the demo with one press. Real people come by their organisation's sign-in."""

    form_class = SignInForm
    template_name = "platform/sign_in.html"
    redirect_authenticated_user = True
    next_page = "/"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = [(person, role, tickets.issue(person)) for person, role in queries.who_can_step_in()]
        return super().get_context_data(people=people, **kwargs)


class SignOut(LogoutView):
    next_page = "/"


@csrf_exempt  # the demo page on the tool's host posts here too; the ticket is the proof, and it works once
@require_POST
def step_in(request: HttpRequest) -> HttpResponse:
    """Sign in without a password, with a ticket of the demo. Only where the demo is."""
    if not settings.DEMO:
        raise Http404
    try:
        username = tickets.redeem(request.POST.get("ticket", ""))
    except tickets.WontDo:
        return redirect(SIGN_IN)
    return _sign_in(request, username)


def _sign_in(request: HttpRequest, username: str) -> HttpResponse:
    person = next((person for person, _role in queries.who_can_step_in() if person.username == username), None)
    if person is None:
        return redirect(SIGN_IN)
    login(request, person, backend="learning.people.backend.PersonBackend")
    return redirect("lms:home")


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    memberships = list(queries.courses_of(_person(request)))
    runs = any(member.role == CourseRole.ADMINISTRATOR for member in memberships)
    return render(request, "platform/home.html", {"memberships": memberships, "runs_lms": runs})


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    member = _member(request, slug)
    lines = queries.lines_of(member.course, _person(request))
    return render(
        request,
        "platform/course.html",
        {
            "course": member.course,
            "lines": lines,
            "sees_results": member.role in queries.SEES_RESULTS,
            "may_add": membership.may_choose(member.course, CourseRole(member.role)),
        },
    )


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def open_placement(request: HttpRequest, slug: str, key: Any) -> HttpResponse:
    """The tool in a frame that fills the page."""
    placement = queries.placement_for(_person(request), key)
    if placement is None or placement.course.slug != slug or placement.tool is None or not placement.tool.active:
        raise Http404
    sites = origins(placement.tool)
    shown = {
        "course": placement.course,
        "placement": placement,
        "origins": sites,
        "allow": passed_on(placement.tool, "microphone"),
    }
    response = render(request, "platform/open.html", shown)
    response._csp_replace = {"frame-src": [SELF, *sites]}  # type: ignore[attr-defined]
    return response


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def gradebook(request: HttpRequest, slug: str) -> HttpResponse:
    member = _who_sees_results(request, slug)
    context = _gradebook(member, _version(member)) | {"every": POLL_SECONDS}
    return render(request, "platform/gradebook.html", context)


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def gradebook_table(request: HttpRequest, slug: str) -> HttpResponse:
    """The table alone, for who has the page open: 304 as long as it is as they have it."""
    member = _who_sees_results(request, slug)
    version = _version(member)
    if request.headers.get("If-None-Match") == version:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "platform/gradebook_table.html", _gradebook(member, version))
    response["ETag"] = version
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "platform/not_found.html", status=404)


def _gradebook(member: CourseMember, version: str) -> dict[str, Any]:
    """`version` was read before: what changes in between is shown now and once more, never missed."""
    return {"course": member.course, "version": version, "book": queries.gradebook(member.course)}


def _version(member: CourseMember) -> str:
    return f'"{queries.gradebook_version(member.course)}-{get_language()}"'


def _member(request: HttpRequest, slug: str) -> CourseMember:
    member = queries.membership_in(_person(request), slug)
    if member is None:
        raise Http404
    return member


def _who_sees_results(request: HttpRequest, slug: str) -> CourseMember:
    member = _member(request, slug)
    if member.role not in queries.SEES_RESULTS:
        raise Http404
    return member


def _person(request: HttpRequest) -> Person:
    return request.user  # type: ignore[return-value]  # behind login_required
