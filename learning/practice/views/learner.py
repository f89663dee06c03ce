"""The learner's own cases: which there are, and of each the one next thing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Crumb
from learning.people.models import Person
from learning.practice.models import State, Work
from learning.practice.queries import learner as queries
from learning.practice.services import doing, peers
from learning.practice.services.doing import HANDING_IN, Incomplete, Newer
from learning.practice.services.moving import NotNow
from learning.practice.views import learner_words as words
from learning.practice.views.learner_form import DraftForm, Sent, decided, read

View = Callable[..., HttpResponseBase]
# What one press of a button does besides keeping what was typed.
_DOES: Mapping[str, Callable[..., Any]] = {
    "voorbereid": doing.prepare,
    "gevoerd": doing.hold,
    "niet_gevoerd": doing.not_held,
}


def private(view: View) -> View:
    guarded: View = sensitive_post_parameters()(never_cache(login_required(view)))
    return guarded


def person_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def own(request: HttpRequest, work_key: uuid.UUID) -> Work:
    """Theirs, or 404."""
    found = queries.work_of(person_of(request), work_key)
    if found is None:
        raise Http404
    return found


def crumbs(work: Work, here: str = "") -> list[Crumb]:
    """`here`: a page below that of the work."""
    cases = Crumb(_("Praktijk"), "/praktijk/")
    title = work.assignment.version.case.title
    if not here:
        return [cases, Crumb(title, language="nl")]
    return [cases, Crumb(title, f"/praktijk/{work.key}/", language="nl"), Crumb(here)]


@require_safe
@private
def mine(request: HttpRequest) -> HttpResponse:
    """Four queries, however many cases."""
    found = queries.mine(person_of(request))
    lines = {
        name: [(work, words.asks(work), queries.is_late(work)) for work in works]
        for name, works in (("asks", found.asks), ("waits", found.waits), ("done", found.done))
    }
    return render(request, "practice/learner/mine.html", {"along": found.along, **lines})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def work(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    """One case. A post keeps what was typed and does what the button says. Twelve queries at most to read, however many
    rounds."""
    found = own(request, work_key)
    return _posted(request, found) if request.method == "POST" else page(request, found)


def page(
    request: HttpRequest,
    work: Work,
    *,
    sent: Sent | None = None,
    lost: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    """`lost`: what was typed in a form that can't be kept any more. `more`: what other forms on the page need."""
    whole = queries.whole(work)
    context = {
        "whole": whole,
        "work": work,
        "document": whole.document,
        "form": DraftForm(whole, sent or Sent()),
        "next": words.next_thing(work),
        "steps": [] if work.state == State.WITHDRAWN else words.steps(work),
        "asks": words.asks(work),
        "waits_for": words.waits_for(whole),
        "is_late": queries.is_late(work),
        "last_round": work.round >= work.assignment.rounds_max,
        "can_take_back": _can_take_back(whole),
        "proposals": words.proposals(work),
        "limits": queries.limits(person_of(request)) if work.state == State.GIVEN else "",
        "today": timezone.localdate(),
        "lost": words.lost(whole, lost) if lost else [],
        "crumbs": crumbs(work),
        **more,
    }
    return render(request, "practice/learner/work.html", context, status=status)


def _can_take_back(whole: queries.Whole) -> bool:
    """As far as this page knows; the service looks again."""
    waiting = whole.work.state in (State.HANDED_IN, State.REVISED)
    return bool(waiting and whole.newest and not whole.newest.readings)


def _posted(request: HttpRequest, work: Work) -> HttpResponse:
    sent, waiting = decided(request, read(request, doing.document_of(work)))
    typed = read(request, doing.document_of(work))
    try:
        saved = doing.save(work.pk, sent, based_on=_number(request.POST.get("versie", "")))
    except Incomplete as incomplete:
        return _again(request, work, Sent(typed, incomplete.missing))
    except NotNow:
        return page(request, own(request, work.key), lost=typed, status=HTTPStatus.CONFLICT)
    clashes = dict(saved.clashes)
    for name in waiting:
        clashes[name] = (saved.draft.fields.get(name, ""), typed[name])
    if clashes:
        return _again(request, work, Sent({name: typed[name] for name in clashes}, clashes=clashes))
    return _do(request, work, request.POST.get("doe", ""))


