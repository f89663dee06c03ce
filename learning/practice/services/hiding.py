"""A peer's words that do harm are taken away from the learner by a trainer, who says why (curriculum 3.g)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import events, notices
from learning.practice.models import Assessment, Part, Stage, Step
from learning.practice.sealed import closed, opened
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow, held

LONGEST = 1_000
# In the list of steps, beside the events of the flow: they move nothing.
HID, SHOWED = "verborgen", "weer_te_zien"


def reason_of(assessment: Assessment) -> str:
    """Why it was hidden, for the peer who wrote it and the trainers; "" while it isn't."""
    return str(opened(assessment.sealed_hidden_reason, "hidden", assessment.pk) or "")


@transaction.atomic
def hide(assessment_id: int, *, by: Person, reason: str) -> Assessment:
    """From now on the learner sees that something is hidden, its writer sees why, the trainers see both. Hidden twice
    it keeps its first reason. Raises NotNow, Incomplete."""
    assessment = _peers(assessment_id)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST:
        raise Incomplete({"reden": "lang" if reason else "leeg"})
    if assessment.hidden_at is not None:
        return assessment
    assessment.hidden_at, assessment.hidden_by = timezone.now(), by
    assessment.sealed_hidden_reason = closed(reason, "hidden", assessment.pk)
    _keep(assessment, HID, by)
    if assessment.person_id is not None:
        facts = {"work": assessment.work_id, "round": assessment.round.number}
        key = f"{assessment.pk}:{assessment.hidden_at.timestamp():.0f}"
        tell(assessment.person_id, notices.HIDDEN, key=key, facts=facts)
    return assessment


@transaction.atomic
def show(assessment_id: int, *, by: Person) -> Assessment:
    """After all. Raises NotNow."""
    assessment = _peers(assessment_id)
    if assessment.hidden_at is not None:
        assessment.hidden_at, assessment.hidden_by, assessment.sealed_hidden_reason = None, None, None
        _keep(assessment, SHOWED, by)
    return assessment


def _peers(assessment_id: int) -> Assessment:
    work = held(Assessment.objects.values_list("work", flat=True).get(pk=assessment_id))
    assessment = Assessment.objects.select_for_update(of=("self",)).select_related("round").get(pk=assessment_id)
    assessment.work = work
    if assessment.part != Part.PEER or assessment.stage != Stage.GIVEN:
        raise NotNow(assessment.stage)
    return assessment


def _keep(assessment: Assessment, what: str, by: Person) -> None:
    assessment.save(update_fields=["hidden_at", "hidden_by", "sealed_hidden_reason"])
    work, number = assessment.work, assessment.round.number
    Step.objects.create(
        work=work, event=what, before=work.state, after=work.state, round=number, by=by, at=timezone.now()
    )
    events.shown.send(Assessment, person_id=work.person_id)
