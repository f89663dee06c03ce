"""A blob is a row of sealed pieces in the store: one is sealed, kept, fetched and opened at a time, never the whole.

Bound into each piece (`learning.sealing`) is of which file and blob it is, its number, and whether it is the last: a
piece that was moved or swapped doesn't open, and a blob that was cut off has no last piece.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from learning.files.store import Missing, store
from learning.sealing import WontOpen, seal_file, unseal_file

# Small enough for a train: a piece that is cut off half-way is sent again. Large enough for a store.
PIECE = 512 * 1024


class Damaged(Exception):
    """A piece is gone, or isn't what was sealed."""


@dataclass(frozen=True)
class Blob:
    """`size` in bytes, before sealing."""

    file: uuid.UUID
    name: str
    size: int

    @property
    def count(self) -> int:
        return -(-self.size // PIECE)

    def put(self, number: int, data: bytes, *, last: bool) -> None:
        """Piece `number`, from 0. Raises StoreTrouble."""
        store().put(self._at(number), seal_file(data, self._place(number, last)))

    def get(self, number: int) -> bytes:
        """Raises StoreTrouble, Damaged."""
        try:
            return unseal_file(store().get(self._at(number)), self._place(number, number == self.count - 1))
        except (Missing, WontOpen) as error:
            raise Damaged from error

    def drop(self, number: int) -> None:
        store().delete(self._at(number))

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """From byte `start` up to and with `end`, in pieces. Raises StoreTrouble, Damaged."""
        for number in range(start // PIECE, end // PIECE + 1):
            first = number * PIECE
            yield self.get(number)[max(0, start - first) : end + 1 - first]

    def whole(self) -> Iterator[bytes]:
        return map(self.get, range(self.count))

    def _at(self, number: int) -> str:
        return f"{self.file}/{self.name}/{number:06d}"

    def _place(self, number: int, last: bool) -> str:
        return _place(self.file, self.name, number, last=last)


def _place(file: object, name: str, number: int, *, last: bool) -> str:
    return f"file|{file}|{name}|{number}|{'end' if last else 'more'}"


def places_of(name: str) -> tuple[str, ...]:
    """Where what the store has under this name may open: the last piece of its blob elsewhere than another. () of what
    is no piece."""
    file, _slash, rest = name.partition("/")
    blob, _slash, number = rest.partition("/")
    if not number.isdecimal():
        return ()
    return tuple(_place(file, blob, int(number), last=last) for last in (False, True))


def delete(file: uuid.UUID, *, but: Iterable[str] = ()) -> None:
    """Every blob of a file that isn't named. Raises StoreTrouble."""
    here, kept = store(), {f"{file}/{name}/" for name in but}
    for name in list(here.names(f"{file}/")):
        if not any(name.startswith(each) for each in kept):
            here.delete(name)
