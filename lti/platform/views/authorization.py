"""A launch as the browser lives it: to the tool's login, back here, and to the tool with an id_token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from csp.constants import SELF
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from lti.embedding import FRAME_ORIGINS
from lti.platform import launches, queries
from lti.platform.endpoints import endpoint, has_lms, page

# Our own mark on a request that went through here before: see `_ask_again`.
AGAIN = "again"


@never_cache
@require_GET
def launch(request: HttpRequest, key: Any) -> HttpResponse:
    """Where a frame or window starts. `?window=1` is told to the tool; it changes nothing else."""
    if not request.user.is_authenticated:
        return refusal(request, "not_signed_in")
    placement = queries.placement_for(request.user, key)
    if placement is None:
        return refusal(request, "not_a_member")
    target = "window" if request.GET.get("window") else "iframe"
    try:
        return HttpResponseRedirect(launches.begin(request.user, placement, target=target, face="lms"))
    except launches.Refused as refused:
        return refusal(request, refused.code)


@csrf_exempt  # the tool sends the browser here; what counts is the hint we signed for the person in the session
@never_cache
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest) -> HttpResponse:
    given = request.GET if request.method == "GET" else request.POST
    if any(len(values) > 1 for _name, values in given.lists()):
        return refusal(request, "repeated")
    parameters = {name: str(value) for name, value in given.items()}
    if has_lms() and launches.began_in(parameters) == "house":
        # Tussenruimte knows who this is, by a session that isn't seen at this host name.
        return post_form(request, settings.BASE_URL + page("onward"), parameters)
    if not request.user.is_authenticated:
        return refusal(request, "not_signed_in") if AGAIN in parameters else _ask_again(request, parameters)
    return answer(request, parameters)


def answer(request: HttpRequest, parameters: Mapping[str, str]) -> HttpResponse:
    """What the browser of whoever is signed in must post to the tool, or why not."""
    assert request.user.is_authenticated
    try:
        post = launches.authorise(request.user, parameters)
    except launches.Refused as refused:
        return refusal(request, refused.code)
    return post_form(request, post.redirect_uri, post.fields)


def _ask_again(request: HttpRequest, given: Mapping[str, str]) -> HttpResponse:
    """Come here once more from a page of our own.

    A browser keeps our Lax session cookie to itself when a page of the tool, in a frame, posts or scripts its way
    here. From our own page in the same frame it sends it. If it still doesn't, there is no session.
    """
    return post_form(request, endpoint("auth"), {**given, AGAIN: "1"})


def post_form(request: HttpRequest, address: str, fields: Mapping[str, str]) -> HttpResponse:
    response = render(request, "platform/form_post.html", {"address": address, "fields": fields})
    parts = urlsplit(address)
    return framed(request, response, **{"form-action": [SELF, f"{parts.scheme}://{parts.netloc}"]})


def refusal(request: HttpRequest, code: str) -> HttpResponse:
    status, text = REFUSALS[code]
    in_lms = getattr(request, "is_platform", False)
    context = {
        "text": _(text),
        "home": settings.PLATFORM_URL + "/" if in_lms else settings.BASE_URL + "/",
        "in_lms": in_lms,
        "code": code,
    }
    return framed(request, render(request, "platform/refused.html", context, status=status))


def framed(request: HttpRequest, response: HttpResponse, **directives: list[str]) -> HttpResponse:
    """A page that may stand in a frame of our own pages, whichever of our host names they have.

    And where those stand in the frame of the LMS that launched this session, so may it.
    """
    own = [SELF, *((settings.BASE_URL, settings.PLATFORM_URL) if has_lms() else ())]
    if not getattr(request, "is_platform", False):
        own += request.session.get(FRAME_ORIGINS) or []
    response._csp_replace = {"frame-ancestors": own, **directives}  # type: ignore[attr-defined]
    return response


REFUSALS: Mapping[str, tuple[int, str]] = {
    "not_signed_in": (403, gettext_noop("Je bent niet meer ingelogd. Log opnieuw in en open de module nog een keer.")),
    "not_a_member": (404, gettext_noop("Dit onderdeel is er niet, of je doet niet mee aan deze leerlijn.")),
    "nothing_to_launch": (404, gettext_noop("Dit onderdeel is nu niet te openen. Vraag je beheerder om hulp.")),
    "not_open_yet": (403, gettext_noop("Dit onderdeel gaat later open. Kom dan terug.")),
    "closed": (403, gettext_noop("Dit onderdeel is gesloten. Vraag je trainer als je er nog iets wilt doen.")),
    "hint_expired": (
        400,
        gettext_noop("Het openen duurde te lang. Ga terug naar je leerlijn en open de module opnieuw."),
    ),
    "hint_used": (400, gettext_noop("Deze start is al gebruikt. Ga terug naar je leerlijn en open de module opnieuw.")),
    "another_person": (
        403,
        gettext_noop("Deze start is van iemand anders. Ga terug naar je leerlijn en open de module zelf."),
    ),
    "wrong_hint": (400, gettext_noop("Deze start klopt niet. Ga terug naar je leerlijn en open de module opnieuw.")),
    "wrong_answer": (
        400,
        gettext_noop(
            "Wat je koos, kwam niet goed over. Kies opnieuw. Lukt het weer niet, vraag dan je beheerder om hulp."
        ),
    ),
    "too_many_items": (400, gettext_noop("Je koos er te veel tegelijk. Kies er hoogstens vijftig.")),
    "choice_expired": (400, gettext_noop("Het kiezen duurde te lang. Ga terug naar je leerlijn en kies opnieuw.")),
    "wrong_choice": (400, gettext_noop("Deze keuze is hier niet begonnen. Ga terug naar je leerlijn en kies opnieuw.")),
    "choice_used": (400, gettext_noop("Deze keuze is al binnen. Ga terug naar je leerlijn.")),
    "may_not_choose": (403, gettext_noop("Je mag in deze leerlijn niets toevoegen.")),
    "unknown_tool": (400, gettext_noop("De leeromgeving kent deze module niet. Vraag je beheerder om hulp.")),
    "wrong_redirect_uri": (
        400,
        gettext_noop("De module vraagt om een adres dat niet is afgesproken. Vraag je beheerder om hulp."),
    ),
    "repeated": (400, gettext_noop("De module stuurde een vraag die niet klopt. Vraag je beheerder om hulp.")),
}
