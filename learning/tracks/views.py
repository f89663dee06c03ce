"""Somebody's tracks, and the way through a module."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Asked, Crumb, Loop, State
from jobs.queries import tallies
from learning import mailing
from learning.people.models import Person, Role
from learning.people.queries import roles_of
from learning.tracks import additions, calendar, queries, reminders, services
from learning.tracks.addresses import module_address, page_address, unit_address
from learning.tracks.content import Activity, Kind, Unit
from learning.tracks.models import Module
from learning.tracks.returning import Phase, Window


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
WATCHERS = frozenset({Role.HR, Role.OR, Role.BEHEER})


def _jobs() -> dict[str, int]:
    """How many jobs of the background are in each status. One query."""
    counts: Counter[str] = Counter()
    for tally in tallies():
        counts[tally.status] += tally.count
    return counts


def _current(tracks: list[queries.TrackOverview]) -> queries.TrackLine | None:
    """Where somebody goes on: the Herhaalmoment that is open, for it closes again; else the first module they are in;
    else the Terugblik that is open; else the first they can begin."""
    lines = [line for overview in tracks for line in overview.lines if line.available]
    returning = (line for line in lines if line.calls_back)
    begun = (line for line in lines if line.enrolment and not line.enrolment.completed_at)
    looking_back = (line for line in lines if line.asks_once_more)
    fresh = (line for line in lines if not line.enrolment)
    return next(returning, None) or next(begun, None) or next(looking_back, None) or next(fresh, None)


@require_safe
@login_required
def module(request: HttpRequest, module: str) -> HttpResponse:
    """The way through a module: where I was, each unit, what is still asked. Four queries, one for each room that adds
    something, and one while the Herhaalmoment or the Terugblik is awaited."""
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
            "asked": [_asked(progress) for progress in way.units if progress.unit.counts],
            "shown": additions.asked_on_way(way),
            "after": after(person, way, following[0] if following else None),
            "notes": additions.notes_on_module(person, module),
            "next_unit": following[0] if following else None,
            "next_activity": following[1] if following else None,
            "next_minutes": _minutes_of(way, *following) if following else None,
            "next_window": way.window_of(following[0].kind) if following and not following[0].counts else None,
            "next_looks_back": bool(following and following[0].kind is Kind.LOOK_BACK),
            "next_starts_unit": bool(following and following[1] is following[0].activities[0]),
            "next_href": _next_address(way, *following) if following else "",
        },
    )


@dataclass(frozen=True)
class After:
    """What comes when the module is done, outside its own page. `by_mail`: they are told when it opens."""

    unit: Unit
    window: Window
    by_mail: bool

    @property
    def looks_back(self) -> bool:
        return self.unit.kind is Kind.LOOK_BACK


def after(person: Person, way: queries.Way, here: Unit | None = None) -> list[After]:
    """In order, without `here`, to which the page leads already. One query, only while a mail may be awaited."""
    told = reminders.awaited(person, way)
    units = [unit for unit in way.edition.units if not unit.counts and unit is not here]
    return [After(unit, way.window_of(unit.kind), unit.kind in told) for unit in units]


def loops(way: queries.Way) -> list[Loop]:
    """The way through the module, drawn."""
    here = way.next[0].key if way.next else None
    return [
        Loop(
            title=progress.unit.title,
            state=_state(progress, here),
            number=_number(progress.unit),
            href=unit_address(way.edition.module, progress.unit.key) if _opens(way, progress) else "",
            note=_length(way.minutes(progress.unit)) if progress.unit.counts else _when(way, progress.unit),
            done=_("afgerond") if progress.is_done else "",
            loose=not progress.unit.counts,
            language="nl",
        )
        for progress in way.units
    ]


def _number(unit: Unit) -> str:
    """What stands before and after the units is a point on the way: it has none."""
    return unit.number if unit.is_unit else ""


def _opens(way: queries.Way, progress: queries.UnitProgress) -> bool:
    return way.is_open(progress.unit) or progress.is_done


def _when(way: queries.Way, unit: Unit) -> str:
    """Of what comes when the module is done."""
    window = way.window_of(unit.kind)
    if window.opens_on is None or window.last_day is None:
        return _how_long_after(unit)
    if window.phase is Phase.WAITS:
        return _("opent op %(date)s") % {"date": date_format(window.opens_on, "j F")}
    last = {"date": date_format(window.last_day, "j F")}
    if window.is_open:
        return _("open tot en met %(date)s") % last
    return "" if window.done else _("was open tot en met %(date)s") % last


def _how_long_after(unit: Unit) -> str:
    if unit.kind is Kind.LOOK_BACK:
        return _("drie maanden na je laatste onderdeel")
    return _("een week na je laatste onderdeel")


def _minutes_of(way: queries.Way, unit: Unit, activity: Activity) -> int | None:
    """Of a unit when it begins there, else of the activity."""
    return way.minutes(unit) if activity is unit.activities[0] else activity.minutes


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
                Loop(
                    title=unit.title,
                    state="straks",
                    number=_number(unit),
                    note=_length(module.medians.get(unit.key, unit.minutes)) if unit.counts else _how_long_after(unit),
                    loose=not unit.counts,
                    language="nl",
                )
                for unit in units
            ],
        },
    )


def _crumbs(number: str) -> list[Crumb]:
    return [Crumb(_("Leren"), reverse("tracks:home")), Crumb(_("Module %(number)s") % {"number": number})]


def _length(minutes: int) -> str:
    return ngettext("%(n)s minuut", "%(n)s minuten", minutes) % {"n": minutes}


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
    return Asked(unit.name, done=progress.is_done, note=note, language="nl")


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


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def calendar_note(request: HttpRequest, module: str, kind: Kind) -> HttpResponse:
    """What comes after a module that is done, for my own calendar. Two queries."""
    way = queries.way(_person(request), module)
    if way is None or way.edition.moment(kind) is None or way.finished_at is None:
        raise Http404
    response = HttpResponse(reminders.calendar_note(way, kind), content_type=calendar.TYPE)
    response["Content-Disposition"] = f'attachment; filename="{calendar.name(kind)}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reminding(request: HttpRequest) -> HttpResponse:
    """Whether I get reminders by e-mail, and whether that can be. Two queries."""
    person = _person(request)
    if request.method == "POST":
        reminders.want(person.pk, on=request.POST.get("herinneringen") == "aan")
        return redirect("tracks:reminders")
    context = {"can_mail": mailing.can_mail(), "address": person.email, "on": reminders.wants(person.pk)}
    return render(request, "tracks/reminders.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def no_reminders(request: HttpRequest, wish: str) -> HttpResponse:
    """From the mail, without signing in: one press, in the mail program itself (RFC 8058) or on this page.

    Only a post switches anything: what scans a mail for danger opens its links too. The address itself is the proof.
    """
    try:
        person_id = reminders.person_of(wish)
    except mailing.TooOld:
        return render(request, "learning/old_mail.html", {"settings": reverse("tracks:reminders")}, status=410)
    if person_id is None:
        raise Http404
    if request.method == "POST":
        reminders.want(person_id, on=request.POST.get("herinneringen") == "aan")
    return render(request, "tracks/no_reminders.html", {"wish": wish, "on": reminders.wants(person_id)})


def _place(person: Person, module: str) -> str:
    """Two queries."""
    way = queries.way(person, module)
    if way is None or way.next is None:
        return module_address(module)
    return _next_address(way, *way.next)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
