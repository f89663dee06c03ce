"""Module 1 as three of its units, 1.1, 1.2 and 1.5, with the texts of the module itself.

Journeys and benches do these units from the first to the last; the module itself may grow meanwhile.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from lxml import etree

from modules.olx import CONTENT, read_module

COURSE = Path(__file__).with_suffix(".xml")
MODULE = CONTENT / "dialoogprincipes"


def three_units(folder: Path) -> Path:
    return part_of_module(COURSE, folder)


def part_of_module(course: Path, folder: Path) -> Path:
    """Made in `folder`, which may be there already: the course, and of the module's files only what it names."""
    sources = [str(node.get("src")) for node in etree.parse(course).iter() if node.get("src")]
    for source in sources:
        _copy(source, folder)
    shutil.copyfile(course, folder / "course.xml")
    module, findings = read_module(folder)
    assert module
    assert not findings, findings
    for activity in module.activities():
        for asset in activity.block.assets(activity.authored.data):
            _copy(asset, folder)
    return folder


def _copy(path: str, folder: Path) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(MODULE / path, folder / path)
