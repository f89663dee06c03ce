"""What we hear from learning, and record in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.dispatch import receiver

from learning.tracks.events import told
from xapi.services import record_told


@receiver(told, dispatch_uid="xapi.told")
def record_what_happened(
    *, person_id: int, usage: str, happened: Sequence[Mapping[str, Any]], once: str = "", **news: Any
) -> None:
    if settings.XAPI_URL:
        record_told(person_id, usage=usage, happened=happened, once=once)
