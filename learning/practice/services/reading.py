"""What a reader of a round does: take it up, write, and give. Trainers, peers and second readers alike; whether they
may is the caller's to know (`learning.practice.permissions`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import documents, feedback, notices, rules
from learning.practice.feedback import Words
from learning.practice.flow import Event
from learning.practice.models import Assessment, Evidence, Part, Round, Stage, State, Verdict, Work
from learning.practice.sealed import closed, opened
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import Moved, NotNow, held, move

if TYPE_CHECKING:
    from learning.practice.documents import Document

EVENT_OF = {Verdict.RETURN: Event.RETURN, Verdict.ENOUGH: Event.ENOUGH, Verdict.GO_ON: Event.GO_ON}
# Curriculum 4.5: sound goes this long after it was judged.
SOUND_KEPT = timedelta(days=30)


class Stale(Exception):
    """It was changed in another window since this page was drawn. `assessment` is how it is now."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment.pk)
        self.assessment = assessment


class InOtherHands(Exception):
    """Another trainer took it up. `by`: who."""

    def __init__(self, by: Person) -> None:
        super().__init__(by.pk)
        self.by = by


@dataclass(frozen=True)
class Given:
    """`moved` is None where nothing moved: a peer's reading, or one that waits for a second reader."""

    assessment: Assessment
    moved: Moved | None


def words_of(assessment: Assessment) -> Words:
    return feedback.read(opened(assessment.sealed, "assessment", assessment.pk))


def document_of(work: Work) -> Document:
    return documents.read(work.assignment.version.document)


@transaction.atomic
def take_up(work_id: int, *, by: Person) -> Assessment:
    """This trainer reads it now: nobody else starts beside them. Taken up twice is the same. Raises NotNow,
    InOtherHands."""
    work = held(work_id)
    if work.state == State.READING:
        if work.assessor_id not in (None, by.pk):
            assert work.assessor is not None
            raise InOtherHands(work.assessor)
        Work.objects.filter(pk=work.pk).update(assessor=by)
    else:
        work = move(work_id, Event.TAKE_UP, by=by, assessor=by).work
    kept = Round.objects.get(work=work, number=work.round)
    return Assessment.objects.get_or_create(
        round=kept, person=by, part=Part.TRAINER, defaults={"work": work, "asked_at": timezone.now()}
    )[0]


@transaction.atomic
def let_go(work_id: int, *, by: Person) -> Moved:
    """Back in the queue, at the place it had; what was written stays with its writer. Raises NotNow."""
    return move(work_id, Event.LET_GO, by=by, assessor=None)


@transaction.atomic
def hand_over(work_id: int, *, to: Person, by: Person) -> Work:
    """A colleague goes on with it: what comes of this learner goes to them. Raises NotNow."""
    work = held(work_id)
    if work.state == State.READING:
        work = move(work_id, Event.LET_GO, by=by, assessor=to).work
    else:
        work.assessor, work.changed_at = to, timezone.now()
        work.save(update_fields=["assessor", "changed_at"])
    tell(
        to.pk, notices.HANDED_OVER, key=f"{work.pk}:{work.round}:{to.pk}", facts={"work": work.pk, "round": work.round}
    )
    return work


@transaction.atomic
def save(assessment_id: int, *, levels: Mapping[str, int], words: Words, based_on: int) -> Assessment:
    """Keep what was written so far. Raises NotNow (given already), Stale, Incomplete (too long)."""
    assessment = _writing(assessment_id)
    return _keep(assessment, levels, words, based_on)


def _keep(assessment: Assessment, levels: Mapping[str, int], words: Words, based_on: int) -> Assessment:
    if words.longest() > feedback.LONGEST:
        raise Incomplete({"zag": "lang"})
    known = {criterion.id for criterion in document_of(assessment.work).rubric}
    levels = {id_: level for id_, level in levels.items() if id_ in known and level in rules.LEVELS}
    if (assessment.levels, words_of(assessment)) == (levels, words):
        return assessment
    if based_on != assessment.version:
        raise Stale(assessment)
    assessment.levels = levels
    assessment.sealed = closed(feedback.written(words), "assessment", assessment.pk)
    assessment.version += 1
    if assessment.stage == Stage.ASKED:
        assessment.stage = Stage.BUSY
    assessment.save()
    return assessment


def _writing(assessment_id: int) -> Assessment:
    assessment = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("work__assignment__version", "round")
        .get(pk=assessment_id)
    )
    if assessment.stage in (Stage.GIVEN, Stage.DECLINED):
        raise NotNow(assessment.stage)
    return assessment


@transaction.atomic
def give(
    assessment_id: int, *, by: Person, levels: Mapping[str, int], words: Words, based_on: int, verdict: Verdict | None
) -> Given:
    """Give it to the learner: as a trainer with a verdict, as a peer without. Where the assignment asks a second
    reader, a trainer's lies with them first. Raises NotNow, Stale, Incomplete.

    "verdict": "te_laag" in Incomplete: *voldoende* isn't what these levels say (curriculum 5.4).
    """
    assessment = _keep(_writing(assessment_id), levels, words, based_on)
    criteria = [criterion.id for criterion in document_of(assessment.work).rubric]
    missing = feedback.missing(criteria, assessment.levels, words)
    if assessment.part == Part.TRAINER:
        missing |= _verdict_missing(verdict, assessment)
    if missing:
        raise Incomplete(missing)
    if assessment.part != Part.TRAINER:
        return Given(_given(assessment), None)
    assert verdict is not None
    assessment.verdict = verdict
    if assessment.work.assignment.second_reader and assessment.stage != Stage.TO_READ:
        assessment.stage = Stage.TO_READ
        assessment.save(update_fields=["verdict", "stage"])
        return Given(assessment, None)
    return release(assessment, by=by)


def _verdict_missing(verdict: Verdict | None, assessment: Assessment) -> dict[str, str]:
    if verdict is None:
        return {"verdict": "kies"}
    levels = assessment.levels
    if verdict is Verdict.ENOUGH and levels and not rules.verdict_allowed(levels):
        return {"verdict": "te_laag"}
    if verdict is Verdict.RETURN and assessment.work.round >= assessment.work.assignment.rounds_max:
        return {"verdict": "rondes_op"}
    return {}


def release(assessment: Assessment, *, by: Person) -> Given:
    """What a trainer wrote goes to the learner, and the work moves. Inside a transaction. Raises NotNow."""
    verdict = Verdict(assessment.verdict)
    moved = move(assessment.work_id, EVENT_OF[verdict], by=by, score=rules.score(assessment.levels))
    _wipe_sound_later(moved.work)
    return Given(_given(assessment), moved)


def _given(assessment: Assessment) -> Assessment:
    assessment.stage, assessment.given_at = Stage.GIVEN, timezone.now()
    assessment.save(update_fields=["stage", "given_at", "verdict"])
    if assessment.part == Part.PEER:
        tell(
            assessment.work.person_id,
            notices.PEER_GAVE,
            key=f"{assessment.pk}",
            facts={"work": assessment.work_id, "round": assessment.round.number},
        )
    return assessment


def _wipe_sound_later(work: Work) -> None:
    day = timezone.localdate() + SOUND_KEPT
    for evidence in Evidence.objects.filter(work=work).select_related("file"):
        evidence.file.wipe_on = day
        evidence.file.save(update_fields=["wipe_on"])
