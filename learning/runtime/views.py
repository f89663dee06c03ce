"""The unit page, the page of one activity, and the address where answers arrive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup
from webob import Request as WebobRequest
from xblock.core import XBlock
from xblock.django.request import django_to_webob_request

from design.components import Crumb
from learning.bodies import largest_body
from learning.journal.services import notebooks
from learning.people.models import Person
from learning.playing import played_file
from learning.recordings.hearing import heard
from learning.recordings.queries import own as own_sound
from learning.recordings.sound import MOST_BYTES, Busy
from learning.runtime import queries, services
from learning.runtime.blocks import ForeignToken, LearnerRuntime, State, everywhere, read_handler_token, remembering
from learning.runtime.publishing import ASSET_TYPES, asset_folder
from learning.runtime.recordings import FIELD, Sent, sent
from learning.tracks import queries as tracks
from learning.tracks.addresses import module_address, page_address, unit_address
from learning.tracks.content import Activity, Kind, Unit
from learning.tracks.services import visit
from learning.tracks.views import activity_address, after

_ASSET = re.compile(r"[0-9a-f]{40}\.[a-z0-9]{2,4}")
# In the session, for the one page after an answer without script: [activity key, what the activity says of it].
_SAID = "said"


_REFUSED: dict[type[Exception], HTTPStatus] = {
    ForeignToken: HTTPStatus.FORBIDDEN,
    services.NotThere: HTTPStatus.NOT_FOUND,
    services.NotNow: HTTPStatus.CONFLICT,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True)
class Onward:
    """What comes when a unit is done. `waits`: not shown before that."""

    text: str
    href: str
    waits: bool


@require_safe
@login_required
def unit(request: HttpRequest, module: str, unit: str) -> HttpResponse:
    """All activities of a unit, in order. Five queries, however many there are; at most two more with a journal,
    one or two with what is handed in to a trainer."""
    return draw_unit(request, module, unit)


def draw_unit(
    request: HttpRequest, module: str, unit_key: str, *, refused: Mapping[str, str] | None = None
) -> HttpResponse:
    """`refused`: {activity key: what the block drew of a refused form}: then this is a 422."""
    person = _person(request)
    way = tracks.way(person, module)
    unit = way.edition.unit_by_key.get(unit_key) if way else None
    if way is None or unit is None:
        raise Http404
    if not way.is_open(unit):
        return _shut(request, way, unit)
    usages = [activity.usage for activity in unit.activities]
    shared = remembering(activity.type for activity in unit.activities)
    states = queries.states(person, [*usages, *map(everywhere, shared)])
    given = {"journal": notebooks(person, usages), **services.studios(person), **services.offered_to_all(person)}
    runtime = LearnerRuntime(person, way.edition, given)
    runtime.preferences.know(shared, states)
    drawn, sheets, scripts = list[tuple[Activity, Markup]](), dict[str, None](), dict[str, None]()
    said = request.session.pop(_SAID, None)
    for activity in unit.activities:
        html = (refused or {}).get(activity.key)
        state = states.get(activity.usage) or State(person.pk, activity.usage)
        block = runtime.block(activity, state)
        _remind(block, activity, said)
        if activity.own_page:
            href = page_address(module, unit.key, activity.key)
            fragment = runtime.render(block, "summary_view", {"href": href})
        else:
            fragment = runtime.render(block, "student_view")
        for resource in fragment.resources:
            (sheets if resource.mimetype == "text/css" else scripts)[resource.data] = None
        content = Markup(fragment.content) if html is None else block.wrapped(Markup(html))  # noqa: S704 drawn by the block
        drawn.append((activity, content))
    _remember_place(way, unit)
    return render(
        request,
        "runtime/unit.html",
        {
            "way": way,
            "unit": unit,
            "progress": way.progress_in(unit),
            "drawn": drawn,
            "sheets": tuple(sheets),
            "crumbs": (module_crumb(way), _unit_crumb(unit)),
            "scripts": tuple(scripts),
            "back": Crumb(_("Terug naar de module"), module_address(module)),
            "onward": onward(way, unit),
            "last_day": None if unit.counts else way.window_of(unit.kind).last_day,
            "looks_back": unit.kind is Kind.LOOK_BACK,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )


@require_safe
@login_required
def activity(request: HttpRequest, module: str, unit: str, activity: str) -> HttpResponse:
    """One activity with the page to itself. Five queries; one more when the block asks for its cohort."""
    return draw_activity(request, module, unit, activity)


def draw_activity(
    request: HttpRequest, module: str, unit_key: str, key: str, *, refused: str | None = None
) -> HttpResponse:
    person = _person(request)
    way = tracks.way(person, module)
    unit, activity = way.edition.by_key.get(key, (None, None)) if way else (None, None)
    if way is None or unit is None or activity is None or unit.key != unit_key or not activity.own_page:
        raise Http404
    if not way.is_open(unit):
        return redirect(unit_address(module, unit.key))
    shared = remembering([activity.type])
    states = queries.states(person, [activity.usage, *map(everywhere, shared)])
    runtime = services.runtime_with_all(person, way.edition)
    runtime.preferences.know(shared, states)
    block = runtime.block(activity, states.get(activity.usage) or State(person.pk, activity.usage))
    _remind(block, activity, request.session.pop(_SAID, None))
    fragment = runtime.render(block, "student_view")
    content = Markup(fragment.content) if refused is None else block.wrapped(Markup(refused))  # noqa: S704 drawn by the block
    unit_href = unit_address(module, unit.key)
    if way.place != activity.key:
        visit(way.enrolment_id, place=activity.key)
    return render(
        request,
        "runtime/activity.html",
        {
            "stop_href": f"{unit_href}#{activity.key}",
            "crumbs": (
                module_crumb(way),
                Crumb(unit.name, unit_href, language="nl"),
                Crumb(activity.title, language="nl"),
            ),
            "way": way,
            "unit": unit,
            "progress": way.progress_in(unit),
            "back": Crumb(_("Terug naar %(unit)s") % {"unit": unit.name}, unit_href),
            "onward": onward(way, unit, alone=True),
            "activity": activity,
            "html": content,
            "sheets": tuple(r.data for r in fragment.resources if r.mimetype == "text/css"),
            "scripts": tuple(r.data for r in fragment.resources if r.mimetype != "text/css"),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused is not None else HTTPStatus.OK,
    )


def _shut(request: HttpRequest, way: tracks.Way, unit: Unit) -> HttpResponse:
    """What comes after the module outside its time: when it is, and what can be done meanwhile. Three queries."""
    return render(
        request,
        "runtime/shut.html",
        {
            "way": way,
            "unit": unit,
            "crumbs": (module_crumb(way), _unit_crumb(unit)),
            "after": next(each for each in after(_person(request), way) if each.unit is unit),
        },
    )


@csrf_exempt
@largest_body(MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, handler: str) -> HttpResponse:
    """Where an activity's forms arrive. Asked for as a page, it leads to the activity.

    No CSRF token is needed: the address itself is signed for this person, and another site's post is refused by origin.
    """
    if request.method == "POST" and not from_here(request):
        return _turned_away(request, HTTPStatus.FORBIDDEN)
    if not request.user.is_authenticated:
        return _turned_away(request, HTTPStatus.UNAUTHORIZED)
    person = _person(request)
    try:
        usage = read_handler_token(token, person)
        if request.method != "POST":
            return _to_activity(person, usage)
        form, came = _form_and_sound(request)
        answered = services.answer(person, usage=usage, handler=handler, request=form, came=came)
    except tuple(_REFUSED) as refused:
        return _turned_away(request, _REFUSED[type(refused)])
    return _show(request, answered)


def _form_and_sound(request: HttpRequest) -> tuple[WebobRequest, Sent]:
    """A block handles words alone; the one file that may come with them is looked at here. Raises Busy."""
    if request.content_type != "multipart/form-data":
        # Blocks read a form in a way of their own, with a row held: so Django's bound on fields is kept here.
        if request.body.count(b"&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            raise TooManyFieldsSent
        return django_to_webob_request(request), None
    words = [(name, value) for name, values in request.POST.lists() for value in values]
    file = request.FILES.get(FIELD)
    came = sent(file.read() if file else None)
    form = WebobRequest.blank(
        request.path, method="POST", body=urlencode(words).encode(), content_type="application/x-www-form-urlencoded"
    )
    return form, came


def _show(request: HttpRequest, answered: services.Answered) -> HttpResponse:
    """With script (`X-Fragment`) what the activity answers; without, the browser goes back to its page."""
    made = answered.response
    refused = made.status_int == HTTPStatus.UNPROCESSABLE_ENTITY
    if request.headers.get("X-Fragment") or (made.status_int >= HTTPStatus.BAD_REQUEST and not refused):
        response = HttpResponse(made.body, status=made.status_int, content_type=made.content_type)
        if answered.unit_done is not None:
            response["X-Unit-Done"] = str(answered.unit_done)
        return response
    module, unit, activity = answered.edition.module, answered.unit, answered.activity
    if refused and activity.own_page:
        return draw_activity(request, module, unit.key, activity.key, refused=made.text)
    if refused:
        return draw_unit(request, module, unit.key, refused={activity.key: made.text})
    if answered.said:
        request.session[_SAID] = [activity.key, answered.said]
    return redirect(activity_address(module, unit, activity))


def _remind(block: XBlock, activity: Activity, said: list[str] | None) -> None:
    """On the page after an answer without script, an activity says what it would have said in place."""
    if said and said[0] == activity.key:
        block.said = said[1]


def _to_activity(person: Person, usage: str) -> HttpResponse:
    """The address of a form that was refused stays in the browser's bar: whoever asks for it again finds the page."""
    place = tracks.places(person, [usage]).get(usage)
    if place is None:
        raise Http404
    return redirect(activity_address(place.module, place.unit, place.activity))


