"""What others allowed us to keep until a day (curriculum 3.n, class D) is gone after it, also when nobody looks.

Where `wiping` takes away all that is sealed, here a part goes: a story, and what it leaves behind elsewhere. So a type
says what that is: it has a field `expires_on`, an ISO date that isn't private, and a classmethod
`expired(fields, today)` that takes out of the saved fields what is due and sets the next date.
"""

from __future__ import annotations

import json
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from learning.people.retention import Counts
from learning.runtime.blocks import State, load_block, private_names
from learning.runtime.models import BlockState
from learning.runtime.wiping import on_its_day
from learning.tracks import queries

_FIELD = "expires_on"


def due(organisation_id: int, before: datetime) -> QuerySet[BlockState]:
    """Every state of which a part has its day."""
    return on_its_day(_FIELD, organisation_id, before)


def forget(rows: QuerySet[BlockState]) -> Counts:
    """Take out what is due. Raises WontOpen."""
    today = timezone.localdate()
    return {BlockState._meta.label: sum(_forget(pk, today) for pk in list(rows.values_list("pk", flat=True)))}


@transaction.atomic
def _forget(pk: int, today: date) -> bool:
    """One activity, held meanwhile so that an answer isn't lost."""
    row = BlockState.objects.select_for_update().filter(pk=pk).first()
    block_type = queries.activity_type(*row.usage.split("/", 1)) if row and _is_due(row, today) else None
    if row is None or block_type is None:
        return False
    sealed = bytes(row.sealed) if row.sealed is not None else None
    state = State(row.person_id, row.usage, json.loads(row.data), sealed, row.version)
    fields = {**state.data, **state.private}
    load_block(block_type).expired(fields, today)
    private = private_names(block_type)
    state.data = {name: value for name, value in fields.items() if name not in private}
    state.private.clear()
    state.private.update({name: value for name, value in fields.items() if name in private})
    state.private_changed = True
    data, sealed = state.to_save()
    BlockState.objects.filter(pk=pk).update(
        data=data, sealed=sealed, version=row.version + 1, updated_at=timezone.now()
    )
    return True


def _is_due(row: BlockState, today: date) -> bool:
    day = json.loads(row.data).get(_FIELD)
    return bool(day) and date.fromisoformat(day) <= today
