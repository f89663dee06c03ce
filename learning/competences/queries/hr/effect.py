"""What HR reads of the effect of modules: rows of `ShownMeasure` and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from learning.competences import privacy
from learning.competences.effect.measures import AGREEMENT, FOLLOWS
from learning.competences.models import ShownMeasure


@dataclass(frozen=True)
class Told:
    """What is shown of a module: {measure: its row}."""

    module: str
    measures: Mapping[str, ShownMeasure]

    @property
    def title(self) -> str:
        return str(self.measures[FOLLOWS].facts["titel"])


def periods(organisation_id: int) -> list[str]:
    """The newest first. One query."""
    found = ShownMeasure.objects.filter(organisation=organisation_id).order_by("-period")
    return list(found.values_list("period", flat=True).distinct())


def read(organisation_id: int, period: str) -> tuple[list[Told], ShownMeasure | None]:
    """What is shown of each module, by number, and whether trainers see the same. One query."""
    by_module: dict[str, dict[str, ShownMeasure]] = {}
    shown = ShownMeasure.objects.filter(n__gte=privacy.least(settings.FIGURES_K))
    for row in shown.filter(organisation=organisation_id, period=period):
        by_module.setdefault(row.module, {})[row.name] = row
    agreement = by_module.pop("", {}).get(AGREEMENT)
    modules = [Told(slug, rows) for slug, rows in by_module.items() if FOLLOWS in rows]
    return sorted(modules, key=lambda told: (told.measures[FOLLOWS].facts["nummer"], told.module)), agreement
