"""/begeleiden/: who waits, what is done to several at once, how trainers read together, one's own sentences."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Step
from learning.people.guards import trainers_only
from learning.people.models import Person
from learning.practice.agreement import FEWEST_ROUNDS
from learning.practice.queries import agreement, desk, phrases
from learning.practice.queries.desk import Desk, Filter, Row, Which
from learning.practice.services import handing_over, phrasing
from learning.practice.services.doing import Incomplete
from learning.practice.views.desk import words
from learning.practice.views.desk.access import at_desk
from learning.practice.views.desk.form import number

# As many can be chosen on one page; more at once was made by hand.
MOST_AT_ONCE = desk.PAGE
WEEKS = (1, 2)


@dataclass(frozen=True)
class Line:
    """A row in words."""

    row: Row
    waits: str
    marks: list[str]


def lines(rows: Iterable[Row]) -> list[Line]:
    return [Line(row, words.days(row.days), words.marks(row)) for row in rows]


def tabs(here: str) -> list[Step]:
    """What else there is beside the queue."""
    pages = (
        ("desk:queue", _("Wachtrij")), ("desk:together", _("Samen lezen")), ("desk:phrases", _("Jouw zinnen")),
        ("desk:cases", _("Praktijkcases")), ("desk:give", _("Uitzetten")),
    )  # fmt: skip
    return [Step(label, "hier" if name == here else "straks", reverse(name)) for name, label in pages]


@never_cache
@require_safe
@at_desk
def queue(request: HttpRequest, at: Desk) -> HttpResponse:
    """Ten queries, however many wait."""
    chosen = _filter(request, at)
    page = desk.queue(at, chosen, page=request.GET.get("page", ""))
    return render(
        request,
        "practice/desk/queue.html",
        {
            "heading": words.waiting(desk.waiting_for(at)),
            "tabs": tabs("desk:queue"),
            "chosen": chosen,
            "is_filtered": chosen != Filter(),
            "page": page,
            "lines": lines(desk.rows(at, page)),
            "groups": at.groups,
            "cases": desk.cases_in(at),
            "states": [(which, words.which(which)) for which in Which],
            "colleagues": at.colleagues,
            "weeks": WEEKS,
        },
    )


def _filter(request: HttpRequest, at: Desk) -> Filter:
    """What can't be chosen is left out: an address may come from anywhere."""
    state = request.GET.get("staat", "")
    group = number(request.GET.get("groep", ""))
    return Filter(
        which=Which(state) if state in Which else Which.WAITING,
        group=group if group in at.numbers else None,
        case=number(request.GET.get("case", "")) or None,
        mine=request.GET.get("van") == "mij",
    )


@require_POST
@at_desk
def several(request: HttpRequest, at: Desk) -> HttpResponse:
    """Hand over or extend those that were ticked; one that can't doesn't stop the others."""
    works = desk.chosen_works(at, _keys(request.POST.getlist("werk")))
    do = request.POST.get("doe", "")
    if not works:
        messages.warning(request, _("Kruis eerst aan om wie het gaat."))
    elif do == "overdragen":
        _hand_over(request, at, works)
    elif do.startswith("week-") and number(do.removeprefix("week-")) in WEEKS:
        until = timezone.localdate() + timedelta(weeks=number(do.removeprefix("week-")))
        outcome = handing_over.extend_all(works, until=until, by=at.trainer)
        _say(request, outcome, _("Verzet naar %(day)s.") % {"day": date_format(until, "j F")})
    return redirect(request.POST.get("terug") or "desk:queue" if _is_ours(request) else "desk:queue")


def _is_ours(request: HttpRequest) -> bool:
    back = request.POST.get("terug", "")
    return back.startswith(f"{reverse('desk:queue')}?")


def _hand_over(request: HttpRequest, at: Desk, works: list[Any]) -> None:
    to = next((each for each in at.colleagues if str(each.pk) == request.POST.get("aan", "")), None)
    if to is None:
        messages.warning(request, _("Kies aan wie je overdraagt."))
        return
    outcome = handing_over.hand_over_all(works, to=to, by=at.trainer)
    name = to.name or _("je collega")
    _say(request, outcome, _("Overgedragen aan %(name)s.") % {"name": name})


def _say(request: HttpRequest, outcome: handing_over.Outcome, done: str) -> None:
    if outcome.done:
        counted = ngettext("%(n)s case.", "%(n)s cases.", outcome.done) % {"n": outcome.done}
        messages.success(request, f"{done} {counted}")
    if outcome.kept:
        kept = ngettext(
            "%(n)s case had die dag of een latere al, en houdt die.",
            "%(n)s cases hadden die dag of een latere al, en houden die.",
            outcome.kept,
        )
        messages.info(request, kept % {"n": outcome.kept})
    if outcome.left:
        names = ", ".join(sorted({work.person.name or _("naam niet gedeeld") for work in outcome.left}))
        messages.warning(request, _("Dit kon niet bij: %(names)s.") % {"names": names})


def _keys(texts: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for text in list(texts)[:MOST_AT_ONCE]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


# --- together


@never_cache
@require_safe
@at_desk
def together(request: HttpRequest, at: Desk) -> HttpResponse:
    """Who reads what in my groups, and whether we see the same. Nine queries."""
    asked = request.GET.get("sinds", "")
    since = agreement.Since(asked) if asked in agreement.Since else agreement.Since.YEAR
    labels = {
        agreement.Since.QUARTER: _("Laatste kwartaal"),
        agreement.Since.YEAR: _("Laatste jaar"),
        agreement.Since.ALWAYS: _("Altijd"),
    }
    return render(
        request,
        "practice/desk/together.html",
        {
            "tabs": tabs("desk:together"),
            "loads": desk.loads(at),
            "agreements": agreement.agreements(at.trainer, since),
            "periods": [
                Step(label, "hier" if each is since else "straks", f"?sinds={each}") for each, label in labels.items()
            ],
            "fewest": FEWEST_ROUNDS,
        },
    )


# --- a trainer's own sentences


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@trainers_only
def own_phrases(request: HttpRequest, trainer: Person) -> HttpResponse:
    """Four queries."""
    if request.method != "POST":
        return _phrases(request, trainer)
    try:
        phrasing.add(trainer, text=request.POST.get("zin", ""))
    except Incomplete as incomplete:
        return _phrases(request, trainer, typed=request.POST.get("zin", ""), why=incomplete.missing["zin"])
    messages.success(request, _("Je zin staat erbij."))
    return redirect("desk:phrases")


def _phrases(request: HttpRequest, trainer: Person, *, typed: str = "", why: str = "") -> HttpResponse:
    said = {
        "leeg": _("Schrijf hier een zin."),
        "lang": _("Houd het bij %(n)s tekens.") % {"n": phrasing.LONGEST},
        "veel": _("Je hebt er %(n)s. Haal er eerst een weg.") % {"n": phrasing.MOST},
    }
    context = {
        "tabs": tabs("desk:phrases"),
        "phrases": phrases.phrases_of(trainer),
        "typed": typed,
        "wrong": said.get(why, ""),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK
    return render(request, "practice/desk/phrases.html", context, status=status)


@require_POST
@trainers_only
def phrase(request: HttpRequest, trainer: Person, phrase_number: int) -> HttpResponse:
    """Away with it; one that isn't theirs stays."""
    phrasing.remove(trainer, phrase_number)
    messages.success(request, _("Je zin is weg."))
    return redirect("desk:phrases")
