"""The learner's own journal as this activity sees it (curriculum 3.f, class C: private unless shared by its owner).

What is written here is never scored, counted, logged or sent in an event.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NotRequired, Protocol, TypedDict

from modules.blocks.days import HERE

if TYPE_CHECKING:
    from modules.blocks.recording import Take

MAX_TAGS, MAX_TAG = 10, 40

# Curriculum 3.f: at most three minutes.
MAX_SECONDS, MAX_SOUND = 180, 4_000_000

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Entry(TypedDict):
    """One text. `written` is a moment in ISO 8601 with its offset; `readers`: who it is shared with now, by name.

    `sound`: where its owner hears what was said with it, `seconds` long; then the text may be empty.
    """

    id: str
    text: str
    tags: list[str]
    written: str
    readers: NotRequired[list[str]]
    sound: NotRequired[str]
    seconds: NotRequired[int]


class JournalService(Protocol):
    """The XBlock service `journal`: the learner's journal outside this activity.

    Already bound to one learner and one activity, so no call names either; nobody else's text can be reached.
    Texts are encrypted at rest and have no read path but this one and the owner's own pages.
    """

    def entries(self) -> list[Entry]:
        """The learner's own texts of this activity, the newest first."""

    def write(self, text: str, tags: list[str], token: str, take: Take | None = None) -> None:
        """Keep a new text, and what was said. A second call with the same token changes nothing, also after that
        text was deleted."""

    def replace(self, id: str, text: str, tags: list[str]) -> None:  # noqa: A002 the name of the field
        """Put new words in the place of the old; the old ones are gone, what was said stays."""

    def delete(self, id: str) -> None:  # noqa: A002 the name of the field
        """Gone at once, not hidden. An unknown id changes nothing."""

    def href(self) -> str:
        """The address of the whole journal, where searching, exporting and sharing are."""


def tags(line: str) -> list[str]:
    """'#thuis, werk,, Thuis' → ['thuis', 'werk']: as typed the first time, without doubles or empty ones."""
    found: dict[str, str] = {}
    for piece in line.split(","):
        tag = " ".join(piece.strip().lstrip("#").split())
        if tag:
            found.setdefault(tag.casefold(), tag)
    return list(found.values())


def too_many(labels: Sequence[str]) -> bool:
    """More or longer than a label can be."""
    return len(labels) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in labels)


def is_token(value: str) -> bool:
    """A drawn form carries one, so that posting it twice is harmless."""
    return bool(_TOKEN.fullmatch(value))


def length(text: str) -> int:
    """In characters as a textarea counts them: a line end is one."""
    return len(text.replace("\r\n", "\n"))


def seal(entry: Mapping[str, object]) -> str:
    """Tells whether a text is still the one a form was drawn from."""
    return hashlib.sha256(repr((entry["text"], entry["tags"])).encode()).hexdigest()[:16]


def find(entries: Iterable[Entry], id: str) -> Entry | None:  # noqa: A002 the name of the field
    return next((entry for entry in entries if entry["id"] == id), None)


def day(written: str) -> datetime:
    """The moment as the clock on the wall here showed it."""
    return datetime.fromisoformat(written).astimezone(HERE)