def onward(way: tracks.Way, unit: Unit, *, alone: bool = False) -> Onward:
    """The next unit that isn't done, else one that was left behind, else the document.

    `alone`: for an activity with the page to itself, where nothing else asks for attention before it is done.
    """
    units = [progress.unit for progress in way.open_units]
    position = units.index(unit)
    for place, progress in [*enumerate(way.open_units)][position + 1 :] + [*enumerate(way.open_units)][:position]:
        if not progress.is_done:
            words = _("Naar %(unit)s") % {"unit": progress.unit.name}
            href = unit_address(way.edition.module, progress.unit.key)
            return Onward(words, href, waits=alone or place < position)
    return Onward(_("Naar je bewijs"), reverse("certificates:mine"), waits=True)


def _unit_crumb(unit: Unit) -> Crumb:
    if unit.is_unit:
        return Crumb(_("Unit %(number)s") % {"number": unit.number})
    return Crumb(unit.title, language="nl")


def module_crumb(way: tracks.Way) -> Crumb:
    number = way.edition.number
    return Crumb(_("Module %(number)s") % {"number": number}, module_address(way.edition.module))


def from_here(request: HttpRequest) -> bool:
    """A form of our own pages: what the browser says about where the post comes from."""
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        return urlsplit(origin).netloc == request.get_host()
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def _turned_away(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """`activity.js` keeps what was typed and says what to do; without script this page says it."""
    return render(
        request,
        "runtime/turned_away.html",
        {
            "signed_out": status == HTTPStatus.UNAUTHORIZED,
            "busy": status == HTTPStatus.SERVICE_UNAVAILABLE,
            "shut": status == HTTPStatus.CONFLICT,
        },
        status=status,
    )


def _remember_place(way: tracks.Way, unit: Unit) -> None:
    """Opening a unit moves the place there, unless they were in it already."""
    here = way.edition.by_key.get(way.place)
    if here and here[0].key == unit.key:
        return
    first = next((a for a in unit.activities if way.statuses.get(a.key) != "afgerond"), unit.activities[0])
    visit(way.enrolment_id, place=first.key)


@require_safe
@login_required
@cache_control(private=True, max_age=365 * 24 * 60 * 60, immutable=True)
def asset(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file beside the content, or the part of it that a player asks for."""
    file = asset_folder() / name
    if not _ASSET.fullmatch(name) or file.suffix not in ASSET_TYPES or not file.is_file():
        raise Http404
    return played_file(request, file, ASSET_TYPES[file.suffix])


@require_safe
@login_required
def recording(request: HttpRequest, recording: int) -> HttpResponse:
    """What I said at an activity."""
    sound = own_sound(_person(request), recording)
    if sound is None:
        raise Http404
    return heard(request, sound)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
