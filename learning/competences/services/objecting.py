""" "Dit klopt niet" about a piece of evidence (curriculum 4.3): a second assessor looks, and says whether it counts."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from learning.competences import notices
from learning.competences.models import EvidenceItem, EvidenceObjection
from learning.competences.permissions import trainers_for
from learning.competences.sealed import closed, opened
from learning.competences.services import evidence
from learning.notices.services import tell
from learning.people.models import Person
from modules.blocks.rubric.rules import is_sentence

LONGEST = 2_000


class Unfit(Exception):
    """`reason`: "zin" (a sentence is asked) or "lang"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NobodyElse(Exception):
    """There is no other trainer in the organisation who could look."""


class NotNow(Exception):
    """It was answered already, or is nothing to disagree with."""


def words_of(objection: EvidenceObjection) -> str:
    return opened(objection.sealed, "objection", objection.item_id)


def answer_of(objection: EvidenceObjection) -> str:
    return opened(objection.sealed_answer, "answer", objection.item_id)


@transaction.atomic
def object_to(item: EvidenceItem, *, words: str) -> EvidenceObjection:
    """By whose evidence it is; said twice it is the same objection. Raises Unfit, NotNow, NobodyElse."""
    _require_words(words)
    if item.source in evidence.BESIDE:
        raise NotNow
    EvidenceItem.objects.select_for_update().get(pk=item.pk)  # two presses find each other
    if there := EvidenceObjection.objects.filter(item=item).first():
        return there
    assessor = _asked_least(item)
    if assessor is None:
        raise NobodyElse
    made = EvidenceObjection.objects.create(
        item=item,
        sealed=closed(words.strip(), "objection", item.pk),
        made_at=timezone.now(),
        assessor=assessor,
    )
    tell(assessor.pk, notices.OBJECTED, key=str(made.pk), facts={"objection": made.pk})
    return made


def _asked_least(item: EvidenceItem) -> Person | None:
    asked = EvidenceObjection.objects.filter(assessor__isnull=False).values("assessor").annotate(n=Count("pk"))
    counts = dict(asked.filter(item__person__organisation=item.person.organisation_id).values_list("assessor", "n"))
    return min(trainers_for(item), key=lambda person: (counts.get(person.pk, 0), person.pk), default=None)


@transaction.atomic
def answer(objection_id: int, *, by: Person, stands: bool, words: str) -> EvidenceObjection:
    """For good; levels follow at once. Whether `by` may is the caller's to know (`permissions.objections_for`). Raises
    Unfit, NotNow."""
    _require_words(words)
    held = EvidenceObjection.objects.select_for_update(of=("self",)).select_related("item").get(pk=objection_id)
    if held.decided_at is not None:
        raise NotNow
    held.assessor, held.stands, held.decided_at = by, stands, timezone.now()
    held.sealed_answer = closed(words.strip(), "answer", held.item_id)
    held.save(update_fields=["assessor", "stands", "decided_at", "sealed_answer"])
    evidence.work_out(held.item.person_id)
    tell(held.item.person_id, notices.ANSWERED, key=str(held.pk), facts={"objection": held.pk})
    return held


def _require_words(words: str) -> None:
    if len(words) > LONGEST:
        raise Unfit("lang")
    if not is_sentence(words):
        raise Unfit("zin")
