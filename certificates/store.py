"""The files, beside the register: DATA_DIR/certificates/CODE.pdf. Each is there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    return Path(settings.DATA_DIR) / "certificates"


def path_of(code: str) -> Path:
    return folder() / f"{code}.pdf"


def write(code: str, content: bytes) -> None:
    """On the disk when this returns, under its name by one rename."""
    folder().mkdir(parents=True, exist_ok=True)
    number, draft = tempfile.mkstemp(dir=folder(), suffix=".draft")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path_of(code))
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def read(code: str) -> bytes | None:
    try:
        return path_of(code).read_bytes()
    except FileNotFoundError:
        return None


def delete(code: str) -> None:
    path_of(code).unlink(missing_ok=True)
