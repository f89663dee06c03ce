"""Jobs of this room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import job
from learning.competences.services import effect, evidence, showing
from learning.people.queries import organisations


@job(evidence.KIND)
def work_out(payload: dict[str, Any]) -> None:
    evidence.work_out_stale(payload["lane"])


@periodic("competences.show", every=timedelta(days=1))
def show(payload: dict[str, Any]) -> None:
    """Raises what went wrong with an organisation, after all others."""
    wrong: Exception | None = None
    for organisation in organisations():
        try:
            showing.show(organisation)
            effect.show(organisation)
        except Exception as error:
            wrong = error
    if wrong:
        raise wrong
