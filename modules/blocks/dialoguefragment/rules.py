"""Marking turns and comparing with experts: curriculum 3.b. Plain functions on plain data.

`Shares` is what the experts said about one turn: {code: share of the experts}, adding up to 1.
`Marks` is what one learner said: {turn id: code}. A turn without a mark isn't scored, neither for nor against.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from modules.blocks.shares import MIN_GROUP, Shares, contested, expert_points, modal_codes

type Key = Mapping[str, Shares]
type Marks = Mapping[str, str]

DIALOGUE = ("D1", "D2", "D3", "D4", "D5", "D6")
DEBATE = ("B1", "B2", "B3", "B4", "B5", "B6")
INFORMATION = "N0"
CODES = (*DIALOGUE, *DEBATE, INFORMATION)

SAME_FAMILY = 0.25
# What a trainer gives a sentence, at most, and how much of the score that is (curriculum 3.b).
MOST_RATED, RATING_COUNTS = 3, 0.3
# Publication gate of curriculum 3.b.
MIN_KAPPA = 0.4


def seconds(value: object) -> float | None:
    """A moment in the sound: 64, 64.5, "64.5" or "1:04.5". None when it is no moment at all."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) and value >= 0 else None
    match = re.fullmatch(r"(?:(\d+):)?(\d+(?:\.\d+)?)", value.strip()) if isinstance(value, str) else None
    return int(match[1] or 0) * 60 + float(match[2]) if match else None


def family(code: str) -> str:
    """D, B or N."""
    return code[0]


def expert_mode(shares: Shares) -> str | None:
    """The one code the experts stand for. None where they differ, or share the first place between codes."""
    modal = modal_codes(shares)
    return None if contested(shares) or len(modal) > 1 else next(iter(modal))


def turn_score(shares: Shares, code: str) -> float:
    """0..1. Share of the chosen code against the highest share; 0.25 for a code nobody chose in a modal family.

    Where experts differ, every code that any of them chose is as good as another. N0 has no relatives.
    """
    if points := expert_points(shares, code):
        return points
    relatives = {family(modal) for modal in modal_codes(shares)} - {family(INFORMATION)}
    return SAME_FAMILY if family(code) in relatives else 0.0


def fragment_score(key: Key, marks: Marks) -> float | None:
    """Mean over the turns that are marked and have a key, 0..1. None when there are none."""
    scores = [turn_score(key[turn], code) for turn, code in sorted(marks.items()) if turn in key]
    return fmean(scores) if scores else None


def rated_score(marked: float | None, rating: int | None) -> float | None:
    """0..1. The score over the marks, and 70/30 with what a trainer gave the learner's own sentence, 0 to 3."""
    if marked is None or rating is None:
        return marked
    return (1 - RATING_COUNTS) * marked + RATING_COUNTS * rating / MOST_RATED


def compared(key: Key, marks: Marks) -> list[tuple[str, str]]:
    """(learner's code, experts' code) of each marked turn on which the experts stand for one code."""
    pairs = ((code, expert_mode(key[turn])) for turn, code in sorted(marks.items()) if turn in key)
    return [(own, expert) for own, expert in pairs if expert is not None]


def agreement(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The share of pairs that are equal, 0..1. None without pairs."""
    return fmean(own == other for own, other in pairs) if pairs else None


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Agreement beyond chance of two raters, -1..1 (Cohen 1960). None without pairs or when chance explains all."""
    if not pairs:
        return None
    total = len(pairs)
    first, second = Counter(own for own, _ in pairs), Counter(other for _, other in pairs)
    observed = sum(own == other for own, other in pairs) * total
    expected = sum(first[code] * second[code] for code in first)
    # Whole numbers, so that "chance explains all" is a test and not a guess about rounding.
    return None if expected == total * total else (observed - expected) / (total * total - expected)


def votes(shares: Shares, experts: int) -> dict[str, int]:
    """How many of the experts chose each code."""
    return {code: round(share * experts) for code, share in shares.items()}


def fleiss_kappa(ratings: Iterable[Mapping[str, int]]) -> float | None:
    """Agreement beyond chance among raters, at most 1 (Fleiss 1971). `ratings`: per turn {code: number of raters}.

    None when turns were rated by different numbers, by fewer than two, or when chance explains all.
    """
    turns = [Counter({code: n for code, n in turn.items() if n}) for turn in ratings]
    sizes = {turn.total() for turn in turns}
    if len(sizes) != 1 or (raters := sizes.pop()) < 2:
        return None
    everything = len(turns) * raters
    overall: Counter[str] = sum(turns, Counter())
    observed = fmean(sum(n * (n - 1) for n in turn.values()) / (raters * (raters - 1)) for turn in turns)
    if len(overall) == 1:
        return None
    expected = sum((n / everything) ** 2 for n in overall.values())
    return (observed - expected) / (1 - expected)


def key_kappa(key: Key, experts: int) -> float | None:
    """Fleiss' kappa of the experts behind a key."""
    return fleiss_kappa(votes(shares, experts) for shares in key.values())


def distribution(answers: Iterable[object]) -> dict[str, dict[str, int]]:
    """{turn: {code: how many people}} for every turn that at least five people marked. What isn't a mark is skipped."""
    turns: dict[str, Counter[str]] = {}
    for marks in answers:
        for turn, code in marks.items() if isinstance(marks, Mapping) else ():
            if code in CODES:
                turns.setdefault(turn, Counter())[code] += 1
    return {turn: dict(counts) for turn, counts in turns.items() if counts.total() >= MIN_GROUP}
