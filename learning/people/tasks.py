from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import job
from learning.people import leaving, retention, sessions


@job(sessions.KIND)
def forget_sessions(payload: dict[str, Any]) -> None:
    sessions.forget_ended()


@periodic("people.retention", every=timedelta(days=1))
def wipe_what_is_past_its_term(payload: dict[str, Any]) -> None:
    """May be broken off anywhere; what it did stays done, and is written down."""
    retention.wipe_all()


@job(leaving.FAREWELL, tries=12)
def say_farewell(payload: dict[str, Any]) -> None:
    """`{"person": their number}`"""
    leaving.farewell(payload["person"])
