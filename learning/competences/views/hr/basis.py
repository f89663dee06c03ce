"""What beheer records before HR may look: the legal basis, the DPIA, and that the works council agreed."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learning.competences.queries.hr import arranged
from learning.competences.services import hr as services
from learning.competences.views.hr.access import for_roles
from learning.competences.views.hr.forms import BasisForm
from learning.people.models import Person, Role


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.BEHEER)
def basis(request: HttpRequest, person: Person) -> HttpResponse:
    form = BasisForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.record_basis(person, **form.cleaned_data)
        messages.success(request, _("Vastgelegd. De pagina’s van HR zijn open."))
        return redirect("hr:basis")
    kept = arranged.bases(person.organisation_id)
    context = {
        "form": form,
        "now": kept[0] if kept and kept[0].withdrawn_at is None else None,
        "kept": kept,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "competences/hr/basis.html", context, status=status)


@require_POST
@for_roles(Role.BEHEER)
def withdraw(request: HttpRequest, person: Person) -> HttpResponse:
    if services.withdraw_basis(person.organisation_id):
        messages.success(request, _("Ingetrokken. De pagina’s van HR zijn nu dicht."))
    return redirect("hr:basis")
