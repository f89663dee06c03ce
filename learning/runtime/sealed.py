"""What this room seals, for a change of keys (`learning.resealing`): also single values inside JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from learning.resealing import Held, column, rows_after, sealed_in
from learning.runtime.blocks import SEALED, State, attempt_place, closed_in, closing, lent_place
from learning.runtime.models import Attempt, BlockState

column(BlockState, "sealed", lambda row: _state(row).place)


@sealed_in("learning.BlockState.data")
def _lent() -> Iterator[Held]:
    """What somebody handed in, each by itself."""
    for row in rows_after(BlockState.objects.filter(data__contains=f'"{SEALED}"')):
        data = _Data(row)
        for name, value in json.loads(row.data).items():
            if sealed := closed_in(value):
                yield Held(f"{row.pk} {name}", sealed, (lent_place(_state(row), name),), partial(data.swap, name))


class _Data:
    """The JSON of one row: of two values in it the second is swapped in what the first left."""

    def __init__(self, row: BlockState) -> None:
        self._number, self._text = row.pk, row.data

    def swap(self, name: str, after: bytes) -> bool:
        text = json.dumps({**json.loads(self._text), name: closing(after)})
        same = BlockState.objects.filter(pk=self._number, data=self._text)
        if not same.update(data=text):
            return False
        self._text = text
        return True


def _state(row: BlockState) -> State:
    return State(row.person_id, row.usage)


@sealed_in("learning.Attempt.answers")
def _attempts() -> Iterator[Held]:
    for row in rows_after(Attempt.objects.filter(answers__has_key=SEALED)):
        if sealed := closed_in(row.answers):
            place = attempt_place(row.person_id, row.usage, row.number)
            yield Held(str(row.pk), sealed, (place,), partial(_swap, row.pk, row.answers))


def _swap(number: int, before: Any, after: bytes) -> bool:
    same = Attempt.objects.filter(pk=number, **{f"answers__{SEALED}": before[SEALED]})
    return same.update(answers=closing(after)) > 0
