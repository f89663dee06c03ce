from __future__ import annotations

from typing import Any

from jobs.registry import job
from learning.journal import services


@job("journal.export", tries=4)
def export(payload: dict[str, Any]) -> None:
    services.make_export(payload["person"])


@job("journal.forget_export")
def forget_export(payload: dict[str, Any]) -> None:
    services.forget_export(payload["export"])
