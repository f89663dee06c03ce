"""A clamd that speaks INSTREAM as the real one does (clamd(8)), and knows one signature: EICAR's."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(threading.Thread):
    def __init__(self, address: str | tuple[str, int], *, most: int) -> None:
        super().__init__(daemon=True)
        self._line = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self._line.bind(address)
        self._line.listen()
        self._most = most
        self.seen: list[bytes] = []
        self.port = 0 if isinstance(address, str) else self._line.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                line, _ = self._line.accept()
            except OSError:
                return
            with line:
                line.sendall(self._answer(line) + b"\0")

    def _answer(self, line: socket.socket) -> bytes:
        file = line.makefile("rb")
        if file.read(len(b"zINSTREAM\0")) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        data = bytearray()
        while size := int.from_bytes(file.read(4), "big"):
            if len(data) + size > self._most:
                return b"INSTREAM size limit exceeded. ERROR"
            data += file.read(size)
        self.seen.append(bytes(data))
        return b"stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in data else b"stream: OK"

    def close(self) -> None:
        self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()


@contextmanager
def clamd(address: str | tuple[str, int] = ("127.0.0.1", 0), *, most: int = 25_000_000) -> Iterator[Clamd]:
    daemon = Clamd(address, most=most)
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.close()
        daemon.join()
