"""Who looked at others: at figures, for HR itself, and for the works council, also where HR's pages are shut; and which
trainer looked at the levels of their group, for the works council alone."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learning.competences.queries.hr import arranged
from learning.competences.views.hr import words
from learning.competences.views.hr.access import for_roles, tabs
from learning.people.models import Person, Role
from learning.people.queries import roles_of
from learning.people.retention import LOOKS

AT_ONCE = 50
OF_TRAINERS = "group-levels:"
"""Pages on which trainers look at their own group. HR has no business with who does so when; the works council has."""


@require_safe
@for_roles(Role.HR, Role.OR)
def log(request: HttpRequest, person: Person) -> HttpResponse:
    roles = roles_of(person)
    looks = arranged.looks(person.organisation_id)
    if Role.OR not in roles:
        looks = looks.exclude(page__startswith=OF_TRAINERS)
    page = Paginator(looks, AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(look, words.page(look.page), words.said(look.choices)) for look in page],
        "term": LOOKS.term,
        "with_trainers": Role.OR in roles,
        "tabs": tabs("hr:log") if Role.HR in roles else [],
    }
    return render(request, "competences/hr/log.html", context)
