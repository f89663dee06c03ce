"""Jobs. Each may run twice."""

from __future__ import annotations

from typing import Any

from jobs.registry import job
from learning.tracks import moving


@job(moving.KIND)
def move_everyone(payload: dict[str, Any]) -> None:
    """`{"organisation": its number, "module": its slug}`"""
    moving.move_everyone(payload["organisation"], module=payload["module"])
