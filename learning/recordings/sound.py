"""Sound as it comes in from anybody: what it is, how long, and without what else was in the file.

Nothing is written to a disk, and what it is isn't believed but looked at (`learning.sound`).
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass

from learning.sound import KINDS, Memory, NotSound, can_measure, kind_of, length, run

__all__ = ["KINDS", "MOST_BYTES", "Busy", "NotSound", "Take", "can_measure", "kind_of", "measured", "whole_seconds"]

# The largest any activity takes; each has its own bound in seconds and bytes below that.
MOST_BYTES = 4_000_000

_WAIT = 5
_AT_ONCE = threading.BoundedSemaphore(2)


class Busy(Exception):
    """Too many are being looked at: the same may be sent again in a moment."""


@dataclass(frozen=True)
class Take:
    """Sound we can play. `size`: how many bytes were sent; `mark` tells that from any other."""

    kind: str
    data: bytes
    seconds: float
    size: int
    mark: str


def whole_seconds(take: Take) -> int:
    """As it is told to people: what was just said is never 0 long."""
    return max(1, round(take.seconds))


def measured(data: bytes) -> Take:
    """The sound in `data` alone, and how long it is. Raises NotSound, Busy."""
    if len(data) > MOST_BYTES:
        raise NotSound("groot")
    if not data:
        raise NotSound("leeg")
    kind = kind_of(data)
    if kind is None:
        raise NotSound("soort")
    if not _AT_ONCE.acquire(timeout=_WAIT):
        raise Busy
    try:
        clean = _without_the_rest(kind, data)
        with Memory(clean) as source:
            seconds = length(KINDS[kind][0], source)
    finally:
        _AT_ONCE.release()
    return Take(kind, clean, seconds, len(data), hashlib.sha256(data).hexdigest()[:32])


def _without_the_rest(kind: str, data: bytes) -> bytes:
    """Its first track of sound, without titles, places, dates, pictures or chapters, and so that one can skip in it.
    Left as it is, never decoded; what fits none of the containers is refused by ffmpeg."""
    reads, writes, _ = KINDS[kind]

    def command(source: str, target: str) -> list[str]:
        return [
            "ffmpeg", "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file", "-f", reads, "-i", source,
            "-map", "0:a:0", "-c", "copy", "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1",
            "-fflags", "+bitexact", "-flags", "+bitexact", "-fs", str(2 * MOST_BYTES), "-f", writes, target,
        ]  # fmt: skip

    with Memory(data) as source, Memory() as target:
        run(command(source.path, target.path), (source.number, target.number))
        return target.content()
