"""Who comes in where: HR where everything was arranged, the works council at the log and the dossier, beheer at what it
records. To anybody else none of it is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.components import Step
from learning.competences.queries.hr import arranged
from learning.competences.views.access import View, person_of, private
from learning.people.models import Role
from learning.people.queries import roles_of


def for_roles(*roles: Role) -> Callable[[View], View]:
    """The view gets who it is after the request."""

    def guard(view: View) -> View:
        @private
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            person = person_of(request)
            if not roles_of(person) & set(roles):
                raise Http404
            return view(request, person, **kwargs)

        return _marked(guarded, roles, waits=False)

    return guard


def _marked(view: View, roles: Sequence[Role], *, waits: bool) -> View:
    """The dossier reads on a view for whom it is, and whether it waits for what beheer records."""
    vars(view).update(roles=tuple(roles), waits=waits)
    return view


def for_hr(view: View) -> View:
    """Shut until beheer recorded what was arranged, whatever else somebody may do here. Two queries."""

    @for_roles(Role.HR)
    @wraps(view)
    def guarded(request: HttpRequest, person: Any, **kwargs: Any) -> HttpResponseBase:
        if arranged.basis(person.organisation_id) is None:
            return render(request, "competences/hr/shut.html", status=HTTPStatus.FORBIDDEN)
        return view(request, person, **kwargs)

    return _marked(guarded, [Role.HR], waits=True)


def tabs(here: str) -> list[Step]:
    """The pages of HR beside each other."""
    pages = [
        ("hr:tracks", _("Leerlijnen")),
        ("hr:competences", _("Competenties")),
        ("hr:stuck", _("Waar het vastloopt")),
        ("hr:effect", _("Effect")),
        ("hr:register", _("Certificaten")),
        ("hr:assigning", _("Toewijzen")),
        ("hr:log", _("Logboek")),
        ("hr:dossier", _("Dossier")),
        ("growth:cards", _("Deelkaarten")),
    ]
    return [Step(label, "hier" if name == here else "straks", reverse(name)) for name, label in pages]
