"""Words that come from an LMS, made fit to keep. What can't be used is passed over: an odd name keeps nobody out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MAX_TEXT = 200
MAX_EMAIL = 254
_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[^\s@<>\"',;:]+")


def words(value: Any, most: int = MAX_TEXT) -> str:
    """Text for people to read: without control characters and half characters, cut to length; "" for anything else."""
    return _UNUSABLE.sub("", value[: 2 * most]).strip()[:most] if isinstance(value, str) else ""


def name(of: Mapping[str, Any]) -> str:
    """Of a person, in a launch (Core §5.3.7) or a class list (NRPS §2.2): the same three members."""
    whole = words(of.get("name"))
    if whole:
        return whole
    return words(" ".join(words(of.get(part)) for part in ("given_name", "family_name")))


def email(of: Mapping[str, Any]) -> str:
    address = words(of.get("email"), MAX_EMAIL)
    return address if _EMAIL.fullmatch(address) else ""
