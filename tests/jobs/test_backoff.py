from hypothesis import given
from hypothesis import strategies as st

from jobs import backoff

chances = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10_000), chances)
def test_a_delay_is_never_nothing_and_never_over_an_hour(tries: int, chance: float) -> None:
    assert 0.5 <= backoff.delay(tries, chance) <= 3600


@given(st.integers(1, 200))
def test_the_bound_doubles_until_the_hour(tries: int) -> None:
    assert backoff.bound(tries + 1) == min(3600, 2 * backoff.bound(tries))


@given(st.integers(3, 10_000), chances)
def test_a_pause_is_at_least_half_of_what_it_may_be_and_at_most_a_quarter_of_an_hour(
    failures: int, chance: float
) -> None:
    longest = backoff.pause(failures, 1.0)
    assert longest / 2 <= backoff.pause(failures, chance) <= longest <= 900


def test_two_failures_are_no_reason_for_a_pause() -> None:
    assert [backoff.pause(failures, 0.5) > 0 for failures in (1, 2, 3)] == [False, False, True]


@given(st.floats(-1e6, 1e6), chances)
def test_jobs_come_back_after_a_pause_and_not_all_at_once(left: float, chance: float) -> None:
    assert max(0, left) <= backoff.after_pause(left, chance) <= max(0, left) + 60


def test_a_short_pause_is_spread_over_no_more_than_itself() -> None:
    assert [backoff.after_pause(left, 1.0) for left in (5, 60, 600)] == [10, 120, 660]


@given(chances, chances)
def test_what_was_down_for_seconds_is_asked_again_within_twenty(chance: float, other: float) -> None:
    assert backoff.after_pause(backoff.pause(3, chance), other) <= 20
