"""The flow of a practice case (curriculum 3.g) as plain data: which event leads from where to where, and whose it is.

Nobody fails: what isn't *voldoende* goes back with a question, or goes on outside. A day that passes changes nothing
here; it is a label.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from learning.practice.models import State


class Event(StrEnum):
    """What can happen to somebody's work."""

    GIVE = "geven"
    PREPARE = "voorbereiden"
    HOLD = "voeren"
    NOT_HELD = "niet_gevoerd"
    HAND_IN = "indienen"
    TAKE_BACK = "terugnemen"
    TAKE_UP = "oppakken"
    LET_GO = "loslaten"
    RETURN = "teruggeven"
    ENOUGH = "voldoende"
    GO_ON = "doorlopen"
    REOPEN = "heropenen"
    OVERTURN = "herstellen"
    WITHDRAW = "intrekken"


class Who(StrEnum):
    """Whose step it is. GIVER: whoever may give cases out in the group; ASSESSOR: a trainer of the group."""

    GIVER = "uitzetter"
    LEARNER = "deelnemer"
    ASSESSOR = "trainer"
    SECOND = "tweede beoordelaar"


@dataclass(frozen=True)
class Rule:
    who: Who
    steps: dict[State | None, State]


S = State
# Not before a round was handed in, and not after it is `ENOUGH`: what was shown stays shown.
OPEN = (S.GIVEN, S.PREPARED, S.HELD, S.HANDED_IN, S.REVISED, S.READING, S.RETURNED, S.GOES_ON)
# Somebody waits for a trainer.
WAITING = frozenset({S.HANDED_IN, S.REVISED, S.READING})
# A trainer said something of it.
JUDGED = frozenset({S.RETURNED, S.ENOUGH, S.GOES_ON})
# Nothing more is asked of the learner.
CLOSED = frozenset({S.ENOUGH, S.GOES_ON, S.WITHDRAWN})

FLOW: dict[Event, Rule] = {
    Event.GIVE: Rule(Who.GIVER, {None: S.GIVEN}),
    Event.PREPARE: Rule(Who.LEARNER, {S.GIVEN: S.PREPARED}),
    Event.HOLD: Rule(Who.LEARNER, {S.PREPARED: S.HELD}),
    Event.NOT_HELD: Rule(Who.LEARNER, {S.HELD: S.PREPARED}),
    Event.HAND_IN: Rule(Who.LEARNER, {S.HELD: S.HANDED_IN, S.RETURNED: S.REVISED}),
    # As long as nobody took it up.
    Event.TAKE_BACK: Rule(Who.LEARNER, {S.HANDED_IN: S.HELD, S.REVISED: S.RETURNED}),
    Event.TAKE_UP: Rule(Who.ASSESSOR, {S.HANDED_IN: S.READING, S.REVISED: S.READING}),
    # To where it waited: see `after`.
    Event.LET_GO: Rule(Who.ASSESSOR, {S.READING: S.HANDED_IN}),
    Event.RETURN: Rule(Who.ASSESSOR, {S.READING: S.RETURNED}),
    Event.ENOUGH: Rule(Who.ASSESSOR, {S.READING: S.ENOUGH}),
    Event.GO_ON: Rule(Who.ASSESSOR, {S.READING: S.GOES_ON}),
    Event.REOPEN: Rule(Who.ASSESSOR, {S.GOES_ON: S.RETURNED}),
    # An objection was right (curriculum 4.3): never the other way round.
    Event.OVERTURN: Rule(Who.SECOND, {S.RETURNED: S.ENOUGH, S.GOES_ON: S.ENOUGH}),
    Event.WITHDRAW: Rule(Who.GIVER, dict.fromkeys(OPEN, S.WITHDRAWN)),
}


def after(state: State | None, event: Event, *, round: int, rounds_max: int) -> State | None:  # noqa: A002 their word
    """Where `event` leads from `state`; None where it can't happen. `round`: handed in so far."""
    to = FLOW[event].steps.get(state)
    if event is Event.LET_GO and to is not None and round > 1:
        return State.REVISED
    if event is Event.RETURN and round >= rounds_max:
        return None
    return to


def possible(state: State | None, *, round: int, rounds_max: int) -> frozenset[Event]:  # noqa: A002
    """What can happen now."""
    return frozenset(event for event in Event if after(state, event, round=round, rounds_max=rounds_max) is not None)
