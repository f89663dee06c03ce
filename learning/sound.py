"""What a file of sound is, and ffmpeg in its cage: shared by recordings in the database and files in the store.

Believed is only what the bytes say. ffmpeg reads and writes memory (memfd) or pipes, with a bound on time, processor
and memory, only the one format we recognised, and no address or other file to open.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

# kind → (how ffmpeg reads it, how it writes it, what a browser calls it)
KINDS = {
    "webm": ("matroska", "webm", "audio/webm"),
    "ogg": ("ogg", "ogg", "audio/ogg"),
    "mp4": ("mov", "mp4", "audio/mp4"),
    "mp3": ("mp3", "mp3", "audio/mpeg"),
    "wav": ("wav", "wav", "audio/wav"),
}
CODECS = frozenset({"opus", "vorbis", "aac", "mp3", "pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"})

SHORTEST = 0.2
# Sound that is what it should be is looked into in a tenth of a second.
_SECONDS, _CPU, _MEMORY = 10, 5, 1_000_000_000


class NotSound(Exception):
    """`reason`: "groot" (too many bytes), "soort" (nothing we play), "leeg" (no sound in it)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Found:
    """`seconds` is None where the file doesn't say, and 0 or less where it says nonsense."""

    codecs: frozenset[str]
    seconds: float | None


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


def caged(command: list[str], *, cpu: int = _CPU, size: int | None = None) -> list[str]:
    """`command` with a bound: `cpu` seconds, and `size` bytes in any one file it writes."""
    bounds = [f"--cpu={cpu}", f"--as={_MEMORY}", "--core=0", "--nofile=64"]
    if size:
        bounds.append(f"--fsize={size}")
    return ["prlimit", *bounds, *command]


def environment() -> dict[str, str]:
    """All that a caged command knows of where it runs."""
    return {"PATH": os.environ["PATH"]}


def run(command: list[str], files: tuple[int, ...], *, seconds: float = _SECONDS) -> bytes:
    """What it says on its output. `files` are the numbers it may open. Raises NotSound."""
    try:
        done = subprocess.run(  # noqa: S603 our own words; what was sent is only read
            caged(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it names what was in the file
            pass_fds=files,
            env=environment(),
            timeout=seconds,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise NotSound("soort") from error
    return done.stdout


def probing(reads: str, source: str) -> list[str]:
    """The command whose output `found` understands; `reads` is ffmpeg's word for the format."""
    return [
        "ffprobe", "-v", "error", "-protocol_whitelist", "file,pipe", "-f", reads, "-of", "json",
        "-select_streams", "a", "-show_entries", "format=duration:stream=codec_name", source,
    ]  # fmt: skip


def found(told: bytes) -> Found:
    """The streams of sound in what ffprobe told. Raises NotSound when there are none."""
    try:
        told_of = json.loads(told)
        codecs = frozenset(stream["codec_name"] for stream in told_of["streams"])
        seconds = told_of.get("format", {}).get("duration")
        length = None if seconds is None else float(seconds)
    except (ValueError, KeyError, TypeError) as error:
        raise NotSound("leeg") from error
    if not codecs:
        raise NotSound("leeg")
    return Found(codecs, length)


def length(reads: str, source: Memory) -> float:
    """How long the sound in memory is, in seconds; as ffmpeg `reads` it. Raises NotSound."""
    said = found(run(probing(reads, source.path), (source.number,)))
    if not said.codecs <= CODECS:
        raise NotSound("soort")
    if said.seconds is None or not SHORTEST <= said.seconds < float("inf"):
        raise NotSound("leeg")
    return said.seconds


class Memory:
    """A file without a disk, for another process to open by `path`."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = data

    def __enter__(self) -> Memory:
        self.number = os.memfd_create("sound")
        self.write(self._data)
        self._data = b""
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.number)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self.number, view) :]

    @property
    def path(self) -> str:
        return f"/proc/self/fd/{self.number}"

    @property
    def size(self) -> int:
        return os.fstat(self.number).st_size

    def content(self) -> bytes:
        return self.read(0, self.size)

    def read(self, start: int, size: int) -> bytes:
        return os.pread(self.number, size, start)
