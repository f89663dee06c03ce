"""A work as somebody reads it who has to say something of it: what was handed in, and what others may show them of it.

What stands here depends on how they read (`Hat`): a second assessor of the draw sees one round and nobody's levels, who
reads along sees what lies before them, who answers an objection sees what it is about.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from learning.comparing import Change, Piece, pieces
from learning.files import hearing
from learning.files.hearing import Sound
from learning.people.models import Person, Role
from learning.people.queries import roles_of
from learning.practice import documents, learning_levels, rules
from learning.practice.drafts import EXPERIENCED
from learning.practice.feedback import Words
from learning.practice.models import (
    Assessment,
    Evidence,
    Form,
    Objection,
    Observation,
    Part,
    Round,
    Stage,
    Step,
    Verdict,
    Work,
)
from learning.practice.permissions import asked_of, assesses
from learning.practice.queries import desk
from learning.practice.queries.comments import Remarks, Text, remarks_by_round
from learning.practice.queries.evidence import fields_of
from learning.practice.queries.learner import Heard, first_name, heard_by, texts
from learning.practice.services import hiding, objecting, observing
from learning.practice.services.reading import words_of

if TYPE_CHECKING:
    from learning.practice.documents import Criterion, Document


class Hat(StrEnum):
    """As what somebody reads."""

    TRAINER = "trainer"
    SECOND = "tweede"
    READER = "lezer"
    OBJECTION = "bezwaar"


@dataclass(frozen=True)
class Given:
    """What a reader said. `reason`: why a trainer hid it from the learner, "" while it isn't hidden."""

    assessment: Assessment
    by: str
    words: Words
    verdict: str
    reason: str
    sound: Sound | None

    @property
    def learning_level(self) -> str:
        """In words; "" of who isn't asked."""
        return learning_levels.name(self.assessment.learning_level, learning_levels.to_reader())

    @property
    def is_peers(self) -> bool:
        return bool(self.assessment.part == Part.PEER)


@dataclass(frozen=True)
class Turn:
    """A round. `preparation` and `safety`: from before the talk. `given`: what others said, oldest first. `prior`: its
    maker asks that it counts directly, for they do this already (curriculum 4.3)."""

    kept: Round
    preparation: Sequence[Text]
    safety: Sequence[tuple[str, str]]
    report: Sequence[Text]
    proofs: Mapping[str, Text]
    heard: Sequence[Heard]
    observed: Sequence[Mapping[str, str]]
    given: Sequence[Given]
    remarks: Remarks
    prior: bool

    @property
    def number(self) -> int:
        return self.kept.number

    @property
    def learning_level(self) -> str:
        """What its maker proposed, in words; "" of before that was asked."""
        return learning_levels.name(self.kept.learning_level, learning_levels.to_reader())

    @property
    def passages(self) -> Iterator[Text]:
        """What can be remarked upon."""
        yield from self.report
        yield from self.preparation
        yield from self.proofs.values()


@dataclass(frozen=True)
class Line:
    """A criterion on the scale: how its maker saw themselves, and how who reads sees it now. `apart`: so far that it is
    worth a talk."""

    criterion: Criterion
    own: int | None
    proof: Text | None
    level: int | None

    @property
    def levels(self) -> list[tuple[int, documents.Level]]:
        return list(zip(rules.LEVELS, self.criterion.levels, strict=True))

    @property
    def apart(self) -> bool:
        return rules.discuss(self.own, [self.level])


@dataclass(frozen=True)
class Beside:
    """One question with the answers of all rounds beside each other, oldest first: what changed is marked."""

    question: str
    answers: Sequence[tuple[int, Sequence[Piece]]]


@dataclass(frozen=True)
class Sheet:
    """`turns`: newest first; none before anything was handed in. `mine`: the reading that who looks is writing, or has
    given of the newest round. `lying`: what lies before a second reader. `objection`: the one to answer."""

    work: Work
    document: Document
    hat: Hat
    name: str
    turns: Sequence[Turn]
    mine: Assessment | None
    lying: Given | None
    objection: Objection | None
    objected: str
    contested: Given | None
    steps: Sequence[Step]

    @property
    def task(self) -> str:
        return self.document.task_of(self.work.assignment.variant)

    @property
    def turn(self) -> Turn | None:
        """The one that is read."""
        return self.turns[0] if self.turns else None

    @property
    def is_last(self) -> bool:
        return self.work.round >= self.work.assignment.rounds_max

    @property
    def beside(self) -> list[Beside]:
        return _beside(self.turns)


