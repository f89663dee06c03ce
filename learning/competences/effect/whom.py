"""Of whom a measure of effect may be shown, so that nobody can be found by taking one from another (curriculum 4.5).

The measures of a module stand in a tree of groups: whose team follows it or did, of them who began, of them who
finished, of them who filled something in.
Each group is either the same as the one it is in, or at least k people are in it and at least k aren't. And what
somebody said is told of one group only. So two numbers never differ by fewer than k people of whom the same was told.

Other pages tell exactly how many began or finished anything of a leerlijn. So of who began a module, and who finished
it, some always wait: until as many are missing of that number as a multiple of k, and k at least. Then it stays open
how many began with another module: as far as can be known 0 to k, or k + 1 to 2k, and so on.

Those who came last wait until there are enough. What is shown changes when at least k people in it are new. A group
only grows: who follows no longer goes on counting, so that nobody is found by giving a leerlijn to teams in turn; and
who is erased makes nothing new. So it need only be remembered who was in it, and not what they said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """A group as it was last shown. `people`: those who are still here; `n`: how many they were then."""

    people: Collection[int]
    n: int


def who_counts(
    inside: Seen, now: Mapping[int, str], *, before: Seen | None, k: int, told: int | None = None
) -> dict[int, str]:
    """Of the people in `inside` those of whom a measure may be shown; {} where that is nobody. `now`: {person: what
    they say}, who comes first in front. Who was shown before goes on counting. `told`: how many another page tells
    there are at most; None where who is missing need not stay open."""
    there = {person: said for person, said in now.items() if person in inside.people}
    waits = _waiting(inside.n - len(there), None if told is None else told - len(there), k)
    if waits:
        shown = set(before.people) if before else set()
        last = set(sorted(there, key=lambda person: person not in shown)[-waits:])
        there = {person: said for person, said in there.items() if person not in last}
    return there if len(there) >= k else {}


def _waiting(missing: int, elsewhere: int | None, k: int) -> int:
    """How many wait, so that of the group they are in none are missing or at least k; and of the number that another
    page tells (`elsewhere`: how many are missing of that) as many as a multiple of k."""
    if elsewhere is None:
        return k - missing if 0 < missing < k else 0
    waits = -elsewhere % k if elsewhere > 0 else k - elsewhere
    return waits + k if 0 < missing + waits < k else waits


def is_new(before: Seen | None, now: Iterable[int], *, k: int) -> bool:
    """Whether at least k people are in it who weren't when it was last shown."""
    return len(set(now).difference(before.people if before else ())) >= k
