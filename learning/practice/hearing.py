"""Who may hear what was said for a case: its maker, and from the moment it is handed in whoever may read that round."""

from __future__ import annotations

from learning.files import purposes
from learning.files.models import StoredFile
from learning.people.models import Person, Role
from learning.people.queries import roles_of
from learning.practice.models import Assessment, Evidence, Form, Stage
from learning.practice.permissions import asked_of, assesses, hears_talk, reads_round
from learning.practice.services.evidence import RECORDED, SPOKEN
from learning.practice.services.outcome import SOUND_KEPT_UNJUDGED

FEEDBACK = "praktijk.feedback"
_MINUTE = 60


def may_hear(listener: Person, file: StoredFile) -> bool:
    """Beside its maker, of whom isn't asked here. Asked at every piece that is played."""
    found = Evidence.objects.filter(file=file, round__isnull=False).select_related("round__work").first()
    if found is None or found.round is None:
        return False
    may = hears_talk if found.form == Form.RECORDED else reads_round
    return may(listener, found.round)


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
    purposes.register(FEEDBACK, most_seconds=3 * _MINUTE, days=SOUND_KEPT_UNJUDGED.days, may_hear=may_hear_back)
    purposes.register(SPOKEN, most_seconds=10 * _MINUTE, days=SOUND_KEPT_UNJUDGED.days, may_hear=may_hear)
    purposes.register(RECORDED, most_seconds=60 * _MINUTE, days=SOUND_KEPT_UNJUDGED.days, may_hear=may_hear)
