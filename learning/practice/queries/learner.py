"""What a learner reads of their own cases, and what they were asked to read along. Who it isn't of finds nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from learning.files import hearing
from learning.files.hearing import Mark, Sound
from learning.people.models import GroupMember, Person
from learning.practice import documents, learning_levels, rules
from learning.practice.drafts import Draft
from learning.practice.feedback import Words
from learning.practice.flow import CLOSED, WAITING
from learning.practice.models import (
    Assessment,
    Consent,
    Evidence,
    Form,
    Objection,
    Observation,
    Part,
    Round,
    Stage,
    State,
    Work,
    WorkFile,
)
from learning.practice.permissions import assessors_of
from learning.practice.queries.comments import Remark, Remarks, Text, remarks_by_round, remarks_of
from learning.practice.queries.evidence import fields_of
from learning.practice.services import objecting, observing
from learning.practice.services.doing import draft_of
from learning.practice.services.evidence import captions_of
from learning.practice.services.reading import words_of
from learning.tracks import queries as tracks
from learning.tracks.addresses import module_address, unit_address
from learning.tracks.models import Enrolment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from learning.practice.documents import Document

READ_ALONG = (Stage.ASKED, Stage.BUSY)
# Every activity about anger leads there (curriculum 0.4).
LIMITS = ("ongenoegen", "u3-4-grenzen")


def first_name(person: Person | None, otherwise: str) -> str:
    """As people in a group call each other."""
    return person.name.split()[0] if person and person.name.strip() else otherwise


# --- all of mine


@dataclass(frozen=True)
class Mine:
    """`asks`: something is the learner's to do; `waits`: others read; `done`: nothing more is asked."""

    along: Sequence[Assessment]
    asks: Sequence[Work]
    waits: Sequence[Work]
    done: Sequence[Work]


def mine(person: Person) -> Mine:
    """Two queries. What has to be there first comes first; what is done, the newest."""
    works = list(_works(person).defer("assignment__version__document").order_by("due_on", "pk"))
    return Mine(
        along=list(_along(person)),
        asks=[work for work in works if work.state not in CLOSED and work.state not in WAITING],
        waits=[work for work in works if work.state in WAITING],
        done=sorted((w for w in works if w.state in CLOSED), key=lambda work: work.changed_at, reverse=True),
    )


def _works(person: Person) -> QuerySet[Work]:
    return Work.objects.filter(person=person).select_related("assignment__version__case", "group", "assessor")


def _along(person: Person) -> QuerySet[Assessment]:
    """What they were asked to read, by who learns in the same group; the longest ago first."""
    groups = GroupMember.objects.filter(person=person, is_trainer=False).values("group")
    asked = Assessment.objects.filter(person=person, part=Part.PEER, stage__in=READ_ALONG, work__group__in=groups)
    with_work = asked.exclude(work__state=State.WITHDRAWN).select_related(
        "round", "work__person", "work__assignment__version__case"
    )
    return with_work.defer("work__assignment__version__document", "sealed").order_by("asked_at", "pk")


def limits(person: Person) -> str:
    """Where unit 3.4 stands for them, which says when a talk isn't the answer; "" where they can't open it. Two queries
    at most."""
    module, unit = LIMITS
    found = Enrolment.objects.filter(person=person, module__slug=module).values_list("edition", "edition__content_hash")
    for number, content_hash in found[:1]:
        has_it = unit in tracks.edition(number, content_hash).unit_by_key
        return unit_address(module, unit) if has_it else module_address(module)
    return module_address(module) if tracks.may_follow(person, module) else ""


def is_late(work: Work) -> bool:
    """Only what wasn't handed in yet: what came back takes the time it takes."""
    waiting = work.round == 0 and work.state not in CLOSED and work.state not in WAITING
    return waiting and rules.is_late(work.due_on, today=timezone.localdate())


# --- one of mine


