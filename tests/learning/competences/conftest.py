"""What tests of figures have in common."""

from __future__ import annotations

import pytest

from learning.competences.rules import CODES
from learning.competences.services import tables


@pytest.fixture
def two_competences(monkeypatch: pytest.MonkeyPatch) -> None:
    """All ten are counted alike, and each takes its time."""
    monkeypatch.setattr(tables, "CODES", CODES[:2])
