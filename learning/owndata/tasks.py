"""Jobs. Each may run twice, and may be killed half-way."""

from __future__ import annotations

from typing import Any

from jobs.registry import Then, TryLater, job
from learning.files.store import StoreTrouble, store
from learning.owndata import services
from learning.owndata.queries import ERASE, EXPORT, FORGET
from learning.people import erasing


@job(EXPORT, tries=8)
def export(payload: dict[str, Any]) -> Then | None:
    """`{"person": their number}`"""
    try:
        return services.make(payload["person"])
    except StoreTrouble as trouble:
        raise TryLater(f"the store of files: {trouble}", receiver=store().address) from trouble


@job(FORGET)
def forget(payload: dict[str, Any]) -> None:
    """`{"person": their number}`"""
    services.forget(payload["person"])


@job(ERASE)
def erase(payload: dict[str, Any]) -> None:
    """`{"person": their number}`. With the person their jobs go, also this one."""
    try:
        erasing.erase(payload["person"], by=ERASE)
    except erasing.NotNow as wait:
        raise TryLater(wait.reason) from wait
