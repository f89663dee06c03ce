"""The demo LMS's tools: its administrator adds one by its registration address, its teachers choose content there."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from csp.constants import SELF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lti import outbound
from lti.platform import deeplinks, launches, membership, queries, registration, services, words
from lti.platform.addresses import host, origins
from lti.platform.forms import ChoiceForm, ConsentForm, RegistrationForm
from lti.platform.models import Course, CourseRole, Tool
from lti.platform.views.authorization import framed, refusal

if TYPE_CHECKING:
    from learning.people.models import Person

SIGN_IN = "lms:sign-in"


@never_cache
@login_required(login_url=SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """The tools there are, and the field to paste an address in. What comes next is that address, in a frame."""
    person = _administrator(request)
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        invitation, invited = registration.invite(person, address)
        shown = {
            "address": invited,
            "host": host(address),
            "origin": outbound.origin(address),
            "next": reverse("lms:registered", args=[invitation.key]),
        }
        return _framing(render(request, "platform/registering.html", shown), [outbound.origin(address)])
    return render(request, "platform/tools.html", {"form": form, "tools": queries.tools_of(person.organisation_id)})


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def registered(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    invitation = queries.invitation_of(_administrator(request), key)
    if invitation is None:
        raise Http404
    if invitation.tool is None:
        messages.warning(request, _("Het gereedschap heeft zich nog niet gemeld. Begin opnieuw als het daar klaar is."))
        return redirect("lms:tools")
    return redirect("lms:tool", invitation.tool.pk)


@never_cache
@login_required(login_url=SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def tool(request: HttpRequest, pk: int) -> HttpResponse:
    """What it asks for, and what it is given."""
    found = _own_tool(_administrator(request), pk)
    form = ConsentForm(request.POST)
    if request.method == "POST" and form.is_valid():
        form.keep(found)
        if found.awaits_approval:
            services.approve(found)
        messages.success(request, _("Bewaard. Het geldt meteen."))
        return redirect("lms:tool", found.pk)
    addresses = [found.login_url, found.jwks_url, *found.target_link_uris, *found.redirect_uris]
    shown = {
        "tool": found,
        "form": ConsentForm.of(found),
        "asked": words.asked(found),
        "hosts": sorted(set(map(host, addresses))),
    }
    return render(request, "platform/tool.html", shown)


@never_cache
@login_required(login_url=SIGN_IN)
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off; one that still waits is refused, and gone."""
    found = _own_tool(_administrator(request), pk)
    if found.awaits_approval:
        services.reject(found)
        return redirect("lms:tools")
    services.switch(found, on=request.POST.get("on") == "1")
    return redirect("lms:tool", found.pk)


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Which tool to choose something from."""
    course = _course(request, slug)
    tools = queries.tools_of(course.organisation_id).filter(active=True).exclude(choosing_url="")
    return render(request, "platform/add.html", {"course": course, "tools": tools})


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def choose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    course = _course(request, slug)
    found = _choosable(course, pk)
    shown = {"course": course, "tool": found, "origins": origins(found)}
    return _framing(render(request, "platform/choose.html", shown), origins(found))


@never_cache
@login_required(login_url=SIGN_IN)
@require_safe
def start(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    course = _course(request, slug)
    target = "window" if request.GET.get("window") else "iframe"
    try:
        address = launches.begin_choosing(_person(request), _choosable(course, pk), course, target=target, face="lms")
    except launches.Refused as refused:
        return refusal(request, refused.code)
    return HttpResponseRedirect(address)


@never_cache
@require_safe
def chosen(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """In the frame or window where was chosen: on to the preview, in the whole page. Shows nothing of what it is."""
    return framed(request, render(request, "tools/chosen.html", {"address": reverse("lms:choice", args=[key])}))


@never_cache
@login_required(login_url=SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def choice(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What was chosen, before it stands in the course."""
    made = deeplinks.choice_of(_person(request).pk, key)
    if made is None or made.course.track_id is not None:
        raise Http404
    if request.method == "POST" and "throw_away" in request.POST:
        deeplinks.throw_away(made)
        return redirect("lms:course", made.course.slug)
    form = ChoiceForm(request.POST or None, items=deeplinks.items_of(made))
    if request.method == "POST" and form.is_valid():
        placed = deeplinks.place(made, chosen=form.chosen())
        told = ngettext("Er staat één onderdeel bij.", "Er staan %(n)s onderdelen bij.", len(placed))
        messages.success(request, told % {"n": len(placed)})
        return redirect("lms:course", made.course.slug)
    refused = [(each["title"], words.WRONG_ITEM[each["code"]]) for each in made.refused]
    return render(request, "platform/choice.html", {"choice": made, "form": form, "refused": refused})


def _framing(response: HttpResponse, sites: list[str]) -> HttpResponse:
    own = [SELF, settings.BASE_URL]
    response._csp_replace = {"frame-src": list(dict.fromkeys([*own, *sites]))}  # type: ignore[attr-defined]
    return response


def _person(request: HttpRequest) -> Person:
    return request.user  # type: ignore[return-value]  # behind login_required


def _administrator(request: HttpRequest) -> Person:
    person = _person(request)
    if not queries.runs_lms(person):
        raise Http404
    return person


def _own_tool(person: Person, pk: int) -> Tool:
    found = queries.tool_of(person.organisation_id, pk)
    if found is None:
        raise Http404
    return found


def _course(request: HttpRequest, slug: str) -> Course:
    member = queries.membership_in(_person(request), slug)
    if member is None or not membership.may_choose(member.course, CourseRole(member.role)):
        raise Http404
    return member.course


def _choosable(course: Course, pk: int) -> Tool:
    found = queries.tool_of(course.organisation_id, pk)
    if found is None or not found.active or not found.choosing_url:
        raise Http404
    return found
