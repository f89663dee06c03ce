"""/begeleiden/uitzetten/: a trainer gives a case out, sees how far that is, and takes it back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.components import Crumb
from learning.people.guards import trainers_only
from learning.practice.models import State
from learning.practice.queries import giving as queries
from learning.practice.queries import library
from learning.practice.services import giving as services
from learning.practice.views.giving_form import GivingForm

if TYPE_CHECKING:
    from learning.people.models import Person
    from learning.practice.models import Assignment, CaseVersion

PAGE = 25


def _home() -> Crumb:
    return Crumb(_("Uitzetten"), reverse("desk:give"))


@require_safe
@trainers_only
def home(request: HttpRequest, trainer: Person) -> HttpResponse:
    """What can be given out, and what was. Five queries."""
    page = Paginator(queries.assignments_for(trainer), PAGE).get_page(request.GET.get("page"))
    shown = {"cases": library.given_out(trainer), "page": page, "today": timezone.localdate()}
    return render(request, "practice/giving/home.html", shown)


@never_cache
@require_http_methods(["GET", "POST"])
@trainers_only
def give(request: HttpRequest, trainer: Person, case_number: int) -> HttpResponse:
    """Fill in how; look who gets it; give. Nothing is kept before the last."""
    version = library.version_for(trainer, case_number)
    if version is None:
        raise Http404
    if request.method != "POST":
        form = GivingForm.blank(trainer=trainer, version=version, to=request.GET.get("aan", ""))
        return _fill_in(request, version, form)
    form = GivingForm(request.POST, trainer=trainer, version=version)
    if form.must_ask_whom or "terug" in request.POST:
        form.errors.clear()
        return _fill_in(request, version, form)
    if not form.is_valid():
        return _fill_in(request, version, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "geef" not in request.POST:
        return _look(request, trainer, version, form)
    try:
        made = services.give(version, to=form.whom, terms=form.terms, by=trainer, key=form.cleaned_data["key"])
    except services.GroupEnded:
        form.add_error("to", _("Deze groep is voorbij. Je zet er niets meer in uit."))
        return _fill_in(request, version, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("desk:given", made.key)


def _fill_in(
    request: HttpRequest, version: CaseVersion, form: GivingForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    shown = {"version": version, "form": form, "crumbs": [_home(), Crumb(version.case.title, language="nl")]}
    return render(request, "practice/giving/give.html", shown, status=status)


def _look(request: HttpRequest, trainer: Person, version: CaseVersion, form: GivingForm) -> HttpResponse:
    """Before anything happens: how many get it, and who has it already. One query beside the form's."""
    shown: dict[str, Any] = {
        "version": version, "form": form, "to": form.whom, "terms": form.terms, "today": timezone.localdate(),
        "reach": queries.reach(form.whom, case=version.case, giver=trainer),
        "crumbs": [_home(), Crumb(version.case.title, language="nl")],
    }  # fmt: skip
    return render(request, "practice/giving/look.html", shown)


def _assignment(trainer: Person, key: UUID) -> Assignment:
    found = queries.assignment_for(trainer, key)
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@trainers_only
def given(request: HttpRequest, trainer: Person, assignment_key: UUID) -> HttpResponse:
    """How far it is; by script only that piece. Five queries."""
    assignment = _assignment(trainer, assignment_key)
    states = queries.states_of(assignment)
    now = timezone.now()
    shown = {
        "assignment": assignment, "case": assignment.version.case, "people": sum(states.values()),
        "states": [(state.label, states[state]) for state in State if state in states],
        "can_undo": assignment.undo_until and now < assignment.undo_until and not assignment.withdrawn_at,
        "waits_for_day": assignment.starts_on > timezone.localdate() and not assignment.ready_at,
        "crumbs": [_home(), Crumb(assignment.version.case.title, language="nl")],
    }  # fmt: skip
    template = "practice/giving/far.html" if request.headers.get("X-Fragment") else "practice/giving/given.html"
    return render(request, template, shown)


@require_POST
@trainers_only
def undo(request: HttpRequest, trainer: Person, assignment_key: UUID) -> HttpResponse:
    """Within the minute."""
    assignment = _assignment(trainer, assignment_key)
    try:
        services.undo(assignment.pk, by=trainer)
    except services.TooLate:
        messages.warning(request, _("De minuut is voorbij. Intrekken kan nog wel."))
        return redirect("desk:given", assignment_key)
    messages.success(request, _("Ongedaan gemaakt. Niemand merkt er nog iets van."))
    return redirect("desk:give")


@require_POST
@trainers_only
def withdraw(request: HttpRequest, trainer: Person, assignment_key: UUID) -> HttpResponse:
    services.withdraw(_assignment(trainer, assignment_key).pk, by=trainer)
    messages.success(request, _("Ingetrokken. Wie al begonnen was, houdt wat er geschreven is."))
    return redirect("desk:given", assignment_key)
