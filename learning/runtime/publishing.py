"""From a module's folder to an edition: gates first, then files by their hash, then the document."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from learning.tracks import services as tracks
from learning.tracks.models import ModuleEdition
from modules.olx import LOOK_BACK, RETURN, UNIT, ActivitySource, Finding, ModuleSource, UnitSource, checked_module

# What an activity may bring along, and how it is served. Nothing a browser would run.
ASSET_TYPES = {
    ".opus": "audio/ogg; codecs=opus",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}


class MayNotBePublished(Exception):
    """`findings` says what to mend, by file and line."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def publish_folder(folder: Path) -> ModuleEdition:
    """Publish the module in `folder`. The same content again is the same edition. Raises MayNotBePublished."""
    module, findings = checked_module(folder)
    if findings or module is None:
        raise MayNotBePublished(findings)
    document = document_of(module, {path: store_asset(folder / path) for path in asset_paths(module)})
    # Unsorted: in another order it is another edition.
    content_hash = hashlib.sha256(json.dumps(document).encode()).hexdigest()
    return tracks.publish_edition(
        key=module.key,
        number=module.number,
        title=module.title,
        content_hash=content_hash,
        document=document,
        required=module.required,
        returns=any(unit.kind == RETURN for unit in module.units),
        looks_back=any(unit.kind == LOOK_BACK for unit in module.units),
    )


def asset_paths(module: ModuleSource) -> list[str]:
    return sorted({path for activity in module.activities() for path in activity.block.assets(activity.authored.data)})


def document_of(module: ModuleSource, assets: dict[str, str]) -> dict[str, Any]:
    """The JSON that `learning.tracks.content.read` reads."""
    return {
        "module": {"key": module.key, "number": module.number, "title": module.title, "intro": module.intro},
        "assets": assets,
        "units": [_unit(unit) for unit in module.units],
    }


def _unit(unit: UnitSource) -> dict[str, Any]:
    """A unit says no kind: so what was published before there were others is still the same edition."""
    return {
        "key": unit.key,
        "number": unit.number,
        "title": unit.title,
        "intro": unit.intro,
        "minutes": unit.minutes,
        "activities": [_activity(activity) for activity in unit.activities],
        **({} if unit.kind == UNIT else {"kind": unit.kind}),
    }


def _activity(activity: ActivitySource) -> dict[str, Any]:
    return {
        "key": activity.key,
        "type": activity.block.block_type,
        "title": activity.display_name,
        "minutes": activity.authored.data.get("minuten"),
        "required": activity.required,
        "own_page": activity.block.own_page,
        "fields": {
            "authored": activity.authored.data,
            "display_name": activity.display_name,
            "verplicht": activity.required,
        },
    }


def asset_folder() -> Path:
    return Path(settings.DATA_DIR) / "assets"


def store_asset(file: Path) -> str:
    """Keep a file under the name of its content; the name. An unfinished copy is never seen under that name."""
    if file.suffix not in ASSET_TYPES:
        raise MayNotBePublished([Finding(file.name, 1, f"bestanden van het soort {file.suffix} worden niet getoond")])
    name = hashlib.sha256(file.read_bytes()).hexdigest()[:40] + file.suffix
    target = asset_folder() / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}.partial")
        shutil.copyfile(file, partial)
        partial.replace(target)
    return name
