"""What stands beside a draft: colleagues who saw it, sound, and an objection to what came back."""

from __future__ import annotations

import uuid
from datetime import date
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learning.files import fields
from learning.files.checks import Refused
from learning.files.store import StoreTrouble
from learning.practice import documents
from learning.practice.models import Assessment, Form, Part, Stage, Work
from learning.practice.queries import learner as queries
from learning.practice.services import doing, evidence, objecting, observing
from learning.practice.services.doing import WRITING, Incomplete
from learning.practice.services.moving import NotNow
from learning.practice.services.observing import TooMany
from learning.practice.views import learner_words as words
from learning.practice.views.learner import crumbs, own, page, person_of, private

# --- a colleague who was there


@require_http_methods(["GET", "HEAD", "POST"])
@private
def observations(request: HttpRequest, work_key: uuid.UUID) -> HttpResponse:
    """The links that were made and what came of them; a post makes one, and shows it this once."""
    work = _with_form(request, work_key, Form.OBSERVED)
    if request.method != "POST":
        return _observations(request, work)
    said = request.POST.get("woorden", "").replace("\r\n", "\n")
    try:
        _made, token = observing.ask(work.pk, words=said)
    except Incomplete as incomplete:
        wrong = words.wrong("woorden", incomplete.missing["woorden"])
        return _observations(request, work, said=said, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TooMany:
        wrong = _("Er staan al vijf links open. Trek er eerst een in.")
        return _observations(request, work, said=said, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except NotNow:
        return redirect("practice:work", work_key)
    address = settings.BASE_URL + reverse("observation:answer", args=[token])
    return _observations(request, work, address=address, status=HTTPStatus.CREATED)


def _with_form(request: HttpRequest, work_key: uuid.UUID, form: Form) -> Work:
    """Theirs, of a case that may be shown in this form."""
    work = own(request, work_key)
    if form not in documents.read(work.assignment.version.document).forms:
        raise Http404
    return work


def _observations(request: HttpRequest, work: Work, *, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    whole = queries.whole(work)
    made = []
    for each in whole.observations:
        each.work = work  # known already
        made.append((each, observing.standing(each), observing.words_of(each)))
    context = {
        "work": work,
        "made": made,
        "can_ask": work.state in WRITING,
        "longest": observing.LONGEST,
        "crumbs": crumbs(work, _("Een collega die erbij was")),
        **more,
    }
    return render(request, "practice/learner/observations.html", context, status=status)


@require_POST
@private
def withdraw(request: HttpRequest, work_key: uuid.UUID, observation: int) -> HttpResponse:
    work = own(request, work_key)
    observing.withdraw(work.pk, observation)
    messages.success(request, _("Ingetrokken. De link laat niets meer zien."))
    return redirect("practice:observations", work_key)


# --- sound


@fields.takes_file(evidence.SPOKEN)
@require_http_methods(["GET", "HEAD", "POST"])
@private
def spoken(request: HttpRequest, work_key: uuid.UUID) -> HttpResponseBase:
    """A reflection that somebody says, alone."""
    return _sound(request, work_key, Form.SPOKEN)


@fields.takes_file(evidence.RECORDED)
@require_http_methods(["GET", "HEAD", "POST"])
@private
def recorded(request: HttpRequest, work_key: uuid.UUID) -> HttpResponseBase:
    """A recording of the talk itself, where everybody said yes."""
    return _sound(request, work_key, Form.RECORDED)


def _sound(request: HttpRequest, work_key: uuid.UUID, form: Form) -> HttpResponse:
    work = _with_form(request, work_key, form)
    if request.method != "POST":
        return _sound_page(request, work, form)
    what = request.POST.get("doe", "")
    does = {"ja": _consented, "nee": _withdrew, "weg": _removed, "ondertitels": _captioned}.get(what, _sent)
    try:
        wrong = does(request, work, form)
    except NotNow:
        return redirect("practice:work", work_key)
    if wrong:
        return _sound_page(request, work, form, wrong=wrong, typed=request.POST, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(request.path)


def _sound_page(
    request: HttpRequest, work: Work, form: Form, *, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    whole = queries.whole(work)
    there = [each for each in whole.sounds if each.form == form]
    agreed = [(each, evidence.said(each)) for each in whole.consents]
    wrong = more.get("wrong", {})
    may_record = work.state in WRITING and (form is Form.SPOKEN or bool(agreed))
    field = fields.field(
        person_of(request),
        purpose=evidence.PURPOSE_OF[form],
        legend=words.FORMS[form]()[0],
        anchor=f"{work.key}-{work.round}",
        wrong=wrong.get("opname", ""),
    )
    context = {
        "work": work,
        "kind": form.value,
        "title": words.FORMS[form]()[0],
        "field": field,
        "there": there,
        "earlier": [each for turn in whole.turns for each in turn.sounds if each.form == form],
        "agreed": agreed,
        "may_record": may_record,
        "can_change": work.state in WRITING,
        "today": timezone.localdate(),
        "crumbs": crumbs(work, words.FORMS[form]()[0]),
        **more,
    }
    return render(request, "practice/learner/sound_page.html", context, status=status)


def _sent(request: HttpRequest, work: Work, form: Form) -> dict[str, str]:
    """What came with the form, or before it. {field: sentence} of what is wrong."""
    purpose = evidence.PURPOSE_OF[form]
    try:
        file = fields.chosen(request, purpose)
        if file is None:
            return {"opname": _("Neem eerst iets op, of kies een bestand.")}
        evidence.attach(work.pk, file=file, form=form)
    except Refused as refused:
        return {"opname": fields.sentence_of(refused, purpose)}
    except StoreTrouble:
        return {"opname": _("We kunnen nu even niets bewaren. Probeer het straks nog eens.")}
    except Incomplete as incomplete:
        return {name: words.wrong(name, why) for name, why in incomplete.missing.items()}
    doing.save(work.pk, {f"vorm-{form}": "ja"}, based_on=work.draft_version, insist=[f"vorm-{form}"])
    messages.success(request, _("Je opname staat bij je case. Alleen jij hoort die, tot je inlevert."))
    return {}


def _consented(request: HttpRequest, work: Work, form: Form) -> dict[str, str]:
    try:
        given_on = date.fromisoformat(request.POST.get("op", ""))
        evidence.consent(
            work.pk, who=request.POST.get("wie", ""), how=request.POST.get("hoe", ""), given_on=given_on
        )  # fmt: skip
    except ValueError:
        return {"op": words.wrong("op", "datum")}
    except Incomplete as incomplete:
        return {name: words.wrong(name, why) for name, why in incomplete.missing.items()}
    messages.success(request, _("Vastgelegd. Is iedereen aan tafel genoemd? Dan kan de opname erbij."))
    return {}


def _withdrew(request: HttpRequest, work: Work, form: Form) -> dict[str, str]:
    evidence.withdraw_consent(work.pk, _number(request))
    messages.success(request, _("De toestemming is weg, en de opname is gewist."))
    return {}


def _removed(request: HttpRequest, work: Work, form: Form) -> dict[str, str]:
    evidence.remove(work.pk, _number(request))
    messages.success(request, _("Gewist. Niemand hoort het meer."))
    return {}


def _captioned(request: HttpRequest, work: Work, form: Form) -> dict[str, str]:
    try:
        evidence.caption(work.pk, _number(request), words=request.POST.get("ondertitels", "").replace("\r\n", "\n"))
    except Incomplete as incomplete:
        return {name: words.wrong(name, why) for name, why in incomplete.missing.items()}
    messages.success(request, _("Bewaard."))
    return {}


def _number(request: HttpRequest) -> int:
    text = request.POST.get("nummer", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


# --- "dit klopt niet"


@require_POST
@private
def object_to(request: HttpRequest, work_key: uuid.UUID, assessment: int) -> HttpResponse:
    work = own(request, work_key)
    contested = Assessment.objects.filter(
        pk=assessment, work=work, part=Part.TRAINER, stage=Stage.GIVEN
    ).select_related("round", "work__person").first()  # fmt: skip
    if contested is None:
        raise Http404
    said = request.POST.get("bezwaar", "").replace("\r\n", "\n")
    try:
        objecting.object_to(contested, words=said, by=person_of(request))
    except Incomplete as incomplete:
        wrong = words.wrong("bezwaar", incomplete.missing["bezwaar"])
        more: dict[str, Any] = {"objection_at": assessment, "objection_wrong": wrong, "objected": said}
        return page(request, work, status=HTTPStatus.UNPROCESSABLE_ENTITY, **more)
    messages.success(request, _("Verstuurd. Een tweede beoordelaar leest je ronde opnieuw."))
    return redirect("practice:work", work_key)