@dataclass(frozen=True)
class Reading:
    """What one reader gave. `is_hidden`: a trainer hid a peer's words, and nothing of them is here."""

    assessment: Assessment
    by: str
    words: Words
    is_hidden: bool = False
    sound: Sound | None = None
    objection: Objection | None = None

    @property
    def levels(self) -> Mapping[str, int]:
        return {} if self.is_hidden else self.assessment.levels

    @property
    def is_trainers(self) -> bool:
        return bool(self.assessment.part == Part.TRAINER)

    @property
    def learning_level(self) -> str:
        """At which of the four they say it was, in words; "" of who isn't asked."""
        return learning_levels.name(self.assessment.learning_level, learning_levels.to_maker())

    @property
    def objected(self) -> str:
        """What the learner wrote that isn't right."""
        return objecting.words_of(self.objection) if self.objection else ""


@dataclass(frozen=True)
class Compared:
    """A line of the table: how somebody saw themselves, with what shows it, beside how others did. `others`: levels in
    the order of the readings that aren't hidden. `said`: (who, what they saw, what they ask), of who said more here.
    `discuss`: so far apart that it is worth a talk."""

    criterion: documents.Criterion
    own: int | None
    proof: Text
    others: Sequence[int | None]
    said: Sequence[tuple[str, str, str]]
    discuss: bool


@dataclass(frozen=True)
class Heard:
    """Sound as a page plays it. `sound` is None when it was wiped; `captions` what is said in it, in writing."""

    evidence: Evidence
    label: str
    sound: Sound | None
    captions: str
    remarks: Sequence[Remark]

    @property
    def form(self) -> str:
        return self.evidence.form

    @property
    def anchor(self) -> str:
        return f"geluid-{self.evidence.pk}"

    @property
    def state(self) -> str:
        return self.evidence.file.state if self.evidence.file else ""


@dataclass(frozen=True)
class Turn:
    """A round that was handed in, with what came of it. `readings`: peers', then who judged. `asked`: peers who haven't
    given theirs yet."""

    kept: Round
    preparation: Sequence[Text]
    report: Sequence[Text]
    compared: Sequence[Compared]
    readings: Sequence[Reading]
    evidence: Sequence[Evidence]
    sounds: Sequence[Heard]
    remarks: Remarks
    asked: int = 0

    @property
    def learning_level(self) -> str:
        """What they proposed, in words; "" of before that was asked."""
        return learning_levels.name(self.kept.learning_level, learning_levels.to_maker())

    @property
    def trainers_first(self) -> Sequence[Reading]:
        """As they are read; beside each other they stand the other way round."""
        return self.readings[::-1]

    @property
    def has_remarks(self) -> bool:
        return bool(self.remarks.at or self.remarks.heard)

    @property
    def has_more(self) -> bool:
        """Whether anybody said more at a criterion."""
        return any(line.said for line in self.compared)


@dataclass(frozen=True)
class Whole:
    """All of a work, for its learner. `turns`: newest first. `evidence`: sound that isn't handed in (yet)."""

    work: Work
    document: Document
    draft: Draft
    turns: Sequence[Turn]
    trainers: Sequence[str]
    is_member: bool
    evidence: Sequence[Evidence] = field(default_factory=list)
    observations: Sequence[Observation] = field(default_factory=list)
    consents: Sequence[Consent] = field(default_factory=list)

    @property
    def task(self) -> str:
        return self.document.task_of(self.work.assignment.variant)

    @property
    def newest(self) -> Turn | None:
        return self.turns[0] if self.turns else None

    @property
    def peers(self) -> int:
        """How many colleagues will read along when this is handed in."""
        return self.work.assignment.peers if self.work.round == 0 else 0

    @property
    def has_sound(self) -> bool:
        """Whether there is anything to play in what was handed in or given."""
        return any(turn.sounds or any(reading.sound for reading in turn.readings) for turn in self.turns)

    @property
    def has_spoken(self) -> bool:
        return self._has(Form.SPOKEN)

    @property
    def has_recorded(self) -> bool:
        return self._has(Form.RECORDED)

    def _has(self, form: Form) -> bool:
        """Sound of now or of an earlier round, that wasn't wiped."""
        everything = [*self.evidence, *(each for turn in self.turns for each in turn.evidence)]
        return any(each.form == form and each.file is not None for each in everything)

    @property
    def answered(self) -> Sequence[Observation]:
        return [each for each in self.observations if each.answered_at]

    @property
    def sounds(self) -> Sequence[Heard]:
        """Of the draft: what isn't handed in."""
        return heard_by(self.work.person, self.evidence, NO_REMARKS)


