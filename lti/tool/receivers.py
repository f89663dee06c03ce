"""What we hear from learning, and record for the LMS in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from learning.tracks.events import attempt_scored, enrolled, module_completed, practice_judged, progress_made
from lti.tool.scores import report, report_attempt


@receiver(enrolled, dispatch_uid="lti.tool.enrolled")
@receiver(progress_made, dispatch_uid="lti.tool.progress_made")
@receiver(module_completed, dispatch_uid="lti.tool.module_completed")
@receiver(practice_judged, dispatch_uid="lti.tool.practice_judged")
def report_progress(*, enrolment_id: int, **news: Any) -> None:
    report(enrolment_id)


@receiver(attempt_scored, dispatch_uid="lti.tool.attempt_scored")
def report_better_score(*, person_id: int, usage: str, **news: Any) -> None:
    report_attempt(person_id, usage)
