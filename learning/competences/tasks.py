"""Jobs of this room."""

from __future__ import annotations

from typing import Any

from jobs.registry import job
from learning.competences.services import evidence


@job(evidence.KIND)
def work_out(payload: dict[str, Any]) -> None:
    evidence.work_out_stale(payload["lane"])
