"""The dossier for the works council: who sees what, how long, and from how many people on. Made anew at every look,
from what holds here now: the guards of the pages, the settings, and what each table says of itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from learning.competences import privacy
from learning.competences.queries.hr import arranged
from learning.competences.queries.hr.processing import register_of_processing
from learning.competences.services import sharing
from learning.competences.services.tables import STILL
from learning.competences.views.hr.access import for_roles, tabs
from learning.people import retention
from learning.people.models import Person, Role
from learning.people.queries import roles_of


@require_safe
@for_roles(Role.HR, Role.OR, Role.BEHEER)
def dossier(request: HttpRequest, person: Person) -> HttpResponse:
    """Also where HR's pages are shut: the works council reads it before it agrees. Three queries."""
    context = {
        "today": timezone.localdate(),
        "basis": arranged.basis(person.organisation_id),
        "screens": _screens(),
        "k": privacy.least(settings.FIGURES_K),
        "floor": privacy.FLOOR,
        "rounded_below": privacy.ROUNDED_BELOW,
        "rounded_to": privacy.ROUNDED_TO,
        "still": STILL.days,
        "terms": _terms(),
        "demands": [each for each in arranged.assignments(person.organisation_id) if each.required],
        "processing": [(each, retention.term_of(apps.get_model(each.table))) for each in register_of_processing()],
        "tabs": tabs("hr:dossier") if Role.HR in roles_of(person) else [],
    }
    return render(request, "competences/hr/dossier.html", context)


def _screens() -> list[tuple[str, list[str], bool]]:
    """[(what is there, who may see it, whether that waits for what beheer records)], by the guards that stand there."""
    holds = {
        "tracks": _("Hoeveel mensen een leerlijn moeten doen, begonnen, een module af hebben en alles af hebben"),
        "competences": _("Hoe mensen verdeeld zijn over diepte en breedte, per competentie, team en half jaar"),
        "stuck": _("In welke unit mensen stilstaan"),
        "effect": _("Wat modules opleveren, per module over de hele organisatie"),
        "register": _("Of iemand het certificaat van een leerlijn heeft, alleen bij een formele eis die verteld is"),
        "assigning": _("Welk team welke leerlijn volgt"),
        "log": _("Wie wanneer naar welke cijfers keek"),
        "dossier": _("Dit dossier"),
        "basis": _("Wat er geregeld is voordat HR mag kijken"),
    }
    guards = _guards()
    return [
        *(
            (what, [str(Role(role).label) for role in guards[name].roles], guards[name].waits)
            for name, what in holds.items()
        ),
        (
            _(
                "Niveaus op naam bij de competenties van de module, en waar die op rusten; elke blik staat in het "
                "logboek"
            ),
            [_("Trainer van de groep")],
            False,
        ),
    ]


def _guards() -> dict[str, Any]:
    """{name of an address of this room: its view}; `access` writes on a view for whom it is."""
    found: dict[str, Callable[..., Any]] = {}
    for pattern in get_resolver("learning.competences.urls_hr").url_patterns:
        found[pattern.name] = pattern.callback  # type: ignore[union-attr, index, assignment]
    return found


def _terms() -> list[tuple[str, str]]:
    """[(what, how long)] by the settings that hold, and what no term is for."""
    return [
        *((str(kind.title), kind.words) for kind in retention.KINDS if kind.runs),
        (_("De langste deelkaart"), _days(timedelta(days=sharing.MOST_DAYS))),
        (_("Cijfers over groepen"), _("blijven staan, als geschiedenis; er staat niemand in")),
    ]


def _days(term: timedelta) -> str:
    return ngettext("%(n)s dag", "%(n)s dagen", term.days) % {"n": term.days}
