"""Which stream, and by what do you hear it: scoring (curriculum 3.a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STREAMS = ("onder", "boven", "beide")
DIMENSIONS = ("Inhoud", "Taal", "Doel", "Redenatie", "Tempo", "Resultaat")
BOTH_ASKED, STREAM_ONLY, DIMENSION_ONLY = "alles", "alleen_stroom", "alleen_dimensie"
MODES = (BOTH_ASKED, STREAM_ONLY, DIMENSION_ONLY)

STREAM_WEIGHT, DIMENSION_WEIGHT = 0.6, 0.4
# Of the weight: one stream where we hear both (0.3 of 0.6), the second dimension (0.2 of 0.4).
PARTLY = 0.5


@dataclass(frozen=True)
class Item:
    """One sentence. `tweede_dimensie` is "" where there is only one, `andersom` where both streams are in it."""

    id: str
    tekst: str
    spreker: str
    stroom: str
    dimensie: str
    tweede_dimensie: str
    uitleg: str
    andersom: str

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Item:
        return cls(
            id=data["id"], tekst=data["tekst"], spreker=data.get("spreker", ""), stroom=data["stroom"],
            dimensie=data["dimensie"], tweede_dimensie=data.get("tweede_dimensie") or "", uitleg=data["uitleg"],
            andersom="" if data["stroom"] == "beide" else data.get("andersom", ""),
        )  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """How much of one stream was heard in one dimension: `points` of `n` sentences."""

    points: float
    n: int

    @property
    def share(self) -> float | None:
        return self.points / self.n if self.n else None


def stream_part(item: Item, stream: str) -> float:
    """0..1"""
    if stream == item.stroom:
        return 1.0
    return PARTLY if item.stroom == "beide" and stream in STREAMS else 0.0


def dimension_part(item: Item, dimension: str) -> float:
    """0..1"""
    if dimension == item.dimensie:
        return 1.0
    return PARTLY if dimension and dimension == item.tweede_dimensie else 0.0


def points(item: Item, stream: str, dimension: str, mode: str = BOTH_ASKED) -> float:
    """0..1. When only one thing is asked it carries the whole weight."""
    if mode == STREAM_ONLY:
        return stream_part(item, stream)
    if mode == DIMENSION_ONLY:
        return dimension_part(item, dimension)
    total = STREAM_WEIGHT * stream_part(item, stream) + DIMENSION_WEIGHT * dimension_part(item, dimension)
    return round(total, 4)


def bars(
    items: Sequence[Item], answers: Mapping[str, Sequence[str]], mode: str = BOTH_ASKED
) -> dict[str, dict[str, Bar]]:
    """{dimension: {"onder": Bar, "boven": Bar}}. A sentence with both streams in it counts for both."""

    def bar(dimension: str, stream: str) -> Bar:
        here = [item for item in items if item.dimensie == dimension and item.stroom in (stream, "beide")]
        heard = [item for item in here if item.id in answers]
        earned = sum((points(item, answers[item.id][0], answers[item.id][1], mode) for item in heard), 0.0)
        return Bar(round(earned, 4), len(heard))

    return {dimension: {stream: bar(dimension, stream) for stream in ("onder", "boven")} for dimension in DIMENSIONS}
