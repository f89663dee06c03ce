""" "Dit klopt niet" (curriculum 4.3): somebody else reads the round again, and says what they think of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import feedback, notices, rules
from learning.practice.drafts import LEARNING_LEVEL
from learning.practice.feedback import Words
from learning.practice.flow import Event
from learning.practice.models import Assessment, Objection, Part, Stage, State, Work
from learning.practice.permissions import trains_beside
from learning.practice.sealed import closed, opened
from learning.practice.services.doing import Incomplete, document_of
from learning.practice.services.moving import NotNow, held, move

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST = 2_000


def second_assessors(assessment: Assessment) -> QuerySet[Person]:
    """Who is told of an objection to it, and may answer (`permissions.objections_for`). Two queries."""
    work = assessment.work
    return trains_beside(work.group_id, assessment.person_id, work.person_id)


def words_of(objection: Objection) -> str:
    return str(opened(objection.sealed, "objection", objection.assessment_id))


@transaction.atomic
def object_to(assessment: Assessment, *, words: str, by: Person) -> Objection:
    """The learner says what isn't right about a trainer's reading; those who may answer are told. Said twice it is the
    same objection. Raises NotNow, Incomplete."""
    work = held(assessment.work_id)
    if work.person_id != by.pk or assessment.part != Part.TRAINER or assessment.stage != Stage.GIVEN:
        raise NotNow(assessment.stage)
    if not words.strip():
        raise Incomplete({"bezwaar": "zin"})
    if len(words) > LONGEST:
        raise Incomplete({"bezwaar": "lang"})
    objection, is_new = Objection.objects.get_or_create(
        assessment=assessment,
        defaults={"sealed": closed(words.strip(), "objection", assessment.pk), "made_at": timezone.now()},
    )
    if is_new:
        facts = {"work": work.pk, "round": assessment.round.number}
        for person in second_assessors(assessment):
            tell(person.pk, notices.OBJECTED, key=str(objection.pk), facts=facts)
    return objection


@transaction.atomic
def answer(
    objection_id: int, *, by: Person, levels: Mapping[str, int], words: Words, overturn: bool, learning_level: str
) -> Objection:
    """A second assessor reads it and says so, for good, and at which learning level it was. `overturn`: the case is
    voldoende after all; never the other way round. Whether `by` may is the caller's to know (`second_assessors`).
    Raises NotNow, Incomplete: "verdict": "te_laag" where these levels aren't voldoende (curriculum 5.4)."""
    objection = Objection.objects.select_for_update(of=("self",)).select_related("assessment__round").get(
        pk=objection_id
    )  # fmt: skip
    contested = objection.assessment
    work = held(contested.work_id)
    if objection.decided_at is not None:
        raise NotNow(work.state)
    _require_whole(work, levels, words, overturn=overturn, learning_level=learning_level)
    now = timezone.now()
    reading = Assessment.objects.create(
        round=contested.round,
        work=work,
        person=by,
        part=Part.OBJECTION,
        stage=Stage.GIVEN,
        levels=dict(levels),
        learning_level=learning_level,
        asked_at=objection.made_at,
        given_at=now,
    )
    reading.sealed = closed(feedback.written(words), "assessment", reading.pk)
    reading.save(update_fields=["sealed"])
    objection.answer, objection.decided_at, objection.changed = reading, now, overturn
    objection.save(update_fields=["answer", "decided_at", "changed"])
    if overturn:
        move(work.pk, Event.OVERTURN, by=by, score=rules.score(levels))
    facts = {"work": work.pk, "round": contested.round.number}
    tell(work.person_id, notices.ANSWERED, key=str(objection.pk), facts=facts)
    return objection


def _require_whole(work: Work, levels: Mapping[str, int], words: Words, *, overturn: bool, learning_level: str) -> None:
    criteria = [criterion.id for criterion in document_of(work).rubric]
    missing = feedback.missing(criteria, levels, words)
    if words.longest() > feedback.LONGEST:
        missing["zag"] = "lang"
    if set(levels) - set(criteria) or not set(levels.values()) <= set(rules.LEVELS):
        missing["niveau"] = "kies"
    if learning_level not in rules.LEARNING_LEVELS:
        missing[LEARNING_LEVEL] = "kies"
    if overturn and not missing and not rules.verdict_allowed(levels):
        missing["verdict"] = "te_laag"
    if missing:
        raise Incomplete(missing)
    if overturn and work.state not in (State.RETURNED, State.GOES_ON):
        raise NotNow(work.state)
