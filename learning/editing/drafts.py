"""A module as it stands in its folder at this moment: to look at, not published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from learning.runtime.publishing import asset_paths, document_of
from learning.tracks import content
from learning.tracks.content import Edition
from modules.olx import ActivitySource, Finding, checked_module, module_folders


@dataclass(frozen=True)
class Draft:
    """`stamp` changes with any file of the folder. `edition` is None while the folder can't be read as a module;
    its `assets` are then called by their own paths."""

    key: str
    stamp: str
    findings: tuple[Finding, ...]
    edition: Edition | None
    sources: dict[str, ActivitySource]

    def findings_of(self, activity: str) -> list[Finding]:
        source = self.sources.get(activity)
        return [finding for finding in self.findings if source and finding.file == source.file]


def folder_of(key: str) -> Path | None:
    """Only a folder there is: nobody's words become a path."""
    return next((folder for folder in module_folders() if folder.name == key), None)


def stamp_of(folder: Path) -> str:
    """Of the names, sizes and times of everything in the folder."""
    seen = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        try:
            facts = file.stat()
        except OSError:  # gone meanwhile, or a link to nothing, such as an editor's lock
            continue
        seen.update(f"{file.relative_to(folder)}|{facts.st_size}|{facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:24]


def draft(key: str) -> Draft | None:
    """The module whose folder is called `key`, checked and read; kept until a file in it changes."""
    folder = folder_of(key)
    return _draft(folder, stamp_of(folder)) if folder else None


@lru_cache(maxsize=16)
def _draft(folder: Path, stamp: str) -> Draft:
    module, found = checked_module(folder)
    findings = tuple(found)
    if module is None or not any(unit.activities for unit in module.units):
        return Draft(folder.name, stamp, findings, None, {})
    document = document_of(module, {path: path for path in asset_paths(module)})
    sources = {source.key: source for source in module.activities()}
    return Draft(folder.name, stamp, findings, content.read(f"voorbeeld-{stamp}", document), sources)
