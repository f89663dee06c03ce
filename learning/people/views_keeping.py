"""/beheer/bewaren/: how long things are kept here, and what was wiped when that was over. For beheer, the works council
and HR; nobody is in it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from design.components import Crumb
from learning.people import destroyed as destructions
from learning.people.guards import holders_only
from learning.people.models import Organisation, Person, Role
from learning.people.queries import roles_of
from learning.people.retention import KINDS

_READERS = holders_only(Role.BEHEER, Role.OR, Role.HR)


@require_safe
@never_cache
@_READERS
def keeping(request: HttpRequest, reader: Person) -> HttpResponse:
    """The terms that hold now, and the runs, the newest first. Seven queries with those of the session."""
    exact = _may_count(reader)
    page, runs = destructions.runs(reader.organisation_id, request.GET.get("page"), exact=exact)
    context = {
        "terms": [(kind.title, kind.words, kind.setting) for kind in KINDS if kind.runs],
        "page": page,
        "runs": runs,
        "exact": exact,
        "few": destructions.FEW,
        "elsewhere": elsewhere(),
    }
    return render(request, "people/keeping.html", context)


@require_safe
@never_cache
@_READERS
def destroyed(request: HttpRequest, reader: Person, *, destruction: int) -> HttpResponse:
    """The verklaring van vernietiging of one run, to read and to print."""
    exact = _may_count(reader)
    run = destructions.run_of(reader.organisation_id, destruction, exact=exact)
    if run is None:
        raise Http404
    context = {
        "run": run,
        "organisation": Organisation.objects.get(pk=reader.organisation_id),
        "exact": exact,
        "few": destructions.FEW,
        "elsewhere": elsewhere(),
        "crumbs": [Crumb(_("Bewaren en wissen"), reverse("people:keeping")), Crumb(_("Verklaring"))],
    }
    return render(request, "people/destroyed.html", context)


def _may_count(reader: Person) -> bool:
    """HR sees figures of groups elsewhere, which a small number beside them could undo."""
    return bool(roles_of(reader) & {Role.BEHEER, Role.OR})


def elsewhere() -> Sequence[tuple[str, str]]:
    """[(where, what becomes of it there)]: what our wiping doesn't reach, by the settings that hold."""
    found = [
        (
            _("Reservekopieën"),
            _("Wie deze plek technisch onderhoudt, bepaalt hoelang die blijven. Wat hier gewist is, staat daar nog tot "
              "de laatste kopie van vóór die dag is overschreven. Wordt zo’n kopie teruggezet, dan gaat de eerste "
              "nacht erna weer weg wat zijn tijd heeft gehad."),
        ),
        (
            _("De leeromgeving"),
            _("Wat die van iemands voortgang weet, blijft daar tot het daar gewist wordt."),
        ),
        (
            _("Wat mensen zelf hebben"),
            _("Een gedownload bestand, een afgedrukt bewijs, een mail die al verstuurd is."),
        ),
    ]  # fmt: skip
    if settings.XAPI_URL:
        words = _("Wat daarheen ging, staat er onder een nummer, zonder naam, tot het daar gewist wordt.")
        found.insert(2, (_("Een archief van leerresultaten (LRS)"), words))
    return found
