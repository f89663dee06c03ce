"""Which team follows which leerlijn, from when to when, and whether that is a formal demand."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learning.competences.queries.hr import arranged
from learning.competences.services import hr as services
from learning.competences.views.hr.access import for_hr, tabs
from learning.competences.views.hr.forms import AssignForm, filled
from learning.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@for_hr
def assigning(request: HttpRequest, person: Person) -> HttpResponse:
    """Posted for a team that follows the leerlijn already, its dates change."""
    there = arranged.assignments(person.organisation_id)
    chosen = next((each for each in there if str(each.pk) == request.GET.get("wijzig", "")), None)
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        initial=filled(chosen) if chosen else None,
        tracks=arranged.tracks(person.organisation_id),
        teams=arranged.teams(person.organisation_id),
    )
    if request.method == "POST" and form.is_valid():
        made = services.assign(person.organisation_id, **form.cleaned_data)
        words = _("%(team)s volgt %(track)s. In de cijfers zie je dat vanaf morgen.")
        messages.success(request, words % {"team": made.team.name, "track": made.track.title})
        if made.required:
            messages.info(request, _("Wie in dit team zit, krijgt bericht dat jij kunt zien of het certificaat er is."))
        return redirect("hr:assigning")
    context = {"there": there, "form": form, "chosen": chosen, "tabs": tabs("hr:assigning")}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "competences/hr/assigning.html", context, status=status)


@require_POST
@for_hr
def take_away(request: HttpRequest, person: Person, assignment: int) -> HttpResponse:
    if not services.take_away(person.organisation_id, assignment):
        raise Http404
    messages.success(request, _("Weggehaald. Wat mensen al deden, blijft van hen."))
    return redirect("hr:assigning")