def _do(request: HttpRequest, work: Work, what: str) -> HttpResponse:
    try:
        if what in _DOES:
            _DOES[what](work.pk, by=person_of(request))
        elif what == "nakijken":
            if missing := doing.still_asked(own(request, work.key)):
                raise Incomplete(missing)
            return redirect("practice:hand-in", work.key)
        else:
            messages.success(request, _("Bewaard. Je kunt later verder."))
    except Incomplete as incomplete:
        return _again(request, work, Sent(wrong=incomplete.missing))
    except NotNow:  # a second press, or another window was first: the page shows how it is
        pass
    return redirect("practice:work", work.key)


def _again(request: HttpRequest, work: Work, sent: Sent) -> HttpResponse:
    return page(request, own(request, work.key), sent=sent, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_POST
@private
def save(request: HttpRequest, work_key: uuid.UUID) -> JsonResponse:
    """For script: fields that changed, on a page drawn at `versie`. Answers {"version", "said", "newer": {field: text
    that another window wrote since}, "clashes": {field: what is there}, "wrong": {field: sentence}}."""
    found = own(request, work_key)
    based_on, sent = _number(request.POST.get("versie", "")), read(request, doing.document_of(found))
    try:
        saved = doing.save(found.pk, sent, based_on=based_on)
    except Incomplete as incomplete:
        wrong = {name: words.wrong(name, why) for name, why in incomplete.missing.items()}
        return JsonResponse({"wrong": wrong}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotNow:
        return JsonResponse({}, status=HTTPStatus.CONFLICT)
    draft = saved.draft
    newer = {
        name: draft.fields.get(name, "")
        for name, version in draft.versions.items()
        if version > based_on and name not in sent
    }
    now = date_format(timezone.localtime(), "H.i")
    return JsonResponse(
        {
            "version": draft.version,
            "said": _("Bewaard om %(time)s") % {"time": now},
            "newer": newer,
            "clashes": {name: there for name, (there, _typed) in saved.clashes.items()},
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
def hand_in(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    """What exactly goes to whom, and then it goes."""
    found = own(request, work_key)
    if found.state not in HANDING_IN:
        return redirect("practice:work", work_key)
    if request.method == "POST":
        return _handed_in(request, found)
    if missing := doing.still_asked(found):
        return _again(request, found, Sent(wrong=missing))
    return render(request, "practice/learner/hand_in.html", _preview(found))


def _handed_in(request: HttpRequest, work: Work) -> HttpResponse:
    try:
        doing.hand_in(work.pk, by=person_of(request), seen=_number(request.POST.get("versie", "")))
    except Newer:
        messages.warning(request, _("Je tekst is intussen veranderd, in een ander venster. Kijk nog één keer."))
        return redirect("practice:hand-in", work.key)
    except Incomplete as incomplete:
        return _again(request, work, Sent(wrong=incomplete.missing))
    except NotNow:  # a second press
        return redirect("practice:work", work.key)
    messages.success(request, _("Ingeleverd. Je hebt je gesprek gevoerd én erop teruggekeken."))
    return redirect("practice:work", work.key)


def _preview(work: Work) -> dict[str, Any]:
    whole = queries.whole(work)
    form = DraftForm(whole, Sent())
    shown = [choice for choice in form.forms if choice.chosen]
    return {
        "whole": whole,
        "work": work,
        "form": form,
        "forms": shown,
        "codes": {choice.value for choice in shown},
        "sounds": [each for each in whole.sounds if each.form in {choice.value for choice in shown}],
        "observed": queries.observed(whole),
        "peers": [queries.first_name(peer, _("een collega")) for peer in peers.would_be_asked(work)],
        "crumbs": crumbs(work, _("Inleveren")),
    }


@require_POST
@private
def take_back(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    found = own(request, work_key)
    try:
        doing.take_back(found.pk, by=person_of(request))
    except NotNow:
        if found.state not in HANDING_IN:
            messages.warning(request, _("Iemand is al begonnen met lezen. Terughalen kan nu niet meer."))
    else:
        messages.success(request, _("Teruggehaald. Niemand ziet het meer; je kunt verder schrijven."))
    return redirect("practice:work", work_key)


@require_POST
@private
def extend(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    """Another last day: one of those proposed, or an own one."""
    found = own(request, work_key)
    typed = request.POST.get("voorstel") or request.POST.get("tot", "")
    try:
        until = date.fromisoformat(typed)
        moved = doing.extend(found.pk, until=until, by=person_of(request))
    except (ValueError, Incomplete):
        more: dict[str, Any] = {"until": typed, "until_wrong": words.wrong("tot", "datum")}
        return page(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY, **more)
    except NotNow:
        return redirect("practice:work", work_key)
    day = date_format(moved.due_on, "j F")
    messages.success(request, _("De datum is nu %(day)s. Je trainer weet het.") % {"day": day})
    return redirect("practice:work", work_key)
