"""Where the bytes of files lie: a folder under DATA_DIR, or a bucket when STORAGE_URL names one.

A store knows names and bytes, already sealed, never more than a piece (`learning.files.pieces`) at a time. That is why
three calls are enough, and no part of a piece is ever there: no multipart uploads, no appending, no ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from learning.files.store.bucket import Bucket
from learning.files.store.folder import Folder
from learning.files.store.trouble import Missing, StoreTrouble

__all__ = ["Missing", "Store", "StoreTrouble", "store"]


class Store(Protocol):
    """A name is "<file>/<blob>/<number>". All raise StoreTrouble when the store is full or can't be reached."""

    address: str  # what to say of it in a log or to an operator: no secrets in it

    def put(self, name: str, data: bytes) -> None:
        """Whole or not at all, and for good once it returns. What was there under that name is replaced."""

    def get(self, name: str) -> bytes:
        """Raises Missing."""

    def names(self, under: str) -> Iterator[str]:
        """All names that begin with `under`, which ends with "/"."""

    def files(self) -> Iterator[str]:
        """The first part of every name, once."""

    def delete(self, name: str) -> None:
        """Not there: nothing happens."""


def store() -> Store:
    """The one of this installation."""
    return _store(settings.STORAGE_URL, settings.DATA_DIR)


@cache
def _store(url: str, data_dir: Path) -> Store:
    return Bucket(url) if url else Folder(data_dir / "files")
