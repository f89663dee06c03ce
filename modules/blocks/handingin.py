"""Handing in to a trainer, and taking back (curriculum 3.b, 3.h, 3.k): class B.

What is handed in is a copy, apart from the private fields: nobody but the learner has a read path to those. It is gone
the moment the learner takes it back, and with it what a trainer thought of it.

`practice`, where somebody reads: `name_of(number)`, the first name of a trainer, "" where they aren't there any more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from xblock.core import XBlock
from xblock.fields import Dict, Scope, String

from modules.blocks.base import ActivityBlock

RATINGS = (0, 1, 2, 3)
"""What a trainer may give (curriculum 3.b, 3.k)."""


@dataclass(frozen=True)
class Piece:
    """A part of what was handed in, for who reads it. `asked` and `level` are in the language of the content."""

    asked: str
    own: str
    level: str = ""


def mark_of(words: Mapping[str, Any]) -> str:
    """Knows these words again without saying them."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:32]


@XBlock.wants("practice")
class HandsIn(ActivityBlock):
    """A subclass says what is handed in (`hand_over`), and how a trainer reads it (`pieces`)."""

    # Whether a trainer gives it one of RATINGS.
    is_rated: ClassVar[bool] = False

    handed_in = Dict(scope=Scope.user_state, default={}, lent=True, help="What the trainer may see, or nothing")
    handed_in_at = String(scope=Scope.user_state, default="", help="ISO 8601 in UTC, or nothing")
    rating = Dict(scope=Scope.user_state, default={}, help='{"waarde": 0 to 3, "door": number of the trainer}')

    @classmethod
    def pieces(cls, data: Mapping[str, Any], words: Mapping[str, Any]) -> list[Piece]:
        """`words` as they were handed in, beside what `data` asked. What an older edition asked has no question."""
        raise NotImplementedError

    @property
    def has_trainer(self) -> bool:
        """Whether there is somebody who would read what is handed in."""
        return self.runtime.service(self, "practice") is not None

    @property
    def rated_by(self) -> str:
        """The first name of who rated it, or nothing."""
        practice = self.runtime.service(self, "practice") if self.rating else None
        return practice.name_of(self.rating["door"]) if practice else ""

    def hand_over(self, words: Mapping[str, Any]) -> None:
        """Let the trainer see `words`, in the place of what they saw before."""
        if words and words != self.handed_in:
            self.handed_in = dict(words)
            self.handed_in_at = datetime.now(UTC).isoformat(timespec="microseconds")
            self._lose_rating()

    def take_back(self) -> None:
        """Also where there is no trainer any more: one may come."""
        if self.handed_in:
            self.handed_in, self.handed_in_at = {}, ""
            self._lose_rating()

    def rated(self, value: int, *, by: int, mark: str) -> bool:
        """A trainer, whose number is `by`, read the words of `mark`. False, and nothing changed, where those were taken
        back or changed meanwhile."""
        if not self.is_rated or not self.handed_in or mark != mark_of(self.handed_in):
            return False
        self.rating = {"waarde": value, "door": by}
        self.score = self.score_with(value)
        return True

    def score_with(self, rating: int | None) -> float | None:
        """The score with what a trainer gave, or without."""
        score: float | None = self.score
        return score

    def _lose_rating(self) -> None:
        if self.rating:
            self.rating = {}
            self.score = self.score_with(None)
