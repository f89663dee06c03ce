"""Chance is left out, where a test doesn't ask for it."""

from __future__ import annotations

import pytest

from learning.practice.services import seconding


@pytest.fixture(autouse=True)
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round in ten is read a second time: whichever it is would decide what a test finds."""
    monkeypatch.setattr(seconding, "is_drawn", lambda kept: False)
