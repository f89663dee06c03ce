"""Jobs of this room."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import job
from learning.competences.queries.hr import arranged
from learning.competences.services import effect, evidence, hr, showing
from learning.people.models import Organisation


@job(evidence.KIND)
def work_out(payload: dict[str, Any]) -> None:
    evidence.work_out_stale(payload["lane"])


@periodic("competences.show", every=timedelta(days=1))
def show(payload: dict[str, Any]) -> None:
    """Only where beheer recorded on what basis (curriculum 4.5): before that, nobody is counted for HR. Raises what
    went wrong with an organisation, after all others."""
    wrong: Exception | None = None
    for organisation in arranged.organisations():
        try:
            hr.tell_newcomers(organisation.pk)
            _show(organisation)
        except Exception as error:
            wrong = error
    if wrong:
        raise wrong


@job(hr.SHOW)
def show_first(payload: dict[str, Any]) -> None:
    """What was recorded may be withdrawn by now."""
    for organisation in arranged.organisations().filter(pk=payload["organisation"]):
        _show(organisation)


@job(hr.TELL)
def tell_demand(payload: dict[str, Any]) -> None:
    hr.tell_demand(payload["track"], payload["team"], date.fromisoformat(payload["on"]))


def _show(organisation: Organisation) -> None:
    showing.show(organisation)
    effect.show(organisation)
