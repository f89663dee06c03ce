"""Whatever happens, in whichever order: what was worked out as it came is what everything anew gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from learning.competences.models import EvidenceItem, EvidenceObjection, Reached, Stale
from tests.factories import published
from tests.learning.competences.happening import Happening

pytestmark = pytest.mark.django_db
TIMES = 80


@pytest.mark.parametrize("number", range(2))
def test_what_was_worked_out_as_it_came_is_what_everything_anew_gives(tmp_path: Path, number: int) -> None:
    happening = Happening(published(tmp_path / "proefmodule"), Random(number))
    happening.happen(TIMES)
    assert happening.differences() == []
    assert not Stale.objects.exists()
    assert Reached.objects.filter(level__gt=0).exists()


def test_a_difference_would_be_found(tmp_path: Path) -> None:
    happening = Happening(published(tmp_path / "proefmodule"), Random(9))
    happening.happen(TIMES)
    happening.differences()
    struck = EvidenceObjection.objects.filter(stands=False).values("item")
    EvidenceItem.objects.exclude(pk__in=struck).first().delete()  # type: ignore[union-attr]
    assert happening.differences()
