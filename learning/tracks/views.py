"""Somebody's tracks, and the way through a module."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from design.components import Asked, Crumb, Loop, State
from jobs.queries import tallies
from learning.people.models import Person, Role
from learning.people.queries import roles_of
from learning.tracks import additions, queries, services
from learning.tracks.addresses import module_address, page_address, unit_address
from learning.tracks.content import Activity, Unit
from learning.tracks.models import Module


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What my roles bring me here, and the tracks of my organisation. Eight queries, one more for beheer."""
    person = _person(request)
    tracks, roles = queries.tracks_of(person), roles_of(person)
    duties = [role for role in Role if role in roles - LEARNERS]
    learns = not duties or bool(roles & LEARNERS) or any(line.enrolment for each in tracks for line in each.lines)
    return render(
        request,
        "tracks/home.html",
        {
            "tracks": tracks,
            "current": _current(tracks),
            "learns": learns,
            "invited": learns or not WATCHERS.issuperset(duties),
            "duties": duties,
            "jobs": _jobs() if Role.BEHEER in duties else {},
        },
    )


# Whose own work here is learning.
LEARNERS = frozenset({Role.DEELNEMER, Role.GAST})
# Who come for others: a module is open to them, but isn't what they are here for.
WATCHERS = frozenset({Role.HR, Role.BEHEER})


def _jobs() -> dict[str, int]:
    """How many jobs of the background are in each status. One query."""
    counts: Counter[str] = Counter()
    for tally in tallies():
        counts[tally.status] += tally.count
    return counts


def _current(tracks: list[queries.TrackOverview]) -> queries.TrackLine | None:
    """Where somebody goes on: the first module they are in, else the first they can begin."""
    lines = [line for overview in tracks for line in overview.lines if line.available]
    begun = (line for line in lines if line.enrolment and not line.enrolment.completed_at)
    fresh = (line for line in lines if not line.enrolment)
    return next(begun, None) or next(fresh, None)


@require_safe
@login_required
def module(request: HttpRequest, module: str) -> HttpResponse:
    """The way through a module: where I was, each unit, what is still asked. Four queries, and one for each room that
    adds something."""
    person = _person(request)
    way = queries.way(person, module)
    if way is None:
        found = queries.module(module)
        if found is None or not queries.may_follow(person, module):
            raise Http404
        return _begin_page(request, found)
    following = way.next
    return render(
        request,
        "tracks/module.html",
        {
            "way": way,
            "crumbs": _crumbs(way.edition.number),
            "loops": loops(way),
            "asked": [_asked(progress) for progress in way.units],
            "notes": additions.notes_on_module(person, module),
            "next_unit": following[0] if following else None,
            "next_activity": following[1] if following else None,
            "next_starts_unit": bool(following and following[1] is following[0].activities[0]),
            "next_href": _next_address(way, *following) if following else "",
        },
    )


def loops(way: queries.Way) -> list[Loop]:
    """The way through the module, drawn."""
    here = way.next[0].key if way.next else None
    return [
        Loop(
            title=progress.unit.title,
            state=_state(progress, here),
            number=progress.unit.number,
            href=unit_address(way.edition.module, progress.unit.key),
            note=_length(progress.unit),
            done=_("afgerond") if progress.is_done else "",
            language="nl",
        )
        for progress in way.units
    ]


def _begin_page(request: HttpRequest, module: Module) -> HttpResponse:
    """What somebody sees who hasn't begun: what it is about, and how much there is."""
    edition = queries.newest(module.slug)
    units = edition.units if edition else ()
    return render(
        request,
        "tracks/begin.html",
        {
            "module": module,
            "crumbs": _crumbs(module.number),
            "intro": edition.intro if edition else "",
            "loops": [
                Loop(title=unit.title, state="straks", number=unit.number, note=_length(unit), language="nl")
                for unit in units
            ],
        },
    )


def _crumbs(number: str) -> list[Crumb]:
    return [Crumb(_("Leren"), reverse("tracks:home")), Crumb(_("Module %(number)s") % {"number": number})]


def _length(unit: Unit) -> str:
    return ngettext("%(n)s minuut", "%(n)s minuten", unit.minutes) % {"n": unit.minutes}


def activity_address(module: str, unit: Unit, activity: Activity) -> str:
    """Where an activity is: a page of its own, or its place on the page of the unit."""
    if activity.own_page:
        return page_address(module, unit.key, activity.key)
    return f"{unit_address(module, unit.key)}#{activity.key}"


def _next_address(way: queries.Way, unit: Unit, activity: Activity) -> str:
    """To the top of a unit that is still to begin: its title and what it asks come before its first activity."""
    if activity is unit.activities[0] and activity.key not in way.statuses:
        return unit_address(way.edition.module, unit.key)
    return activity_address(way.edition.module, unit, activity)


def _state(progress: queries.UnitProgress, here: str | None) -> State:
    if progress.unit.key == here:
        return "hier"
    return "gedaan" if progress.is_done else "straks"


def _asked(progress: queries.UnitProgress) -> Asked:
    unit = progress.unit
    left = progress.required - progress.done
    begun = left and progress.done
    note = ngettext("nog %(n)s onderdeel", "nog %(n)s onderdelen", left) % {"n": left} if begun else ""
    return Asked(f"{unit.number} {unit.title}", done=progress.is_done, note=note, language="nl")


@require_POST
@login_required
def begin(request: HttpRequest, module: str) -> HttpResponse:
    """Begin with a module of my own tracks."""
    person = _person(request)
    found = queries.module(module)
    if found is None or not queries.may_follow(person, module):
        raise Http404
    try:
        services.enrol(person, module=found)
    except services.NothingPublished as error:
        raise Http404 from error
    return redirect(_place(person, module))


@require_safe
@login_required
def go_on(request: HttpRequest, module: str) -> HttpResponse:
    """Straight to where somebody goes on in a module; to the way through it when nothing is left."""
    return redirect(_place(_person(request), module))


def _place(person: Person, module: str) -> str:
    """Two queries."""
    way = queries.way(person, module)
    if way is None or way.next is None:
        return module_address(module)
    return _next_address(way, *way.next)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
