"""Ten thousand things that happen by chance (`tests/learning/competences/happening.py`): whether what was worked out as
it came is what everything anew gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

from django.conf import settings

from bench.measuring.rows import Row, limited
from learning.competences.models import EvidenceItem
from tests.factories import published
from tests.learning.competences.happening import Happening

POSTGRESQL = True
TIMES = 10_000


def rows() -> list[Row]:
    chance = Random(2026)  # noqa: S311 no secret
    happening = Happening(published(Path(settings.DATA_DIR) / "proefmodule"), chance, people=60)
    happening.happen(TIMES)
    differences = happening.differences()
    return [
        limited(
            f"differences from everything anew after {TIMES:,} random events, beside how many pieces of evidence",
            value=len(differences),
            reference=EvidenceItem.objects.count(),
            unit="differences",
            at_most=0,
        )
    ]
