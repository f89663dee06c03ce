"""Whether two who read the same round saw the same (curriculum 3.g): Cohen's κ with quadratic weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import product

from learning.practice.rules import LEVELS

FEWEST_ROUNDS = 20
"""Of fewer rounds read twice κ says next to nothing: the next one can turn it round."""


def kappa(pairs: Iterable[tuple[int, int]]) -> float | None:
    """Of (level of the first, level of the second), one for each criterion read twice. 1: they always saw the same; 0:
    no more than by chance; below 0: less. A difference of two levels weighs four times one of one.

    None without pairs, and where both gave one and the same level throughout: chance explains all of it then.
    """
    seen = Counter(pairs)
    n = sum(seen.values())
    firsts, seconds = Counter[int](), Counter[int]()
    for (first, second), count in seen.items():
        firsts[first] += count
        seconds[second] += count
    apart = sum(count * (first - second) ** 2 for (first, second), count in seen.items())
    by_chance = sum(firsts[a] * seconds[b] * (a - b) ** 2 for a, b in product(LEVELS, LEVELS))
    return 1 - apart * n / by_chance if by_chance else None
