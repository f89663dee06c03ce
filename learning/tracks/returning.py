"""When the Herhaalmoment and the Terugblik of a module open and close (curriculum 2.0, 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone

from learning.tracks.content import Kind


@dataclass(frozen=True)
class Term:
    """Both count from when all that the module asks was done."""

    opens_after: timedelta
    closes_after: timedelta


TERMS = {
    Kind.RETURN: Term(timedelta(days=7), timedelta(days=60)),
    Kind.LOOK_BACK: Term(timedelta(days=90), timedelta(days=150)),
}


class Phase(StrEnum):
    """`AHEAD`: the module itself isn't done yet, so nobody knows when."""

    AHEAD = "ahead"
    WAITS = "waits"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Window:
    """From `opens_at` until the end of `last_day`. `done`: it was done."""

    phase: Phase
    opens_at: datetime | None = None
    last_day: date | None = None
    done: bool = False

    @property
    def is_open(self) -> bool:
        return self.phase is Phase.OPEN

    @property
    def opens_today(self) -> bool:
        """Then a date doesn't say it all."""
        return self.phase is Phase.WAITS and self.opens_on == timezone.localdate()

    @property
    def opens_on(self) -> date | None:
        return timezone.localdate(self.opens_at) if self.opens_at else None


def window(kind: Kind, finished_at: datetime | None, now: datetime, *, done: bool = False) -> Window:
    """`kind`: one of TERMS. `finished_at`: when all that the module asks was done.

    It opens when whole days have passed, so that what is shown at a Herhaalmoment is late enough to count as such
    (curriculum 4.3); it closes at the end of a day, so that a date says it all.
    """
    if finished_at is None:
        return Window(Phase.AHEAD)
    term = TERMS[kind]
    opens_at = finished_at + term.opens_after
    last_day = timezone.localdate(finished_at + term.closes_after)
    if now < opens_at:
        return Window(Phase.WAITS, opens_at, last_day, done)
    closes_at = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))
    return Window(Phase.OPEN if now < closes_at else Phase.OVER, opens_at, last_day, done)
