"""Words of people in this room: each sealed with the place where they belong bound in (`learning.sealing`)."""

from __future__ import annotations

from learning.competences.models import Deelkaart, EvidenceObjection
from learning.resealing import column
from learning.sealing import seal, unseal


def _place(kind: str, identity: object) -> str:
    return f"competences|{kind}|{identity}"


def closed(text: str, kind: str, identity: object) -> bytes:
    return seal(text, _place(kind, identity))


def opened(sealed: bytes | memoryview | None, kind: str, identity: object) -> str:
    """What was closed there; "" where nothing is. Raises WontOpen."""
    return "" if sealed is None else unseal(sealed, _place(kind, identity))


column(EvidenceObjection, "sealed", lambda row: _place("objection", row.item_id))
column(EvidenceObjection, "sealed_answer", lambda row: _place("answer", row.item_id))
column(Deelkaart, "sealed_purpose", lambda row: _place("purpose", row.key))
