"""What a trainer does with a work beside reading it: take it up, let it go, hand it over, put its day off."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from learning.practice.flow import Event
from learning.practice.models import Assessment
from learning.practice.permissions import assessors_of
from learning.practice.queries.learner import first_name
from learning.practice.queries.rounds import Hat
from learning.practice.services import calibrating, doing, handing_over, hiding, moving, reading
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow
from learning.practice.services.reading import InOtherHands
from learning.practice.views.desk import words
from learning.practice.views.desk.access import Seat, at_work
from learning.practice.views.desk.drawing import page
from learning.practice.views.desk.form import number
from learning.practice.views.desk.queue import WEEKS

if TYPE_CHECKING:
    from collections.abc import Callable


@require_POST
@at_work(Hat.TRAINER)
def step(request: HttpRequest, seat: Seat, step: str) -> HttpResponse:
    """By its Dutch name in the address."""
    do = STEPS.get(step)
    if do is None:
        raise Http404
    if do is _take_up and calibrating.is_due(seat.person, seat.work.assignment.version.case):
        return redirect("desk:calibrate", seat.work.key)
    try:
        said = do(request, seat)
    except InOtherHands as other:
        messages.warning(request, _("%(name)s leest dit nu.") % {"name": first_name(other.by, _("Een collega"))})
    except (NotNow, Incomplete, handing_over.NotTheirs):
        messages.warning(request, _("Dat kan nu niet: er is intussen iets mee gebeurd."))
    else:
        messages.success(request, said)
    return redirect("desk:work", seat.work.key)


def _take_up(request: HttpRequest, seat: Seat) -> str:
    reading.take_up(seat.work.pk, by=seat.person)
    return _("Je leest dit nu. Je collega’s zien dat.")


def _let_go(request: HttpRequest, seat: Seat) -> str:
    reading.let_go(seat.work.pk, by=seat.person)
    return _("Het staat weer in de wachtrij, op de plek die het had. Wat je schreef, blijft van jou.")


def _hand_over(request: HttpRequest, seat: Seat) -> str:
    to = assessors_of(seat.work.group_id).filter(pk=number(request.POST.get("aan", ""))).first()
    if to is None:
        raise handing_over.NotTheirs
    handing_over.hand_over(seat.work.pk, to=to, by=seat.person)
    if to.pk == seat.person.pk:
        return _("Je neemt het over. Je collega krijgt daar bericht van.")
    return _("Overgedragen aan %(name)s.") % {"name": first_name(to, _("je collega"))}


def _extend(request: HttpRequest, seat: Seat) -> str:
    weeks = number(request.POST.get("weken", ""))
    if weeks not in WEEKS:
        raise Incomplete({"tot": "datum"})
    until = max(timezone.localdate(), seat.work.due_on) + timedelta(weeks=weeks)
    doing.extend(seat.work.pk, until=until, by=seat.person)
    return _("Verzet naar %(day)s.") % {"day": date_format(until, "j F")}


def _reopen(request: HttpRequest, seat: Seat) -> str:
    moving.move(seat.work.pk, Event.REOPEN, by=seat.person)
    return _("Weer open: er kan nog een ronde komen.")


def _withdraw(request: HttpRequest, seat: Seat) -> str:
    """For good, so it is ticked first."""
    if request.POST.get("zeker") != "ja":
        raise Incomplete({"zeker": "kies"})
    moving.move(seat.work.pk, Event.WITHDRAW, by=seat.person)
    return _("Ingetrokken. Er wordt niets meer gevraagd.")


STEPS: dict[str, Callable[[HttpRequest, Seat], str]] = {
    "oppakken": _take_up,
    "loslaten": _let_go,
    "overdragen": _hand_over,
    "verzetten": _extend,
    "heropenen": _reopen,
    "intrekken": _withdraw,
}


@require_POST
@at_work(Hat.TRAINER)
def hide(request: HttpRequest, seat: Seat, reading_number: int) -> HttpResponse:
    """A peer's words, from the learner, with a reason; or back. A reason that was refused stays in its field."""
    found = Assessment.objects.filter(pk=reading_number, work=seat.work).first()
    if found is None:
        raise Http404
    try:
        if request.POST.get("doe") == "toon":
            hiding.show(found.pk, by=seat.person)
            messages.success(request, _("Weer te zien."))
        else:
            hiding.hide(found.pk, by=seat.person, reason=request.POST.get("reden", ""))
            messages.success(request, _("Verborgen. Wie het schreef, leest waarom."))
    except Incomplete as incomplete:
        refused: dict[str, Any] = {
            "hiding": found.pk,
            "hiding_typed": request.POST.get("reden", ""),
            "hiding_wrong": words.wrong("reden", incomplete.missing["reden"]),
        }
        return page(request, seat, status=HTTPStatus.UNPROCESSABLE_ENTITY, **refused)
    except NotNow:
        messages.warning(request, _("Alleen wat een collega gaf, kun je verbergen."))
    return redirect("desk:work", seat.work.key)
