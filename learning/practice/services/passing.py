"""A last day that passes (curriculum 3.g): nothing changes but a label, and learner and trainers hear it once."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from learning.notices.services import Telling, tell_many
from learning.practice import notices
from learning.practice.models import State, Work
from learning.practice.permissions import assessors_of

# After a week of standing still, what passed before that isn't news any more. Shorter than a notice is remembered.
LOOKS_BACK = timedelta(days=14)


def tell_late() -> int:
    """Of everybody's work that wasn't handed in: how many. May run twice: the notice's key is the day that passed."""
    today = timezone.localdate()
    waiting = (State.GIVEN, State.PREPARED, State.HELD)
    passed = Work.objects.filter(round=0, state__in=waiting, due_on__lt=today, due_on__gte=today - LOOKS_BACK)
    by_group = defaultdict[int, list[Work]](list)
    for work in passed.only("pk", "group", "person", "due_on").order_by("pk").iterator():
        by_group[work.group_id].append(work)
    for group, works in by_group.items():
        _tell(group, works)
    return sum(map(len, by_group.values()))


@transaction.atomic
def _tell(group_id: int, works: list[Work]) -> None:
    trainers = list(assessors_of(group_id).values_list("pk", flat=True))
    tell_many(
        notices.LATE,
        (
            Telling(
                person,
                f"{work.pk}:{work.due_on.isoformat()}",
                {"work": work.pk, "round": 0, "due": work.due_on.isoformat()},
            )
            for work in works
            for person in {work.person_id, *trainers}
        ),
    )
