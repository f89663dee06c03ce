"""Moments as our hand-written SQL gives them."""

from __future__ import annotations

from datetime import UTC, datetime


def aware(moment: datetime | None) -> datetime | None:
    """SQLite gives UTC without saying so; PostgreSQL says it."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
