"""Job handlers. Each may run twice."""

from __future__ import annotations

from typing import Any

from certificates import services
from jobs.registry import GiveUp, job

# About a minute of trying: somebody is waiting for it, and can have it tried again.
TRIES = 6


@job(services.ISSUE, tries=TRIES)
def issue(payload: dict[str, Any]) -> None:
    try:
        services.issue_attendance(payload["enrolment"])
    except services.NotComplete:
        raise GiveUp("the module isn't complete") from None


@job(services.ISSUE_MODULE, tries=TRIES)
def issue_module(payload: dict[str, Any]) -> None:
    services.issue_module(payload["enrolment"])


@job(services.RENDER, tries=TRIES)
def render(payload: dict[str, Any]) -> None:
    services.draw(payload["certificate"])
