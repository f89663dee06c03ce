"""How an entry is kept: sealed for its owner and its place, opened only in this room."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from learning.journal.models import JournalEntry
from learning.sealing import seal, unseal

SENSITIVE = "gevoelig"


@dataclass(frozen=True)
class Entry:
    """An entry, opened for its owner. `usage`: the activity it was written at, or "". `seconds`: how long what they
    said is, 0 where they only wrote; the words may then be empty."""

    id: int
    usage: str
    text: str
    tags: tuple[str, ...]
    written_at: datetime
    changed_at: datetime
    seconds: int = 0

    @property
    def is_sensitive(self) -> bool:
        return any(plain(tag) == SENSITIVE for tag in self.tags)

    @property
    def clock(self) -> str:
        """How long what was said is: "1:23"."""
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"

    @property
    def is_changed(self) -> bool:
        return self.changed_at != self.written_at

    def has_words(self, words: list[str]) -> bool:
        """All of them, each anywhere in the text or its labels; case and accents make no difference."""
        everything = plain("\n".join((self.text, *self.tags)))
        return all(plain(word) in everything for word in words)


def closed(person_id: int, token: str, text: str, tags: list[str], seconds: int = 0) -> bytes:
    said = {"seconds": seconds} if seconds else {}
    return seal(json.dumps({"text": text, "tags": tags, **said}), _place(person_id, token))


def opened(row: JournalEntry) -> Entry:
    held = json.loads(unseal(row.sealed, place_of(row)))
    return Entry(
        row.pk, row.usage, held["text"], tuple(held["tags"]), row.written_at, row.changed_at, held.get("seconds", 0)
    )


def plain(text: str) -> str:
    """'Één Gesprek' → 'een gesprek'."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def place_of(row: JournalEntry) -> str:
    """Where an entry opens."""
    return _place(row.person_id, row.token)


def _place(person_id: int, token: str) -> str:
    return f"journal|{person_id}|{token}"
