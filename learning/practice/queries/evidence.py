"""What readers said of somebody's work, for whoever works out what was shown (curriculum 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from learning.practice import documents
from learning.practice.models import Assessment, Part, Round, Stage

OWN = "zelf"


@dataclass(frozen=True)
class Judged:
    """A level (1 to 4) that somebody gave for a criterion of a round. `part`: as what they read it, or "zelf"."""

    part: str
    work: int
    round: int
    activity: str
    competence: str
    level: int
    at: datetime
    assessor: int | None


def judged_of(person_id: int) -> list[Judged]:
    """Of all that was handed in and given, oldest first; what a trainer hid isn't there. Two queries."""
    found = []
    rounds = Round.objects.filter(work__person=person_id).select_related("work__assignment__version__case")
    for kept in rounds.order_by("handed_in_at", "pk"):
        found += _levels(kept, OWN, kept.own_levels, kept.handed_in_at, None)
    given = Assessment.objects.filter(work__person=person_id, stage=Stage.GIVEN, hidden_at=None).exclude(
        part=Part.SECOND
    )
    for reading in given.select_related("round__work__assignment__version__case").order_by("given_at", "pk"):
        assert reading.given_at is not None
        found += _levels(reading.round, reading.part, reading.levels, reading.given_at, reading.person_id)
    return found


def _levels(kept: Round, part: str, levels: dict[str, int], at: datetime, assessor: int | None) -> list[Judged]:
    version = kept.work.assignment.version
    document = documents.read(version.document)
    activity = version.case.usage or f"praktijkcase/{version.case_id}"
    return [
        Judged(part, kept.work_id, kept.number, activity, criterion.competence, levels[criterion.id], at, assessor)
        for criterion in document.rubric
        if criterion.id in levels
    ]
