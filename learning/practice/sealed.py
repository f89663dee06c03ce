"""Words of people in this room: each sealed with the place where they belong bound in (`learning.sealing`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from learning.practice.models import (
    Assessment,
    Comment,
    Consent,
    Evidence,
    Note,
    Objection,
    Observation,
    Round,
    Work,
    WorkFile,
)
from learning.resealing import FILES_AT_ONCE, column
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


column(Work, "sealed_draft", lambda row: place("draft", row.pk))
column(Round, "sealed", lambda row: place("round", row.work_id, row.number))
column(Evidence, "sealed_captions", lambda row: place("captions", row.pk))
column(Consent, "sealed", lambda row: place("consent", row.pk))
column(Observation, "sealed_asked", lambda row: place("observation_asked", row.token_hash))
column(Observation, "sealed", lambda row: place("observation", row.pk))
column(WorkFile, "sealed", lambda row: place("file", row.work_id), at_once=FILES_AT_ONCE)
column(Assessment, "sealed", lambda row: place("assessment", row.pk))
column(Assessment, "sealed_hidden_reason", lambda row: place("hidden", row.pk))
column(Comment, "sealed", lambda row: place("comment", row.pk))
column(Objection, "sealed", lambda row: place("objection", row.assessment_id))
column(Note, "sealed", lambda row: place("note", row.work_id, row.trainer_id))
