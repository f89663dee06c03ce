from __future__ import annotations

from typing import Any

from jobs.registry import job
from learning.people import sessions


@job(sessions.KIND)
def forget_sessions(payload: dict[str, Any]) -> None:
    sessions.forget_ended()
