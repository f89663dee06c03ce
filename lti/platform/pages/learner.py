"""Opening something of others from a track, in a frame of our page or in a window of its own."""

from __future__ import annotations

import uuid

from csp.constants import SELF
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from design.components import Crumb
from lti.platform import launches, queries
from lti.platform.addresses import origins, passed_on
from lti.platform.models import Presentation
from lti.platform.pages.access import person
from lti.platform.views.authorization import answer, refusal


@never_cache
@require_safe
@login_required
def open_place(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The tool in a frame. Six queries."""
    placement = queries.placement_for(person(request), key)
    if placement is None or placement.tool is None or placement.link is None:
        raise Http404
    if not placement.tool.active:
        return render(request, "tools/closed.html", {"placement": placement}, status=404)
    crumbs = [Crumb(_("Leren"), reverse("tracks:home")), Crumb(placement.title, language="nl")]
    shown = {
        "placement": placement,
        "crumbs": crumbs,
        "origins": origins(placement.tool),
        "allow": passed_on(placement.tool),
        "window": placement.presentation == Presentation.WINDOW,
    }
    return framing(render(request, "tools/open.html", shown), origins(placement.tool))


@never_cache
@require_safe
def launch(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Where the frame or window starts. `?window=1` is told to the tool; it changes nothing else."""
    if not request.user.is_authenticated:
        return refusal(request, "not_signed_in")
    placement = queries.placement_for(person(request), key)
    if placement is None:
        return refusal(request, "not_a_member")
    target = "window" if request.GET.get("window") else "iframe"
    try:
        return HttpResponseRedirect(launches.begin(person(request), placement, target=target, face="house"))
    except launches.Refused as refused:
        return refusal(request, refused.code)


@csrf_exempt  # our other host name posts it here; what counts is the hint we signed for the person in the session
@never_cache
@require_POST
def onward(request: HttpRequest) -> HttpResponse:
    """An authorization request that came in at the platform's host name, where who learns here isn't known."""
    if any(len(values) > 1 for _name, values in request.POST.lists()):
        return refusal(request, "repeated")
    if not request.user.is_authenticated:
        return refusal(request, "not_signed_in")
    return answer(request, {name: str(value) for name, value in request.POST.items()})


def framing(response: HttpResponse, sites: list[str]) -> HttpResponse:
    """A page with a frame that goes to these sites, and through our own."""
    own = [SELF, settings.BASE_URL, settings.PLATFORM_URL]
    response._csp_replace = {"frame-src": list(dict.fromkeys([*own, *sites]))}  # type: ignore[attr-defined]
    return response
