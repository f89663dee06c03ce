"""What somebody wrote for themselves goes on the day that was promised (curriculum 3.d: an own map, after 90 days).

An activity says so with a field `wipe_on`, an ISO date that isn't private: so the day can be seen without opening what
is sealed. What is done stays done.
"""

from __future__ import annotations

import json
from datetime import date

from django.db import transaction
from django.utils import timezone

from learning.runtime.models import BlockState

_FIELD = "wipe_on"


def wipe_due() -> int:
    """Takes away what is sealed in every state whose day has come; returns how many. A state at a time: an answer that
    comes at the same moment waits, and finds it gone."""
    today = timezone.localdate()
    marked = BlockState.objects.filter(data__contains=f'"{_FIELD}": "2').values_list("pk", "data")
    due = [pk for pk, data in marked.iterator() if _is_due(json.loads(data), today)]
    return sum(_wipe(pk, today) for pk in due)


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