def work_for(person: Person, key: uuid.UUID) -> Work | None:
    """Of their organisation, whoever they are to it. One query."""
    works = Work.objects.filter(key=key, group__organisation=person.organisation_id)
    found = works.select_related("person", "assessor", "group", "assignment__version__case__copied_from")
    return found.defer("sealed_draft").first()


def hat_of(person: Person, work: Work, wanted: str = "") -> tuple[Hat, Assessment | None, Objection | None] | None:
    """As what somebody reads it now, with the reading or the objection it is about; None for who may not. Who was drawn
    as second assessor is that first, also in a group they train: they see nobody's levels until they gave theirs.
    `wanted`: "trainer" for who trains the group and wants to see it as such. Four queries at most."""
    if work.person_id == person.pk or Role.TRAINER not in roles_of(person):
        return None
    asked = list(asked_of(person).filter(work=work).select_related("round", "person").order_by("asked_at", "pk"))
    second = next((each for each in asked if each.part == Part.SECOND), None)
    if second:
        return Hat.SECOND, second, None
    if wanted == Hat.TRAINER and assesses(person, work):
        return Hat.TRAINER, None, None
    if asked:
        return Hat.READER, asked[0], None
    objection = desk.objection_for(person, work)
    if objection:
        return Hat.OBJECTION, None, objection
    return (Hat.TRAINER, None, None) if assesses(person, work) else None


def sheet(person: Person, work: Work, hat: Hat, asked: Assessment | None, objection: Objection | None) -> Sheet:
    """Six queries at most, however many rounds."""
    document = documents.read(work.assignment.version.document)
    name = first_name(work.person, _("je deelnemer"))
    readings = _readings(person, work, hat, asked, objection)
    kept = list(_rounds(work, hat, asked, objection))
    remarks = remarks_by_round(_remarked(readings, person, hat), writer=person)
    beside = _Beside(
        list(Evidence.objects.filter(round__in=kept).select_related("file").order_by("pk")),
        list(Observation.objects.filter(work=work, answered_at__isnull=False).order_by("answered_at")),
    )
    turns = [_turn(person, document, each, readings, remarks[each.pk], hat, beside) for each in kept]
    mine = asked if hat is Hat.SECOND else _mine(person, readings, kept)
    contested = objection.assessment if objection else None
    return Sheet(
        work=work, document=document, hat=hat, name=name, turns=turns, mine=mine,
        lying=_given(asked, person) if hat is Hat.READER and asked else None,
        objection=objection,
        objected=objecting.words_of(objection) if objection else "",
        contested=_given(contested, person) if contested else None,
        steps=list(work.steps.select_related("by").order_by("pk")) if hat is Hat.TRAINER else [],
    )  # fmt: skip


def lines(sheet: Sheet, levels: Mapping[str, int]) -> list[Line]:
    """The scale, for these levels of who reads."""
    turn = sheet.turn
    own = turn.kept.own_levels if turn else {}
    proofs = turn.proofs if turn else {}
    return [
        Line(each, own.get(each.id), proofs.get(each.id), levels.get(each.id)) for each in sheet.document.rubric
    ]  # fmt: skip


def _rounds(work: Work, hat: Hat, asked: Assessment | None, objection: Objection | None) -> Sequence[Round]:
    if hat is Hat.TRAINER:
        return list(Round.objects.filter(work=work).order_by("-number"))
    about = asked or (objection.assessment if objection else None)
    return [about.round] if about else []


