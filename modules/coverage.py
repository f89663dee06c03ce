"""What the content together may yield as evidence (curriculum 4.3 and 4.4), per competence.

N3 must be reachable in each of the ten: enough to recognise and decide on, and a real situation to do it in. A practice
case can be done again in another situation, so one of them is enough to get there; two are better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from modules.blocks.gates import COMPETENCES
from modules.olx import ActivitySource, ModuleSource


class Source(StrEnum):
    """Of the table in curriculum 4.3, what content can hold."""

    KNOWLEDGE = "kennis"
    DECISION = "beslissing"
    PRACTICE = "praktijk"


# Curriculum 4.3, "Activity": what somebody decides in, and designs with computed checks.
_DECISIONS = frozenset(
    {
        "conversationsim", "decisiontask", "dialoguefragment", "polarisationmap", "inferenceladder", "layermap",
        "tabledesign", "walkplanner", "qualityplanner",
    }
)  # fmt: skip
# Curriculum 3.k and 3.l, of class A: something to recognise or to know.
_KNOWLEDGE = frozenset(
    {"quiz", "cardsort", "streamlens", "decisioncards", "replydrill", "conditioncheck", "promisecheck", "casevideo"}
)
# Curriculum 4.4; a type that isn't named there yields what its author says.
YIELDS = {
    "streamlens": {"C4"},
    "dialoguefragment": {"C1", "C2", "C3", "C6"},
    "conversationsim": {f"C{n}" for n in range(1, 9)},
    # Eindpunt and Herhaalmoment stand for themselves in 4.3: what a module asks, and so any of the ten.
    "decisiontask": set(COMPETENCES),
    "polarisationmap": {"C5"},
    "inferenceladder": {"C2", "C8"},
    "promisecheck": {"C3"},
    "walkplanner": {"C7", "C9"},
    "storycollection": {"C9", "C4"},
    "layermap": {"C6"},
    "longline": {"C10", "C4"},
    "qualityplanner": {"C10", "C4"},
    "tabledesign": {"C7", "C8", "C10"},
    "journal": set[str](),
    "selfcheck": set[str](),
    "exitcard": set[str](),
    "lookback": set[str](),
}
# Curriculum 4.4, "the report lists".
ENOUGH = {Source.KNOWLEDGE: 2, Source.DECISION: 3, Source.PRACTICE: 2}


@dataclass
class Coverage:
    """{source: keys of activities} of one competence."""

    competence: str
    found: dict[Source, list[str]] = field(default_factory=lambda: {source: [] for source in Source})

    @property
    def reaches_n3(self) -> bool:
        """N1: two activities. N2: three things decided or done, from two activities. N3: a real situation."""
        known = sum(len(keys) for keys in self.found.values())
        decided, done = len(self.found[Source.DECISION]), len(self.found[Source.PRACTICE])
        return known >= 2 and done >= 1 and decided + done >= 2

    @property
    def short(self) -> dict[Source, int]:
        """{source: how many there are}, where that is fewer than ENOUGH."""
        return {source: len(keys) for source, keys in self.found.items() if len(keys) < ENOUGH[source]}


def source_of(activity: ActivitySource) -> Source | None:
    """What an activity's score is evidence of; None where it has none, or is nobody else's business."""
    return source_of_type(activity.block.block_type, activity.authored.data)


def source_of_type(block_type: str, authored: Mapping[str, Any]) -> Source | None:
    """The same, of a type of activity and what its author wrote."""
    if authored.get("vorm") == "eigen":
        return None
    if block_type == "practicecase":
        return Source.PRACTICE
    if block_type in _DECISIONS:
        return Source.DECISION
    return Source.KNOWLEDGE if block_type in _KNOWLEDGE else None


def competences_of(activity: ActivitySource) -> set[str]:
    """As its author said; of a practice case those of its rubric."""
    return named_by(activity.block.block_type, activity.authored.data)


def named_by(block_type: str, authored: Mapping[str, Any]) -> set[str]:
    if block_type == "practicecase":
        return {row["competentie"] for row in authored["rubric"]}
    return {each["code"] for each in authored.get("competenties") or []}


def yielded_by(block_type: str, authored: Mapping[str, Any]) -> set[str]:
    """The competences of which it can be evidence: what its author says, as far as its type goes (curriculum 4.4)."""
    named = named_by(block_type, authored)
    return named & YIELDS.get(block_type, named)


def coverage(modules: Iterable[ModuleSource]) -> list[Coverage]:
    """Of the ten competences, in their order. `modules` must have passed their gates."""
    found = {code: Coverage(code) for code in sorted(COMPETENCES, key=lambda code: int(code[1:]))}
    for module in modules:
        for activity in module.activities():
            if source := source_of(activity):
                for code in competences_of(activity):
                    found[code].found[source].append(activity.key)
    return list(found.values())


def beyond(modules: Iterable[ModuleSource]) -> Iterator[tuple[ActivitySource, set[str]]]:
    """Each activity that names a competence of which its type can be no evidence, and which."""
    for module in modules:
        for activity in module.activities():
            allowed = YIELDS.get(activity.block.block_type)
            if allowed is not None and (extra := competences_of(activity) - allowed):
                yield activity, extra
