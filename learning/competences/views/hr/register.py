"""Who has the certificate of a leerlijn, only where it is a formal demand of the job and people were told so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learning.competences.models import TrackForTeam
from learning.competences.queries.hr import arranged
from learning.competences.services import looking
from learning.competences.views.hr import choosing, files
from learning.competences.views.hr.access import for_hr, tabs
from learning.competences.views.hr.workbooks import Line
from learning.people.models import Person

AT_ONCE = 50
PAGE = "hr:register"


@require_safe
@for_hr
def register(request: HttpRequest, person: Person) -> HttpResponse:
    """Five queries beside those of who looks. What it looked at is written down before it is shown."""
    found = arranged.registers(person.organisation_id)
    context = {"tabs": tabs(PAGE), "registers": found}
    if found:
        chosen = _chosen(request, found)
        page = Paginator(arranged.people_of(chosen), AT_ONCE).get_page(request.GET.get("page"))
        options = ((str(each.pk), f"{each.track.title}, {each.team.name}") for each in found)
        looking.write_down(person, page=PAGE, choices={**_said(chosen), "bladzijde": str(page.number)})
        context |= {
            "chosen": chosen,
            "fields": [choosing.field("lijst", _("Leerlijn en team"), options, str(chosen.pk))],
            "page": page,
            "rows": arranged.certified(chosen, list(page)),
            "files": files.offered(PAGE, f"lijst={chosen.pk}"),
        }
    return render(request, "competences/hr/register.html", context)


@require_safe
@for_hr
def register_file(request: HttpRequest, person: Person, form: str) -> HttpResponseBase:
    """All people of one register, and of each what the page says. Nothing where there is none: then the page says why.
    Written down before the first of it goes out. Three queries beside those of who looks, however many people."""
    found = arranged.registers(person.organisation_id)
    if not found:
        raise Http404
    chosen = _chosen(request, found)
    looking.write_down(person, page=f"{PAGE}-{form}", choices=_said(chosen))
    return files.as_file(_lines(chosen), "certificaten", form)


def _chosen(request: HttpRequest, found: Sequence[TrackForTeam]) -> TrackForTeam:
    number = choosing.one_of(request, "lijst", [str(each.pk) for each in found])
    return next(each for each in found if str(each.pk) == number)


def _said(chosen: TrackForTeam) -> dict[str, str]:
    """For the log."""
    return {"leerlijn": chosen.track.title, "team": chosen.team.name}


def _lines(chosen: TrackForTeam) -> Iterator[Line]:
    """In the language of who asked, also where they are read when the request is over."""
    heads, nameless = [_("Naam"), _("Certificaat")], _("naam niet gedeeld")
    says = {True: _("ja"), False: _("nog niet")}
    return chain([heads], ([name or nameless, says[has]] for name, has in arranged.all_certified(chosen)))
