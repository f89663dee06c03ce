"""When a receiver wants to be asked again (RFC 9110 §10.2.3)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LONGEST = 24 * 60 * 60.0
"""Seconds. What waits longer than a day would look lost; then we ask anyway."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, 0 to LONGEST; None when the receiver doesn't say, or not in a way we can read."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST)
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(moment - time.time(), 0.0), LONGEST)
