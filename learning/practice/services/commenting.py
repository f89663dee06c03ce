"""Remarks at a moment: at a passage of what somebody wrote, or at a second of what they said (curriculum 3.g)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from learning.people.models import Person
from learning.practice.models import Assessment, Comment, Evidence, Stage
from learning.practice.queries.comments import plain
from learning.practice.sealed import closed, number, opened
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow, held

LONGEST = 2_000
MOST = 100  # of one reader at one round
FIELDS = ("verslag-", "voorbereiding-", "bewijs-")
"""Starts of the names of what can be remarked upon: not the choices somebody made."""


@dataclass(frozen=True)
class Passage:
    """From `start` up to `end` of a field of the round, counted in characters (code points) of `plain` text."""

    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Moment:
    """`evidence`: the number of a sound of the round; `second` in it."""

    evidence: int
    second: float


@transaction.atomic
def add(assessment_id: int, *, by: Person, at: Passage | Moment, words: str, quote: str = "") -> Comment:
    """By its writer, until it is given. `quote`: what they saw at that passage; it must be what stands there. Kept with
    the remark, so that it can always be checked. Raises NotNow, Incomplete: "opmerking" or "plek"."""
    assessment = _writing(assessment_id, by)
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Incomplete({"opmerking": "lang" if words else "leeg"})
    if assessment.comments.count() >= MOST:
        raise Incomplete({"opmerking": "veel"})
    there = _quoted(assessment, at, quote) if isinstance(at, Passage) else _heard(assessment, at)
    comment = Comment(assessment=assessment, sealed=b"", made_at=timezone.now(), **_place(at))
    comment.save()
    comment.sealed = closed({"tekst": words, "citaat": there}, "comment", number(comment))
    comment.save(update_fields=["sealed"])
    if assessment.stage == Stage.ASKED:
        Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.BUSY)
    return comment


@transaction.atomic
def change(comment_id: int, *, by: Person, words: str) -> Comment:
    """Other words at the same place. Raises NotNow, Incomplete."""
    comment = Comment.objects.select_related("assessment").get(pk=comment_id)
    _writing(comment.assessment_id, by)
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Incomplete({"opmerking": "lang" if words else "leeg"})
    there = opened(comment.sealed, "comment", comment.pk)
    comment.sealed = closed({**there, "tekst": words}, "comment", comment.pk)
    comment.save(update_fields=["sealed"])
    return comment


@transaction.atomic
def remove(comment_id: int, *, by: Person) -> None:
    """By its writer, until it is given; gone already is gone. Raises NotNow."""
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is not None:
        _writing(comment.assessment_id, by)
        comment.delete()


def _writing(assessment_id: int, by: Person) -> Assessment:
    """Held, its work before it, as everywhere: a round that is being taken back isn't remarked upon."""
    held(Assessment.objects.values_list("work", flat=True).get(pk=assessment_id))
    assessment = Assessment.objects.select_for_update(of=("self",)).select_related("round").get(pk=assessment_id)
    if assessment.person_id != by.pk or assessment.stage not in (Stage.ASKED, Stage.BUSY):
        raise NotNow(assessment.stage)
    return assessment


def _quoted(assessment: Assessment, at: Passage, quote: str) -> str:
    kept = assessment.round
    fields = opened(kept.sealed, "round", kept.work_id, kept.number)
    text = plain(fields.get(at.field, "")) if at.field.startswith(FIELDS) else ""
    there = text[at.start : at.end] if 0 <= at.start < at.end <= len(text) else ""
    if not there.strip() or (quote and plain(quote) != there):
        raise Incomplete({"plek": "kies"})
    return there


def _heard(assessment: Assessment, at: Moment) -> str:
    """Nothing is quoted of sound; the moment must be in it."""
    sounds = Evidence.objects.filter(round__work=assessment.work_id, round__number__lte=assessment.round.number)
    found = sounds.select_related("file").filter(pk=at.evidence).first()
    if found is None or found.file is None or not 0 <= at.second <= (found.file.seconds or 0):
        raise Incomplete({"plek": "kies"})
    return ""


def _place(at: Passage | Moment) -> dict[str, object]:
    if isinstance(at, Passage):
        return {"field": at.field, "start": at.start, "end": at.end}
    return {"evidence_id": at.evidence, "second": at.second}
