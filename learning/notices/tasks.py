"""Jobs. Each may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import Then, job
from learning.notices import digest


@periodic("notices.digest", every=timedelta(days=1))
def ask_for_digests(payload: dict[str, Any]) -> None:
    digest.ask_for_all()


@job(digest.KIND, tries=digest.TRIES)
def mail(payload: dict[str, Any]) -> Then | None:
    """`{"person": their number}`"""
    return digest.send(payload["person"])
