"""The words of a reading, sealed as {"zag": text, "vraag": text, "criteria": {id: {"zag": …, "vraag": …}}}."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 4_000


@dataclass(frozen=True)
class Words:
    """What somebody saw and what they ask: of the whole, and per criterion where they say more."""

    saw: str = ""
    asks: str = ""
    criteria: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def asks_something(self) -> bool:
        """Curriculum 3.g: at least one question."""
        return bool(self.asks.strip()) or any(asks.strip() for _, asks in self.criteria.values())

    def longest(self) -> int:
        texts = [self.saw, self.asks, *(text for pair in self.criteria.values() for text in pair)]
        return max(map(len, texts))


def read(document: Mapping[str, Any] | None) -> Words:
    document = document or {}
    criteria = {id_: (said["zag"], said["vraag"]) for id_, said in document.get("criteria", {}).items()}
    return Words(document.get("zag", ""), document.get("vraag", ""), criteria)


def written(words: Words) -> dict[str, Any]:
    """What `read` reads. Criteria of which nothing is said are left out."""
    return {
        "zag": words.saw,
        "vraag": words.asks,
        "criteria": {
            id_: {"zag": saw, "vraag": asks}
            for id_, (saw, asks) in words.criteria.items()
            if saw.strip() or asks.strip()
        },
    }


def missing(criteria: Iterable[str], levels: Mapping[str, int], words: Words) -> dict[str, str]:
    """What a reading still needs before it is given: a level for each criterion, and a question. {field: reason}"""
    wanted = {f"niveau-{criterion}": "kies" for criterion in criteria if criterion not in levels}
    return wanted if words.asks_something else {**wanted, "vraag": "vraag"}
