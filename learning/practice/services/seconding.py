"""The draw (curriculum 3.g): of one round in ten somebody else gives levels too, without seeing those of the first.

Who is drawn is nobody's choice: a hash of the round decides, that can't be worked out without the secret of this
installation. What the second says moves nothing; it shows trainers whether they see the same (`queries.agreement`).
"""

from __future__ import annotations

import random

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from learning.files import services as files
from learning.notices.services import tell
from learning.people.models import Person
from learning.practice import notices
from learning.practice.models import Assessment, Part, Round, Stage
from learning.practice.permissions import trains_beside
from learning.practice.services.moving import held

ONE_IN = 10


def is_drawn(kept: Round) -> bool:
    """The same each time it is asked."""
    digest = salted_hmac("practice.draw", f"{kept.work.key}|{kept.number}", algorithm="sha256").digest()
    return int.from_bytes(digest[:8]) % ONE_IN == 0


def draw(first: Assessment) -> Assessment | None:
    """When a trainer's reading is given: ask a second, if this round is drawn and somebody is there. Inside a
    transaction. Three queries at most, and one to tell."""
    if not is_drawn(first.round):
        return None
    return _ask(first.round)


def _ask(kept: Round) -> Assessment | None:
    """Whoever was asked least; never somebody who read this round as a trainer, or before it was given."""
    work = kept.work
    saw = [number for pair in Assessment.objects.filter(round=kept).values_list("person", "reader") for number in pair]
    asked = Count("assessments", filter=Q(assessments__part=Part.SECOND) & ~Q(assessments__stage=Stage.DECLINED))
    there = trains_beside(work.group_id, work.person_id, *saw).annotate(asked=asked)
    chance = random.Random(str(work.key))  # noqa: S311 no secret, only no habit
    chosen = min(there, key=lambda person: (person.asked, chance.random()), default=None)
    if chosen is None:
        return None
    made = Assessment.objects.create(
        round=kept, work=work, person=chosen, part=Part.SECOND, stage=Stage.ASKED, asked_at=timezone.now()
    )
    facts = {"work": work.pk, "round": kept.number}
    tell(chosen.pk, notices.SECOND_ASKED, key=f"{work.pk}:{kept.number}", facts=facts)
    return made


@transaction.atomic
def decline(assessment_id: int, *, by: Person) -> None:
    """They can't, and needn't say why; another is asked. Nothing happens once it was given."""
    of_work = Assessment.objects.filter(pk=assessment_id).values_list("work", flat=True).first()
    if of_work is None:
        return
    held(of_work)  # first, as whoever writes does
    asked = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("round__work", "file")
        .filter(pk=assessment_id, person=by, part=Part.SECOND, stage__in=[Stage.ASKED, Stage.BUSY])
        .first()
    )
    if asked is None:
        return
    asked.stage, asked.sealed, asked.levels = Stage.DECLINED, None, {}
    asked.save(update_fields=["stage", "sealed", "levels"])
    asked.comments.all().delete()
    if asked.file:
        files.erase(asked.file)
    _ask(asked.round)
