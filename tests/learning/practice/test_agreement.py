"""Whether two see the same: κ against values that were worked out elsewhere, and what must hold for any two."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.practice.agreement import kappa
from learning.practice.working_days import between

LEVEL = st.integers(1, 4)
PAIRS = st.lists(st.tuples(LEVEL, LEVEL), max_size=60)


@pytest.mark.parametrize(
    ("raters", "expected"),
    [
        # Those of Ben Hamner's ml_metrics and of SKLL, by whom kappa with quadratic weights is tried too.
        (([1, 2, 3], [1, 2, 3]), 1.0),
        (([1, 2, 1], [1, 2, 2]), 0.4),
        (([1, 2, 3, 1, 2, 2, 3], [1, 2, 3, 1, 2, 3, 2]), 0.75),
        (([1, 2, 3, 3, 2, 1], [1, 1, 1, 2, 2, 2]), 0.0),
        (([1, 1, 2, 2], [3, 3, 4, 4]), 1 / 9),
        (([1, 1, 3, 3], [2, 2, 4, 4]), 2 / 3),
        (([1, 1, 4, 4], [2, 2, 3, 3]), 0.6),
        # By hand.
        (([1, 4], [4, 1]), -1.0),
        (([1, 2, 3, 4], [1, 2, 3, 3]), 1 - 1 * 4 / 32),
    ],
)
def test_kappa_is_what_others_found(raters: tuple[list[int], list[int]], expected: float) -> None:
    assert kappa(zip(*raters, strict=True)) == pytest.approx(expected)


def test_there_is_no_kappa_where_there_is_nothing_to_compare() -> None:
    assert kappa([]) is None
    assert kappa([(3, 3)] * 20) is None


@given(PAIRS)
def test_kappa_is_the_textbooks(pairs: list[tuple[int, int]]) -> None:
    """1 − Σ w·observed / Σ w·expected, with shares and weights ((i − j) / 3)², written out."""
    n = len(pairs)
    observed = {cell: count / n for cell, count in Counter(pairs).items()}
    first = {level: sum(a == level for a, _ in pairs) / n for level in range(1, 5)} if n else {}
    second = {level: sum(b == level for _, b in pairs) / n for level in range(1, 5)} if n else {}
    weight = {(i, j): ((i - j) / 3) ** 2 for i in range(1, 5) for j in range(1, 5)}
    by_chance = sum(w * first.get(i, 0) * second.get(j, 0) for (i, j), w in weight.items())
    found = kappa(pairs)
    if by_chance == 0:
        assert found is None
    else:
        assert found == pytest.approx(1 - sum(weight[c] * share for c, share in observed.items()) / by_chance)


@given(PAIRS)
def test_kappa_does_not_mind_who_was_first_and_stays_between_minus_one_and_one(pairs: list[tuple[int, int]]) -> None:
    found, turned = kappa(pairs), kappa([(b, a) for a, b in pairs])
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found == pytest.approx(turned)
        assert -1.0000001 <= found <= 1.0000001
        assert (found > 0.9999999) == all(a == b for a, b in pairs)


# --- working days

DAY = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(DAY, st.integers(0, 900))
def test_working_days_are_those_one_would_count_on_a_calendar(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    counted = sum((first + timedelta(days=n)).weekday() < 5 for n in range(1, days + 1))
    assert between(first, last) == counted


@given(DAY, DAY, DAY)
def test_who_waits_longer_never_waits_fewer_days(first: date, middle: date, last: date) -> None:
    first, middle, last = sorted([first, middle, last])
    assert between(first, last) == between(first, middle) + between(middle, last)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 11, 27), date(2026, 11, 30), 1),  # Friday, Monday
        (date(2026, 11, 28), date(2026, 11, 29), 0),  # a weekend
        (date(2026, 11, 18), date(2026, 11, 30), 8),
        (date(2026, 11, 30), date(2026, 11, 27), 0),  # turned round
        (date(2026, 3, 27), date(2026, 3, 30), 1),  # the clock goes forward in between
    ],
)
def test_a_weekend_is_not_waited_through(first: date, last: date, days: int) -> None:
    assert between(first, last) == days
