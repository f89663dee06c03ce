"""The level rule of curriculum 4.3: what it asks, what it never does, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learning.competences.rules import (
    Item,
    LearningLevel,
    Missing,
    Need,
    Source,
    breadth,
    level_of,
    months_between,
)

TODAY = date(2026, 11, 30)


def item(key: str, source: Source, score: float, *, days_ago: int = 30, **more: object) -> Item:
    facts = {"activity": key, "situation": key, **more}
    return Item(key, source, score, TODAY - timedelta(days=days_ago), **facts)  # type: ignore[arg-type]


RECOGNISED = [item("quiz", Source.KNOWLEDGE, 0.6), item("lens", Source.KNOWLEDGE, 0.9)]
DECIDED = [
    item("fragment", Source.DECISION, 0.65, days_ago=30),
    item("gesprek", Source.DECISION, 0.7, days_ago=28),
    item("herhaalmoment", Source.DECISION, 0.8, days_ago=10),
]
DONE = [
    item("sloot", Source.PRACTICE, 0.75, confirmed=True, days_ago=5),
    item("dijk", Source.PRACTICE, 1.0, days_ago=3),
]
WITH_OTHERS = item("avond", Source.OTHERS, 0.75, confirmed=True, days_ago=1, learning_level=LearningLevel.BETWEEN)

items = st.builds(
    Item,
    key=st.uuids().map(str),
    source=st.sampled_from(Source),
    score=st.sampled_from([0.0, 0.5, 0.6, 0.65, 0.75, 1.0]),
    on=st.dates(date(2024, 1, 1), TODAY),
    activity=st.sampled_from("abcd"),
    situation=st.sampled_from("xyz"),
    learning_level=st.sampled_from(LearningLevel),
    confirmed=st.booleans(),
    prior=st.booleans(),
)
heaps = st.lists(items, max_size=14, unique_by=lambda each: each.key)


def test_nothing_shown_is_no_level_and_says_what_n1_asks() -> None:
    nothing = level_of([], today=TODAY)
    assert (nothing.level, nothing.used, nothing.current, nothing.shown_in) == (0, (), True, None)
    assert nothing.missing == (Missing(Need.RECOGNISED, 2), Missing(Need.ACTIVITIES, 2))


def test_two_things_recognised_in_two_activities_is_n1() -> None:
    assert level_of(RECOGNISED, today=TODAY).level == 1
    twice_the_same = [RECOGNISED[0], replace(RECOGNISED[1], activity="quiz")]
    assert level_of(twice_the_same, today=TODAY).missing == (Missing(Need.ACTIVITIES, 1),)


def test_n2_asks_that_one_of_three_decisions_came_a_week_later() -> None:
    shown = level_of([*RECOGNISED, *DECIDED], today=TODAY)
    assert shown.level == 2
    at_once = [replace(each, on=TODAY) for each in DECIDED]
    assert level_of([*RECOGNISED, *at_once], today=TODAY).missing == (Missing(Need.DELAYED, 1),)


def test_n3_asks_two_real_situations_of_which_a_trainer_confirmed_one() -> None:
    shown = level_of([*RECOGNISED, *DECIDED, *DONE], today=TODAY)
    assert shown.level == 3
    nobody_confirmed = [replace(each, confirmed=False) for each in DONE]
    there = level_of([*RECOGNISED, *DECIDED, *nobody_confirmed], today=TODAY)
    assert (there.level, there.missing) == (2, (Missing(Need.CONFIRMED, 1),))
    one_situation = [replace(each, situation="sloot") for each in DONE]
    assert level_of([*RECOGNISED, *DECIDED, *one_situation], today=TODAY).missing == (Missing(Need.SITUATIONS, 1),)


def test_n4_asks_others_and_breadth() -> None:
    assert level_of([*RECOGNISED, *DECIDED, *DONE, WITH_OTHERS], today=TODAY).level == 4
    narrow = replace(WITH_OTHERS, learning_level=LearningLevel.INDIVIDUAL)
    there = level_of([*RECOGNISED, *DECIDED, *DONE, narrow], today=TODAY)
    assert (there.level, there.missing) == (3, (Missing(Need.BREADTH, 1), Missing(Need.WIDE, 1)))


def test_who_came_with_experience_shows_it_in_two_practice_cases() -> None:
    shown = level_of([replace(each, prior=True) for each in DONE], today=TODAY)
    assert (shown.level, shown.by_prior) == (3, True)
    assert {each.key for each in shown.used} == {"sloot", "dijk"}
    assert level_of(DONE, today=TODAY).level == 1  # the same without having asked for it


def test_a_level_of_long_ago_stays_and_says_so() -> None:
    old = [replace(each, on=each.on - timedelta(days=800)) for each in [*RECOGNISED, *DECIDED]]
    shown = level_of(old, today=TODAY)
    assert (shown.level, shown.current, shown.shown_in) == (2, False, 2024)


def test_what_one_thinks_of_oneself_and_what_a_colleague_thinks_never_count() -> None:
    beside = [item(str(n), source, 1.0, confirmed=True) for n in range(9) for source in (Source.SELF, Source.PEER)]
    assert level_of(beside, today=TODAY).level == 0
    assert breadth(beside) == frozenset()


@given(heaps, heaps)
def test_more_evidence_never_lowers_a_level(some: list[Item], more: list[Item]) -> None:
    before, after = level_of(some, today=TODAY), level_of([*some, *more], today=TODAY)
    assert after.level >= before.level
    assert breadth(some) <= breadth([*some, *more])


@given(heaps, st.randoms())
def test_the_order_in_which_it_came_does_not_matter(some: list[Item], chance: object) -> None:
    mixed = list(some)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert level_of(mixed, today=TODAY) == level_of(some, today=TODAY)


@given(heaps)
def test_n3_and_up_always_rest_on_a_person(some: list[Item]) -> None:
    shown = level_of(some, today=TODAY)
    if shown.level >= 3:
        assert any(each.confirmed and each.source is Source.PRACTICE for each in shown.used)


@given(heaps)
def test_what_is_used_gives_the_same_level_by_itself(some: list[Item]) -> None:
    shown = level_of(some, today=TODAY)
    assert level_of(shown.used, today=TODAY).level == shown.level


@given(heaps)
def test_the_next_level_always_says_what_it_misses(some: list[Item]) -> None:
    shown = level_of(some, today=TODAY)
    assert bool(shown.missing) == (shown.level < 4)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_are_whole(day: date, months: int) -> None:
    year, month = divmod(day.month - 1 + months, 12)
    later = date(day.year + year, month + 1, min(day.day, 28))
    assert months_between(later.replace(day=1), later.replace(day=1)) == 0
    assert months_between(day.replace(day=1), later.replace(day=1)) == months
