"""What this room hears of others, and what it says on their pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from learning.practice import notices  # noqa: F401 kinds of notices make themselves known
from learning.practice.services import library, outcome
from learning.tracks import additions
from learning.tracks.events import edition_published, enrolled

additions.judges_practice(outcome.verdict)


@receiver(enrolled, dispatch_uid="practice.catch_up")
def _catch_up(*, enrolment_id: int, **kwargs: Any) -> None:
    outcome.catch_up(enrolment_id)


@receiver(edition_published, dispatch_uid="practice.follow_module")
def _follow_module(*, module: str, document: Mapping[str, Any], **kwargs: Any) -> None:
    library.hear_of_edition(module, document)
