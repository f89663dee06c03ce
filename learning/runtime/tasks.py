from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import job
from learning.runtime import cohorts, retention, wiping
from learning.tracks import queries


@job("cohort.count")
def count_cohort(payload: dict[str, Any]) -> None:
    module, _, activity = payload["usage"].partition("/")
    block_type = queries.activity_type(module, activity)
    if block_type:
        cohorts.count(payload["organisation"], payload["usage"], block_type)


@periodic("runtime.wipe", every=timedelta(days=1))
def wipe_what_is_due(payload: dict[str, Any]) -> None:
    wiping.wipe_due()


@periodic("runtime.forget", every=timedelta(days=1))
def forget_what_has_ended(payload: dict[str, Any]) -> None:
    retention.forget_ended()
