"""What a group made of an activity: counted by a job, shown from five people (curriculum 3.b, 3.c, 4.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jobs.services import record
from learning.runtime.blocks import attempt_place, load_block, opened_answers
from learning.runtime.models import Attempt, CohortFigures

K = 5


class Cohort:
    """The service blocks ask for figures. One query, and only when asked."""

    def __init__(self, organisation_id: int, usage: str) -> None:
        self._organisation_id, self._usage = organisation_id, usage

    def figures(self) -> dict[str, Any] | None:
        row = CohortFigures.objects.filter(organisation=self._organisation_id, usage=self._usage).first()
        return {"n": row.n, "figures": row.figures} if row else None


def to_count(organisation_id: int, usage: str) -> None:
    """Many in a row are one count: the job waits a little and the newest stands for all."""
    record("cohort.count", f"cohort.count|{organisation_id}|{usage}", {"organisation": organisation_id, "usage": usage})


def count(organisation_id: int, usage: str, block_type: str) -> None:
    """Count an activity's first complete attempts anew, of a type that has figures for who does it. May run twice.

    Five people at a time: who looks before and after one more was counted would see what that one chose (4.5: "no
    comparison of snapshots that differ by < 5 people").
    """
    answers = list(_first_answers(organisation_id, usage))
    answers = answers[: len(answers) // K * K]
    figures = load_block(block_type).tally(answers) if answers else None
    if figures is None:
        CohortFigures.objects.filter(organisation=organisation_id, usage=usage).delete()
        return
    CohortFigures.objects.update_or_create(
        organisation_id=organisation_id,
        usage=usage,
        defaults={"n": len(answers), "figures": figures},
    )


def _first_answers(organisation_id: int, usage: str) -> Iterable[Any]:
    first = Attempt.objects.filter(person__organisation=organisation_id, usage=usage, number=1).order_by("pk")
    for person_id, answers in first.values_list("person_id", "answers"):
        yield opened_answers(answers, attempt_place(person_id, usage, 1))
