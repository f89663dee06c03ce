from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from jobs import periodic, registry, services


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("jobs.clock.now", clock.now)
    return clock


@pytest.fixture
def chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest delay each time, so that a test can say when."""
    monkeypatch.setattr("random.random", lambda: 1.0)


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Registers handlers for one test: `kinds("toy", handler)`."""
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(periodic, "_periods", {})
    return lambda name, handler, tries=registry.MOST_TRIES: registry.job(name, tries=tries)(handler)


def recorded(
    key: str, payload: Any = None, *, kind: str = "toy", serial: str = "", due: datetime | None = None
) -> None:
    """In a transaction of its own, committed."""
    with transaction.atomic():
        services.record(kind, key, {"n": payload}, serial=serial, due=due)
