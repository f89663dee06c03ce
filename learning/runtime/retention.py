"""What others allowed us to keep until a day (curriculum 3.n, class D) is gone after it, also when nobody looks.

Where `wiping` takes away all that is sealed, here a part goes: a story, and what it leaves behind elsewhere. So a type
says what that is: it has a field `expires_on`, an ISO date that isn't private, and a classmethod
`expired(fields, today)` that takes out of the saved fields what is due and sets the next date.
"""

from __future__ import annotations

import json
from datetime import date

from django.db import transaction
from django.utils import timezone

from learning.runtime.blocks import State, load_block, private_names
from learning.runtime.models import BlockState
from learning.sealing import WontOpen
from learning.tracks import queries

# As `json.dumps` writes it. No database opens the JSON for us, so this is what narrows the rows down.
_MARKED = '"expires_on": "2'


def forget_ended() -> int:
    """Take out everything that is due. How many activities lost something. May run twice.

    Raises WontOpen, after all others: what can't be opened holds nobody else's promise up.
    """
    today = timezone.localdate()
    rows = BlockState.objects.filter(data__contains=_MARKED).values_list("pk", "data")
    due = [pk for pk, data in rows.iterator() if _is_due(data, today)]
    lost, shut = 0, None
    for pk in due:
        try:
            lost += _forget(pk, today)
        except WontOpen as error:
            shut = error
    if shut:
        raise shut
    return lost


def _is_due(data: str, today: date) -> bool:
    return date.fromisoformat(json.loads(data)["expires_on"]) <= today


@transaction.atomic
def _forget(pk: int, today: date) -> bool:
    """One activity, held meanwhile so that an answer isn't lost."""
    row = BlockState.objects.select_for_update().filter(pk=pk).first()
    block_type = queries.activity_type(*row.usage.split("/", 1)) if row and _is_due_still(row, today) else None
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


def _is_due_still(row: BlockState, today: date) -> bool:
    return _MARKED in row.data and _is_due(row.data, today)
