"""Who may hear what was said for a case: its maker, and from the moment it is handed in whoever may read that round."""

from __future__ import annotations

from learning.files import purposes
from learning.files.models import StoredFile
from learning.people.models import Person, Role
from learning.people.queries import roles_of
from learning.practice.models import Assessment, Evidence, Stage
from learning.practice.permissions import asked_of, assesses, reads_round
from learning.practice.services.evidence import RECORDED, SPOKEN

FEEDBACK = "praktijk.feedback"
_MINUTE = 60
# While nobody judged it; then it goes after thirty days (`outcome.SOUND_KEPT`).
_KEPT = 365


def may_hear(listener: Person, file: StoredFile) -> bool:
    """Beside its maker, of whom isn't asked here. Asked at every piece that is played."""
    found = Evidence.objects.filter(file=file, round__isnull=False).select_related("round__work").first()
    return found is not None and found.round is not None and reads_round(listener, found.round)


def may_hear_back(listener: Person, file: StoredFile) -> bool:
    """What a trainer said back: the learner once it is given, who reads it before that, the trainers of the group."""
    found = Assessment.objects.filter(file=file).select_related("work").first()
    if found is None:
        return False
    if found.work.person_id == listener.pk:
        return found.stage == Stage.GIVEN
    if found.stage == Stage.GIVEN:
        return assesses(listener, found.work)
    lies_there = found.stage == Stage.TO_READ and asked_of(listener).filter(pk=found.pk, reader=listener).exists()
    return lies_there and Role.TRAINER in roles_of(listener)


def register() -> None:
    purposes.register(FEEDBACK, most_seconds=3 * _MINUTE, days=_KEPT, may_hear=may_hear_back)
    purposes.register(SPOKEN, most_seconds=10 * _MINUTE, days=_KEPT, may_hear=may_hear)
    purposes.register(RECORDED, most_seconds=60 * _MINUTE, days=_KEPT, may_hear=may_hear)
