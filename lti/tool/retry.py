"""When an LMS wants to be asked again (RFC 9110 §10.2.3), and whom that is said of."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from lti import outbound

LONGEST = 24 * 60 * 60.0
"""Seconds. A score that waits longer than a day would look lost; then we ask anyway."""


LONGEST_NAME = 200
"""Of a receiver, in characters: what `jobs.models.Job` keeps."""


def receiver(platform_id: int, url: str) -> str:
    """Who gets a rest when it doesn't answer well. For each registration its own: one may name the address of another
    one's LMS, and do nothing there but fail."""
    return f"{platform_id} {outbound.origin(url)}"[:LONGEST_NAME]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, 0 to LONGEST; None when the LMS doesn't say, or not in a way we can read."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST)
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(moment - time.time(), 0.0), LONGEST)
