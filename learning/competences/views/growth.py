"""The ten at once, drawn and in figures; and everything somebody learned, by month."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learning.competences import drawing
from learning.competences.queries import growth as queries
from learning.competences.queries.objections import waiting_for
from learning.competences.queries.timeline import timeline as timeline_of
from learning.competences.views.access import crumbs, person_of, private, up_to_date
from learning.people import carried
from learning.people.models import Role


@require_safe
@private
def growth(request: HttpRequest) -> HttpResponse:
    """Two queries where nothing waits to be worked out; two more for a trainer."""
    person = person_of(request)
    there = up_to_date(person)
    lines = queries.lines(person, there)
    grown = [line.grown for line in lines]
    context = {
        "lines": lines,
        "wide": drawing.wide(grown),
        "narrow": [(f"planten-{n}", each) for n, each in enumerate(drawing.narrow(grown), 1)],
        "any_grey": any(each.grey for each in grown),
        "to_answer": waiting_for(person) if Role.TRAINER in carried.roles(person) else [],
        "sees_framework": carried.roles(person) & {Role.HR, Role.REDACTEUR},
    }
    return render(request, "competences/growth.html", context)


@require_safe
@private
def timeline(request: HttpRequest) -> HttpResponse:
    page = timeline_of(person_of(request), request.GET.get("page", ""))
    return render(request, "competences/timeline.html", {"page": page, "crumbs": crumbs(_("Alles wat je leerde"))})
