"""The five steps of the Kwaliteitsdialoog (curriculum 3.r), and what they ask of each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from modules.blocks.drafts import verdict
from modules.blocks.formfields import Value, text

STEPS = 5
# Per step. `praktijk` is a box, `datum` a date.
STEP_FIELDS = ("vraag", "wie", "werkvorm", "resultaat", "afspraak", "besluit", "praktijk", "datum")
NEEDED = ("vraag", "wie")
FIELDS = (*STEP_FIELDS, "staat_nu", "mist")
CHECKS = ("praktijk", "terug", "datum")

# Shorter words stand in any sentence, so that they say nothing of where it comes from.
LONG_WORD = re.compile(r"[^\W\d_]{5,}")


def name(step: str, field: str) -> str:
    """The field of a step."""
    return f"{step}-{field}"


def is_plan(values: Mapping[str, Value], steps: Sequence[str]) -> bool:
    """Each step has its question and who is in it."""
    return all(values.get(name(step, field)) for step in steps for field in NEEDED)


def is_begun(values: Mapping[str, Value], steps: Sequence[str]) -> bool:
    """Something stands in one of the steps."""
    return any(values.get(name(step, field)) for step in steps for field in STEP_FIELDS)


def outcome(values: Mapping[str, Value], steps: Sequence[str]) -> dict[str, str]:
    """{check: good or mind}: practice in every step; what was agreed in 3 comes back in 4; a date for 5."""
    third, fourth, fifth = steps[2], steps[3], steps[4]
    return {
        "praktijk": verdict(all(values.get(name(step, "praktijk")) for step in steps)),
        "terug": verdict(comes_back(values, third, fourth)),
        "datum": verdict(bool(values.get(name(fifth, "datum")))),
    }


def comes_back(values: Mapping[str, Value], before: str, after: str) -> bool:
    """A word of the agreement is used again in what the next step is about. Words of five letters or more."""
    agreed = words(text(values, name(before, "afspraak")))
    again = (text(values, name(after, field)) for field in ("vraag", "werkvorm", "resultaat", "afspraak", "besluit"))
    return bool(agreed & words(" ".join(again)))


def words(sentence: str) -> set[str]:
    return set(LONG_WORD.findall(sentence.casefold()))
