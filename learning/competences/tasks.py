"""Jobs of this room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from jobs.registry import job
from learning.competences.services import evidence, figures, looking, sharing, showing
from learning.people.queries import organisations


@job(evidence.KIND)
def work_out(payload: dict[str, Any]) -> None:
    evidence.work_out_stale(payload["lane"])


@job(figures.KIND)
def count_teams(payload: dict[str, Any]) -> None:
    figures.count_stale()


@periodic("competences.count_all", every=timedelta(days=1))
def count_all(payload: dict[str, Any]) -> None:
    """Also what nobody said: who joined, left or moved."""
    figures.count_all()
    for organisation in organisations():
        showing.show(organisation)


@periodic("competences.forget_cards", every=timedelta(days=1))
def forget_cards(payload: dict[str, Any]) -> None:
    sharing.forget_ended()


@periodic("competences.forget_looks", every=timedelta(days=1))
def forget_looks(payload: dict[str, Any]) -> None:
    looking.forget_old()
