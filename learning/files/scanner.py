"""clamd, when the operator named one in CLAMD_URL: no file is played that it didn't look at (fail closed)."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

_SECONDS = 60  # for any one answer: it reads a database of signatures when it starts
_MOST_SAID = 4096


class ScannerDown(Exception):
    """It didn't look: it can't be reached, or says why it won't. The message is for operators."""


def is_clean(data: Iterable[bytes]) -> bool:
    """Whether it finds nothing in these bytes, which go to it unsealed and are kept nowhere by us (clamd(8),
    INSTREAM). Without CLAMD_URL nobody looks. Raises ScannerDown."""
    if not settings.CLAMD_URL:
        return True
    try:
        with _connected(settings.CLAMD_URL) as line:
            said = _asked(line, data)
    except OSError as error:
        raise ScannerDown(f"clamd: {type(error).__name__}") from None
    if said.endswith(b"FOUND"):
        return False
    if said == b"stream: OK":
        return True
    if b"size limit exceeded" in said:
        raise ScannerDown("clamd: its StreamMaxLength is below UPLOAD_MOST_BYTES")
    raise ScannerDown("clamd gave no answer we know")


def _asked(line: socket.socket, data: Iterable[bytes]) -> bytes:
    """A length of four bytes before each part, and a length of nothing behind the last. It may hang up before that when
    it has seen enough: what it says then is read all the same."""
    try:
        line.sendall(b"zINSTREAM\0")
        for part in data:
            line.sendall(len(part).to_bytes(4, "big"))
            line.sendall(part)
        line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass
    said = bytearray()
    while not said.endswith(b"\0") and len(said) < _MOST_SAID and (more := line.recv(1024)):
        said += more
    return bytes(said.rstrip(b"\0\n"))


def _connected(url: str) -> socket.socket:
    if url.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(_SECONDS)
            line.connect(url.removeprefix("unix:"))
        except BaseException:
            line.close()
            raise
        return line
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=_SECONDS)
