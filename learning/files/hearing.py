"""How a file is given to a player: by addresses for one listener, that live for a little longer than it lasts.

Who may hear it is for the room above to decide before it asks for an address. That it is still so is asked again at
every piece that is played: of the address (signed, of this file, for who is signed in), and of the purpose.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.core import signing
from django.urls import reverse

from learning.files import purposes
from learning.files.models import FileState, StoredFile
from learning.people.models import Person

LIVES = 600
"""Seconds that an address lives, besides twice what is heard there (at a low speed, with a pause)."""


@dataclass(frozen=True)
class Source:
    """What a browser may choose from; `media_type` with its codec."""

    url: str
    media_type: str


@dataclass(frozen=True)
class Mark:
    """Something at a moment of it: `second` in it, `label` what stands there, `href` where that can be read."""

    second: float
    label: str
    href: str = ""

    @property
    def clock(self) -> str:
        return clock(self.second)


@dataclass(frozen=True)
class Sound:
    """What `files/player.html` needs. `sources` is empty while it can't be heard (yet)."""

    key: uuid.UUID
    seconds: float
    sources: list[Source]
    marks: list[Mark] = field(default_factory=list)

    @property
    def clock(self) -> str:
        return clock(self.seconds)


def sound(file: StoredFile, listener: Person, *, marks: list[Mark] | None = None) -> Sound:
    """For this listener, who may hear it: the caller has seen to that. No query."""
    sources = [] if file.state != FileState.READY else [
        Source(address(file, listener, part), what["media_type"]) for part, what in file.parts.items()
    ]  # fmt: skip
    return Sound(file.key, file.seconds or 0, sources, sorted(marks or [], key=lambda mark: mark.second))


def address(file: StoredFile, listener: Person, part: str) -> str:
    """`part`: a key of `file.parts`, "opus" or "aac". Says nothing of who or what."""
    signature = _signer(file.key, part, listener).sign("").lstrip(":")
    return reverse("files:hear", args=[file.key, part, signature])


def may_hear(file: StoredFile, listener: Person, part: str, signature: str) -> bool:
    """Now, at this address."""
    try:
        _signer(file.key, part, listener).unsign(f":{signature}", max_age=LIVES + 2 * int(file.seconds or 0))
    except signing.BadSignature:
        return False
    if file.person_id == listener.pk:
        return True
    purpose = purposes.find(file.purpose)
    return file.person_id is not None and purpose is not None and purpose.may_hear(listener, file)


def _signer(key: uuid.UUID, part: str, listener: Person) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"files.hear|{key}|{part}|{listener.pk}")


def clock(seconds: float) -> str:
    """83.4 → "1:23"."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
