"""A module that is done is followed by its Herhaalmoment and its Terugblik."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from learning.tracks import reminders
from learning.tracks.events import edition_finished
from learning.tracks.groups import telling  # noqa: F401 the kinds of notice make themselves known


@receiver(edition_finished, dispatch_uid="tracks.remind")
def _remind(*, enrolment_id: int, **_: Any) -> None:
    reminders.ask_for(enrolment_id, timezone.now())
