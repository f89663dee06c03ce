"""The sums of a measure: a mean that gives nobody away, a distribution, and a change with its uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, sqrt
from statistics import NormalDist, correlation, fmean, stdev

from learning.competences import privacy

FEWEST_COMPARED = 20
"""Of fewer people before and after say too little (curriculum 6.2)."""

Bins = list[tuple[tuple[int, ...], int]]
"""[(values, people)], each of k people or more; one bin says how many they are and no more."""


def distribution(said: Iterable[int], values: Sequence[int], *, k: int, apart: Sequence[Sequence[int]] = ()) -> Bins:
    """Of `values`, in their order, neighbours taken together until each bin has k people. `apart`: classes of them that
    aren't taken together where each has k people, such as those a figure is made from."""
    counts = Counter(said)
    if apart and min(sum(counts[value] for value in each) for each in apart) >= k:
        return [found for each in apart for found in privacy.binned(counts, values=each, k=k)]
    return list(privacy.binned(counts, values=values, k=k))


STEPS = (1, 2, 5, 10, 20, 50, 100)


def mean(
    said: Sequence[int], bins: Bins, ends: Mapping[int, tuple[int, int]], *, k: int, unit: int = 1, parts: int = 1
) -> float | None:
    """As `rounded`, so that it doesn't tell apart what the bins took together. None where there is one bin, for that
    says nothing either. `ends`: {value of a bin: the least and the most that stands for}."""
    if len(bins) < 2:
        return None
    lowest = sum(people * min(ends[value][0] for value in values) for values, people in bins)
    highest = sum(people * max(ends[value][1] for value in values) for values, people in bins)
    return _rounded(said, lowest, highest, k=k, unit=unit, parts=parts)


def rounded(said: Sequence[int], least: int, most: int, *, k: int, unit: int = 1) -> float | None:
    """The mean of whole numbers, in as fine a step as leaves at least k sums that they could have. None where none
    does. `least`, `most`: of one. `unit`: by how much two of them differ at least (10 for a score of ten questions in
    percent)."""
    return _rounded(said, least * len(said), most * len(said), k=k, unit=unit)


def _rounded(said: Sequence[int], lowest: int, highest: int, *, k: int, unit: int, parts: int = 1) -> float | None:
    """`parts`: in how many pieces a step of one is cut at the finest. Where everybody knows that there are fewer sums,
    all of them stay open. The step and where it is rounded to hang on no sum: else a coarser step would tell which sums
    it can't be. So at both ends too few sums are rounded along with those beside them."""
    wanted = min(k, (highest - lowest) // unit)
    step = next((step for step in STEPS if step * len(said) / parts >= wanted * unit), None)
    if step is None:
        return None
    width = step * len(said) / parts

    def at(total: int) -> int:
        return floor(total / width + 0.5)

    def is_few(place: int) -> bool:
        return (min(highest, (place + 0.5) * width) - max(lowest, (place - 0.5) * width)) // unit < wanted

    first, last = at(lowest), at(highest)
    first += is_few(first)
    last = max(first, last - is_few(last))
    return min(max(at(sum(said)), first), last) * step / parts


def recommending(bins: Bins, n: int) -> int | None:
    """The share of 9 and 10 less that of 0 to 6, in whole points (what is known as a net promoter score); None where
    the bins don't keep the three apart. Worked out of the bins alone, so it says nothing they don't."""
    high = [people for values, people in bins if min(values) >= 9]
    low = [people for values, people in bins if max(values) <= 6]
    middle = [people for values, people in bins if min(values) >= 7 and max(values) <= 8]
    if sum(high) + sum(low) + sum(middle) != n:
        return None
    return privacy.percent(sum(high), n) - privacy.percent(sum(low), n)


@dataclass(frozen=True)
class Size:
    """How large a change is in standard deviations, and between which two it lies with 95 in 100 certainty."""

    d: float
    low: float
    high: float


def size_of_change(before: Sequence[float], after: Sequence[float]) -> Size | None:
    """Of the same people, in the same order: the standardised mean change for matched groups with the correction for
    small samples (Hedges' g), with its 95 % interval from the normal distribution. None where everybody changed by the
    same, or everybody was the same, so that there is nothing to hold it against.

    Source: M. Borenstein, L. V. Hedges, J. P. T. Higgins, H. R. Rothstein, Introduction to Meta-Analysis (2009),
    chapter 4: formulas 4.26 to 4.29 for d, 4.22 to 4.25 for g.
    """
    n = len(before)
    if n < 2 or min(stdev(before), stdev(after)) < 1e-9:
        return None
    apart = [b - a for a, b in zip(before, after, strict=True)]
    return size_from(fmean(apart), stdev(apart), correlation(before, after), n)


def size_from(change: float, deviation: float, r: float, n: int) -> Size | None:
    """`deviation`: of the changes; `r`: between before and after."""
    if deviation < 1e-9 or 1 - r < 1e-9:
        return None
    d = change / (deviation / sqrt(2 * (1 - r)))
    variance = (1 / n + d * d / (2 * n)) * 2 * (1 - r)
    corrected = 1 - 3 / (4 * (n - 1) - 1)
    half = NormalDist().inv_cdf(0.975) * corrected * sqrt(variance)
    return Size(corrected * d, corrected * d - half, corrected * d + half)
