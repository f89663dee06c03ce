"""A module's folder as one archive and back: OLX in a `.tar.gz`, as Open edX's import and `import_olx` take it.

The archive holds one folder with the module as its author keeps it (`course.xml`, the pieces it names, their assets)
and `policies/`, from which Open edX reads the course's name, its language and which blocks of ours it must allow.
"""

from __future__ import annotations

import gzip
import io
import json
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from modules.olx import Finding, ModuleSource, file_of, read_module

# What an import may bring: ten times what our largest module has.
MOST_FILES = 2_000
LARGEST_FILE = 100 * 1024 * 1024
LARGEST_ARCHIVE = 500 * 1024 * 1024
# All that stands between two files: heads, and the names that are too long for one.
LARGEST_HEAD = 16 * 1024
_TOO_MUCH = "er zit meer in dan een module kan zijn"


class CantBePacked(Exception):
    """`findings` says what to mend in the folder first."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class CantBeUnpacked(Exception):
    """The archive isn't one that can be trusted or read; its text says why, for whoever made it."""


def pack(folder: Path) -> bytes:
    """The module in `folder` as a `.tar.gz`. The same folder gives the same bytes. Raises CantBePacked."""
    module, findings = read_module(folder)
    if module is None or findings:
        raise CantBePacked(findings)
    files = {path: (folder / path).read_bytes() for path in _named(module)}
    files |= {path: _json(content) for path, content in _policies(module).items()}
    packed = io.BytesIO()
    # A fixed moment in the heads of gzip and tar: an archive says nothing about when or where it was made.
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(f"{module.key}/{path}")
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def unpack(archive: Path, into: Path) -> Path:
    """The module's folder, written under `into`. Raises CantBeUnpacked; what is then in `into` may be removed.

    An archive may come from anywhere: only plain files and folders under their own names are taken, and only as many
    and as large as a module can be, whatever its heads say.
    """
    try:
        with gzip.open(archive) as zipped:
            stream = _Stream(zipped)
            with tarfile.open(fileobj=stream, mode="r:") as source:
                for member in _trusted(source):
                    stream.left = member.size + LARGEST_HEAD
                    _write(source, member, into)
    except (tarfile.TarError, EOFError, OSError, UnicodeError, ValueError, RecursionError, zlib.error) as error:
        raise CantBeUnpacked("dit is geen heel .tar.gz-bestand") from error
    found = sorted(into.rglob("course.xml"), key=lambda file: len(file.parts))
    if not found:
        raise CantBeUnpacked("er zit geen course.xml in")
    return found[0].parent


def _named(module: ModuleSource) -> set[str]:
    """Everything the module's `course.xml` leads to, relative to its folder."""
    paths = {"course.xml"}
    for activity in module.activities():
        paths.add(activity.file)
        paths |= set(activity.block.assets(activity.authored.data))
    return {path for path in paths if file_of(module.folder, path)}


def _policies(module: ModuleSource) -> dict[str, Any]:
    types = sorted({activity.block.block_type for activity in module.activities()})
    policy = {"display_name": module.title, "language": "nl", "advanced_modules": types}
    return {
        f"policies/{module.key}/policy.json": {f"course/{module.key}": policy},
        f"policies/{module.key}/grading_policy.json": {"GRADER": [], "GRADE_CUTOFFS": {"Pass": 0.5}},
    }


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


class _Stream(io.RawIOBase):
    """What is unpacked, read no further than it may be: `tarfile` takes a head of any size into memory before it tells
    of the file that comes after it, and a few kilobytes can become gigabytes."""

    def __init__(self, zipped: gzip.GzipFile) -> None:
        self._zipped, self.left = zipped, LARGEST_HEAD

    def read(self, size: int = -1, /) -> bytes:
        if not 0 <= size <= self.left:
            raise CantBeUnpacked(_TOO_MUCH)
        self.left -= size
        return self._zipped.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._zipped.seek(offset, whence)

    def tell(self) -> int:
        return self._zipped.tell()


def _trusted(source: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    count = size = 0
    for member in source:
        count, size = count + 1, size + member.size
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or "\\" in member.name:
            raise CantBeUnpacked(f"'{member.name[:80]}' wijst buiten de map")
        # A file with holes says two sizes; none of ours has any.
        if not (member.isfile() or member.isdir()) or member.issparse():
            raise CantBeUnpacked(f"'{member.name[:80]}' is geen gewoon bestand")
        if count > MOST_FILES or member.size > LARGEST_FILE or size > LARGEST_ARCHIVE:
            raise CantBeUnpacked(_TOO_MUCH)
        yield member


def _write(source: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    target = into / PurePosixPath(member.name)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    content = source.extractfile(member)
    if content is None:
        raise CantBeUnpacked(f"'{member.name[:80]}' is geen gewoon bestand")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file)