NO_REMARKS = Remarks({}, {})


def work_of(person: Person, key: uuid.UUID) -> Work | None:
    """One query."""
    return _works(person).filter(key=key).first()


def whole(work: Work) -> Whole:
    """Eight queries, however many rounds."""
    document = documents.read(work.assignment.version.document)
    evidence = list(Evidence.objects.filter(work=work).select_related("file").order_by("made_at", "pk"))
    return Whole(
        work=work,
        document=document,
        draft=draft_of(work),
        turns=_turns(work, document, evidence),
        trainers=[first_name(trainer, _("je trainer")) for trainer in assessors_of(work.group_id)],
        is_member=GroupMember.objects.filter(group=work.group_id, person=work.person_id, is_trainer=False).exists(),
        evidence=[each for each in evidence if each.round_id is None],
        observations=list(work.observations.order_by("made_at", "pk")),
        consents=list(work.consents.order_by("made_at", "pk")),
    )


def _turns(work: Work, document: Document, evidence: Sequence[Evidence]) -> list[Turn]:
    """Three queries."""
    known = _assessments(work)
    shown = [each for each in known if each.stage == Stage.GIVEN and each.hidden_at is None]
    remarks = remarks_by_round(shown)
    return [
        _turn(work, document, kept, [each for each in known if each.round_id == kept.pk], evidence, remarks[kept.pk])
        for kept in Round.objects.filter(work=work).order_by("-number")
    ]


def _assessments(work: Work) -> list[Assessment]:
    """What the learner may know of, as it was given. A second assessor's of the draw is for trainers."""
    found = Assessment.objects.filter(work=work).exclude(part=Part.SECOND).exclude(stage=Stage.DECLINED)
    return list(found.select_related("person", "file", "objection").order_by("given_at", "pk"))


def _turn(
    work: Work,
    document: Document,
    kept: Round,
    assessments: Sequence[Assessment],
    evidence: Sequence[Evidence],
    remarks: Remarks,
) -> Turn:
    fields = fields_of(kept)
    given = [each for each in assessments if each.stage == Stage.GIVEN]
    given.sort(key=lambda each: each.part != Part.PEER)
    readings = [_reading(each, work.person) for each in given]
    sounds = [each for each in evidence if each.round_id == kept.pk]
    return Turn(
        kept=kept,
        preparation=texts("voorbereiding", document.preparation.lines, fields, remarks),
        report=texts("verslag", document.after.lines, fields, remarks) if Form.TEXT in kept.forms else [],
        compared=[_compared(criterion, kept, fields, readings, remarks) for criterion in document.rubric],
        readings=readings,
        evidence=sounds,
        sounds=heard_by(work.person, sounds, remarks),
        remarks=remarks,
        asked=sum(each.part == Part.PEER and each.stage in READ_ALONG for each in assessments),
    )


def texts(start: str, questions: Sequence[str], fields: Mapping[str, str], remarks: Remarks) -> list[Text]:
    """The questions that were answered, with the answers and the remarks in them."""
    names = [(f"{start}-{index}", question) for index, question in enumerate(questions)]
    return [remarks.text(name, question, fields[name]) for name, question in names if fields.get(name, "").strip()]


def _compared(
    criterion: documents.Criterion,
    kept: Round,
    fields: Mapping[str, str],
    readings: Sequence[Reading],
    remarks: Remarks,
) -> Compared:
    own = kept.own_levels.get(criterion.id)
    shown = [reading for reading in readings if not reading.is_hidden]
    others = [reading.levels.get(criterion.id) for reading in shown]
    said = [(each.by, *each.words.criteria[criterion.id]) for each in shown if criterion.id in each.words.criteria]
    name = f"bewijs-{criterion.id}"
    proof = remarks.text(name, criterion.name, fields.get(name, ""))
    return Compared(criterion, own, proof, others, said, rules.discuss(own, others))


def _reading(assessment: Assessment, listener: Person) -> Reading:
    by = _by(assessment)
    if assessment.hidden_at is not None:
        return Reading(assessment, by, Words(), is_hidden=True)
    return Reading(
        assessment,
        by,
        words_of(assessment),
        sound=hearing.sound(assessment.file, listener) if assessment.file else None,
        objection=getattr(assessment, "objection", None),
    )


