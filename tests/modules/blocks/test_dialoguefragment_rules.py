"""Scoring and agreement of curriculum 3.b, on the key of curriculum 5.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.dialoguefragment import rules
from modules.blocks.shares import contested, modal_codes

# Curriculum 5.2, fragment A.
FRAGMENT_A = {
    "t1": {"D2": 0.8, "N0": 0.2},
    "t2": {"D5": 0.6, "B1": 0.4},
    "t3": {"B1": 1.0},
    "t4": {"B2": 0.8, "B1": 0.2},
    "t5": {"B5": 0.6, "B6": 0.2, "N0": 0.2},
    "t6": {"D1": 1.0},
    "t7": {"D5": 1.0},
    "t8": {"D3": 0.6, "D4": 0.4},
    "t9": {"B4": 0.8, "B6": 0.2},
    "t10": {"D5": 0.4, "B2": 0.4, "B3": 0.2},
    "t11": {"D2": 0.6, "D6": 0.2, "D1": 0.2},
    "t12": {"D5": 1.0},
    "t13": {"D5": 0.6, "D4": 0.2, "D3": 0.2},
    "t14": {"D6": 0.8, "D2": 0.2},
    "t15": {"D1": 0.6, "D5": 0.4},
    "t16": {"D2": 0.8, "D6": 0.2},
}

codes = st.sampled_from(rules.CODES)
shares = st.lists(codes, min_size=1, max_size=9).map(lambda votes: {c: votes.count(c) / len(votes) for c in votes})
keys = st.dictionaries(st.text(min_size=1, max_size=3), shares, min_size=1, max_size=8)
pairs = st.lists(st.tuples(codes, codes), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("turn", "code", "score"),
    [
        ("t1", "D2", 1.0),  # what most experts chose
        ("t1", "N0", 0.25),  # .2 of .8
        ("t8", "D4", 2 / 3),  # .4 of .6
        ("t3", "B6", 0.25),  # nobody chose it, but it is debate like the mode
        ("t3", "D1", 0.0),
        ("t3", "N0", 0.0),  # information has no family
        ("t10", "D5", 1.0),
        ("t10", "B2", 1.0),
        ("t10", "B3", 1.0),  # experts differ: any of theirs is good
        ("t10", "D1", 0.25),
        ("t10", "N0", 0.0),
    ],
)
def test_a_mark_scores_what_the_curriculum_says(turn: str, code: str, score: float) -> None:
    assert rules.turn_score(FRAGMENT_A[turn], code) == pytest.approx(score)


def test_exactly_half_of_the_experts_is_a_majority() -> None:
    assert not contested({"D1": 0.5, "B1": 0.3, "N0": 0.2})
    assert rules.turn_score({"D1": 0.5, "B1": 0.3, "N0": 0.2}, "B1") == pytest.approx(0.6)


def test_a_mode_of_information_gives_nobody_a_family() -> None:
    assert rules.turn_score({"N0": 1.0}, "D1") == 0.0


def test_a_turn_without_a_mark_counts_neither_for_nor_against() -> None:
    assert rules.fragment_score(FRAGMENT_A, {"t1": "D2", "t3": "D1"}) == pytest.approx(0.5)
    assert rules.fragment_score(FRAGMENT_A, {"t1": "D2"}) == 1.0
    assert rules.fragment_score(FRAGMENT_A, {}) is None


@given(shares, codes)
def test_a_turn_scores_between_zero_and_one(said: dict[str, float], code: str) -> None:
    assert 0 <= rules.turn_score(said, code) <= 1


@given(shares)
def test_the_code_most_experts_chose_scores_full(said: dict[str, float]) -> None:
    assert all(rules.turn_score(said, code) == pytest.approx(1) for code in modal_codes(said))


@given(keys, st.data())
def test_the_score_doesnt_depend_on_the_order_of_marking(key: dict[str, dict[str, float]], data: st.DataObject) -> None:
    marks = {turn: data.draw(codes) for turn in key}
    turned = dict(data.draw(st.permutations(list(marks.items()))))
    score = rules.fragment_score(key, marks)
    assert score == rules.fragment_score(key, turned)
    assert score is not None
    assert 0 <= score <= 1


def test_a_turn_on_which_experts_differ_or_tie_has_no_mode_to_compare_with() -> None:
    assert rules.expert_mode(FRAGMENT_A["t10"]) is None
    assert rules.expert_mode({"D1": 0.5, "B1": 0.5}) is None
    assert rules.compared(FRAGMENT_A, {"t10": "D5", "t1": "N0"}) == [("N0", "D2")]


def test_cohen_kappa_agrees_with_a_worked_example() -> None:
    """50 turns: 20 and 15 agreed, 5 and 10 not. po = 35/50; pe = (25*30 + 25*20)/2500 = .5; kappa = .2/.5."""
    table = [("D1", "D1")] * 20 + [("D1", "B1")] * 5 + [("B1", "D1")] * 10 + [("B1", "B1")] * 15
    assert rules.agreement(table) == pytest.approx(0.7)
    assert rules.cohen_kappa(table) == pytest.approx(0.4)


@given(pairs)
def test_cohen_kappa_stays_within_its_bounds_and_below_agreement(table: list[tuple[str, str]]) -> None:
    kappa, agreed = rules.cohen_kappa(table), rules.agreement(table)
    assert agreed is not None
    if kappa is None:
        assert agreed == 1
    else:
        assert -1 <= kappa <= agreed <= 1


@given(pairs)
def test_cohen_kappa_is_one_only_for_raters_who_never_differ(table: list[tuple[str, str]]) -> None:
    assert (rules.cohen_kappa(table) == 1) == (len({a for a, _ in table}) > 1 and all(a == b for a, b in table))


@given(pairs)
def test_cohen_kappa_doesnt_care_who_is_who_nor_about_order(table: list[tuple[str, str]]) -> None:
    assert rules.cohen_kappa(table) == rules.cohen_kappa([(b, a) for a, b in reversed(table)])


def test_kappa_says_nothing_where_there_is_nothing_to_compare() -> None:
    assert rules.cohen_kappa([]) is None
    assert rules.agreement([]) is None
    assert rules.cohen_kappa([("D1", "D1")] * 4) is None


def test_fleiss_kappa_agrees_with_a_table_counted_by_hand() -> None:
    """3 turns, 3 raters. P = (1 + 1/3 + 1)/3 = 7/9; codes 5/9 and 4/9, so Pe = 41/81; kappa = 22/40."""
    assert rules.fleiss_kappa([{"D1": 3}, {"D1": 2, "B1": 1}, {"B1": 3}]) == pytest.approx(22 / 40)


def rated(raters: int) -> st.SearchStrategy[list[dict[str, int]]]:
    """Turns that `raters` experts rated each."""
    votes = st.lists(codes, min_size=raters, max_size=raters)
    return st.lists(votes.map(lambda said: {code: said.count(code) for code in said}), min_size=1, max_size=12)


@given(st.integers(2, 7).flatmap(rated))
def test_fleiss_kappa_stays_within_its_bounds_and_ignores_order(ratings: list[dict[str, int]]) -> None:
    kappa = rules.fleiss_kappa(ratings)
    assert kappa is None or -1 - 1e-9 <= kappa <= 1 + 1e-9
    if kappa is not None:
        assert kappa == pytest.approx(rules.fleiss_kappa(ratings[::-1]))


@pytest.mark.parametrize("ratings", [[], [{"D1": 1}], [{"D1": 3}, {"D1": 2}], [{"D1": 3}, {"D1": 3}]])
def test_fleiss_kappa_is_nothing_where_it_has_no_meaning(ratings: list[dict[str, int]]) -> None:
    assert rules.fleiss_kappa(ratings) is None


def test_the_key_of_fragment_a_may_be_published() -> None:
    assert rules.key_kappa(FRAGMENT_A, 5) == pytest.approx(0.5197, abs=1e-4)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("0:00", 0),
        ("1:04", 64),
        ("1:04.5", 64.5),
        (64, 64),
        (64.5, 64.5),
        ("64.5", 64.5),
        (-1, None),
        ("", None),
        ("een", None),
        (True, None),
        (None, None),
        (float("nan"), None),
        ("1:0:4", None),
    ],
)
def test_moments_are_read_as_people_write_them(written: object, moment: float | None) -> None:
    assert rules.seconds(written) == moment


def test_the_group_is_counted_per_turn_from_five_people_on() -> None:
    people = [{"t1": "D1", "t2": "B1"}] * 3 + [{"t1": "D2"}] * 2
    assert rules.distribution(people) == {"t1": {"D1": 3, "D2": 2}}


def test_what_isnt_a_mark_isnt_counted() -> None:
    assert rules.distribution([None, 3, {"t1": "onzin"}] + [{"t1": "N0"}] * 5) == {"t1": {"N0": 5}}
