"""Who reads along (curriculum 3.g, peer): asked when a first round is handed in, fairly, within the group.

Whoever was asked least is asked first, so that nobody is left without and nobody reads for all. Somebody who can't is
followed by another, as long as there is one.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Exists, Q
from django.utils import timezone

from learning.notices.services import tell
from learning.people.models import GroupMember, Person
from learning.practice import notices
from learning.practice.models import Assessment, Assignment, Part, Round, Stage, State, Work

if TYPE_CHECKING:
    from django.db.models import QuerySet


def ask(kept: Round) -> list[int]:
    """Ask as many as the assignment says, of a first round only: a revision is the trainer's. Inside a transaction.
    Two queries and one a peer. Returns whom."""
    if kept.number > 1:
        return []
    asked = kept.assessments.filter(part=Part.PEER)
    wanted = kept.work.assignment.peers - asked.exclude(stage=Stage.DECLINED).count()
    now = timezone.now()
    people = _fairest(kept.work, asked.filter(person__isnull=False).values("person"))[: max(wanted, 0)]
    for person_id in people:
        made = Assessment.objects.create(
            round=kept, work=kept.work, person_id=person_id, part=Part.PEER, stage=Stage.ASKED, asked_at=now
        )
        facts = {"work": kept.work_id, "round": kept.number}
        tell(person_id, notices.PEER_ASKED, key=f"{made.pk}", facts=facts)
    return people


def would_be_asked(work: Work) -> list[Person]:
    """Whom `ask` would ask if a first round were handed in now. Two queries."""
    if work.round:
        return []
    people = _fairest(work, Assessment.objects.none().values("person"))[: work.assignment.peers]
    by_number = Person.objects.in_bulk(people)
    return [by_number[number] for number in people]


def _fairest(work: Work, but: QuerySet[Assessment, Any]) -> list[int]:
    """Who has the same case in the same group, given together or begun alone, without those in `but`: who was asked
    least for that case first, and then who has held a talk of their own. Else by chance, but the same chance each
    time."""
    case = Assignment.objects.filter(pk=work.assignment_id).values("version__case")
    learns = GroupMember.objects.filter(group=work.group_id, is_trainer=False).values("person")
    asked = Count(
        "person__assessments",
        filter=Q(person__assessments__part=Part.PEER, person__assessments__work__assignment__version__case__in=case)
        & ~Q(person__assessments__stage=Stage.DECLINED),
    )
    others = (
        Work.objects.filter(
            assignment__version__case__in=case, group=work.group_id, person__in=learns, person__is_active=True
        )
        .filter(Exists(learns.filter(person=work.person_id)))  # who is out of the group gets nobody of it any more
        .exclude(person=work.person_id)
        .exclude(state=State.WITHDRAWN)
        .exclude(person__in=but)
        .annotate(asked=asked)
        .values_list("person", "asked", "state")
    )
    chance = random.Random(str(work.key))  # noqa: S311 no secret, only no habit
    early = (State.GIVEN, State.PREPARED)
    fairest = sorted(sorted(others), key=lambda row: (row[1], row[2] in early, chance.random()))
    return list(dict.fromkeys(person for person, *_ in fairest))  # who has it twice is one person


@transaction.atomic
def decline(assessment_id: int, *, by: Person) -> None:
    """They can't, and needn't say why; another is asked. Nothing happens once it was given. Its work is held: two who
    can't at once don't ask the same other."""
    Work.objects.select_for_update(of=("self",)).filter(assessments=assessment_id).values_list("pk").first()
    asked = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("round__work__assignment")
        .filter(pk=assessment_id, person=by, part=Part.PEER, stage__in=[Stage.ASKED, Stage.BUSY])
        .first()
    )
    if asked is None:
        return
    asked.stage, asked.sealed, asked.levels = Stage.DECLINED, None, {}
    asked.save(update_fields=["stage", "sealed", "levels"])
    asked.comments.all().delete()
    ask(asked.round)
