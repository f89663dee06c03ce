"""What may be shown beside all that was seen before of others (curriculum 4.5). Plain data, without a table.

Rows of a table hold other people after a reorganisation, or when a leerlijn is given to a team or taken away. Then what
is shown of one row can be taken off what was shown earlier of another: a directorate of last month less the team that
left it since is whoever stayed. So rows that are new may not, whichever of them are taken together, differ by a few
people from something that was seen, unless so many moved meanwhile that it tells of nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from learning.competences.privacy import Change, bins_of

People = Mapping[int, str]
"""{person: their value}"""

_MOST = 5_000
"""Choices of rows that are tried beside one that was seen. People of a row that is gone, who came in twenty others each
alone, make more of them; in a hundred others more than a night can hold."""


class _TooMany(Exception):
    """Choices of rows."""


@dataclass(frozen=True)
class _Fresh:
    """Who is in a row of which nothing was known. `place`: its row and those it stands in, the whole first."""

    place: tuple[int, ...]
    people: People
    bin_of: Mapping[str, str]

    @property
    def key(self) -> int:
        return self.place[-1]


def kept_apart(change: Change, new: Collection[int], seen: Iterable[People], k: int) -> frozenset[int]:
    """The rows of `new` that may be shown beside what was seen. Where one of them may not, no row beside it is."""
    fresh = {each.key: each for each in _fresh(change, ()) if each.key in new}
    known, shut = list(seen) if fresh else [], set[tuple[int, ...]]()
    while known and (beside := set(_told(fresh, known, k))):
        shut |= beside
        fresh = {row: each for row, each in fresh.items() if not _is_in(each.place, shut)}
    return frozenset(row for row, place in _places(change, ()) if row in new and not _is_in(place, shut))


def _told(fresh: Mapping[int, _Fresh], seen: Iterable[People], k: int) -> Iterator[tuple[int, ...]]:
    """Beside what a few could be worked out: the place of the row that holds it. Where not all can be tried, it is of
    all rows inside the whole that hold somebody of what was seen."""
    rows_of: dict[int, list[int]] = {}
    for each in fresh.values():
        for person in each.people:
            rows_of.setdefault(person, []).append(each.key)
    for people in seen:
        try:
            near = _near(people, fresh, rows_of, k)
        except _TooMany:
            held = {row for person in people for row in rows_of.get(person, ())}
            yield from (above for row in held if (above := fresh[row].place[:-1]))
            continue
        for chosen in near:
            rows = [fresh[row] for row in chosen]
            if rows and _tells(people, rows, k):
                yield from (each.place[:-1] for each in rows)


def _fresh(change: Change, above: tuple[int, ...]) -> Iterator[_Fresh]:
    place = (*above, change.key)
    people = (
        change.after if change.is_new else {who: at for who, at in change.after.items() if who not in change.before}
    )
    if people:
        yield _Fresh(place, people, bins_of(change.order, change.edges))
    for row in change.rows:
        yield from _fresh(row, place)


def _places(change: Change, above: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    yield change.key, (*above, change.key)
    for row in change.rows:
        yield from _places(row, (*above, change.key))


def _is_in(place: tuple[int, ...], shut: Collection[tuple[int, ...]]) -> bool:
    return any(place[:deep] in shut for deep in range(len(place)))


def _near(
    people: People, fresh: Mapping[int, _Fresh], rows_of: Mapping[int, Sequence[int]], k: int
) -> list[tuple[int, ...]]:
    """Each choice of rows, none inside another, that together differ from these people by fewer than k. Of a row and
    all rows in it only those in it: they have no more bins, so no more people moved in them. Mostly there are few: a
    row of which a part is in `people` differs by somebody, whether it is chosen or not. Raises _TooMany."""
    common = Counter(row for person in people for row in rows_of.get(person, ()))
    inside: dict[int | None, list[int]] = {}
    for row in common:
        above = next((each for each in reversed(fresh[row].place[:-1]) if each in common), None)
        inside.setdefault(above, []).append(row)

    def choices(row: int | None, there: int) -> list[tuple[int, tuple[int, ...]]]:
        """[(people by which they differ, rows)] of those inside a row, in which `there` of the people are."""
        rows = inside.get(row, ())
        found: list[tuple[int, tuple[int, ...]]] = [(there - sum(common[each] for each in rows), ())]
        for each in rows if found[0][0] < k else ():
            beside = choices(each, common[each])
            many = len(fresh[each].people)
            if many != sum(len(fresh[inner].people) for inner in inside.get(each, ())):
                beside.append((many - common[each], (each,)))
            found = [(n + m, some + others) for n, some in found for m, others in beside if n + m < k]
            if len(found) > _MOST:
                raise _TooMany
        return [each for each in found if each[0] < k]

    return [rows for _n, rows in choices(None, len(people))]


def _tells(people: People, rows: Sequence[_Fresh], k: int) -> bool:
    """Whether these rows, taken together, less what was seen of these people is something, and of fewer than k."""
    there = {person for row in rows for person in row.people}
    apart = len(people.keys() ^ there)
    by: Counter[str] = Counter()
    for row in rows:
        for person, at in row.people.items():
            if person in people:
                by[row.bin_of[at]] += 1
                by[row.bin_of[people[person]]] -= 1
    moves = sum(abs(n) for n in by.values())
    return apart + moves > 0 and apart < k and moves < 2 * k + apart
