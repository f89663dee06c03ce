"""Of whom a measure of effect may be shown, so that nobody can be found by taking one from another (curriculum 4.5).

The measures of a module stand in a tree of groups: whose team follows it, of them who began, of them who finished, of
them who filled something in.
Each group is either the same as the one it is in, or at least k people are in it and at least k aren't. And what
somebody said is told of one group only. So two numbers never differ by fewer than k people of whom the same was told.

Where fewer than k people are missing from a group, those who came last wait until there are more or none. What is shown
changes when at least k people in it are new; who goes doesn't count for that, else what is shown could go back to what
it was before, with one person more. So it need only be remembered who was in it, and not what they said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """A group as it was last shown. `people`: those who are still here; `n`: how many they were then."""

    people: Collection[int]
    n: int


def who_counts(inside: Seen, now: Mapping[int, str], *, before: Seen | None, k: int) -> dict[int, str]:
    """Of the people in `inside` those of whom a measure may be shown; {} where that is nobody. `now`: {person: what
    they say}, who came first in front. Who was shown before goes on counting."""
    there = {person: said for person, said in now.items() if person in inside.people}
    missing = inside.n - len(there)
    if 0 < missing < k:
        shown = set(before.people) if before else set()
        waits = sorted(there, key=lambda person: person not in shown)[missing - k :]
        there = {person: said for person, said in there.items() if person not in set(waits)}
    return there if len(there) >= k else {}


def is_new(before: Seen | None, now: Iterable[int], *, k: int) -> bool:
    """Whether at least k people are in it who weren't when it was last shown."""
    return len(set(now).difference(before.people if before else ())) >= k
