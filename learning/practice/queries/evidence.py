"""What readers said of somebody's work, for whoever works out what was shown (curriculum 4.3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from learning.files.models import StoredFile
from learning.practice import documents, feedback
from learning.practice.drafts import EXPERIENCED
from learning.practice.flow import CLOSED
from learning.practice.models import Assessment, Evidence, Part, Round, Stage, Work
from learning.practice.sealed import opened
from learning.practice.services.evidence import captions_of

OWN = "zelf"


@dataclass(frozen=True)
class Judged:
    """A level (1 to 4) that somebody gave for a criterion of a round. `part`: as what they read it, or "zelf".
    `reading`: the number of their assessment, 0 for the learner's own. `learning_level`: that a trainer confirmed or
    chose (curriculum 4.2); "" of everybody else, and of what was given before it was asked. `prior`: the learner asked
    that this work counts for who did it before (curriculum 4.3)."""

    part: str
    work: int
    round: int
    reading: int
    activity: str
    competence: str
    level: int
    learning_level: str
    at: datetime
    assessor: int | None
    prior: bool


def judged_of(person_id: int) -> list[Judged]:
    """Of all that was handed in and given, oldest first; what a trainer hid isn't there. Two queries."""
    found: list[Judged] = []
    rounds = Round.objects.filter(work__person=person_id).select_related("work__assignment__version__case")
    kept = {each.pk: each for each in rounds.order_by("handed_in_at", "pk")}
    for each in kept.values():
        found += _levels(each, each.own_levels, each.handed_in_at)
    given = Assessment.objects.filter(work__person=person_id, stage=Stage.GIVEN, hidden_at=None).exclude(
        part=Part.SECOND
    )
    for reading in given.order_by("given_at", "pk"):
        assert reading.given_at is not None
        found += _levels(kept[reading.round_id], reading.levels, reading.given_at, reading)
    return found


def _levels(kept: Round, levels: dict[str, int], at: datetime, given: Assessment | None = None) -> list[Judged]:
    """Without `given` they are the learner's own."""
    document = documents.read(kept.work.assignment.version.document)
    activity, prior = _activity(kept.work), fields_of(kept).get(EXPERIENCED) == "ja"
    return [
        Judged(
            part=given.part if given else OWN,
            work=kept.work_id,
            round=kept.number,
            reading=given.pk if given else 0,
            activity=activity,
            competence=criterion.competence,
            level=levels[criterion.id],
            learning_level=given.learning_level if given else "",
            at=at,
            assessor=given.person_id if given else None,
            prior=prior,
        )
        for criterion in document.rubric
        if criterion.id in levels
    ]


def _activity(work: Work) -> str:
    case = work.assignment.version.case
    return case.usage or f"praktijkcase/{case.pk}"


def fields_of(kept: Round) -> dict[str, str]:
    """What was written in it, by name (`learning.practice.drafts`)."""
    fields: dict[str, str] = opened(kept.sealed, "round", kept.work_id, kept.number)
    return fields


@dataclass(frozen=True)
class Practised:
    """A work, for whoever shows what came of it or what can be done next. `open`: something is the learner's to do, or
    a trainer's to read (`waits`)."""

    number: int
    key: uuid.UUID
    title: str
    competences: frozenset[str]
    open: bool
    waits: bool


def practised_by(person_id: int) -> list[Practised]:
    """All that was ever given to somebody, oldest first. One query."""
    works = Work.objects.filter(person=person_id).select_related("assignment__version").defer("sealed_draft")
    return [_practised(work) for work in works.order_by("made_at", "pk")]


def _practised(work: Work) -> Practised:
    document = documents.read(work.assignment.version.document)
    return Practised(
        number=work.pk,
        key=work.key,
        title=document.title,
        competences=frozenset(criterion.competence for criterion in document.rubric),
        open=work.state not in CLOSED,
        waits=work.waiting_since is not None,
    )


@dataclass(frozen=True)
class Moment:
    """That somebody handed a round in, or that a trainer gave theirs (`judged`, with the verdict's code)."""

    at: datetime
    key: uuid.UUID
    title: str
    round: int
    judged: str


def moments_of(person_id: int) -> list[Moment]:
    """Two queries."""
    rounds = Round.objects.filter(work__person=person_id).values_list(
        "handed_in_at", "work__key", "work__assignment__version__case__title", "number"
    )
    given = Assessment.objects.filter(work__person=person_id, part=Part.TRAINER, stage=Stage.GIVEN).values_list(
        "given_at", "work__key", "work__assignment__version__case__title", "round__number", "verdict"
    )
    handed_in = [Moment(at, key, title, number, "") for at, key, title, number in rounds]
    return handed_in + [Moment(at, key, title, number, verdict) for at, key, title, number, verdict in given if at]


@dataclass(frozen=True)
class Told:
    """What was handed in, and what one reader said of one competence in it. `told`: (question, answer); `scale`: of
    each criterion of that competence (its name, what the given level looks like, the sentence that shows it, level by
    its maker, by the reader). `saw`, `asks`: the reader's words about the whole. `sounds`: what was said with it, each
    with the same in writing; None where it was wiped."""

    title: str
    told: Sequence[tuple[str, str]]
    scale: Sequence[tuple[str, str, str, int | None, int]]
    saw: str
    asks: str
    sounds: Sequence[tuple[StoredFile | None, str]]


def told_in(reading_id: int, competence: str) -> Told | None:
    """Whether somebody may read it is the caller's to know. Two queries."""
    found = Assessment.objects.filter(pk=reading_id, stage=Stage.GIVEN)
    reading = found.select_related("round__work__assignment__version").first()
    if reading is None:
        return None
    document = documents.read(reading.round.work.assignment.version.document)
    fields = fields_of(reading.round)
    words = feedback.read(opened(reading.sealed, "assessment", reading.pk))
    asked = [
        *((f"voorbereiding-{index}", line) for index, line in enumerate(document.preparation.lines)),
        *((f"verslag-{index}", line) for index, line in enumerate(document.after.lines)),
    ]
    return Told(
        title=document.title,
        told=[(line, fields[name]) for name, line in asked if fields.get(name, "").strip()],
        scale=[
            (each.name, each.levels[level - 1].behaviour, fields.get(f"bewijs-{each.id}", ""),
             reading.round.own_levels.get(each.id), level)
            for each in document.rubric
            if each.competence == competence and (level := reading.levels.get(each.id))
        ],
        saw=words.saw,
        asks=words.asks,
        sounds=[
            (each.file, captions_of(each))
            for each in Evidence.objects.filter(round=reading.round).select_related("file").order_by("made_at", "pk")
        ],
    )  # fmt: skip
