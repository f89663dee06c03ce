"""Sound as it comes in from anybody: what it is, how long, and without what else was in the file.

Believed is only what the bytes say. Nothing is written to a disk: ffmpeg reads and writes memory (memfd), with a
bound on time, processor and memory, only the one format we recognised, and no address or other file to open.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from functools import cache

# The largest any activity takes; each has its own bound in seconds and bytes below that.
MOST_BYTES = 4_000_000

# kind → (how ffmpeg reads it, how it writes it, what a browser calls it)
KINDS = {
    "webm": ("matroska", "webm", "audio/webm"),
    "ogg": ("ogg", "ogg", "audio/ogg"),
    "mp4": ("mov", "mp4", "audio/mp4"),
    "mp3": ("mp3", "mp3", "audio/mpeg"),
    "wav": ("wav", "wav", "audio/wav"),
}
# Left as they are, never decoded; what fits none of the containers is refused by ffmpeg.
CODECS = frozenset({"opus", "vorbis", "aac", "mp3", "pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"})

# A recording that is what it should be takes a tenth of a second.
_SECONDS, _WAIT, _CPU, _MEMORY = 10, 5, 5, 1_000_000_000
_AT_ONCE = threading.BoundedSemaphore(2)
_SHORTEST = 0.2


class NotSound(Exception):
    """`reason`: "groot" (more than MOST_BYTES), "soort" (nothing we play), "leeg" (no sound in it)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


@cache
def can_measure() -> bool:
    """Where ffmpeg isn't, nothing is recorded: what can't be measured isn't kept."""
    return bool(shutil.which("ffmpeg") and shutil.which("ffprobe") and hasattr(os, "memfd_create"))


def kind_of(data: bytes) -> str | None:
    """By the first bytes."""
    head = data[:12]
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "webm"
    if head.startswith(b"OggS"):
        return "ogg"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    return None


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
        seconds = _length(kind, clean)
    finally:
        _AT_ONCE.release()
    return Take(kind, clean, seconds, len(data), hashlib.sha256(data).hexdigest()[:32])


def _without_the_rest(kind: str, data: bytes) -> bytes:
    """Its first track of sound, without titles, places, dates, pictures or chapters, and so that one can skip in it."""
    reads, writes, _ = KINDS[kind]

    def command(source: str, target: str) -> list[str]:
        return [
            "ffmpeg", "-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file", "-f", reads, "-i", source,
            "-map", "0:a:0", "-c", "copy", "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1",
            "-fflags", "+bitexact", "-flags", "+bitexact", "-fs", str(2 * MOST_BYTES), "-f", writes, target,
        ]  # fmt: skip

    with _memory(data) as source, _memory(b"") as target:
        _run(command(source.path, target.path), (source.number, target.number))
        return target.content()


def _length(kind: str, data: bytes) -> float:
    with _memory(data) as source:
        told = _run(
            [
                "ffprobe", "-v", "error", "-protocol_whitelist", "file", "-f", KINDS[kind][0], "-of", "json",
                "-show_entries", "format=duration:stream=codec_name", source.path,
            ],
            (source.number,),
        )  # fmt: skip
    try:
        found = json.loads(told)
        codecs = {stream["codec_name"] for stream in found["streams"]}
        seconds = float(found["format"]["duration"])
    except (ValueError, KeyError) as error:
        raise NotSound("leeg") from error
    if not codecs or not codecs <= CODECS:
        raise NotSound("soort")
    if not _SHORTEST <= seconds < float("inf"):
        raise NotSound("leeg")
    return seconds


def _run(command: list[str], files: tuple[int, ...]) -> bytes:
    bounds = ["prlimit", f"--cpu={_CPU}", f"--as={_MEMORY}", "--core=0", "--nofile=64"]
    try:
        done = subprocess.run(  # noqa: S603 our own words; what was sent is only read
            [*bounds, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it names what was in the file
            pass_fds=files,
            env={"PATH": os.environ["PATH"]},
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise NotSound("soort") from error
    return done.stdout


class _memory:  # noqa: N801 used as a function
    """A file without a disk, for another process to open by `path`."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __enter__(self) -> _memory:
        self.number = os.memfd_create("sound")
        view = memoryview(self._data)
        while view:
            view = view[os.write(self.number, view) :]
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.number)

    @property
    def path(self) -> str:
        return f"/proc/self/fd/{self.number}"

    def content(self) -> bytes:
        return os.pread(self.number, os.fstat(self.number).st_size, 0)
