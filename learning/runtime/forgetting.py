"""What somebody did in a module goes when its term is over (curriculum 4.5, analytics): as a whole, their enrolment
with what activities remember of it.

What they wrote for themselves stays, sealed, until they delete it or its own day comes: who begins the module again
finds it there. Whoever comes back in time loses nothing, and everybody is told thirty days before.

Nothing is counted or told anew: what was counted was of five people or more, and what an LMS or a certificate says
remains true.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from learning.notices.models import Notice
from learning.notices.services import Telling, tell_many
from learning.people.retention import AHEAD, AT_ONCE, LEARNING, Counts
from learning.runtime.models import Attempt, BlockState
from learning.runtime.notices import MODULE_GOES
from learning.tracks.models import Enrolment

# What an activity promised of a day, beside what is sealed.
_PROMISED = ("wipe_on", "expires_on")

_busy: dict[str, Callable[[datetime], Exists]] = {}


def still_busy(does: Callable[[datetime], Exists]) -> None:
    """For a room above that has something of a module too: whether somebody did something there after that moment, for
    a query over enrolments."""
    _busy[f"{does.__module__}.{does.__qualname__}"] = does


def untouched(organisation_id: int, before: datetime) -> QuerySet[Enrolment]:
    """In which nothing was done from `before` on."""
    found = Enrolment.objects.alias(last=Coalesce("touched_at", "started_at"))
    busy = [~does(before) for does in _busy.values()]
    return found.filter(*busy, person__organisation=organisation_id, last__lte=before)


def due(organisation_id: int, before: datetime) -> QuerySet[Enrolment]:
    """Untouched, and told so long enough ago. Who left and can't be told any more is wiped whole, by another term."""
    told = Notice.objects.filter(
        person=OuterRef("person"), kind=MODULE_GOES, key=Cast(OuterRef("pk"), CharField()),
        made_at__lte=timezone.now() - AHEAD,
    )  # fmt: skip
    return untouched(organisation_id, before).filter(Exists(told))


def warn(organisation_id: int, now: datetime) -> None:
    """Tell whose work goes in thirty days. To who came back meanwhile it was never said, so that it can be said again
    another year."""
    soon = untouched(organisation_id, LEARNING.before(now + AHEAD)).alias(key=Cast("pk", CharField()))
    told = Notice.objects.filter(kind=MODULE_GOES, person__organisation=organisation_id)
    # By the person too: there is an index on that, and none on a number as text.
    told.filter(~Exists(soon.filter(person=OuterRef("person"), key=OuterRef("key")))).delete()
    day = timezone.localdate(now + AHEAD).isoformat()
    tellings = (
        Telling(person, str(pk), {"enrolment": pk, "on": day}) for pk, person in soon.values_list("pk", "person")
    )
    for some in batched(tellings, AT_ONCE):
        with transaction.atomic():
            tell_many(MODULE_GOES, some)


def forget(rows: QuerySet[Enrolment]) -> Counts:
    """In the order in which an answer holds them: the states, then the enrolments. So who is answering is waited for,
    and found back as somebody who did something."""
    columns = "pk", "person", "module__slug"
    list(
        BlockState.objects.select_for_update().filter(_of(rows.values_list(*columns))).order_by("pk").values_list("pk")
    )
    enrolments = list(rows.select_for_update(of=("self",)).values_list(*columns))
    if not enrolments:
        return {}
    of_modules = _of(enrolments)
    counts: Counter[str] = Counter()
    counts.update(Attempt.objects.filter(of_modules).delete()[1])
    counts.update(BlockState.objects.filter(of_modules, sealed=None).delete()[1])
    counts.update({BlockState._meta.label: _only_what_is_sealed(of_modules)})
    counts.update(Enrolment.objects.filter(pk__in=[pk for pk, _person, _module in enrolments]).delete()[1])
    return counts


def _of(enrolments: Iterable[tuple[int, int, str]]) -> Q:
    """What is of these (number, person, module), for a query over states or attempts; of nobody, nothing."""
    found = Q(pk__in=[])
    for _pk, person, module in enrolments:
        found |= Q(person=person, usage__startswith=f"{module}/")
    return found


def _only_what_is_sealed(of_modules: Q) -> int:
    """All but that goes from these states."""
    states = list(BlockState.objects.select_for_update().filter(of_modules).order_by("pk").defer("sealed"))
    for state in states:
        data = json.loads(state.data)
        state.data = json.dumps({name: data[name] for name in _PROMISED if data.get(name)})
        state.version += 1
        state.updated_at = timezone.now()
        state.save(update_fields=["data", "version", "updated_at"])
    return len(states)
