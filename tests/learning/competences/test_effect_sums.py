"""The sums of what is measured: against worked examples, and so that none tells more than the bins beside it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from learning.competences.effect import measures, sums
from learning.competences.effect.measures import (
    BEGUN,
    DECISION,
    FINISHED,
    FOLLOWS,
    KEPT,
    LESS,
    MARK,
    MEASURES,
    MORE,
    SAME,
)  # fmt: skip
from learning.competences.effect.whom import Seen, is_new, who_counts

marks = st.lists(st.integers(1, 10), min_size=5, max_size=60)
recommendations = st.lists(st.integers(0, 10), min_size=5, max_size=60)


# --- how large a change is


def test_the_size_of_a_change_is_that_of_the_worked_example() -> None:
    """Borenstein and others (2009), chapter 4: matched groups, 103 after 100, n 50, S 5.5, r 0.7: g 0.4160 with a
    standard error of 0.1126."""
    size = sums.size_from(3.0, 5.5, 0.7, 50)
    assert size is not None
    assert size.d == pytest.approx(0.4160, abs=5e-5)
    assert (size.high - size.low) / 2 / 1.959964 == pytest.approx(0.1126, abs=5e-4)


def test_the_size_of_a_change_from_scores_is_that_of_their_sums() -> None:
    """By hand: the changes 1, 2, 3, 2 have mean 2 and deviation √(2/3); r between 1 2 3 4 and 2 4 6 6 is 7/√55."""
    size = sums.size_of_change([1, 2, 3, 4], [2, 4, 6, 6])
    by_hand = sums.size_from(2.0, (2 / 3) ** 0.5, 7 / (5 * 11) ** 0.5, 4)
    assert size is not None
    assert by_hand is not None
    assert (size.d, size.low, size.high) == pytest.approx((by_hand.d, by_hand.low, by_hand.high))


@pytest.mark.parametrize(
    ("before", "after"), [([50], [60]), ([50, 50, 50], [60, 70, 80]), ([1, 2, 3], [5, 5, 5]), ([1, 2, 3], [2, 3, 4])]
)
def test_a_change_that_cannot_be_held_against_anything_has_no_size(before: list[int], after: list[int]) -> None:
    assert sums.size_of_change(before, after) is None


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=3, max_size=40))
def test_a_change_the_other_way_round_is_as_large(scores: list[tuple[int, int]]) -> None:
    before, after = zip(*scores, strict=True)
    there, back = sums.size_of_change(before, after), sums.size_of_change(after, before)
    assume(there is not None and back is not None)
    assert there is not None
    assert back is not None
    assert (there.d, there.low, there.high) == pytest.approx((-back.d, -back.high, -back.low))
    assert there.low < there.d < there.high


# --- a mean that gives nobody away


@given(marks, st.integers(5, 8))
def test_every_bin_holds_k_people_and_all_are_in_one(said: list[int], k: int) -> None:
    bins = sums.distribution(said, measures.MARKS, k=k)
    if len(said) < k:
        assert bins == []
        return
    assert sum(n for _values, n in bins) == len(said)
    assert all(n >= k for _values, n in bins)
    assert [value for values, _n in bins for value in values] == list(measures.MARKS)


@given(marks)
def test_a_mean_leaves_as_many_sums_open_as_there_are_people_in_a_bin(said: list[int]) -> None:
    """Whoever has the bins and the mean: at least five sums fit, or all that the bins alone leave."""
    bins = sums.distribution(said, measures.MARKS, k=5)
    shown = sums.mean(said, bins, {mark: (mark, mark) for mark in measures.MARKS}, k=5, parts=10)
    if shown is None:
        assert len(bins) == 1
        return
    possible = range(sum(n * values[0] for values, n in bins), sum(n * values[-1] for values, n in bins) + 1)
    fitting = [each for each in possible if same_mean(each, said, bins, shown)]
    assert sum(said) in fitting
    assert len(fitting) >= min(5, len(possible))


def same_mean(total: int, said: list[int], bins: sums.Bins, shown: float) -> bool:
    """Whether other marks in the same bins, with this sum, would have the same mean shown."""
    left, other = total, []
    for values, n in bins:
        other += [values[0]] * n
    left -= sum(other)
    at = 0
    for values, n in bins:
        for place in range(at, at + n):
            more = min(left, values[-1] - values[0])
            other[place] += more
            left -= more
        at += n
    return sums.mean(other, bins, {mark: (mark, mark) for mark in measures.MARKS}, k=5, parts=10) == shown


@example([9] * 5 + [10] * 5)
@given(st.lists(st.integers(8, 10), min_size=10, max_size=30))
def test_who_has_bins_and_mean_never_knows_that_few_gave_a_mark(said: list[int]) -> None:
    """Every way to spread the people over the marks that fits: what is sure of a mark is of five people or more."""
    bins = sums.distribution(said, measures.MARKS, k=5)
    shown = sums.mean(said, bins, {mark: (mark, mark) for mark in measures.MARKS}, k=5, parts=10)
    possible: dict[int, set[int]] = {}
    for a, b in itertools.product(range(len(said) + 1), repeat=2):
        spread = Counter({8: a, 9: b, 10: len(said) - a - b})
        if min(spread.values()) < 0:
            continue
        other = list(spread.elements())
        fits = all(sum(spread[value] for value in values) == n for values, n in bins)
        if fits and sums.mean(other, bins, {m: (m, m) for m in measures.MARKS}, k=5, parts=10) == shown:
            for mark in (8, 9, 10):
                possible.setdefault(mark, set()).add(spread[mark])
    assert all(len(found) > 1 or min(found) >= 5 for found in possible.values())


@given(st.lists(st.integers(0, 100), min_size=20, max_size=80))
def test_a_rounded_mean_is_within_half_a_step_of_what_it_is(said: list[int]) -> None:
    shown = sums.rounded(said, 0, 100, k=5, unit=10)
    assert shown is not None
    assert abs(shown - sum(said) / len(said)) <= 2.5


@given(st.integers(5, 40), st.integers(0, 60), st.integers(0, 60), st.integers(5, 8), st.sampled_from([1, 10]))
def test_every_mean_that_is_shown_is_that_of_at_least_k_sums(n: int, least: int, wide: int, k: int, parts: int) -> None:
    """Or of all there are: of sums from the least to so many more."""
    sums_of: Counter[float | None] = Counter()
    for total in range(least, least + wide + 1):
        said = [total, *[0] * (n - 1)]
        sums_of[sums._rounded(said, least, least + wide, k=k, unit=1, parts=parts)] += 1
    assert min(sums_of.values()) >= min(k, wide)


@given(recommendations)
def test_who_recommends_less_who_does_not_follows_from_the_bins_alone(said: list[int]) -> None:
    bins = sums.distribution(said, measures.RECOMMENDATIONS, k=5, apart=(range(7), range(7, 9), range(9, 11)))
    saldo = sums.recommending(bins, len(said))
    sizes = [sum(value in each for value in said) for each in (range(7), range(7, 9), range(9, 11))]
    if min(sizes) >= 5:
        assert saldo is not None
        assert abs(saldo - 100 * (sizes[2] - sizes[0]) / len(said)) <= 5
    assert saldo is None or all(n >= 5 for _values, n in bins)


# --- what is said of a measure


def test_a_smaller_change_than_five_points_is_none() -> None:
    said = ["50;54"] * 8 + ["50;55"] * 7 + ["50;45"] * 6
    facts = measures._changes(said, 5)
    assert facts["vakken"] == [[[LESS], 6], [[SAME], 8], [[MORE], 7]]


def test_what_came_later_is_told_without_the_means_it_came_from() -> None:
    """Else the means before of a part of the same people would give the others away."""
    told = {each.name: each.facts([f"{n};{n + 20}" for n in range(30)], 5) for each in measures.MEASURES if each.fewest}
    assert {name for name, facts in told.items() if "voor" in facts} == {measures.DECISION}


# --- of whom


def seen(people: Collection[int], gone: int = 0) -> Seen:
    return Seen(people, len(people) + gone)


groups = st.dictionaries(st.integers(0, 40), st.sampled_from("ab"), max_size=40)


@given(groups, groups, groups, st.integers(0, 6), st.integers(5, 7))
def test_who_counts_is_everybody_inside_or_leaves_at_least_k_out(
    inside: dict[int, str], now: dict[int, str], before: dict[int, str], gone: int, k: int
) -> None:
    counted = who_counts(seen(inside, gone), now, before=seen(before), k=k)
    assert counted.keys() <= inside.keys() & now.keys()
    if counted:
        assert len(counted) >= k
        left_out = len(inside) + gone - len(counted)
        assert left_out == 0 or left_out >= k


def test_who_came_last_waits_until_enough_are_missing_or_nobody_is() -> None:
    inside = seen(dict.fromkeys(range(20), "1"))
    now = dict.fromkeys(range(18), "x")
    assert list(who_counts(inside, now, before=None, k=5)) == list(range(15))
    shown_before = seen(dict.fromkeys(range(10, 18), "x"))
    assert set(who_counts(inside, now, before=shown_before, k=5)) == {*range(7), *range(10, 18)}
    assert len(who_counts(inside, dict.fromkeys(range(20), "x"), before=None, k=5)) == 20


def test_who_goes_makes_nothing_new() -> None:
    before = seen(dict.fromkeys(range(20), "x"))
    assert not is_new(before, dict.fromkeys(range(10), "x"), k=5)
    assert not is_new(before, {**dict.fromkeys(range(10), "x"), 30: "x"}, k=5)
    assert is_new(before, {**dict.fromkeys(range(10), "x"), **dict.fromkeys(range(30, 35), "x")}, k=5)


# --- day after day

SAYS = {"begin": BEGUN, "finish": FINISHED, "mark": MARK, "decide": DECISION, "keep": KEPT}
events = st.tuples(st.sampled_from(["come", "erase", *SAYS]), st.integers(0, 30), st.integers(1, 15))
days = st.lists(st.lists(events, max_size=12), min_size=2, max_size=8)


class House:
    """People who come, begin, finish, say something and go; what is shown of them each night, and all that ever was."""

    def __init__(self) -> None:
        self.come: dict[int, str] = {}
        self.told: dict[str, dict[int, str]] = {each.name: {} for each in MEASURES}
        self.seen: dict[str, Seen] = {}
        self.whole: dict[str, frozenset[int]] = {}
        self.gone: set[int] = set()
        self.shown: list[tuple[str, frozenset[int]]] = []

    def happens(self, what: str, person: int) -> None:
        """Who was erased is known nowhere, and doesn't come back."""
        if what == "erase":
            self.gone.add(person)
            for people in (self.come, *self.told.values()):
                people.pop(person, None)
            for name, seen in self.seen.items():
                self.seen[name] = Seen(set(seen.people) - {person}, seen.n)
        elif person not in self.gone:
            says = self.come if what == "come" else self.told[SAYS[what]]
            says.setdefault(person, "40;60" if what in ("decide", "keep") else "8")

    def night(self, k: int) -> None:
        if len(self.come) >= k and is_new(self.seen.get(FOLLOWS), self.come, k=k):
            self._see(FOLLOWS, self.come)
        for measure, people, of in list(measures.shown_anew(self.seen, self.told, told={}, k=k)):
            within = self.whole[measure.inside]
            self._see(measure.name, people)
            assert len(people) >= k
            assert of == len(within)
            assert people.keys() <= within
            assert not 0 < len(within - people.keys()) < k

    def _see(self, name: str, people: dict[int, str]) -> None:
        self.seen[name] = Seen(set(people), len(people))
        self.whole[name] = frozenset(people)
        self.shown.append((name, self.whole[name]))


