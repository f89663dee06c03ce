"""Sending what waits: the statements of one answer, and along with them those of others that wait too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from jobs import circuit, together
from jobs.registry import GiveUp, Then, TryLater
from xapi import lrs
from xapi.queries import known
from xapi.services import KIND
from xapi.statements import Json, Told, statements

# Jobs in one request. One holds a few statements, seldom more than thirty.
TOGETHER = 50


def send(payload: Mapping[str, Any]) -> Then | None:
    """May run twice: a statement has the same id each time, and the LRS keeps one. Raises TryLater or GiveUp.

    An LRS takes all of a request or nothing. When it refuses what was put together, this one is tried by itself, so
    that one bad statement holds up no others.
    """
    if not settings.XAPI_URL:
        return None
    _be_patient()
    others = together.waiting(KIND, limit=TOGETHER)
    own, *rest = built([payload, *(job.payload for job in others)])
    more = [statement for some in rest for statement in some]
    if more and not _takes([*own, *more]):
        _alone(own)
        return None
    if not more:
        _alone(own)
    return together.done(others)


def _be_patient() -> None:
    """Raises TryLater while the LRS has a rest, for all that wait at once."""
    try:
        circuit.toward(lrs.receiver())
    except TryLater as rest:
        together.put_off(KIND, rest.after or 0.0)
        raise


def _takes(batch: Sequence[Json]) -> bool:
    return 200 <= lrs.post(sorted(batch, key=lambda statement: str(statement["timestamp"]))) < 300


def _alone(own: Sequence[Json]) -> None:
    """A conflict is well: an LRS that has these ids has what we sent before (xAPI 1.0.3, part 3, 2.1.2)."""
    if not own:
        return
    status = lrs.post(own)
    if status >= 400 and status != lrs.CONFLICT:
        raise GiveUp(f"the LRS answered {status}")


def built(payloads: Sequence[Mapping[str, Any]]) -> list[list[Json]]:
    """The statements of each; none of somebody who was erased. Two queries, however many there are."""
    all_told = [Told.of(payload) for payload in payloads]
    found = known((told.person, told.usage) for told in all_told)
    return [
        statements(told, found.names[told.person], found.where(told.person, told.usage))
        if told.person in found.names
        else []
        for told in all_told
    ]
