"""Jobs for an LMS. Each may run twice."""

from __future__ import annotations

from typing import Any

from jobs.registry import job
from lti.tool.scores import KIND, deliver


@job(KIND)
def send_score(payload: dict[str, Any]) -> None:
    """`{"seat": its number}`"""
    deliver(payload["seat"])
