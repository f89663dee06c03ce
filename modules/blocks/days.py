"""The day and the hour where our learners are. Moments are kept in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")


def today() -> date:
    return datetime.now(UTC).astimezone(HERE).date()
