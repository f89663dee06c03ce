"""Texts and times that another party sent, read strictly: what a database or a page can't hold isn't taken."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def plain(value: Any, longest: int) -> str | None:
    """A text of one line, without what can't be shown, or None. It is text: what looks like HTML is shown as it is."""
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        return None
    return value.strip()


def paragraph(value: Any, longest: int) -> str | None:
    """The same, but line ends and tabs count as spaces."""
    return plain(" ".join(value.split()), longest) if isinstance(value, str) and len(value) <= 4 * longest else None


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time with a time zone, in UTC, or None."""
    try:
        read = datetime.fromisoformat(value)
        return read.astimezone(UTC) if read.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None
