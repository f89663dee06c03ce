"""Hints on the longest text that can be sent, made to be slow, beside a plain one of the same length.

A rule that looks from each place to the end of a text again takes time by the square of its length: here that would be
seconds, for every autosave of somebody who means harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bench.measuring.cost import here, interleaved
from bench.measuring.rows import Row, limited
from modules.blocks.base import MAX_TEXT
from modules.blocks.taal import RULES, hints

PLAIN = "De oogst was goed. Wat heb jij gezien? Ik vroeg haar wat ze nodig had, en zij wees naar de sloot. "
# What each rule looks for, begun over and over and never ended.
BEGUN = ("is gedaan ", "worden ", "is gegaan ", "kan je, ", "ik voel me zo ", "heb ik toch ", "zou zou?")
SLOW = (
    *((words * MAX_TEXT)[: MAX_TEXT - 1] + "?" for words in BEGUN),
    "." * (MAX_TEXT - 1) + "x",
    "Zeg, " + "." * (MAX_TEXT - 10) + "niet?",
    "kan" + " " * (MAX_TEXT - 4) + "?",
)


def rows() -> list[Row]:
    took = interleaved(
        {"slow": here(looking(SLOW)), "plain": here(looking([(PLAIN * MAX_TEXT)[:MAX_TEXT]]))}, rounds=3, times=1
    )
    return [
        limited(
            f"hints on {len(SLOW)} texts of {MAX_TEXT} characters made to be slow, each on average, beside a plain one",
            value=took["slow"] / 1000 / len(SLOW),
            reference=took["plain"] / 1000,
            unit="ms",
            at_most=1_000,
        )
    ]


def looking(texts: Iterable[str]) -> Callable[[], None]:
    def look() -> None:
        for text in texts:
            hints(text, RULES)

    return look