@settings(max_examples=300)
@given(days, st.integers(2, 5))
def test_whoever_keeps_all_that_was_ever_shown_finds_no_group_smaller_than_k(
    days: list[list[tuple[str, int, int]]], k: int
) -> None:
    """Each time something is shown there are at least k people in it who weren't at any time before. All measures are
    shown of k people here, so that the whole tree is."""
    house = House()
    with patch.object(measures, "MEASURES", [replace(each, fewest=0) for each in MEASURES]):
        for day in days:
            for what, first, many in day:
                for person in range(first, first + many):
                    house.happens(what, person)
            house.night(k)
    for (name, before), (other, after) in itertools.combinations(house.shown, 2):
        assert name != other or len(after - before) >= k


def test_who_joins_late_and_alone_changes_nothing_that_is_shown() -> None:
    house = House()
    for what in ("come", "begin", "finish", "mark"):
        for person in range(30):
            house.happens(what, person)
    house.night(5)
    shown = list(house.shown)
    assert [name for name, _people in shown] == [FOLLOWS, BEGUN, FINISHED, MARK]
    for late in range(30, 34):
        for what in ("come", "begin", "finish", "mark"):
            house.happens(what, late)
        house.night(5)
        assert house.shown == shown
    for what in ("come", "begin", "finish", "mark"):
        house.happens(what, 34)
    house.night(5)
    assert [len(people) for _name, people in house.shown[4:]] == [35, 30, 25, 25]
