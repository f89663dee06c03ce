"""/mijn-gegevens/: what is kept of whoever reads it, to know, to take along, and to have erased. Nobody else's is here.

What is said of the file to take along is a part of a page of its own (`X-Fragment`), asked anew while somebody waits.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from design.components import Crumb
from learning.files import making
from learning.files.pieces import Damaged
from learning.files.store import StoreTrouble
from learning.notices.queries import unseen
from learning.notices.services import seen
from learning.owndata import layers, notices, queries, services
from learning.owndata.addresses import address, is_signed
from learning.owndata.forms import WORD, EraseForm
from learning.people import erasing
from learning.people.guards import person as person_of
from learning.people.models import Person
from learning.playing import played_pieces

View = Callable[..., HttpResponseBase]


def _own(view: View) -> View:
    guarded: View = never_cache(login_required(view))
    return guarded


@require_safe
@_own
def mine(request: HttpRequest) -> HttpResponse:
    """The notice, with the ways to take all of it along and to go. Eight queries with those of the session, at most."""
    return _mine(request)


def _mine(request: HttpRequest, *, too_soon: bool = False, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    person = person_of(request)
    there = queries.standing(person)
    if there.made_at and unseen(person):
        seen(person, kind=notices.READY, key=notices.key_of(there.made_at))
    state = {
        "own": there,
        "address": address(there.file.key, person) if there.file and there.status == "klaar" else "",
        "too_soon": too_soon,
    }
    if request.headers.get("X-Fragment"):
        return render(request, "owndata/download.html", state, status=status)
    context = {
        **state,
        "parts": layers.parts(),
        "around": layers.around(person),
        "elsewhere": layers.elsewhere(),
    }
    return render(request, "owndata/mine.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@_own
def ask(request: HttpRequest) -> HttpResponse:
    """A post asks for the file; by any other way one comes to where it is."""
    if request.method == "POST":
        try:
            services.ask(person_of(request))
        except services.TooSoon:
            return _mine(request, too_soon=True, status=HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(f"{reverse('owndata:mine')}#download")


@require_safe
@_own
def file(request: HttpRequest, export: uuid.UUID, seal: str) -> HttpResponseBase:
    """All of it or a part (RFC 9110, 14), as long as it is theirs and ready."""
    person = person_of(request)
    there = queries.standing(person)
    made = making.made(there.file) if there.file and there.status == "klaar" else None
    if made is None or made[0].file != export or not is_signed(export, person, seal):
        raise Http404
    blob, media_type = made
    try:
        blob.get(0)  # once it has begun nothing can be said any more
    except StoreTrouble:
        messages.error(request, _("We kunnen nu niet bij je bestand. Probeer het over een paar minuten nog eens."))
        return redirect(f"{reverse('owndata:mine')}#download")
    except Damaged:
        raise Http404 from None
    response = played_pieces(request, blob.size, blob.read, media_type, most=None)
    assert there.made_at
    name = _("mijn-gegevens-%(day)s.zip") % {"day": f"{timezone.localdate(there.made_at):%Y-%m-%d}"}
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_safe
@_own
def erase(request: HttpRequest) -> HttpResponse:
    """What would go and what would stay, and why. A query for each kind of data."""
    person = person_of(request)
    context = {
        "counted": layers.counted(erasing.preview(person)),
        "bound": queries.bound(person),
        "around": layers.around(person),
        "elsewhere": layers.elsewhere(),
        "own": queries.standing(person),
        "crumbs": [Crumb(_("Je gegevens"), reverse("owndata:mine")), Crumb(_("Alles laten wissen"))],
    }
    return render(request, "owndata/erase.html", context)


# Its form is its own proof (`services.form_for`): of this person, for an hour. The session's would be gone at the
# second press, and say that something is wrong where all went well.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The last step. Sent twice, or from two tabs, it happens once, and says so each time."""
    whose = services.person_of(request.POST.get("vorm", "")) if request.method == "POST" else None
    if whose and services.is_going(whose):
        return redirect("owndata:goodbye", services.mark_of(whose))
    guarded: View = login_required(_confirm)
    return guarded(request, whose)  # type: ignore[return-value]


def _confirm(request: HttpRequest, whose: uuid.UUID | None) -> HttpResponse:
    person = person_of(request)
    if request.method != "POST":
        bound = queries.bound(person)
        return redirect("owndata:erase") if bound else _ask_word(request, person, EraseForm())
    form = EraseForm(request.POST)
    if whose != person.pseudonym:
        if form.is_valid():
            form.add_error(
                None, _("Deze bladzijde stond te lang open. Druk nog eens op de knop als je het zeker weet.")
            )
        return _ask_word(request, person, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not form.is_valid():
        return _ask_word(request, person, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        services.ask_erasing(person)
    except services.StillBound:
        return redirect("owndata:erase")
    logout(request)
    return redirect("owndata:goodbye", services.mark_of(whose))


def _ask_word(
    request: HttpRequest, person: Person, form: EraseForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "word": WORD,
        "proof": services.form_for(person),
        "crumbs": [
            Crumb(_("Je gegevens"), reverse("owndata:mine")),
            Crumb(_("Alles laten wissen"), reverse("owndata:erase")),
            Crumb(_("Zeker weten")),
        ],
    }
    return render(request, "owndata/confirm.html", context, status=status)


@require_safe
@cache_control(private=True, no_store=True)
def goodbye(request: HttpRequest, mark: str) -> HttpResponse:
    """Without signing in, for nobody can any more; the address is the proof, and names nobody."""
    state = services.gone(mark)
    if state is None:
        raise Http404
    context = {"state": state, "elsewhere": layers.elsewhere(), "mark": mark}
    template = "owndata/gone.html" if request.headers.get("X-Fragment") else "owndata/goodbye.html"
    return render(request, template, context)
