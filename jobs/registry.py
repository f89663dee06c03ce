"""Who does which kind of job.

A handler takes the payload and does the work; it may run twice for one recording, and its work must come out the same
then. It runs outside a transaction and must end well within `jobs.leases.LONGEST`: give every connection a timeout.
What it returns, if anything, is called in the transaction that ends the job: what was done outside is written down
together with that it was done. A `Write` costs least.
Reasons are read by operators: no personal data in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Then = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Write:
    """A `Then` of one statement by hand: on PostgreSQL it goes along in the message that ends the job."""

    statement: str
    values: Sequence[Any]

    def __call__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.statement, self.values)


Handler = Callable[[dict[str, Any]], Then | None]

# With the longest delay (backoff.LONGEST) that is about a day of trying.
MOST_TRIES = 50


class TryLater(Exception):
    """It may work later. `after` (seconds) is what the receiver asked (Retry-After); without it the runner chooses.

    `receiver` is the address of the system that didn't answer well: after some failures in a row it gets a rest from
    all jobs. With `counted` off this doesn't count as a try: nothing was asked of anybody.
    """

    def __init__(self, reason: str, after: float | None = None, *, receiver: str = "", counted: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.receiver = receiver
        self.counted = counted


class GiveUp(Exception):
    """It will never work; an operator sees why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Kind:
    name: str
    handler: Handler
    tries: int


_kinds: dict[str, Kind] = {}


def job(name: str, *, tries: int = MOST_TRIES) -> Callable[[Handler], Handler]:
    """Registers the decorated function for jobs of this kind, which fail for good after `tries` tries."""

    def register(handler: Handler) -> Handler:
        present = _kinds.get(name)
        if present and (present.handler.__module__, present.handler.__qualname__) != (
            handler.__module__,
            handler.__qualname__,
        ):
            raise ValueError(f"two handlers for jobs of kind {name}")
        _kinds[name] = Kind(name, handler, tries)
        return handler

    return register


def find(name: str) -> Kind | None:
    return _kinds.get(name)
