"""The words of a reading, sealed as {"zag": text, "vraag": text, "criteria": {id: {"zag": …, "vraag": …}}}, with
"lezer": text while a second reader gave it back with a remark, which is for its writer alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 4_000


@dataclass(frozen=True)
class Words:
    """What somebody saw and what they ask: of the whole, and per criterion where they say more. `remark`: what its
    second reader said of it, for who wrote it alone; "" once it is given."""

    saw: str = ""
    asks: str = ""
    criteria: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    remark: str = ""

    @property
    def asks_something(self) -> bool:
        """Curriculum 3.g: at least one question."""
        return bool(self.asks.strip()) or any(asks.strip() for _, asks in self.criteria.values())

    def longest(self) -> int:
        texts = [self.saw, self.asks, *(text for pair in self.criteria.values() for text in pair)]
        return max(map(len, texts))


def too_long(words: Words) -> dict[str, str]:
    """{field: "lang"}: fields as forms of a reading call them."""
    texts = {"zag": words.saw, "vraag": words.asks}
    for id_, (saw, asks) in words.criteria.items():
        texts |= {f"zag-{id_}": saw, f"vraag-{id_}": asks}
    return {name: "lang" for name, text in texts.items() if len(text) > LONGEST}


def read(document: Mapping[str, Any] | None) -> Words:
    document = document or {}
    criteria = {id_: (said["zag"], said["vraag"]) for id_, said in document.get("criteria", {}).items()}
    return Words(document.get("zag", ""), document.get("vraag", ""), criteria, document.get("lezer", ""))


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
        **({"lezer": words.remark} if words.remark else {}),
    }


def missing(criteria: Iterable[str], levels: Mapping[str, int], words: Words) -> dict[str, str]:
    """What a reading still needs before it is given: a level for each criterion, and a question. {field: reason}"""
    wanted = missing_levels(criteria, levels)
    return wanted if words.asks_something else {**wanted, "vraag": "vraag"}


def missing_levels(criteria: Iterable[str], levels: Mapping[str, int]) -> dict[str, str]:
    """As much as a second assessor of the draw needs: their levels are compared, and nobody's to read."""
    return {f"niveau-{criterion}": "kies" for criterion in criteria if criterion not in levels}
