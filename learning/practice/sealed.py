"""Words of people in this room: each sealed with the place where they belong bound in (`learning.sealing`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from learning.sealing import seal, unseal

if TYPE_CHECKING:
    from django.db.models import Model


def place(kind: str, *identity: object) -> str:
    """("draft", work number) → "practice|draft|12"."""
    return "|".join(("practice", kind, *map(str, identity)))


def closed(value: Any, kind: str, *identity: object) -> bytes:
    """Anything that is JSON, sealed for its place."""
    return seal(json.dumps(value), place(kind, *identity))


def opened(sealed: bytes | memoryview | None, kind: str, *identity: object) -> Any:
    """What was closed there; None where nothing is. Raises WontOpen."""
    return None if sealed is None else json.loads(unseal(sealed, place(kind, *identity)))


def number(row: Model) -> int:
    """Of a row that is in the database: what is sealed for a row needs its number first."""
    assert row.pk is not None
    return int(row.pk)