def heard_by(listener: Person, evidence: Sequence[Evidence], remarks: Remarks) -> list[Heard]:
    """For who may hear it: the caller has seen to that. No query when the files came along."""
    found = []
    for each in evidence:
        said = remarks.heard.get(each.pk, [])
        marks = [
            Mark(remark.second, _("opmerking %(n)s") % {"n": remark.number}, f"#{remark.anchor}") for remark in said
        ]
        sound = hearing.sound(each.file, listener, marks=marks) if each.file else None
        found.append(Heard(each, str(Form(each.form).label), sound, captions_of(each), said))
    return found


def _by(assessment: Assessment) -> str:
    otherwise = {
        Part.PEER: _("Een collega"),
        Part.TRAINER: _("Je trainer"),
        Part.OBJECTION: _("Tweede beoordelaar"),
    }
    return first_name(assessment.person, otherwise[Part(assessment.part)])


def observed(whole: Whole) -> list[tuple[Observation, Mapping[str, str]]]:
    """What colleagues who watched wrote down. No query."""
    return [(each, observing.words_of(each)) for each in whole.observations if each.answered_at]


def observation(token: str) -> Observation | None:
    """Of a link, whatever became of it. One query."""
    found = Observation.objects.filter(token_hash=observing.hash_of(token))
    return found.select_related("work__person").first()


def file_of(work: Work) -> WorkFile | None:
    """One query."""
    return WorkFile.objects.filter(work=work).first()


# --- reading along


@dataclass(frozen=True)
class Along:
    """A round as a colleague reads it: not what was prepared, nor how somebody saw themselves. `remarks`: their own."""

    assessment: Assessment
    document: Document
    name: str
    task: str
    report: Sequence[Text]
    words: Words
    remarks: Remarks
    evidence: Sequence[Evidence]
    observed: Sequence[Mapping[str, str]]

    @property
    def is_open(self) -> bool:
        return self.assessment.stage in READ_ALONG and self.assessment.work.state != State.WITHDRAWN


def peer_reading(person: Person, key: uuid.UUID) -> Assessment | None:
    """Theirs, of a colleague beside whom they learn: of the newest round they were asked for. One query."""
    groups = GroupMember.objects.filter(person=person, is_trainer=False).values("group")
    found = Assessment.objects.filter(person=person, part=Part.PEER, work__key=key, work__group__in=groups)
    known = found.exclude(stage=Stage.DECLINED).order_by("-round__number")
    return known.select_related("round", "work__person", "work__assignment__version__case").first()


def along(assessment: Assessment) -> Along:
    """Three queries. Never what others gave."""
    work, kept = assessment.work, assessment.round
    document = documents.read(work.assignment.version.document)
    remarks = remarks_of([assessment], writer=assessment.person)
    # Withdrawn before they gave theirs, nobody asks it of them any more.
    shows = work.state != State.WITHDRAWN or assessment.stage == Stage.GIVEN
    return Along(
        assessment=assessment,
        document=document,
        name=first_name(work.person, _("een collega")),
        task=document.task_of(work.assignment.variant),
        report=texts("verslag", document.after.lines, fields_of(kept), remarks)
        if shows and Form.TEXT in kept.forms
        else [],
        words=words_of(assessment),
        remarks=remarks,
        evidence=list(_heard_with(kept)) if shows else [],
        observed=[observing.words_of(each) for each in _observed_with(kept)] if shows else [],
    )


def _heard_with(kept: Round) -> QuerySet[Evidence]:
    """What its maker said. The recording of a talk is for trainers (`permissions.hears_talk`)."""
    said = Evidence.objects.filter(round=kept).exclude(form=Form.RECORDED)
    return said.select_related("file").order_by("made_at", "pk")


def _observed_with(kept: Round) -> Sequence[Observation]:
    """What was there when the round was handed in, where it was shown with it."""
    if Form.OBSERVED not in kept.forms:
        return []
    seen = Observation.objects.filter(work=kept.work_id, answered_at__lte=kept.handed_in_at)
    return list(seen.order_by("answered_at"))
