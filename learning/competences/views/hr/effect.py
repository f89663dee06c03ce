"""Effect (curriculum 6.2): what came of the modules, tier by tier, with who is missing and what it doesn't say.

Each look is written down before anything is shown (`services.looking`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learning.competences import privacy
from learning.competences.effect.before import BASELINE
from learning.competences.effect.sums import FEWEST_COMPARED
from learning.competences.queries.hr import effect as queries
from learning.competences.services import looking
from learning.competences.views.hr import choosing, files, tiers, words
from learning.competences.views.hr.access import for_hr, tabs
from learning.competences.views.hr.choosing import Field
from learning.competences.views.hr.tiers import Tier
from learning.people.models import Person

PAGE = "hr:effect"


@dataclass(frozen=True)
class _Chosen:
    """`period`: "" while nothing was shown yet."""

    period: str
    fields: Sequence[Field]
    tiers: Sequence[Tier]

    @property
    def period_words(self) -> str:
        return words.period(self.period) if self.period else ""

    @property
    def said(self) -> dict[str, str]:
        return {"periode": self.period} if self.period else {}


@require_safe
@for_hr
def effect(request: HttpRequest, person: Person) -> HttpResponse:
    chosen = _chosen(request, person)
    looking.write_down(person, page=PAGE, choices=chosen.said)
    context = {
        "tabs": tabs(PAGE),
        "fields": chosen.fields,
        "period": chosen.period_words,
        "tiers": chosen.tiers,
        "before": BASELINE,
        "k": privacy.least(settings.FIGURES_K),
        "compared": max(FEWEST_COMPARED, settings.FIGURES_K),
        "rounded_below": privacy.ROUNDED_BELOW,
        "files": files.offered(PAGE, request.GET.urlencode()),
    }
    return render(request, "competences/hr/effect.html", context)


@require_safe
@for_hr
def effect_file(request: HttpRequest, person: Person, form: str) -> HttpResponseBase:
    chosen = _chosen(request, person)
    looking.write_down(person, page=f"{PAGE}-{form}", choices=chosen.said)
    return files.as_file(tiers.file_lines(chosen.tiers, chosen.period_words), "effect", form)


def _chosen(request: HttpRequest, person: Person) -> _Chosen:
    """Two queries, one while nothing was shown."""
    k, periods = privacy.least(settings.FIGURES_K), queries.periods(person.organisation_id)
    if not periods:
        return _Chosen("", [], tiers.tiers([], None, k))
    period = choosing.one_of(request, "periode", periods)
    modules, agreement = queries.read(person.organisation_id, period)
    fields = [choosing.field("periode", _("Half jaar"), ((each, words.period(each)) for each in periods), period)]
    return _Chosen(period, fields, tiers.tiers(modules, agreement, k))
