"""Jobs for the learning record store. Each may run twice."""

from __future__ import annotations

from typing import Any

from jobs.registry import Then, job
from xapi.delivery import send
from xapi.services import KIND


@job(KIND)
def send_told(payload: dict[str, Any]) -> Then | None:
    """As `xapi.services.record_told` records it."""
    return send(payload)
