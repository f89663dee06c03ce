"""Nobody can be found in what is shown of a group: not by subtracting, not by solving all of it, not by waiting."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from random import Random

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from learning.competences import privacy
from learning.competences.privacy import (
    NOTHING,
    Change,
    Follows,
    Own,
    Row,
    Shown,
    Team,
    binned,
    difference,
    is_hidden,
    parted,
    renewed,
    rest_of,
    settled,
    show,
)

LEVELS = (0, 1, 2, 3, 4)
IT = Follows({1})
counts = st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 12), max_size=5)


@st.composite
def organisations(draw: st.DrawFn, depth: int = 2, most: int = 4) -> tuple[Team, dict[int, Own]]:
    """All follow one leerlijn."""
    keys = itertools.count(1)
    own = {}

    def team(deeper: int) -> Team:
        key, inside = next(keys), draw(st.integers(0, most)) if deeper else 0
        own[key] = Own.of(draw(counts))
        return Team(key, sum(own[key].at.values()), IT, tuple(team(deeper - 1) for _ in range(inside)))

    return team(depth), own


def shown_of(team: Team, own: Mapping[int, Own], k: int = 5) -> Shown | None:
    return show(parted(team, settled(team, k), k), own, values=LEVELS, k=k)


def rows(shown: Shown) -> Iterator[Shown]:
    yield shown
    for each in shown.rows:
        yield from rows(each)


def rows_of(row: Row) -> Iterator[Row]:
    yield row
    for each in row.rows:
        yield from rows_of(each)


@given(organisations())
def test_every_number_that_is_shown_is_of_five_people_or_more(organisation: tuple[Team, dict[int, Own]]) -> None:
    team, own = organisation
    shown = shown_of(team, own)
    if shown is None:
        assert sum(each.people for each in team.each()) < 5
        return
    for row in rows(shown):
        assert all(n >= 5 for _values, n in row.bins)
        assert sorted(value for values, _n in row.bins for value in values) == list(LEVELS)


@given(organisations())
def test_what_is_shown_adds_up(organisation: tuple[Team, dict[int, Own]]) -> None:
    shown = shown_of(*organisation)
    assume(shown is not None)
    assert shown is not None
    for row in rows(shown):
        if row.rows:
            assert sum(each.n for each in row.rows) == row.n
        for values, n in ((values, n) for each in row.rows for values, n in each.bins):
            assert n <= sum(m for wider, m in row.bins if set(wider) & set(values))


@given(organisations())
def test_teams_beside_each_other_have_the_same_bins_and_never_finer_ones_than_above(
    organisation: tuple[Team, dict[int, Own]],
) -> None:
    shown = shown_of(*organisation)
    assume(shown is not None)
    assert shown is not None
    for row in rows(shown):
        assert len({tuple(values for values, _n in each.bins) for each in row.rows}) <= 1
        for each in row.rows:
            edges = {values[0] for values, _n in each.bins}
            assert edges <= {values[0] for values, _n in row.bins}


# --- who follows what


some = st.frozensets(st.integers(1, 3), max_size=3)


@st.composite
def followers(draw: st.DrawFn) -> Team:
    keys = itertools.count(1)

    def team(deeper: int, above: Follows) -> Team:
        follows = above | draw(some)
        inside = draw(st.integers(0, 3)) if deeper else 0
        return Team(
            next(keys), draw(st.integers(0, 9)), follows, tuple(team(deeper - 1, follows) for _ in range(inside))
        )

    return team(2, NOTHING)


@given(followers(), st.integers(2, 5))
def test_of_who_follow_the_same_each_row_holds_nobody_or_at_least_k(team: Team, k: int) -> None:
    follows = settled(team, k)
    people = {each.key: each.people for each in team.each()}
    for row in rows_of(parted(team, follows, k)):
        sizes: Counter[Follows] = Counter()
        for member in row.members:
            sizes[follows.get(member, NOTHING)] += people[member]
        assert all(n >= k for each, n in sizes.items() if each and n)
        inside = [member for each in row.rows for member in each.members if follows.get(member)]
        if row.rows:
            assert sorted(inside) == sorted(member for member in row.members if follows.get(member))


@given(followers(), st.integers(2, 5))
def test_nobody_counts_for_a_leerlijn_that_their_team_does_not_follow(team: Team, k: int) -> None:
    for each in team.each():
        assert settled(team, k).get(each.key, NOTHING) <= each.follows


def test_a_few_who_follow_more_count_along_with_those_around_them() -> None:
    both = Follows({1, 2})
    team = Team(1, 0, IT, (Team(2, 9, IT), Team(3, 3, both)))
    assert settled(team, 5) == {2: IT, 3: IT}
    assert settled(Team(1, 0, IT, (Team(2, 9, IT), Team(3, 5, both))), 5) == {2: IT, 3: both}


def test_a_few_who_follow_something_else_count_nowhere() -> None:
    assert settled(Team(1, 0, NOTHING, (Team(2, 9, IT), Team(3, 3, Follows({2})))), 5) == {2: IT, 3: NOTHING}


def test_two_groups_of_a_few_count_for_what_they_have_in_common() -> None:
    team = Team(1, 0, NOTHING, (Team(2, 4, Follows({1, 2})), Team(3, 4, Follows({1, 3}))))
    assert settled(team, 5) == {2: IT, 3: IT}


# --- an attacker who solves everything


def spread(n: int, over: int) -> Iterator[tuple[int, ...]]:
    if over == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in spread(n - first, over - 1):
            yield (first, *rest)


NOT_BEGUN, BEGUN, SHOWED, REACHED = range(4)
STATES = 4
"""What is true of somebody, each with what is before it: began, showed something, reached a level."""
Spread = Mapping[int, tuple[int, ...]]
"""{team: people in each state}"""
Equation = tuple[frozenset[int], int, int]
"""(teams, a state, how many of them are there or further)"""
Cell = tuple[frozenset[int], int, int]
PARTS = [(0, 0), (1, 1), (2, 2), (3, 3), (1, 3), (2, 3)]
"""In a state, or from it on."""


def two_leerlijnen(team: Team, people: Spread, k: int) -> tuple[Row, list[tuple[set[int], int, Shown]]]:
    """What is shown of two leerlijnen with the same module, of breadth and of levels, as `services.tables` counts it:
    [(whose teams are in it, the first state that is on the other side, what is shown)]."""
    follows = settled(team, k)
    row = parted(team, follows, k)
    sizes = {
        each: sum(people[key] != () and sum(people[key]) for key, f in follows.items() if each in f) for each in (1, 2)
    }
    first, second = sorted((1, 2), key=lambda each: (-sizes[each], each))
    found = []
    for leerlijn, near in ((first, Follows({first})), (second, Follows({1, 2}))):
        own = {
            key: Own(
                _at(people[key], BEGUN) if leerlijn in each else {},
                {each & near: _at(people[key], BEGUN)},
            )
            for key, each in follows.items()
            if each & near
        }
        found.append(({key for key, each in follows.items() if leerlijn in each}, BEGUN, own))
    for state in (SHOWED, REACHED):
        own = {
            key: Own(
                _at(people[key], state),
                {NOTHING: _at(people[key], state, told=BEGUN)},
                {(1, ""): people[key][SHOWED]} if state == SHOWED and people[key] else {},
            )
            for key, each in follows.items()
            if each
        }
        found.append(({key for key, each in follows.items() if each}, state, own))
    tables = [(teams, state, show(row, own, values=(0, 1), k=k)) for teams, state, own in found]
    return row, [(teams, state, shown) for teams, state, shown in tables if shown]


def _at(people: tuple[int, ...], state: int, *, told: int = 0) -> dict[int, int]:
    return {0: sum(people[told:state]), 1: sum(people[state:])}


def equations(row: Row, tables: Iterable[tuple[set[int], int, Shown]]) -> Iterator[Equation]:
    """All that is shown."""
    members = {each.key: set(each.members) for each in rows_of(row)}
    for teams, state, shown in tables:
        for each in rows(shown):
            if len(each.bins) > 1:
                yield frozenset(members[each.key] & teams), state, each.bins[1][1]


def solutions(
    sizes: Mapping[int, int], known: list[Equation], order: Random | None = None
) -> Iterator[dict[int, tuple[int, ...]]]:
    """Every way in which people can be spread that gives exactly what is shown, of who knows how large each team is."""
    teams = sorted(sizes)
    spreads = {team: list(spread(sizes[team], STATES)) for team in teams}
    if order:
        order.shuffle(teams)
        for each in spreads.values():
            order.shuffle(each)

    def further(at: int, chosen: dict[int, tuple[int, ...]]) -> Iterator[dict[int, tuple[int, ...]]]:
        if at == len(teams):
            yield dict(chosen)
            return
        for people in spreads[teams[at]]:
            chosen[teams[at]] = people
            if all(_can_be(each, chosen, sizes) for each in known if teams[at] in each[0]):
                yield from further(at + 1, chosen)
            del chosen[teams[at]]

    yield from further(0, {})


def pinned(
    sizes: Mapping[int, int], known: list[Equation], groups: Iterable[frozenset[int]], fewest: int = 2
) -> dict[Cell, int]:
    """What an attacker knows for sure: {(teams, from a state on, to a state): people}. Looks here and there first, and
    then, of what still seems sure, everywhere."""
    cells = [(teams, first, last) for teams in groups for first, last in PARTS]
    found: dict[Cell, set[int]] = {cell: set() for cell in cells}
    tries = (itertools.islice(solutions(sizes, known, Random(seed)), 20) for seed in range(40))
    for solution in itertools.chain(itertools.chain.from_iterable(tries), solutions(sizes, known)):
        for cell in [cell for cell, values in found.items() if len(values) < 2]:
            teams, first, last = cell
            found[cell].add(sum(sum(solution[team][first : last + 1]) for team in teams))
        if all(len(values) > 1 or min(values) >= fewest for values in found.values()):
            return {}
    return {cell: min(values) for cell, values in found.items() if len(values) == 1 and min(values) < fewest}


def _can_be(known: Equation, chosen: Spread, sizes: Mapping[int, int]) -> bool:
    teams, state, n = known
    there = sum(sum(chosen[team][state:]) for team in teams if team in chosen)
    open_ = sum(sizes[team] for team in teams if team not in chosen)
    return there <= n <= there + open_


@st.composite
def small_organisations(draw: st.DrawFn) -> tuple[Team, dict[int, tuple[int, ...]]]:
    """A few teams that follow the first, the second, both or none of two leerlijnen."""
    people = {}
    teams = []
    for key in range(1, draw(st.integers(2, 4)) + 1):
        people[key] = tuple(draw(st.integers(0, 2)) for _ in range(STATES))
        people[key] = people[key] if sum(people[key]) <= 4 else (1, 1, 1, 1)
        teams.append(Team(key, sum(people[key]), draw(st.sampled_from([IT, Follows({2}), Follows({1, 2}), NOTHING]))))
    cut = draw(st.integers(0, len(teams)))
    people[8] = ()
    above = Team(8, 0, NOTHING, tuple(teams[:cut]))
    return Team(9, 0, NOTHING, (above, *teams[cut:])), people


@settings(max_examples=150, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(small_organisations())
def test_an_attacker_who_solves_all_tables_of_two_leerlijnen_pins_nobody_down(
    organisation: tuple[Team, dict[int, tuple[int, ...]]],
) -> None:
    """With k = 2, so that every solution can be tried; the rule is the same. What they then know for sure is never that
    fewer than k of a team, or of those in a table, are in a state, began, showed something or reached a level."""
    team, people = organisation
    row, tables = two_leerlijnen(team, people, 2)
    known = list(equations(row, tables))
    assume(known)
    sizes = {key: sum(each) for key, each in people.items() if any(key in teams for teams, _state, _n in known)}
    groups = {frozenset({key}) for key in sizes} | {teams for teams, _state, _n in known}
    assert not pinned(sizes, known, groups)


def test_a_small_team_is_taken_together_and_takes_another_along() -> None:
    own = {2: Own.of({1: 20}), 3: Own.of({1: 7}), 4: Own.of({2: 3})}
    team = Team(1, 0, IT, tuple(Team(key, sum(each.at.values()), IT) for key, each in own.items()))
    shown = shown_of(team, own)
    assert shown is not None
    assert [(each.key, each.n) for each in shown.rows] == [(2, 20), (rest_of(1), 10)]


def test_that_everybody_is_at_one_level_is_not_said() -> None:
    assert binned({2: 9}, values=LEVELS, k=5) == ((LEVELS, 9),)


def test_who_another_table_tells_of_doesnt_make_a_level_be_shown() -> None:
    """Nine who began, of whom two are at N0: that many more began than reached N1."""
    own = {1: Own({0: 12, 1: 7}, {NOTHING: {0: 2, 1: 7}})}
    shown = show(Row(1, (1,)), own, values=(0, 1), k=5)
    assert shown is not None
    assert shown.bins == (((0, 1), 19),)


def test_a_bin_does_not_begin_where_another_table_would_tell_of_a_few() -> None:
    """Three who showed something and are at N0."""
    own = {1: Own({0: 12, 1: 12, 2: 9}, {NOTHING: {0: 12, 1: 12, 2: 9}}, {(1, ""): 3})}
    shown = show(Row(1, (1,)), own, values=(0, 1, 2), k=5)
    assert shown is not None
    assert shown.bins == (((0, 1), 24), ((2,), 9))


def test_fewer_than_five_people_are_not_shown_whatever_the_setting() -> None:
    assert privacy.least(1) == 5
    assert privacy.least(8) == 8
    assert binned({0: 4}, values=LEVELS, k=privacy.least(1)) == ()


@pytest.mark.parametrize(("part", "n", "said"), [(5, 11, 45), (6, 19, 30), (7, 20, 35), (33, 100, 33)])
def test_small_groups_are_said_in_steps_of_five_percent(part: int, n: int, said: int) -> None:
    assert privacy.percent(part, n) == said


# --- from one moment to the next


People = dict[int, tuple[int, str]]
people = st.dictionaries(st.integers(0, 12), st.tuples(st.integers(1, 3), st.sampled_from("01")), max_size=13)


def row(key: int, before: People, after: People, *inside: Change, as_one: bool = False) -> Change:
    def of(people: People) -> dict[int, str]:
        return {person: value for person, (team, value) in people.items() if key in (0, team)}

    return as_change(key, of(before), of(after), *inside, as_one=as_one)


def as_change(
    key: int, before: Mapping[int, str], after: Mapping[int, str], *inside: Change, as_one: bool = False
) -> Change:
    stood = {value: list(before.values()).count(value) for value in "01"} if before else {}
    return Change(key, before, after, stood, frozenset("01"), "01", inside, as_one)


@settings(max_examples=200)
@given(st.lists(people, min_size=2, max_size=6), st.integers(2, 4), st.booleans())
def test_whoever_looks_every_day_works_out_no_change_of_fewer_than_k(days: list[People], k: int, as_one: bool) -> None:
    """A whole and three teams: what an attacker has seen of each row, and can take off one another, day after day, also
    if they know who came and who went."""
    seen: dict[int, dict[int, str]] = {key: {} for key in range(4)}
    for today in days:
        now = {key: row(key, {}, today).after for key in range(4)}
        inside = tuple(as_change(key, seen[key], now[key]) for key in (1, 2, 3))
        new = renewed(as_change(0, seen[0], now[0], *inside, as_one=as_one), k)
        before = {key: dict(found) for key, found in seen.items()}
        for key in new:
            seen[key] = dict(now[key])
        for key in range(4):
            assert is_hidden(difference(as_change(key, before[key], seen[key])), k)
        left = difference(
            as_change(0, before[0], seen[0]), [as_change(key, before[key], seen[key]) for key in new - {0}]
        )
        assert not new or is_hidden(left, k) or not any(before[key] != seen[key] for key in new - {0})


@given(people, people, st.integers(2, 4))
def test_what_is_shown_anew_leaves_at_least_k_unknown_beside_who_came_and_went(
    before: People, after: People, k: int
) -> None:
    change = row(0, before, after)
    found = difference(change)
    if found.is_nothing or not is_hidden(found, k):
        return
    turned = sum(change.after.get(person) not in (None, value) for person, value in change.before.items())
    came, went = Counter(found.came), Counter(found.went)
    fits = all(each["0"] >= k and each["1"] >= k for each in (came, went) if each)
    assert turned >= k or fits


def test_who_moves_within_a_team_changes_nothing_of_it() -> None:
    before, after = {7: (1, "1")}, {7: (2, "1")}
    whole = row(0, before, after, row(1, before, after), row(2, before, after))
    assert difference(whole).is_nothing
    assert renewed(whole, 5) == {0}


def test_somebody_who_is_placed_in_a_team_to_look_and_put_back_changes_nothing() -> None:
    before: People = {n: (1 + n % 2, "01"[n % 3 == 0]) for n in range(24)}
    looked: People = {**before, 0: (2, "1")}
    for then, now in ((before, looked), (before, before)):
        rows = (row(1, then, now), row(2, then, now))
        assert renewed(row(0, then, now, *rows), 5) in ({0}, {0, 1, 2})
        assert (renewed(row(0, then, now, *rows), 5) == {0}) == (now is looked)


def test_somebody_who_comes_along_with_five_who_moved_waits_for_a_sixth() -> None:
    before: People = dict.fromkeys(range(12), (1, "0"))
    five = {**before, **dict.fromkeys(range(5), (1, "1"))}
    assert renewed(row(0, before, five), 5) == {0}
    assert renewed(row(0, before, {**five, 99: (1, "0")}), 5) == frozenset()
    six = {**before, **dict.fromkeys(range(6), (1, "1"))}
    assert renewed(row(0, before, {**six, 99: (1, "0")}), 5) == {0}


def test_a_team_that_comes_at_once_shows_only_what_it_may_show_by_itself() -> None:
    before: People = {n: (1, "01"[n % 2]) for n in range(20)}
    new = {100 + n: (2, "01"[n == 0]) for n in range(6)}
    assert renewed(row(0, before, {**before, **new}), 5) == frozenset()
    spread_out = {100 + n: (2, "01"[n % 2]) for n in range(10)}
    assert renewed(row(0, before, {**before, **spread_out}), 5) == {0}


def test_somebody_who_was_erased_is_not_what_is_missing_the_next_day() -> None:
    before: People = {n: (1, "01"[n % 2]) for n in range(20)}
    change = row(0, before, before)
    less = {person: value for person, value in change.before.items() if person != 3}
    erased = Change(0, less, less, change.stood, change.edges, change.order)
    assert difference(erased).went == {"1": 1}
    assert renewed(erased, 5) == frozenset()


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
