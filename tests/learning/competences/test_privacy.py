"""Nobody can be found in what is shown of a group: not by subtracting, not by solving all of it, not by waiting."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from learning.competences import privacy
from learning.competences.privacy import REST, Change, Shown, Team, changed, left_over, renewed, show

LEVELS = (0, 1, 2, 3, 4)
counts = st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 12), max_size=5)


@st.composite
def organisations(draw: st.DrawFn, depth: int = 2, most: int = 4) -> Team:
    keys = itertools.count(1)

    def team(deeper: int) -> Team:
        inside = draw(st.integers(0, most)) if deeper else 0
        return Team(next(keys), draw(counts), tuple(team(deeper - 1) for _ in range(inside)))

    return team(depth)


def rows(shown: Shown) -> Iterator[Shown]:
    yield shown
    if shown.rest:
        yield shown.rest
    for team in shown.teams:
        yield from rows(team)


@given(organisations())
def test_every_number_that_is_shown_is_of_five_people_or_more(organisation: Team) -> None:
    shown = show(organisation, values=LEVELS, k=5)
    if shown is None:
        assert organisation.n < 5
        return
    for row in rows(shown):
        assert all(n >= 5 for _values, n in row.bins)
        assert sorted(value for values, _n in row.bins for value in values) == list(LEVELS)


@given(organisations())
def test_what_is_shown_adds_up(organisation: Team) -> None:
    shown = show(organisation, values=LEVELS, k=5)
    assume(shown is not None)
    assert shown is not None
    for row in rows(shown):
        inside = [*row.teams, *([row.rest] if row.rest else [])]
        if inside:
            assert sum(each.n for each in inside) == row.n
        for values, n in ((values, n) for each in inside for values, n in each.bins):
            assert n <= sum(m for wider, m in row.bins if set(wider) & set(values))


@given(organisations())
def test_teams_beside_each_other_have_the_same_bins_and_never_finer_ones_than_above(organisation: Team) -> None:
    shown = show(organisation, values=LEVELS, k=5)
    assume(shown is not None)
    assert shown is not None
    for row in rows(shown):
        inside = [*row.teams, *([row.rest] if row.rest else [])]
        assert len({tuple(values for values, _n in each.bins) for each in inside}) <= 1
        for each in inside:
            edges = {values[0] for values, _n in each.bins}
            assert edges <= {values[0] for values, _n in row.bins}


def solutions(team: Team, shown: Shown, values: tuple[int, ...]) -> Iterator[dict[tuple[int, int], int]]:
    """Every way in which the people of one team and those in it can be spread that gives exactly what is shown: what an
    attacker has who knows how this works, and how large each team is."""
    members = [each for each in (*team.teams, Team(team.key, team.counts)) if each.n]
    spreads = [list(spread(each.n, len(values))) for each in members]
    wanted = {REST: shown.rest, **{each.key: each for each in shown.teams}}
    for chosen in itertools.product(*spreads):
        if fits(shown, [sum(each[at] for each in chosen) for at in range(len(values))], values) and all(
            wanted.get(member.key) is None or fits(wanted[member.key], each, values)  # type: ignore[arg-type]
            for member, each in zip(members, chosen, strict=True)
            if member.key != team.key
        ):
            rest = [each for member, each in zip(members, chosen, strict=True) if member.key not in wanted]
            if shown.rest is None or fits(shown.rest, [sum(column) for column in zip(*rest, strict=True)], values):
                yield {
                    (member.key, value): each[at]
                    for member, each in zip(members, chosen, strict=True)
                    for at, value in enumerate(values)
                }


def spread(n: int, over: int) -> Iterator[tuple[int, ...]]:
    if over == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in spread(n - first, over - 1):
            yield (first, *rest)


def fits(row: Shown, spread_: list[int] | tuple[int, ...], values: tuple[int, ...]) -> bool:
    at = {value: position for position, value in enumerate(values)}
    return all(sum(spread_[at[value]] for value in binned) == n for binned, n in row.bins)


few = st.dictionaries(st.sampled_from((0, 1, 2)), st.integers(0, 3), max_size=3)


@settings(max_examples=15)
@given(few, st.lists(few, min_size=1, max_size=3))
def test_an_attacker_who_solves_all_that_is_shown_pins_nobody_down(
    own: dict[int, int], inside: list[dict[int, int]]
) -> None:
    """With k = 2, so that every solution can be tried; the rule is the same."""
    team = Team(100, own, tuple(Team(key, counts) for key, counts in enumerate(inside)))
    shown = show(team, values=(0, 1, 2), k=2)
    assume(shown is not None)
    assert shown is not None
    possible: dict[tuple[int, int], set[int]] = {}
    for solution in solutions(team, shown, (0, 1, 2)):
        for cell, n in solution.items():
            possible.setdefault(cell, set()).add(n)
    for cell, found in possible.items():
        # What is known for sure is of k people or more: never that exactly one is there, nor that nobody is.
        assert len(found) > 1 or found.pop() >= 2, cell


def test_a_small_team_is_taken_together_and_takes_another_along() -> None:
    team = Team(1, {}, (Team(2, {1: 20}), Team(3, {1: 7}), Team(4, {2: 3})))
    shown = show(team, values=LEVELS, k=5)
    assert shown is not None
    assert [each.key for each in shown.teams] == [2]
    assert shown.rest is not None
    assert (shown.rest.n, shown.taken) == (10, (3, 4))


def test_that_everybody_is_at_one_level_is_not_said() -> None:
    shown = show(Team(1, {2: 9}), values=LEVELS, k=5)
    assert shown is not None
    assert shown.bins == ((LEVELS, 9),)


def test_fewer_than_five_people_are_not_shown_whatever_the_setting() -> None:
    assert privacy.least(1) == 5
    assert privacy.least(8) == 8
    assert show(Team(1, {0: 4}), values=LEVELS, k=privacy.least(1)) is None


@pytest.mark.parametrize(("part", "n", "said"), [(5, 11, 45), (6, 19, 30), (7, 20, 35), (33, 100, 33)])
def test_small_groups_are_said_in_steps_of_five_percent(part: int, n: int, said: int) -> None:
    assert privacy.percent(part, n) == said


People = dict[int, tuple[int, str]]
people = st.dictionaries(st.integers(0, 9), st.tuples(st.integers(1, 3), st.sampled_from("01")), max_size=10)


def row(key: int, before: People, after: People, *rows: Change, as_one: bool = False) -> Change:
    def of(people: People) -> dict[int, str]:
        return {person: value for person, (team, value) in people.items() if key in (0, team)}

    return Change(key, of(before), of(after), rows, as_one)


@given(st.lists(people, min_size=2, max_size=6), st.integers(2, 4), st.booleans())
def test_whoever_looks_every_day_works_out_no_change_of_fewer_than_k(days: list[People], k: int, as_one: bool) -> None:
    """A whole and three teams: what an attacker has seen of each row, and can take off one another, day after day."""
    seen: dict[int, dict[int, str]] = {key: {} for key in range(4)}
    for today in days:
        now = {key: row(key, {}, today).after for key in range(4)}
        inside = tuple(Change(key, seen[key], now[key]) for key in (1, 2, 3))
        change = Change(0, seen[0], now[0], inside, as_one)
        new = renewed(change, k)
        before = {key: dict(found) for key, found in seen.items()}
        for key in new:
            seen[key] = dict(now[key])
        for every in itertools.chain.from_iterable(itertools.combinations((1, 2, 3), n) for n in range(4)):
            # The whole less some of the teams, today and yesterday.
            parts = [Change(key, before[key], seen[key]) for key in every]
            left = left_over(Change(0, before[0], seen[0]), parts)
            assert left == 0 or left >= k or unseen(before, seen, every)
        for key in range(4):
            size = changed(Change(key, before[key], seen[key]))
            assert size == 0 or size >= k


def unseen(before: dict[int, dict[int, str]], after: dict[int, dict[int, str]], some: tuple[int, ...]) -> bool:
    """The others have rows of their own that changed too: what is left is a sum of things that may be seen."""
    others = [key for key in (1, 2, 3) if key not in some]
    return any(changed(Change(key, before[key], after[key])) for key in others)


def test_who_moves_within_a_team_changes_nothing_of_it() -> None:
    before, after = {7: (1, "1")}, {7: (2, "1")}
    whole = row(0, before, after, row(1, before, after), row(2, before, after))
    assert changed(whole) == 0
    assert renewed(whole, 5) == {0}


def test_what_would_be_left_of_one_person_waits_and_so_does_all_where_teams_stand_alone_otherwise() -> None:
    before: People = {n: (1 + n % 2, "0") for n in range(12)}
    six_of_two: People = dict.fromkeys(range(1, 12, 2), (2, "1"))
    after = {**before, **six_of_two, 0: (1, "1")}
    rows = (row(1, before, after), row(2, before, after))
    assert renewed(row(0, before, after, *rows), 5) == {0}  # with team 2 too, the one of team 1 would be left over
    after = {**before, **six_of_two}
    rows = (row(1, before, after), row(2, before, after))
    assert renewed(row(0, before, after, *rows), 5) == {0, 1, 2}
    small = row(3, {20: (3, "0")}, {20: (3, "1")})
    assert renewed(row(0, before, after, *rows, small), 5) == {0, 1, 2}
    assert renewed(row(0, before, after, *rows, small, as_one=True), 5) == {0}