def _readings(
    person: Person, work: Work, hat: Hat, asked: Assessment | None, objection: Objection | None
) -> list[Assessment]:
    """What they may see of what others said: as a trainer all that was given, and their own."""
    if hat is not Hat.TRAINER:
        return [each for each in (asked, objection.assessment if objection else None) if each]
    known = Assessment.objects.filter(work=work).exclude(stage=Stage.DECLINED).select_related("person", "file", "round")
    # Who hasn't given theirs is blind for those of the second; the others see that there is one.
    return [
        each
        for each in known.order_by("given_at", "pk")
        if each.stage == Stage.GIVEN or (each.person_id == person.pk and each.part == Part.TRAINER)
    ]


def _mine(person: Person, readings: Sequence[Assessment], kept: Sequence[Round]) -> Assessment | None:
    newest = kept[0].pk if kept else None
    mine = (
        each
        for each in readings
        if each.part == Part.TRAINER and each.person_id == person.pk and each.round_id == newest
    )
    return next(mine, None)


def _remarked(readings: Sequence[Assessment], person: Person, hat: Hat) -> list[Assessment]:
    return [each for each in readings if hat is not Hat.SECOND or each.person_id == person.pk]


@dataclass(frozen=True)
class _Beside:
    """What belongs to rounds of one work, asked once."""

    evidence: Sequence[Evidence]
    observations: Sequence[Observation]


def _turn(
    person: Person,
    document: Document,
    kept: Round,
    readings: Sequence[Assessment],
    remarks: Remarks,
    hat: Hat,
    beside: _Beside,
) -> Turn:
    fields = fields_of(kept)
    safe = [
        (question, fields.get(f"veilig-{index}", "")) for index, question in enumerate(document.safety)
    ]  # fmt: skip
    given = [_given(each, person) for each in readings if each.round_id == kept.pk and each.stage == Stage.GIVEN]
    return Turn(
        kept=kept,
        preparation=texts("voorbereiding", document.preparation.lines, fields, remarks),
        safety=[(question, answer) for question, answer in safe if answer],
        report=texts("verslag", document.after.lines, fields, remarks),
        proofs={
            each.id: remarks.text(f"bewijs-{each.id}", each.name, fields[f"bewijs-{each.id}"])
            for each in document.rubric
            if fields.get(f"bewijs-{each.id}", "").strip()
        },
        heard=heard_by(person, [each for each in beside.evidence if each.round_id == kept.pk], remarks),
        observed=_observed(kept, beside.observations),
        given=[] if hat in (Hat.SECOND, Hat.OBJECTION) else given,
        remarks=remarks,
        prior=fields.get(EXPERIENCED) == "ja",
    )


def _given(assessment: Assessment, person: Person) -> Given:
    otherwise = _("Een collega") if assessment.part == Part.PEER else _("Een trainer")
    by = _("Jij") if assessment.person_id == person.pk else first_name(assessment.person, otherwise)
    return Given(
        assessment=assessment,
        by=by,
        words=words_of(assessment),
        verdict=str(Verdict(assessment.verdict).label) if assessment.verdict else "",
        reason=hiding.reason_of(assessment),
        sound=hearing.sound(assessment.file, person) if assessment.file else None,
    )


def _observed(kept: Round, observations: Sequence[Observation]) -> list[Mapping[str, str]]:
    """What was there when the round was handed in, where it was shown with it."""
    if Form.OBSERVED not in kept.forms:
        return []
    there = [each for each in observations if each.answered_at and each.answered_at <= kept.handed_in_at]
    return [observing.words_of(each) for each in there if each.withdrawn_at is None]


def _beside(turns: Sequence[Turn]) -> list[Beside]:
    """Nothing while there is one round."""
    if len(turns) < 2:
        return []
    oldest = list(reversed(turns))
    questions = {text.field: text.label for turn in oldest for text in turn.report}
    found = []
    for name, question in questions.items():
        answers: list[tuple[int, Sequence[Piece]]] = []
        before = ""
        for turn in oldest:
            text = next((each.text for each in turn.report if each.field == name), "")
            answers.append((turn.number, _marked(before, text) if answers else [Piece(text)]))
            before = text
        found.append(Beside(question, answers))
    return found


def _marked(before: str, text: str) -> Sequence[Piece]:
    """What is new in it; what is gone is read in the round before."""
    return [piece for piece in pieces(before, text) if piece.mark != Change.REMOVED]
