"""Who has the certificate of a leerlijn, only where it is a formal demand of the job and people were told so."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learning.competences.queries.hr import arranged
from learning.competences.services import looking
from learning.competences.views.hr import choosing
from learning.competences.views.hr.access import for_hr, tabs
from learning.people.models import Person

AT_ONCE = 50
PAGE = "hr:register"


@require_safe
@for_hr
def register(request: HttpRequest, person: Person) -> HttpResponse:
    """Six queries beside those of who looks. What it looked at is written down before it is shown."""
    found = arranged.registers(person.organisation_id)
    context = {"tabs": tabs(PAGE), "registers": found}
    if found:
        number = choosing.one_of(request, "lijst", [str(each.pk) for each in found])
        chosen = next(each for each in found if str(each.pk) == number)
        page = Paginator(arranged.people_of(chosen), AT_ONCE).get_page(request.GET.get("page"))
        options = ((str(each.pk), f"{each.track.title}, {each.team.name}") for each in found)
        choices = {"leerlijn": chosen.track.title, "team": chosen.team.name, "bladzijde": str(page.number)}
        looking.write_down(person, page=PAGE, choices=choices)
        context |= {
            "chosen": chosen,
            "fields": [choosing.field("lijst", _("Leerlijn en team"), options, number)],
            "page": page,
            "rows": arranged.certified(chosen, list(page)),
        }
    return render(request, "competences/hr/register.html", context)
