"""What may be shown of a group, so that nobody can be found in it (curriculum 4.5). Plain data, without a table.

Instead of blotting cells out of a table and then hunting for what can be worked out from the rest, levels and teams are
taken together until every number that is shown is of at least k people:

- Teams with fewer than k people are taken together with others of the same team above ("rest").
- Levels are taken together in bins. Teams beside each other have the same bins, and a team below never has finer ones
  than the team above it.

So whatever is subtracted from whatever, what is left is a sum of numbers that are shown, each of at least k people; and
inside a bin at least two teams and two levels of at least k each leave k or more possibilities for each. A test tries
to do better, with every solution of everything that was shown.

From one moment to the next the same holds: what is shown of a team only changes when at least k people in it changed,
and what then can be worked out of the teams beside it is of at least k people too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FLOOR = 5
"""No setting goes below it (curriculum 4.5)."""
ROUNDED_BELOW = 20
ROUNDED_TO = 5

Bins = tuple[tuple[int, ...], ...]


def least(setting: int) -> int:
    """k: what the installation asks, never fewer than five."""
    return max(FLOOR, setting)


@dataclass(frozen=True)
class Team:
    """`counts`: people in the team itself by value (0 to 4), each person in one team only. `teams`: those in it."""

    key: int
    counts: Mapping[int, int]
    teams: tuple[Team, ...] = ()

    def all(self) -> dict[int, int]:
        """With the teams in it."""
        total = dict(self.counts)
        for team in self.teams:
            for value, n in team.all().items():
                total[value] = total.get(value, 0) + n
        return total

    @property
    def n(self) -> int:
        return sum(self.all().values())


@dataclass(frozen=True)
class Shown:
    """What may be shown of a team. `bins`: [(values, people)], each of k people or more; one bin says how many they are
    and no more. `rest`: what is taken together of the teams in it that are too small to stand alone, and of who is in
    none of them; `taken`: the keys of those teams."""

    key: int
    bins: tuple[tuple[tuple[int, ...], int], ...]
    teams: tuple[Shown, ...] = ()
    rest: Shown | None = None
    taken: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        return sum(n for _values, n in self.bins)


REST = -1
"""The key of what is taken together."""


def show(team: Team, *, values: Sequence[int], k: int) -> Shown | None:
    """What may be shown of a team and of those in it; None where it has fewer than k people. `k` is never below the
    floor unless a test says so by `values` of its own; callers get it from `least`."""
    if team.n < k:
        return None
    bins = _fitting([team.all()], tuple((value,) for value in values), k)
    return _shown(team, bins, k)


def _shown(team: Team, bins: Bins, k: int) -> Shown:
    alone, together = _parted(team, k)
    rest = _sum(together)
    members = [each.all() for each in alone] + ([rest] if rest else [])
    inside = _fitting(members, bins, k) if members else bins
    return Shown(
        team.key,
        _counted(team.all(), bins),
        tuple(_shown(each, inside, k) for each in alone),
        Shown(REST, _counted(rest, inside)) if rest and alone else None,
        tuple(sorted(each.key for each in together if each.key != team.key)) if alone else (),
    )


def _parted(team: Team, k: int) -> tuple[list[Team], list[Team]]:
    """(teams that stand alone, what is taken together): together there is nobody, or at least k people."""
    alone = sorted((each for each in team.teams if each.n >= k), key=lambda each: (each.n, each.key))
    together = [each for each in team.teams if 0 < each.n < k]
    if sum(team.counts.values()):
        together.append(Team(team.key, team.counts))
    while alone and 0 < sum(each.n for each in together) < k:
        together.append(alone.pop(0))
    return sorted(alone, key=lambda each: each.key), together


def _sum(teams: Iterable[Team]) -> dict[int, int]:
    return Team(REST, {}, tuple(teams)).all()


def _fitting(members: Sequence[Mapping[int, int]], bins: Bins, k: int) -> Bins:
    """These bins, taken together with their neighbours until each holds k people or more of each member."""
    found = list(bins)
    while len(found) > 1:
        fewest = [min(sum(counts.get(value, 0) for value in each) for counts in members) for each in found]
        least_of_all = min(fewest)
        if least_of_all >= k:
            break
        at = fewest.index(least_of_all)
        beside = min((each for each in (at - 1, at + 1) if 0 <= each < len(found)), key=lambda each: fewest[each])
        first, second = sorted((at, beside))
        found[first : second + 1] = [found[first] + found[second]]
    return tuple(found)


def _counted(counts: Mapping[int, int], bins: Bins) -> tuple[tuple[tuple[int, ...], int], ...]:
    return tuple((each, sum(counts.get(value, 0) for value in each)) for each in bins)


def percent(part: int, n: int) -> int:
    """Whole percents; of fewer than twenty people in steps of five (curriculum 4.5)."""
    exact = 100 * part / n
    return round(exact) if n >= ROUNDED_BELOW else ROUNDED_TO * round(exact / ROUNDED_TO)


# --- from one moment to the next


@dataclass(frozen=True)
class Change:
    """Who is in a row that is shown, and at which value: as it was last shown, and as it is now ({person: value}).

    `rows`: those shown inside it. `as_one`: other teams stand alone there than before, so that all of them are shown
    anew or none is.
    """

    key: int
    before: Mapping[int, str]
    after: Mapping[int, str]
    rows: tuple[Change, ...] = ()
    as_one: bool = False


def changed(change: Change) -> int:
    """How many people came, went, or have another value."""
    before, after = change.before, change.after
    return sum(before.get(person) != after.get(person) for person in before.keys() | after.keys())


def left_over(change: Change, new: Iterable[Change]) -> int:
    """Of how many people a change can be worked out by taking what changed in the rows `new` inside it off what changed
    in the row itself."""
    moved: dict[int, dict[str, int]] = {}

    def count(row: Change, sign: int) -> None:
        for side, people in ((-sign, row.before), (sign, row.after)):
            for person, value in people.items():
                values = moved.setdefault(person, {})
                values[value] = values.get(value, 0) + side

    count(change, 1)
    for row in new:
        count(row, -1)
    return sum(any(values.values()) for values in moved.values())


def renewed(change: Change, k: int) -> frozenset[int]:
    """The rows of which something newer may be shown than before: what can then be worked out, of any of them or by
    taking one off another, is a change of nobody or of at least k people."""
    if 0 < changed(change) < k:
        return frozenset()
    return frozenset({change.key, *_inside(change, k)})


def _inside(change: Change, k: int) -> set[int]:
    sizes = {row.key: changed(row) for row in change.rows}
    new = [row for row in change.rows if sizes[row.key] == 0 or sizes[row.key] >= k]
    if change.as_one and len(new) < len(change.rows):
        return set()
    by_size = sorted((row for row in new if sizes[row.key]), key=lambda row: (sizes[row.key], row.key))
    while by_size and 0 < left_over(change, new) < k:
        if change.as_one:
            return set()
        new.remove(by_size.pop(0))
    found = {row.key for row in new}
    for row in new:
        found |= _inside(row, k)
    return found
