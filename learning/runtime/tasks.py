from __future__ import annotations

from typing import Any

from jobs.registry import job
from learning.runtime import cohorts
from learning.tracks import queries


@job("cohort.count")
def count_cohort(payload: dict[str, Any]) -> None:
    module, _, activity = payload["usage"].partition("/")
    block_type = queries.activity_type(module, activity)
    if block_type:
        cohorts.count(payload["organisation"], payload["usage"], block_type)
