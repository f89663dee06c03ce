"""The day and the hour where our learners are. Moments are kept in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return datetime.now(UTC).astimezone(HERE).date()


def kept_words(at: str, language: str, gettext: Callable[..., str]) -> str:
    """ "Bewaard om 14.02", or with its day when that isn't today. `at`: ISO 8601 with its offset, or ""."""
    if not at:
        return ""
    then, here = datetime.fromisoformat(at).astimezone(HERE), now().astimezone(HERE)
    clock = then.strftime("%H.%M" if language == "nl" else "%H:%M")
    if then.date() == here.date():
        return gettext("Bewaard om %(tijd)s", tijd=clock)
    day = then.strftime("%d-%m-%Y" if language == "nl" else "%d/%m/%Y")
    return gettext("Bewaard op %(dag)s om %(tijd)s", dag=day, tijd=clock)
