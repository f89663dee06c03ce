"""Which private answers are counted in which group, for its trainer (curriculum 3.u, 4.5).

A trainer may see what five people said together, and decides who is in a group. Were always those counted who are in it
now, a look before and one after somebody took another's place would tell what those two said. So fives are made once,
of answers that are counted nowhere yet, and stay as they are, whoever comes or goes; and one of which an answer is
taken back or wiped is never told again. So all that is ever told, in whichever group and by whom, are whole fives that
share nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from learning.people.models import Group
from learning.runtime.models import Attempt, CountedAnswer
from learning.runtime.queries import FirstAttempt
from modules.blocks.figures import FIVE, in_fives


@dataclass(frozen=True)
class Counted:
    """`told`: those in whole fives of a group, oldest first. `taken`: the numbers of all that are counted somewhere."""

    told: Sequence[FirstAttempt]
    taken: frozenset[int]


def counted(group: Group, attempts: Collection[FirstAttempt], usages: Collection[str]) -> Counted:
    """What is counted of `usages` in a group, and which of `attempts` are counted anywhere. One query."""
    numbers = [each.number for each in attempts]
    rows = CountedAnswer.objects.filter(Q(group=group, attempt__usage__in=usages) | Q(attempt__in=numbers))
    found: dict[int, list[FirstAttempt]] = defaultdict(list)
    taken = set[int]()
    columns = ("group", "five", *(f"attempt__{column}" for column in FirstAttempt.COLUMNS))
    for of, five, *attempt in rows.order_by("attempt__created_at", "attempt").values_list(*columns):
        each = FirstAttempt(*attempt)
        taken.add(each.number)
        if of == group.pk:
            found[five].append(each)
    return Counted([each for five in found.values() if len(five) == FIVE for each in five], frozenset(taken))


@transaction.atomic
def count(group: Group, attempts: Sequence[FirstAttempt]) -> None:
    """Make fives of these answers to one activity, oldest first, of those that are counted nowhere. The rest waits for
    more."""
    numbers = [each.number for each in attempts]
    # Held, else two groups would count one answer, or one that was wiped meanwhile would be counted.
    held = Attempt.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    free = set(held.values_list("pk", flat=True))
    free -= set(CountedAnswer.objects.filter(attempt__in=numbers).values_list("attempt", flat=True))
    new = in_fives([number for number in numbers if number in free])
    CountedAnswer.objects.bulk_create(
        CountedAnswer(group=group, attempt_id=number, five=new[at - at % FIVE]) for at, number in enumerate(new)
    )
