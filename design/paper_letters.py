"""The house's letters (see design/static/design/tokens.css), cut for paper.

A PDF holds no variable letters, and cutting one weight out of such a file takes half a second: done once an
installation and kept in DATA_DIR, never for each document. Loads fontTools: only where documents are drawn.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

_FILES = {
    "Newsreader": "design/vendor/fonts/newsreader-latin-wght-normal.woff2",
    "Newsreader Ext": "design/vendor/fonts/newsreader-latin-ext-wght-normal.woff2",
    "Atkinson Next": "design/vendor/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "Atkinson Next Ext": "design/vendor/fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
}
# The weight as CSS asks for it, and the one on the file's axis.
_WEIGHTS = {"Newsreader": {400: 450, 600: 600}, "Atkinson Next": {400: 400, 700: 650}}


@dataclass(frozen=True)
class Letter:
    family: str
    weight: int
    path: Path


def letters() -> list[Letter]:
    """Raises FileNotFoundError where design/build.py hasn't run."""
    return [
        Letter(family, weight, _cut(file, axis))
        for family, file in _FILES.items()
        for weight, axis in _WEIGHTS[family.removesuffix(" Ext")].items()
    ]


def face_rules() -> str:
    """`@font-face` for each, as CSS."""
    return "".join(
        f'@font-face {{ font-family: "{letter.family}"; font-weight: {letter.weight}; '
        f'src: url("{letter.path.as_uri()}"); }}\n'
        for letter in letters()
    )


def _cut(file: str, axis: int) -> Path:
    found = finders.find(file)
    if not found:
        raise FileNotFoundError(file)
    source = Path(found).read_bytes()
    name = hashlib.sha256(source + str(axis).encode()).hexdigest()[:20]
    target = Path(settings.DATA_DIR) / "letters" / f"{name}.ttf"
    if not target.exists():
        _write(target, _instance(source, axis))
    return target


def _instance(source: bytes, axis: int) -> bytes:
    font = instantiateVariableFont(TTFont(BytesIO(source)), {"wght": axis}, static=True)
    font.flavor = None
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all: two processes may cut at the same time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(number, "wb") as file:
        file.write(content)
    Path(draft).replace(target)
