"""What anybody sent, made into what every browser plays: Opus in WebM and AAC in MP4, one channel, 48 kHz.

It is decoded and encoded anew, so nothing comes along but what can be heard. One ffmpeg in its cage (`learning.sound`)
makes both, decoding once. It reads what was sent from a pipe that is filled a piece at a time, so nothing of that is
ever whole; only an MP4 may have its table of contents at the end and must lie in memory (memfd, at most
UPLOAD_MOST_BYTES, one a runner). What it makes lies in memory too: some 45 MB an hour. No disk, no network, no decoder
but those we named.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import IO

from learning.files.checks import Refused
from learning.sound import CODECS, KINDS, Memory, NotSound, caged, environment, found, length, probing

# A recorder stops by a clock of its own; what it made may be a little longer than was asked.
LENIENCE = 2
# part → (ffmpeg's encoder, bits a second, container, how ffmpeg reads that back, what a browser calls it)
PARTS = {
    "opus": ("libopus", 32_000, "webm", "matroska", 'audio/webm; codecs="opus"'),
    "aac": ("aac", 64_000, "ipod", "mov", 'audio/mp4; codecs="mp4a.40.2"'),
}
_DECODERS = ",".join(sorted(CODECS | {"mp3float"}))
_TIMED = 1.0  # seconds between two looks at how far it is
_STUCK = 60.0  # seconds without anything new
_LOOKING = 10.0
# Seconds of processor, besides half a second for each second of sound: twenty times what that takes.
_CPU = 60
_MOST_BYTES_A_SECOND = 20_000
_OUT = re.compile(rb"out_time_us=([0-9]{1,18})")

Going = Callable[[int], None]


@dataclass(frozen=True)
class Sent:
    """What came in: its `kind` (a key of KINDS), its size in bytes, and its bytes, from the start each time."""

    kind: str
    size: int
    bytes: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Made:
    """`seconds` long; `parts`: a key of PARTS → what can be read of it."""

    seconds: float
    parts: dict[str, Memory]


@contextmanager
def playable(sent: Sent, *, most_seconds: int, going: Going) -> Iterator[Made]:
    """Tells `going` a percentage, at most once a second. Raises Refused, and what reading `sent` raises."""
    with ExitStack() as stack:
        parts = {name: stack.enter_context(Memory()) for name in PARTS}
        try:
            source = stack.enter_context(_whole(sent)) if sent.kind == "mp4" else None
            said = _said_of(sent, source)
            if said is not None and said > most_seconds + LENIENCE:
                raise Refused("lang")
            _convert(sent, source, parts, said=said, most_seconds=most_seconds, going=going)
            seconds = length(PARTS["opus"][3], parts["opus"])
        except NotSound as error:
            raise Refused(error.reason) from None
        if seconds > most_seconds + LENIENCE:
            raise Refused("lang")
        yield Made(seconds, parts)


@contextmanager
def _whole(sent: Sent) -> Iterator[Memory]:
    with Memory() as memory:
        for piece in sent.bytes():
            memory.write(piece)
        yield memory


def _said_of(sent: Sent, source: Memory | None) -> float | None:
    """How long the file says that it is, if it does. Raises NotSound when there is nothing to hear in it."""
    command = probing(KINDS[sent.kind][0], source.path if source else "pipe:0")
    with _running(caged(command), sent, source) as (process, _):
        told = b"".join(_heard_from(process, _LOOKING))
        if process.wait():
            raise NotSound("soort")
    what = found(told)
    if not what.codecs <= CODECS:
        raise NotSound("soort")
    return what.seconds


def _convert(
    sent: Sent, source: Memory | None, parts: dict[str, Memory], *, said: float | None, most_seconds: int, going: Going
) -> None:
    """Raises NotSound."""
    command = caged(
        _command(sent.kind, source, parts, most_seconds),
        cpu=_CPU + most_seconds // 2,
        size=most_seconds * _MOST_BYTES_A_SECOND + 1_000_000,
    )
    told_at = time.monotonic()
    with _running(command, sent, source, *parts.values()) as (process, feed):
        before, heard = (0, 0.0), 0.0
        for said_now in _heard_from(process, _STUCK):
            heard = max([heard, *(int(each) / 1e6 for each in _OUT.findall(said_now))])
            now = time.monotonic()
            if (feed.fed, heard) != before and now - told_at >= _TIMED:
                before, told_at = (feed.fed, heard), now
                share = heard / said if source and said else feed.fed / sent.size
                going(min(99, int(100 * share)))
        if process.wait():
            raise NotSound("soort")


def _command(kind: str, source: Memory | None, parts: dict[str, Memory], most_seconds: int) -> list[str]:
    inner = [
        "ffmpeg", "-nostdin", "-v", "error", "-y", "-progress", "pipe:1", "-stats_period", "0.5",
        "-protocol_whitelist", "file,pipe", "-codec_whitelist", _DECODERS,
        "-t", str(most_seconds + LENIENCE + 1), "-f", KINDS[kind][0], "-i", source.path if source else "pipe:0",
    ]  # fmt: skip
    for name, target in parts.items():
        encoder, bits, container, _, _ = PARTS[name]
        inner += [
            "-map", "0:a:0", "-c:a", encoder, "-b:a", str(bits), "-ac", "1", "-ar", "48000", "-map_metadata", "-1",
            "-map_metadata:s", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact",
            *(["-movflags", "+faststart"] if container == "ipod" else []), "-f", container, target.path,
        ]  # fmt: skip
    return inner


class _Feed(threading.Thread):
    """Puts what was sent through a pipe; `fed` counts the bytes. Who has heard enough may hang up."""

    def __init__(self, data: Iterable[bytes], pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._data, self._pipe = data, pipe
        self.fed = 0
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for piece in self._data:
                self._pipe.write(piece)
                self.fed += len(piece)
        except BrokenPipeError:
            pass
        except Exception as error:
            self.error = error
        finally:
            with suppress(BrokenPipeError):
                self._pipe.close()


@contextmanager
def _running(command: list[str], sent: Sent, *memory: Memory | None) -> Iterator[tuple[subprocess.Popen[bytes], _Feed]]:
    """The first of `memory` is where it reads; without that it gets what was sent through a pipe. Ended when the block
    ends. Raises what reading `sent` raised, above all else: half a file looks like one."""
    files = [each.number for each in memory if each]
    with subprocess.Popen(  # noqa: S603 our own words; what was sent is only read
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it names what was in the file
        pass_fds=files,
        env=environment(),
        bufsize=0,
    ) as process:
        assert process.stdin
        feed = _Feed(() if memory[0] else sent.bytes(), process.stdin)
        feed.start()
        try:
            yield process, feed
        except NotSound:
            process.kill()
            feed.join()
            if feed.error:
                raise feed.error from None
            raise
        finally:
            process.kill()
            feed.join()
    if feed.error:
        raise feed.error


def _heard_from(process: subprocess.Popen[bytes], patience: float) -> Iterator[bytes]:
    """What it says, as it says it. Raises NotSound when it says nothing for so many seconds."""
    assert process.stdout
    number = process.stdout.fileno()
    while True:
        ready, _, _ = select.select([number], [], [], patience)
        if not ready:
            raise NotSound("soort")
        said = os.read(number, 65536)
        if not said:
            return
        yield said
