"""A folder of our own: for this account alone, and on the disk before we say that it is kept."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from learning.files.store.trouble import Missing, StoreTrouble

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root
        self.address = "the folder of files"

    def put(self, name: str, data: bytes) -> None:
        with _told():
            target = self._path(name)
            self._make(target.parent)
            fresh = target.with_name(f".{secrets.token_hex(8)}")
            try:
                with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                fresh.rename(target)
            except BaseException:
                with suppress(OSError):
                    fresh.unlink()
                raise
            _settle(target.parent)

    def get(self, name: str) -> bytes:
        with _told():
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError:
                raise Missing(name) from None

    def names(self, under: str) -> Iterator[str]:
        """Also what was being written when somebody pulled the plug: it is to be deleted as well."""
        with _told():
            top = self._path(under)
            yield from sorted(
                str(file.relative_to(self._root)) for file in top.rglob("*") if file.is_symlink() or not file.is_dir()
            )

    def files(self) -> Iterator[str]:
        with _told():
            if self._root.is_dir():
                yield from sorted(each.name for each in self._root.iterdir())

    def delete(self, name: str) -> None:
        with _told():
            file = self._path(name)
            with suppress(FileNotFoundError):
                file.unlink()
            folder = file.parent
            while folder != self._root and folder.is_dir() and not any(folder.iterdir()):
                with suppress(FileNotFoundError):
                    folder.rmdir()
                folder = folder.parent
            if folder.is_dir():
                _settle(folder)

    def _path(self, name: str) -> Path:
        path = self._root / name
        if ".." in path.parts:
            raise ValueError(name)
        return path

    def _make(self, folder: Path) -> None:
        """Each level of it on the disk too: a piece in a folder that a power cut takes away is gone."""
        if folder.is_dir():
            return
        self._make(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            _settle(folder.parent)


def _settle(folder: Path) -> None:
    """What was renamed, made or taken away in it survives a power cut."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreTrouble(errno.errorcode.get(error.errno or 0, "OSError"), full=error.errno in _FULL) from error
