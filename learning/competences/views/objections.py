""" "Dit klopt niet": by whose evidence it is, and the second assessor who looks."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from design.components import Crumb
from learning.competences import words
from learning.competences.queries import objections as queries
from learning.competences.queries.growth import Places, competence_of, standing
from learning.competences.rules import Source
from learning.competences.services import evidence, objecting
from learning.competences.services.objecting import NobodyElse, NotNow, Unfit
from learning.competences.views.access import crumbs, person_of, private
from learning.practice.queries.evidence import practised_by
from learning.tracks.queries import followed_by


@require_http_methods(["GET", "HEAD", "POST"])
@private
def object_to(request: HttpRequest, competence: str, evidence_item: int) -> HttpResponse:
    person = person_of(request)
    item = queries.own_item(person, evidence_item)
    if item is None or item.competence != competence or item.source in evidence.BESIDE:
        raise Http404
    if getattr(item, "objection", None):
        return redirect("growth:why", competence)
    said, wrong = _plain(request.POST.get("woorden", "")), ""
    if request.method == "POST":
        try:
            objecting.object_to(item, words=said)
        except Unfit as unfit:
            wrong = _wrong(unfit)
        except NobodyElse:
            wrong = _(
                "Er is in je organisatie nu geen andere trainer die kan kijken. Bespreek het met je eigen trainer."
            )
        else:
            messages.success(request, _("Verstuurd. Een tweede beoordelaar kijkt ernaar. Tot dan telt het bewijs mee."))
            return redirect("growth:why", competence)
    source = Source(item.source)
    name = f"{competence} {competence_of(standing(person).framework, competence).name}"
    context = {
        "item": item,
        "title": Places(followed_by(person.pk), practised_by(person.pk)).of(item)[0],
        "source": words.source_name(source),
        "score": words.score_of(source, item.score),
        "said": said,
        "wrong": wrong,
        "longest": objecting.LONGEST,
        "crumbs": crumbs(
            Crumb(name, reverse("growth:why", args=[competence]), language="nl"),
            _("Dit klopt niet"),
        ),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "competences/object.html", context, status=status)


@require_safe
@private
def waiting(request: HttpRequest) -> HttpResponse:
    """What lies with this trainer; to who trains nobody, nothing."""
    context = {"waiting": queries.waiting_for(person_of(request)), "crumbs": crumbs(_("Nog eens bekijken"))}
    return render(request, "competences/objections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def objection(request: HttpRequest, objection: int) -> HttpResponse:
    """One of them: what was shown, what isn't right about it, and the answer."""
    person = person_of(request)
    lying = queries.lying(person, objection)
    if lying is None:
        raise Http404
    said, outcome = _plain(request.POST.get("woorden", "")), request.POST.get("uitkomst", "")
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if outcome not in ("blijft", "vervalt"):
            wrong["uitkomst"] = _("Kies of dit bewijs blijft meetellen.")
        try:
            if not wrong:
                objecting.answer(objection, by=person, stands=outcome == "blijft", words=said)
                messages.success(request, _("Verstuurd. %(name)s leest je antwoord.") % {"name": lying.name})
                return redirect("growth:objections")
        except Unfit as unfit:
            wrong["woorden"] = _wrong(unfit)
        except NotNow:
            messages.warning(request, _("Iemand anders gaf al antwoord."))
            return redirect("growth:objections")
    context = {
        "lying": lying,
        "said": said,
        "outcome": outcome,
        "wrong": wrong,
        "longest": objecting.LONGEST,
        "crumbs": crumbs(Crumb(_("Nog eens bekijken"), reverse("growth:objections")), lying.competence.code),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "competences/objection.html", context, status=status)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "")


def _wrong(unfit: Unfit) -> str:
    return {
        "zin": _("Schrijf in minstens één zin wat je ziet."),
        "lang": _("Houd het bij %(n)s tekens.") % {"n": objecting.LONGEST},
    }[unfit.reason]
