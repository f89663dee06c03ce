"""What somebody wrote for themselves goes on the day that was promised (curriculum 3.d: an own map, after 90 days), or
at once when they ask for all of a type that goes with them through the modules (3.t).

An activity names its day with a field `wipe_on`, an ISO date that isn't private: so the day can be seen without opening
what is sealed. What is done stays done.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, JSONField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from learning.people.models import Person
from learning.people.retention import Counts
from learning.runtime import cohorts
from learning.runtime.blocks import everywhere
from learning.runtime.models import Attempt, BlockState
from learning.tracks import queries
from learning.tracks.models import Status

_FIELD = "wipe_on"


def due(organisation_id: int, before: datetime) -> QuerySet[BlockState]:
    """Every state whose day has come."""
    return on_its_day(_FIELD, organisation_id, before)


def on_its_day(field: str, organisation_id: int, before: datetime) -> QuerySet[BlockState]:
    """States whose `data` names a day in this field that has come. Text, as `json.dumps` writes it, narrows them
    down."""
    marked = BlockState.objects.filter(person__organisation=organisation_id, data__contains=f'"{field}": "2')
    day = Cast(KeyTextTransform(field, Cast("data", JSONField())), CharField())
    return marked.alias(day=day).filter(day__lte=timezone.localdate(before).isoformat())


def wipe(rows: QuerySet[BlockState]) -> Counts:
    """Takes away what is sealed. A state at a time: an answer that comes at the same moment waits, and finds it
    gone."""
    today = timezone.localdate()
    return {BlockState._meta.label: sum(_wipe(pk, today) for pk in list(rows.values_list("pk", flat=True)))}


def _is_due(data: dict[str, object], today: date) -> bool:
    day = data.get(_FIELD)
    return isinstance(day, str) and bool(day) and day <= today.isoformat()


@transaction.atomic
def _wipe(pk: int, today: date) -> int:
    """0 when somebody changed their mind meanwhile."""
    state = BlockState.objects.select_for_update().filter(pk=pk).first()
    data = json.loads(state.data) if state else {}
    if state is None or not _is_due(data, today):
        return 0
    state.data = json.dumps({**data, _FIELD: ""})
    state.sealed = None
    state.version += 1
    state.updated_at = timezone.now()
    state.save(update_fields=["data", "sealed", "version", "updated_at"])
    return 1


@transaction.atomic
def erase_type(person: Person, block_type: str) -> None:
    """All that is private of one type of activity, in every module: what it remembers everywhere, what is sealed in its
    states, and its attempts. What was counted from those is counted anew.

    Statuses stay: done is done. A next attempt is a first one again.
    """
    usages = _usages(person, block_type)
    counted = set(Attempt.objects.filter(person=person, usage__in=usages).values_list("usage", flat=True))
    Attempt.objects.filter(person=person, usage__in=usages).delete()
    for state in BlockState.objects.select_for_update().filter(person=person, usage__in=usages).order_by("pk"):
        state.data = json.dumps({"status": json.loads(state.data).get("status", Status.NOT_STARTED)})
        state.sealed = None
        state.version += 1
        state.updated_at = timezone.now()
        state.save(update_fields=["data", "sealed", "version", "updated_at"])
    BlockState.objects.filter(person=person, usage=everywhere(block_type)).delete()
    for usage in sorted(counted):
        cohorts.to_count(person.organisation_id, usage)


def _usages(person: Person, block_type: str) -> list[str]:
    """Where this person has something sealed or tried of this type. A query per candidate: this is asked for rarely."""
    sealed = BlockState.objects.filter(person=person, sealed__isnull=False).values_list("usage", flat=True)
    tried = Attempt.objects.filter(person=person).values_list("usage", flat=True)
    here = {usage for usage in (*sealed, *tried) if not usage.startswith("*/")}
    return [usage for usage in sorted(here) if queries.activity_type(*usage.split("/", 1)) == block_type]
