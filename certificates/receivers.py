"""A module that is done is followed by its document."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from certificates import services
from learning.tracks.events import module_completed


@receiver(module_completed, dispatch_uid="certificates.ask_for")
def _ask_for(*, enrolment_id: int, **kwargs: Any) -> None:
    services.ask_for(enrolment_id)
