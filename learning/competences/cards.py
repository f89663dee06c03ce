"""What a deelkaart shows (curriculum 4.5): made once, for the preview, and then never more than that.

The JSON of `Deelkaart.shows`: {"competences": [{"code", "naam", "niveau", "gedrag", "jaar"}], "evidence": [{"code",
"titel", "datum", "bron"}]}. Titles and dates; no scores, no words of anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Proof:
    """`source`: a code of `rules.Source`."""

    code: str
    title: str
    on: date
    source: str


@dataclass(frozen=True)
class Part:
    """A competence with its level (1 to 4), how that looks, the year it was shown in, and the evidence beside it."""

    code: str
    name: str
    level: int
    says: str
    year: int | None
    proofs: Sequence[Proof]


def written(parts: Iterable[Part]) -> dict[str, Any]:
    parts = list(parts)
    return {
        "competences": [
            {"code": each.code, "naam": each.name, "niveau": each.level, "gedrag": each.says, "jaar": each.year}
            for each in parts
        ],
        "evidence": [
            {"code": proof.code, "titel": proof.title, "datum": proof.on.isoformat(), "bron": proof.source}
            for each in parts
            for proof in each.proofs
        ],
    }


def read(shows: Mapping[str, Any]) -> list[Part]:
    """What `written` wrote."""
    proofs = [
        Proof(each["code"], each["titel"], date.fromisoformat(each["datum"]), each["bron"])
        for each in shows["evidence"]
    ]
    return [
        Part(
            each["code"], each["naam"], each["niveau"], each["gedrag"], each["jaar"],
            [proof for proof in proofs if proof.code == each["code"]],
        )
        for each in shows["competences"]
    ]  # fmt: skip


def mark_of(shows: Mapping[str, Any]) -> str:
    """Another card, another mark: what is shared is what was seen."""
    return hashlib.sha256(json.dumps(shows, sort_keys=True).encode()).hexdigest()[:24]
