"""Where a case asks it, a colleague reads what a trainer wrote before it goes to the learner."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import notices
from learning.practice.models import Assessment, Stage
from learning.practice.services.doing import Incomplete
from learning.practice.services.moving import NotNow, held
from learning.practice.services.reading import Given, release, seal_words, words_of

LONGEST = 2_000


@transaction.atomic
def agree(assessment_id: int, *, by: Person) -> Given:
    """It goes to the learner, as it was written. Raises NotNow."""
    assessment = _lying(assessment_id, by)
    given = release(assessment, by=by)
    _tell_writer(assessment, by)
    return given


@transaction.atomic
def send_back(assessment_id: int, *, by: Person, remark: str) -> Assessment:
    """Its writer gets it back with a remark, and decides. Raises NotNow, Incomplete."""
    assessment = _lying(assessment_id, by)
    remark = remark.strip()
    if not remark or len(remark) > LONGEST:
        raise Incomplete({"opmerking": "lang" if remark else "leeg"})
    seal_words(assessment, replace(words_of(assessment), remark=remark))
    assessment.stage, assessment.reader = Stage.BUSY, None
    assessment.version += 1
    assessment.save(update_fields=["sealed", "stage", "reader", "version"])
    _tell_writer(assessment, by)
    return assessment


@transaction.atomic
def call_back(assessment_id: int, *, by: Person) -> Assessment:
    """Its writer goes on with it: there is something to change, or the reader doesn't come to it. Raises NotNow."""
    assessment = _lying(assessment_id, None)
    if assessment.person_id != by.pk:
        raise NotNow(assessment.stage)
    assessment.stage, assessment.reader = Stage.BUSY, None
    assessment.save(update_fields=["stage", "reader"])
    return assessment


@transaction.atomic
def leave(assessment_id: int, *, by: Person) -> Assessment:
    """Who was to read it goes: its writer has it back as it was, and hears so. Raises NotNow."""
    assessment = _lying(assessment_id, by)
    assessment.stage, assessment.reader = Stage.BUSY, None
    assessment.save(update_fields=["stage", "reader"])
    _tell_writer(assessment, by, notices.READER_GONE)
    return assessment


def _lying(assessment_id: int, reader: Person | None) -> Assessment:
    """One that lies with this reader, or with anybody."""
    work = held(Assessment.objects.values_list("work", flat=True).get(pk=assessment_id))
    assessment = Assessment.objects.select_for_update(of=("self",)).select_related("round").get(pk=assessment_id)
    assessment.work = work
    if assessment.stage != Stage.TO_READ or (reader is not None and assessment.reader_id != reader.pk):
        raise NotNow(assessment.stage)
    return assessment


def _tell_writer(assessment: Assessment, by: Person, kind: str = notices.READ_ALONG) -> None:
    if assessment.person_id not in (None, by.pk):
        facts = {"work": assessment.work_id, "round": assessment.round.number}
        key = f"{assessment.pk}:{assessment.version}"
        tell(assessment.person_id, kind, key=key, facts=facts)
