"""The flow of a practice case: whatever happens in whatever order, a work is somewhere we know and loses no round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.practice.flow import CLOSED, FLOW, JUDGED, WAITING, Event, after, possible
from learning.practice.models import State

ROUNDS = st.integers(1, 5)


@given(st.lists(st.sampled_from(Event), max_size=40), ROUNDS)
def test_no_order_of_events_leads_out_of_the_flow_or_past_the_last_round(events: list[Event], most: int) -> None:
    state: State | None = None
    rounds = 0
    for event in events:
        to = after(state, event, round=rounds, rounds_max=most)
        if to is None:
            continue
        rounds += (event is Event.HAND_IN) - (event is Event.TAKE_BACK)
        state = to
        assert state in State
        assert rounds >= 0
        if state in WAITING or state in (State.RETURNED, State.ENOUGH, State.GOES_ON):
            assert rounds >= 1
    assert state is None or state in State


@given(st.lists(st.sampled_from(Event), max_size=40))
def test_a_revision_is_only_asked_while_there_is_a_round_left(events: list[Event]) -> None:
    state: State | None = None
    rounds = 0
    for event in events:
        if event is Event.REOPEN:
            continue
        to = after(state, event, round=rounds, rounds_max=2)
        if to is None:
            continue
        rounds += (event is Event.HAND_IN) - (event is Event.TAKE_BACK)
        state = to
        assert rounds <= 2


@pytest.mark.parametrize("state", [state for state in State if state not in (State.ENOUGH, State.WITHDRAWN)])
def test_nobody_gets_stuck_from_every_state_there_is_a_way_to_enough(state: State) -> None:
    reached, edge = {state}, [state]
    while edge:
        here = edge.pop()
        for event in possible(here, round=1, rounds_max=3) - {Event.WITHDRAW}:
            to = after(here, event, round=1, rounds_max=3)
            if to is not None and to not in reached:
                reached.add(to)
                edge.append(to)
    assert State.ENOUGH in reached


def test_what_is_enough_stays_enough() -> None:
    assert possible(State.ENOUGH, round=1, rounds_max=3) == frozenset()


def test_what_was_let_go_waits_as_what_it_was() -> None:
    assert after(State.READING, Event.LET_GO, round=1, rounds_max=3) is State.HANDED_IN
    assert after(State.READING, Event.LET_GO, round=2, rounds_max=3) is State.REVISED


def test_in_the_last_round_nothing_is_given_back_again() -> None:
    assert after(State.READING, Event.RETURN, round=3, rounds_max=3) is None
    assert after(State.READING, Event.GO_ON, round=3, rounds_max=3) is State.GOES_ON


def test_every_event_is_somebodys_and_the_sets_of_states_fit() -> None:
    assert set(FLOW) == set(Event)
    assert not WAITING & CLOSED
    assert {State.ENOUGH, State.GOES_ON} <= JUDGED & CLOSED
