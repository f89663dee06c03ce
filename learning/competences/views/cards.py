"""Deelkaarten: choosing, seeing exactly what the other will see, sharing, taking back, and reading one."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from design.components import Crumb
from learning.competences import cards as shows
from learning.competences.forms import CardForm
from learning.competences.permissions import card_for
from learning.competences.queries import cards as queries
from learning.competences.queries.cards import Offered
from learning.competences.services import sharing
from learning.competences.views.access import crumbs, person_of, private, up_to_date
from learning.people.models import Person


@require_safe
@private
def cards(request: HttpRequest) -> HttpResponse:
    """Two queries."""
    person = person_of(request)
    context = {
        "made": queries.made_by(person),
        "received": queries.received_by(person),
        "crumbs": crumbs(_("Deelkaarten")),
    }
    return render(request, "competences/cards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def new(request: HttpRequest) -> HttpResponse:
    """First chosen, then seen, then shared: each a form that holds all that was chosen before."""
    person = person_of(request)
    offered = queries.offered(person, up_to_date(person))
    if request.method != "POST":
        return _form(request, offered, CardForm(person=person))
    form = CardForm(request.POST, person=person)
    parts = queries.chosen(offered, codes=request.POST.getlist("competentie"), items=_items(request))
    if not form.is_valid() or not parts or request.POST.get("doe") == "terug":
        wrong = "" if parts else _("Kies minstens één competentie.")
        going_back = request.POST.get("doe") == "terug"
        return _form(request, offered, form, wrong=wrong, status=HTTPStatus.OK if going_back else _UNFIT)
    written = shows.written(parts)
    if request.POST.get("doe") == "deel" and request.POST.get("gezien") == shows.mark_of(written):
        return _share(request, person, form, written)
    return _preview(request, form, written, changed=request.POST.get("doe") == "deel")


_UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


def _items(request: HttpRequest) -> set[int]:
    return {int(n) for n in request.POST.getlist("bewijs") if n.isdecimal() and len(n) < 19}


def _form(
    request: HttpRequest, offered: list[Offered], form: CardForm, *, wrong: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    items = _items(request)
    context = {
        # With whether evidence of it was chosen, so that its part of the form stands open.
        "offered": [(each, any(number in items for number, _proof in each.proofs)) for each in offered],
        "form": form,
        "wrong": wrong,
        "codes": set(request.POST.getlist("competentie")),
        "items": items,
        "crumbs": _below(_("Nieuwe deelkaart")),
    }
    return render(request, "competences/card_new.html", context, status=status)


def _preview(request: HttpRequest, form: CardForm, written: dict[str, Any], *, changed: bool) -> HttpResponse:
    context = {
        "parts": shows.read(written),
        "form": form,
        "maker": person_of(request),
        "codes": request.POST.getlist("competentie"),
        "items": _items(request),
        "mark": shows.mark_of(written),
        "key": uuid.uuid4(),
        "changed": changed,
        "crumbs": _below(_("Nieuwe deelkaart")),
    }
    return render(request, "competences/card_preview.html", context)


def _share(request: HttpRequest, person: Person, form: CardForm, written: dict[str, Any]) -> HttpResponse:
    assert form.recipient is not None
    try:
        key = uuid.UUID(request.POST.get("kaart", ""))
        card = sharing.share(
            person, key=key, recipient=form.recipient, purpose=form.cleaned_data["purpose"], shows=written,
            ends_on=form.cleaned_data["ends_on"],
        )  # fmt: skip
    except (ValueError, sharing.MayNotRead, sharing.EndsWrong):
        # A number that was made up, or something that changed since: look once more.
        return _preview(request, form, written, changed=True)
    name = card.recipient.name or card.recipient.email
    messages.success(request, _("Gedeeld. %(name)s kan je kaart nu lezen.") % {"name": name})
    return redirect("growth:card", card.key)


@require_GET
@private
def card(request: HttpRequest, card: uuid.UUID) -> HttpResponse:
    """Its maker sees when it was read; its recipient reads it, as long as that may."""
    person, found = person_of(request), card_for(person_of(request), card)
    if found is None:
        raise Http404
    if found.person_id == person.pk:
        context = {"card": queries.whole(found), "crumbs": _below(_("Je deelkaart"))}
        return render(request, "competences/card_own.html", context)
    if not sharing.look(found):
        return render(request, "competences/card_gone.html", {"crumbs": crumbs()}, status=HTTPStatus.NOT_FOUND)
    context = {"card": queries.Card(found, is_open=True, looked=0), "crumbs": _below(_("Deelkaart"))}
    return render(request, "competences/card.html", context)


@require_POST
@private
def take_back(request: HttpRequest, card: uuid.UUID) -> HttpResponse:
    person, found = person_of(request), card_for(person_of(request), card)
    if found is None or found.person_id != person.pk:
        raise Http404
    sharing.take_back(found)
    messages.success(request, _("Ingetrokken. Je kaart is voor die ander niet meer te openen."))
    return redirect("growth:cards")


def _below(here: str) -> list[Crumb]:
    return crumbs(Crumb(_("Deelkaarten"), reverse("growth:cards")), here)
