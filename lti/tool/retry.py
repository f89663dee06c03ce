"""Whom it is said of that an LMS doesn't answer well."""

from __future__ import annotations

from lti import outbound

LONGEST_NAME = 200
"""Of a receiver, in characters: what `jobs.models.Job` keeps."""


def receiver(platform_id: int, url: str) -> str:
    """Who gets a rest when it doesn't answer well. For each registration its own: one may name the address of another
    one's LMS, and do nothing there but fail."""
    return f"{platform_id} {outbound.origin(url)}"[:LONGEST_NAME]
