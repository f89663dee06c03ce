"""Recording that a learning record store must hear of something."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from jobs import clock
from jobs.services import record

KIND = "xapi.told"
# What names statements that may be told twice. Made up once; another would send them again.
_ONCE = uuid.UUID("6c1f0a53-6d0e-4c55-9a3e-1f2d0b7c9e41")


def record_told(person_id: int, *, usage: str, happened: Sequence[Mapping[str, Any]], once: str = "") -> None:
    """One job for all of one answer. Inside the transaction of what happened.

    Its payload is ids and facts: {"id" of which those of the statements follow, so that each try sends the same ones,
    "person", "usage", "at": ISO 8601, "told": as in `learning.tracks.events.told`}.
    """
    seed = uuid.uuid5(_ONCE, f"{person_id}|{once}") if once else uuid.uuid4()
    at = clock.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    payload = {"id": str(seed), "person": person_id, "usage": usage, "at": at, "told": list(happened)}
    record(KIND, f"{KIND}:{seed}", payload)
