"""A module that is done is followed by its document, and one that is rond by its certificate."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from certificates import services
from learning.tracks.events import edition_finished, module_completed, practice_judged, shown


@receiver(module_completed, dispatch_uid="certificates.ask_for")
def _ask_for(*, enrolment_id: int, **kwargs: Any) -> None:
    services.ask_for(enrolment_id)


@receiver([edition_finished, practice_judged, shown], dispatch_uid="certificates.ask_to_look")
def _ask_to_look(*, enrolment_id: int, **kwargs: Any) -> None:
    """Whichever comes last, makes a certificate; which that is, nobody knows beforehand."""
    services.ask_to_look(enrolment_id)
