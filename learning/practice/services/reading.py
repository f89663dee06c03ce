"""What a reader of a round does: take it up, write, and give. Trainers, peers and second assessors alike; whether they
may is the caller's to know (`learning.practice.permissions`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from learning.files.models import StoredFile
from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import events, feedback, notices, rules
from learning.practice.drafts import LEARNING_LEVEL
from learning.practice.feedback import Words
from learning.practice.flow import Event
from learning.practice.models import Assessment, Note, Part, Round, Stage, State, Verdict, Work
from learning.practice.permissions import assessors_of, trains_beside
from learning.practice.sealed import closed, opened
from learning.practice.services import seconding
from learning.practice.services.doing import Incomplete, document_of
from learning.practice.services.moving import Moved, NotNow, held, move

if TYPE_CHECKING:
    pass

EVENT_OF = {Verdict.RETURN: Event.RETURN, Verdict.ENOUGH: Event.ENOUGH, Verdict.GO_ON: Event.GO_ON}
LONGEST_NOTE = 4_000
# It was given, it was declined, or it lies with its second reader: nothing is written on it now.
CLOSED = frozenset({Stage.GIVEN, Stage.DECLINED, Stage.TO_READ})


class Stale(Exception):
    """It was changed in another window since this page was drawn. `assessment` is how it is now."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment.pk)
        self.assessment = assessment


class StaleNote(Exception):
    """As above, of a note: `text` is how it is now."""

    def __init__(self, text: str, version: int) -> None:
        super().__init__(version)
        self.text, self.version = text, version


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


# --- whose it is


@transaction.atomic
def take_up(work_id: int, *, by: Person) -> Assessment:
    """This trainer reads it now: nobody else starts beside them. Taken up twice is the same; what lies with somebody
    who doesn't train the group any more waits like any other. Raises NotNow, InOtherHands."""
    work = held(work_id)
    if work.state == State.READING:
        require_free(work, by)
        if work.assessor_id != by.pk:
            Work.objects.filter(pk=work.pk).update(assessor=by, changed_at=timezone.now())
            back_from_reader(work)
    else:
        work = move(work_id, Event.TAKE_UP, by=by, assessor=by).work
    kept = Round.objects.get(work=work, number=work.round)
    return Assessment.objects.get_or_create(
        round=kept, person=by, part=Part.TRAINER, defaults={"work": work, "asked_at": timezone.now()}
    )[0]


def require_free(work: Work, by: Person) -> None:
    """Raises InOtherHands where another trainer of the group reads it."""
    if work.state != State.READING or work.assessor_id in (None, by.pk):
        return
    if assessors_of(work.group_id).filter(pk=work.assessor_id).exists():
        assert work.assessor is not None
        raise InOtherHands(work.assessor)


def back_from_reader(work: Work) -> None:
    """What lay with a second reader is its writer's draft again. Inside a transaction."""
    lying = Assessment.objects.filter(work=work, part=Part.TRAINER, stage=Stage.TO_READ)
    lying.update(stage=Stage.BUSY, reader=None)


@transaction.atomic
def let_go(work_id: int, *, by: Person) -> Moved:
    """Back in the queue, at the place it had; what was written stays with its writer. Raises NotNow, InOtherHands."""
    work = held(work_id)
    require_free(work, by)
    back_from_reader(work)
    return move(work_id, Event.LET_GO, by=by, assessor=None)


# --- what they write


@transaction.atomic
def save(
    assessment_id: int, *, levels: Mapping[str, int], words: Words, based_on: int, learning_level: str = ""
) -> Assessment:
    """Keep what was written so far. `learning_level`: "" as long as none was chosen. Raises NotNow (given already, or
    lying with a second reader), InOtherHands, Stale, Incomplete (too long)."""
    return _keep(_writing(assessment_id), levels, words, based_on, learning_level)


def _keep(
    assessment: Assessment, levels: Mapping[str, int], words: Words, based_on: int, learning_level: str
) -> Assessment:
    if words.longest() > feedback.LONGEST:
        raise Incomplete(feedback.too_long(words))
    known = {criterion.id for criterion in document_of(assessment.work).rubric}
    levels = {id_: level for id_, level in levels.items() if id_ in known and level in rules.LEVELS}
    # Of a trainer alone: nobody else confirms what somebody proposed.
    if assessment.part != Part.TRAINER or learning_level not in rules.LEARNING_LEVELS:
        learning_level = ""
    before = words_of(assessment)
    words = replace(words, remark=before.remark)
    if (assessment.levels, before, assessment.learning_level) == (levels, words, learning_level):
        return assessment
    if based_on != assessment.version:
        raise Stale(assessment)
    assessment.levels, assessment.learning_level = levels, learning_level
    seal_words(assessment, words)
    assessment.version += 1
    if assessment.stage == Stage.ASKED:
        assessment.stage = Stage.BUSY
    assessment.save()
    return assessment


def seal_words(assessment: Assessment, words: Words) -> None:
    assessment.sealed = closed(feedback.written(words), "assessment", assessment.pk)


def _writing(assessment_id: int) -> Assessment:
    """One that is being written, held; its work before it, as everywhere, so that two don't wait for each other."""
    work = held(Assessment.objects.values_list("work", flat=True).get(pk=assessment_id))
    assessment = Assessment.objects.select_for_update(of=("self",)).select_related("round").get(pk=assessment_id)
    assessment.work = work
    if assessment.stage in CLOSED:
        raise NotNow(assessment.stage)
    if assessment.part == Part.TRAINER:
        _require_in_hand(assessment)
    return assessment


