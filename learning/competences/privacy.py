"""What may be shown of a group, so that nobody can be found in it (curriculum 4.5). Plain data, without a table.

Instead of blotting cells out of a table and then hunting for what can be worked out from the rest, levels and teams are
taken together until every number that is shown is of at least k people:

- Which teams stand alone is settled once, for all tables, by how many people there are and which leerlijnen they
  follow, never by what they did. Teams with fewer than k people, or with a few who follow something else, are taken
  together with others of the same team above ("rest"). So of whoever follows the same, each row holds nobody or at
  least k people, and what two tables differ in is a sum of such parts.
- Levels are taken together in bins. Teams beside each other have the same bins, and a team below never has finer ones
  than the team above it. Who is known to be at a value from another table ("told") isn't counted when bins are made.

So whatever is subtracted from whatever, what is left is a sum of numbers that are shown, each of at least k people; and
inside a bin at least two teams and two levels of at least k each leave k or more possibilities for each. A test tries
to do better, with every solution of everything that was shown.

From one moment to the next: whoever looks may know who came and who went. So what is shown of a row only changes when
it differs by at least k people more than those, or when they are themselves so many at each value as may be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

FLOOR = 5
"""No setting goes below it (curriculum 4.5)."""
ROUNDED_BELOW = 20
ROUNDED_TO = 5

Bins = tuple[tuple[int, ...], ...]
Follows = frozenset[int]
"""Which leerlijnen people follow: public, for a team follows as a whole."""
NOTHING: Follows = frozenset()
Edge = tuple[int, str]
"""A value at which a bin could begin, and what of another table that could then be compared with."""


def least(setting: int) -> int:
    """k: what the installation asks, never fewer than five."""
    return max(FLOOR, setting)


# --- which teams stand alone, in all tables


@dataclass(frozen=True)
class Team:
    """`people`: how many there are in the team itself, each person in one team only. `teams`: those in it."""

    key: int
    people: int
    follows: Follows = NOTHING
    teams: tuple[Team, ...] = ()

    def each(self) -> Iterator[Team]:
        """It, and all in it."""
        yield self
        for team in self.teams:
            yield from team.each()


@dataclass(frozen=True)
class Row:
    """A row of the tables. `members`: the keys of all teams whose people it holds. `rows`: those inside it, the last of
    which may be the rest."""

    key: int
    members: tuple[int, ...]
    rows: tuple[Row, ...] = ()

    @property
    def is_rest(self) -> bool:
        return self.key < 0


def rest_of(key: int) -> int:
    """The key of what is taken together inside a row."""
    return -1 - key


def settled(team: Team, k: int) -> dict[int, Follows]:
    """{team: the leerlijnen it counts for}. A few people who follow more than enough others around them count along
    with those others; fewer than k in the whole organisation who follow the same count for less, or for nothing."""
    follows = {each.key: each.follows for each in team.each() if each.people}
    _join(team, follows, k)
    while few := _few(_sizes(team, follows), k):
        followers = _followers(_sizes(team, follows))
        least_followed = min(few[0], key=lambda leerlijn: (followers[leerlijn], leerlijn))
        _count_for(team, follows, few[0], few[0] - {least_followed})
        _join(team, follows, k)
    return follows


def _join(team: Team, follows: dict[int, Follows], k: int) -> None:
    for each in team.teams:
        _join(each, follows, k)
    sizes = _sizes(team, follows)
    for few in _few(sizes, k):
        enough = [each for each, n in sizes.items() if each < few and n >= k]
        if enough:
            _count_for(team, follows, few, max(enough, key=lambda each: (len(each), sizes[each], sorted(each))))


def _sizes(team: Team, follows: Mapping[int, Follows]) -> Counter[Follows]:
    """How many people follow the same, in a team with all in it."""
    sizes: Counter[Follows] = Counter()
    for each in team.each():
        if each.people and follows[each.key]:
            sizes[follows[each.key]] += each.people
    return sizes


def _few(sizes: Mapping[Follows, int], k: int) -> list[Follows]:
    """Those of fewer than k people, who follow most first."""
    return sorted((each for each, n in sizes.items() if n < k), key=lambda each: (-len(each), sorted(each)))


def _followers(sizes: Mapping[Follows, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for follows, n in sizes.items():
        for leerlijn in follows:
            found[leerlijn] += n
    return found


def _count_for(team: Team, follows: dict[int, Follows], few: Follows, fewer: Follows) -> None:
    for each in team.each():
        if follows.get(each.key) == few:
            follows[each.key] = fewer


def parted(team: Team, follows: Mapping[int, Follows], k: int) -> Row:
    """The rows of an organisation: in each there is nobody, or at least k people, of whoever follows the same.
    `follows` as `settled` says."""
    sizes = {each.key: _sizes(each, follows) for each in team.teams}
    alone = sorted(
        (each for each in team.teams if sizes[each.key] and min(sizes[each.key].values()) >= k),
        key=lambda each: (sum(sizes[each.key].values()), each.key),
    )
    together = [each for each in team.teams if sizes[each.key] and each not in alone]
    rest = sum((sizes[each.key] for each in together), Counter({follows.get(team.key, NOTHING): team.people}))
    del rest[NOTHING]
    while few := _few(+rest, k):
        along = next(each for each in alone if sizes[each.key][few[0]])
        alone.remove(along)
        together.append(along)
        rest += sizes[along.key]
    rows = [parted(each, follows, k) for each in sorted(alone, key=lambda each: each.key)]
    if rows and +rest:
        inside = (each.key for apart in together for each in apart.each())
        rows.append(Row(rest_of(team.key), (team.key, *inside)))
    return Row(team.key, tuple(each.key for each in team.each()), tuple(rows))


# --- what is shown of them, in one column of a table


@dataclass(frozen=True)
class Own:
    """Who is in a team itself. `at`: {value: people}. `fitted`: the people by whom bins are made, {what they follow of
    the leerlijnen that matter here: {value: people}}; they need not be in this table, and who was told isn't there.
    `apart`: of how many more another table would tell if a bin began at a value, {(value, what tells): people}."""

    at: Mapping[int, int]
    fitted: Mapping[Follows, Mapping[int, int]]
    apart: Mapping[Edge, int] = field(default_factory=dict)

    @classmethod
    def of(cls, at: Mapping[int, int]) -> Own:
        """Where no other table matters."""
        return cls(at, {NOTHING: at})


@dataclass(frozen=True)
class Shown:
    """What may be shown of a row. `bins`: [(values, people)], each of k people or more; one bin says how many they are
    and no more."""

    key: int
    bins: tuple[tuple[tuple[int, ...], int], ...]
    rows: tuple[Shown, ...] = ()

    @property
    def n(self) -> int:
        return sum(n for _values, n in self.bins)


def show(row: Row, own: Mapping[int, Own], *, values: Sequence[int], k: int) -> Shown | None:
    """What may be shown of a row and of those in it; None where it has fewer than k people. `values`: in their order.
    `k` is never below the floor unless a test says so; callers get it from `least`."""
    if sum(_at(row, own).values()) < k:
        return None
    bins = _fitting(_parts(row, own), _joined([row], own, tuple((value,) for value in values), k), k)
    return _shown(row, own, bins, k)


def _shown(row: Row, own: Mapping[int, Own], bins: Bins, k: int) -> Shown:
    inside = [each for each in row.rows if any(_at(each, own).values())]
    if all(each.is_rest for each in inside):
        inside = []
    joined = _joined(inside, own, bins, k)
    narrower = _fitting([part for each in inside for part in _parts(each, own)], joined, k)
    at = _at(row, own)
    counted = tuple((each, sum(at[value] for value in each)) for each in bins)
    return Shown(row.key, counted, tuple(_shown(each, own, narrower, k) for each in inside))


def _at(row: Row, own: Mapping[int, Own]) -> Counter[int]:
    found: Counter[int] = Counter()
    for member in row.members:
        if member in own:
            found.update(own[member].at)
    return found


def _parts(row: Row, own: Mapping[int, Own]) -> list[Counter[int]]:
    found: dict[Follows, Counter[int]] = {}
    for member in row.members:
        if member in own:
            for follows, counts in own[member].fitted.items():
                found.setdefault(follows, Counter()).update(counts)
    return list(found.values())


def _joined(rows: Sequence[Row], own: Mapping[int, Own], bins: Bins, k: int) -> Bins:
    """Without the bins that may not begin where they do, since too few would be told apart there in one of the rows."""
    few: set[int] = set()
    for row in rows:
        apart: Counter[Edge] = Counter()
        for member in row.members:
            if member in own:
                apart.update(own[member].apart)
        few |= {value for (value, _what), n in apart.items() if n < k}
    found: list[tuple[int, ...]] = []
    for each in bins:
        if found and each[0] in few:
            found[-1] += each
        else:
            found.append(each)
    return tuple(found)


def _fitting(parts: Sequence[Mapping[int, int]], bins: Bins, k: int) -> Bins:
    """These bins, taken together with their neighbours until each holds k people or more of each part."""
    found = list(bins)
    while parts and len(found) > 1:
        fewest = [min(sum(counts.get(value, 0) for value in each) for counts in parts) for each in found]
        least_of_all = min(fewest)
        if least_of_all >= k:
            break
        at = fewest.index(least_of_all)
        beside = min((each for each in (at - 1, at + 1) if 0 <= each < len(found)), key=lambda each: fewest[each])
        first, second = sorted((at, beside))
        found[first : second + 1] = [found[first] + found[second]]
    return tuple(found)


def binned(counts: Mapping[int, int], *, values: Sequence[int], k: int) -> tuple[tuple[tuple[int, ...], int], ...]:
    """What may be shown of one group by itself, as the bins of `Shown`; () of fewer than k people."""
    shown = show(Row(0, (0,)), {0: Own.of(counts)}, values=values, k=k)
    return shown.bins if shown else ()


def percent(part: int, n: int) -> int:
    """Whole percents; of fewer than twenty people in steps of five (curriculum 4.5)."""
    exact = 100 * part / n
    return round(exact) if n >= ROUNDED_BELOW else ROUNDED_TO * round(exact / ROUNDED_TO)


# --- from one moment to the next


@dataclass(frozen=True)
class Change:
    """Who is in a row that is shown, and at which value: as it was last shown, and as it is now ({person: value}).

    `stood`: how many there were in each bin that was shown, {first value: people}, which says more than `before` where
    somebody was erased since; {} where it wasn't shown. `edges`: where bins would begin now. `order`: of the values.
    `rows`: those shown inside it. `as_one`: other teams stand alone there than before, so that all of them are shown
    anew or none is. `left`: who was in it before that, and at which value then. `is_new`: it isn't shown now.
    """

    key: int
    before: Mapping[int, str]
    after: Mapping[int, str]
    stood: Mapping[str, int]
    edges: frozenset[str]
    order: str
    rows: tuple[Change, ...] = ()
    as_one: bool = False
    left: Mapping[int, str] = field(default_factory=dict)
    is_new: bool = False

    @property
    def shared(self) -> frozenset[str]:
        """Where bins begin that can be compared."""
        return self.edges & self.stood.keys() if self.stood else self.edges


@dataclass(frozen=True)
class Difference:
    """What can be worked out by taking what was shown off what would be shown. `by`: {bin: people more or fewer};
    `came` and `went`: {bin: people} who are in only one of both; `back`: of those who came back, {bin: people more or
    fewer than when they left}."""

    by: Counter[str]
    came: Counter[str]
    went: Counter[str]
    back: Counter[str]
    bins: frozenset[str]

    @property
    def is_nothing(self) -> bool:
        return not (any(self.by.values()) or self.came or self.went)

    @property
    def moves(self) -> int:
        return _moves(self.by)


def is_hidden(difference: Difference, k: int, *, finer: bool = False) -> bool:
    """Whether a difference tells of nobody: there is none; or at least k people moved, whatever is true of those who
    came and went; or those are k or more in each bin, and who came back moved in no smaller number. `finer`: more bins
    were shown before than can be compared, in which those could be too few."""
    came, went = +difference.came, +difference.went
    if difference.is_nothing or difference.moves >= 2 * k + came.total() + went.total():
        return True
    enough = all(some[each] >= k for some in (came, went) if some for each in difference.bins)
    moved = _moves(difference.back)
    return bool(came or went) and enough and not finer and (moved == 0 or moved >= 2 * k)


def _moves(by: Mapping[str, int]) -> int:
    return sum(abs(n) for n in by.values())


def difference(change: Change, less: Sequence[Change] = ()) -> Difference:
    """Of a row, or of what is left of it when the rows `less` inside it are taken off."""
    shared = change.shared.intersection(*(row.shared for row in less))
    bin_of = bins_of(change.order, shared)
    gone = {person for row in less for person in row.before}
    there = {person for row in less for person in row.after}
    before = {person: bin_of[value] for person, value in change.before.items() if person not in gone}
    after = {person: bin_of[value] for person, value in change.after.items() if person not in there}
    went = Counter(at for person, at in before.items() if person not in after)
    went.update(_erased(change, bin_of))
    for row in less:
        went.subtract(_erased(row, bin_of))
    came = Counter(at for person, at in after.items() if person not in before)
    back = Counter(at for person, at in after.items() if person not in before and person in change.left)
    back.subtract(
        Counter(bin_of[value] for person, value in change.left.items() if person in after and person not in before)
    )
    by = Counter(after.values())
    by.subtract(Counter(at for person, at in before.items() if person in after))
    by.subtract(went)
    return Difference(by, came, +went, back, frozenset(bin_of.values()))


def bins_of(order: str, edges: frozenset[str]) -> dict[str, str]:
    """{value: the first of its bin}"""
    found, first = {}, order[0]
    for value in order:
        first = value if value in edges else first
        found[value] = first
    return found


def _erased(change: Change, bin_of: Mapping[str, str]) -> Counter[str]:
    """Who was counted when it was last shown, and of whom nothing is left."""
    lost: Counter[str] = Counter()
    for first, n in change.stood.items():
        lost[bin_of[first]] += n
    if lost:
        lost.subtract(Counter(bin_of[value] for value in change.before.values()))
    return +lost


def renewed(change: Change, k: int) -> frozenset[int]:
    """The rows of which something newer may be shown than before: what can then be worked out, of any of them or by
    taking one off another, is hidden."""
    if not _may(change, k):
        return frozenset()
    return frozenset({change.key, *_inside(change, k)})


def _may(change: Change, k: int) -> bool:
    """What stands there with finer bins stays, where nothing moved that can be compared: what moved inside a bin would
    be forgotten, and then told when it is parted again."""
    coarser = not change.is_new and bool(change.stood.keys() - change.edges)
    return _is_hidden(change, (), k) and not (coarser and difference(change).is_nothing)


def _is_hidden(change: Change, less: Sequence[Change], k: int) -> bool:
    shared = change.shared.intersection(*(row.shared for row in less))
    finer = any(row.stood.keys() - shared for row in less or (change,))
    return is_hidden(difference(change, less), k, finer=finer)


def _inside(change: Change, k: int) -> set[int]:
    new = [row for row in change.rows if _may(row, k)]
    if change.as_one and len(new) < len(change.rows):
        return set()
    moves = {row.key: found.moves for row in new if not (found := difference(row)).is_nothing}
    moved = sorted((row for row in new if row.key in moves), key=lambda row: (moves[row.key], row.key))
    while moved and not _is_hidden(change, new, k):
        if change.as_one:
            return set()
        new.remove(moved.pop(0))
    return {row.key for row in new}.union(*(_inside(row, k) for row in new))