def _require_in_hand(assessment: Assessment) -> None:
    """It was handed over meanwhile, or let go in another window."""
    work = assessment.work
    if work.state != State.READING or assessment.round.number != work.round:
        raise NotNow(work.state)
    if work.assessor_id != assessment.person_id:
        if work.assessor is None:
            raise NotNow(work.state)
        raise InOtherHands(work.assessor)


@transaction.atomic
def give(
    assessment_id: int,
    *,
    by: Person,
    levels: Mapping[str, int],
    words: Words,
    based_on: int,
    verdict: Verdict | None,
    reader: Person | None = None,
    learning_level: str = "",
) -> Given:
    """Give it to the learner: as a trainer with a verdict and a learning level, as a peer without. Where the assignment
    asks a second reader, a trainer's lies with `reader` first (`second_reader`). Raises NotNow, InOtherHands, Stale,
    Incomplete.

    "verdict": "te_laag" in Incomplete: *voldoende* isn't what these levels say (curriculum 5.4). "lezer": "kies":
    nobody was chosen who may read along. "leerniveau": "kies": what the learner proposed wasn't confirmed, nor another
    chosen (4.2).
    """
    assessment = _keep(_writing(assessment_id), levels, words, based_on, learning_level)
    criteria = [criterion.id for criterion in document_of(assessment.work).rubric]
    if assessment.part == Part.SECOND:
        _require(feedback.missing_levels(criteria, assessment.levels))
        return Given(_given(assessment), None)
    missing = feedback.missing(criteria, assessment.levels, words)
    if assessment.part != Part.TRAINER:
        _require(missing)
        return Given(_given(assessment), None)
    readers = readers_for(assessment)
    if not assessment.learning_level:
        missing[LEARNING_LEVEL] = "kies"
    missing |= _verdict_missing(verdict, assessment)
    if readers and reader not in readers:
        missing["lezer"] = "kies"
    _require(missing)
    assert verdict is not None
    assessment.verdict = verdict
    if readers:
        assert reader is not None
        return Given(_lay_before(assessment, reader), None)
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


def readers_for(assessment: Assessment) -> list[Person]:
    """Who may be asked to read along before it is given; none where the assignment doesn't ask it, or where nobody is
    there beside its writer: a learner doesn't wait for somebody who isn't. Two queries at most."""
    work = assessment.work
    if not work.assignment.second_reader:
        return []
    return list(trains_beside(work.group_id, assessment.person_id, work.person_id))


def _lay_before(assessment: Assessment, reader: Person) -> Assessment:
    assessment.stage, assessment.reader = Stage.TO_READ, reader
    seal_words(assessment, replace(words_of(assessment), remark=""))
    assessment.version += 1
    assessment.save(update_fields=["verdict", "stage", "reader", "sealed", "version"])
    facts = {"work": assessment.work_id, "round": assessment.round.number}
    tell(reader.pk, notices.TO_READ, key=f"{assessment.pk}:{assessment.version}", facts=facts)
    return assessment


def release(assessment: Assessment, *, by: Person) -> Given:
    """What a trainer wrote goes to the learner, the work moves, and the draw decides whether somebody reads it a second
    time. Inside a transaction. Raises NotNow."""
    verdict = Verdict(assessment.verdict)
    moved = move(assessment.work_id, EVENT_OF[verdict], by=by, score=rules.score(assessment.levels))
    given = _given(assessment)
    seconding.draw(given)
    return Given(given, moved)


def _given(assessment: Assessment) -> Assessment:
    assessment.stage, assessment.given_at = Stage.GIVEN, timezone.now()
    assessment.save(update_fields=["stage", "given_at", "verdict"])
    events.shown.send(Assessment, person_id=assessment.work.person_id)
    if assessment.part == Part.PEER:
        tell(
            assessment.work.person_id,
            notices.PEER_GAVE,
            key=f"{assessment.pk}",
            facts={"work": assessment.work_id, "round": assessment.round.number},
        )
    return assessment


def _require(missing: Mapping[str, str]) -> None:
    if missing:
        raise Incomplete(missing)


# --- said, and for oneself


@transaction.atomic
def speak(assessment_id: int, *, file: StoredFile | None) -> Assessment:
    """What a trainer says back, of at most three minutes; None takes it away. What was there before is erased by who
    calls: its bytes go outside the transaction. Raises NotNow, InOtherHands, and Incomplete for what was said already
    at another reading."""
    assessment = _writing(assessment_id)
    if file is not None and Assessment.objects.filter(file=file).exclude(pk=assessment.pk).exists():
        raise Incomplete({"gesproken": "leeg"})
    assessment.file = file
    assessment.save(update_fields=["file"])
    return assessment


def note_of(work: Work, trainer: Person) -> tuple[str, int]:
    """(text, version) of what this trainer keeps for themselves; ("", 0) for nothing. One query."""
    note = Note.objects.filter(work=work, trainer=trainer).first()
    return (str(opened(note.sealed, "note", work.pk, trainer.pk)), note.version) if note else ("", 0)


@transaction.atomic
def keep_note(work: Work, *, by: Person, text: str, based_on: int) -> int:
    """For nobody else. Returns its version. Raises StaleNote, Incomplete (too long)."""
    if len(text) > LONGEST_NOTE:
        raise Incomplete({"notitie": "lang"})
    note = Note.objects.select_for_update(of=("self",)).filter(work=work, trainer=by).first()
    there = str(opened(note.sealed, "note", work.pk, by.pk)) if note else ""
    version = note.version if note else 0
    if text == there:
        return version
    if based_on != version:
        raise StaleNote(there, version)
    Note.objects.update_or_create(
        work=work,
        trainer=by,
        defaults={
            "sealed": closed(text, "note", work.pk, by.pk), "version": version + 1, "changed_at": timezone.now(),
        },
    )  # fmt: skip
    return version + 1
