"""Writes: an answer, from the form to everything that must follow from it, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from webob import Request, Response
from xblock.core import XBlock
from xblock.exceptions import NoSuchHandlerError

from learning.journal.services import Notebook
from learning.people.models import Person
from learning.runtime import storage
from learning.runtime.blocks import LearnerRuntime, State
from learning.runtime.cohorts import Cohort
from learning.tracks import events, queries
from learning.tracks.content import Activity, Edition, Unit
from learning.tracks.models import Enrolment, Status


class NotThere(Exception):
    """No such activity for this person: not enrolled, gone from their edition, or no such handler."""


@dataclass(frozen=True)
class Answered:
    """What came of an answer. `response` is the block's own.

    `unit_done`: how many required activities of the unit are done now, when that grew.
    """

    response: Response
    edition: Edition
    unit: Unit
    activity: Activity
    status: str | None
    unit_done: int | None = None


def runtime_with_all(person: Person, edition: Edition) -> LearnerRuntime:
    """A runtime with every service an activity may want, also those that cost a query when asked."""
    return LearnerRuntime(
        person,
        edition,
        {
            "journal": lambda usage: Notebook(person, usage),
            "cohort": lambda usage: Cohort(person.organisation_id, usage),
        },
    )


@transaction.atomic
def answer(person: Person, *, usage: str, handler: str, request: Request) -> Answered:
    """Let an activity handle what its learner sent. Raises NotThere.

    State, attempt, progress, news and the jobs that receivers record are one commit. A refused answer (422) changes
    nothing. The state row is held, so of two answers at once the second sees what the first did.
    """
    now = timezone.now()
    module, _, key = usage.partition("/")
    state = storage.lock_state(person.pk, usage, now)
    standing = storage.load_standing(person.pk, module, key)
    if standing is None:
        raise NotThere
    edition = queries.edition(standing.edition_id, standing.content_hash)
    unit, activity = edition.by_key.get(key, (None, None))
    if unit is None or activity is None:
        raise NotThere
    runtime = runtime_with_all(person, edition)
    block = runtime.block(activity, state)
    try:
        response = runtime.handle(block, handler, request)
    except NoSuchHandlerError as error:
        raise NotThere from error
    if response.status_int >= 400:
        transaction.set_rollback(True)
        return Answered(response, edition, unit, activity, standing.status)

    if state.changed:
        storage.save_state(state, now)
    done = _save_progress(standing, activity, block, now)
    for data in (data for kind, data in runtime.events if kind == "attempt"):
        _save_attempt(person, state, standing.edition_id, data, now)
    if _newly_done(standing, block.status):
        _tell(standing, activity, {"person_id": person.pk, "module": module}, done)
    unit_done = None
    if _newly_done(standing, block.status) and activity.required:
        unit_done = queries.done_in(standing.enrolment_id, [step.key for step in unit.required])
    return Answered(response, edition, unit, activity, block.status, unit_done)


def _save_progress(standing: storage.Standing, activity: Activity, block: XBlock, now: datetime) -> int:
    """How far they are in the activity and in the module; the number of required activities that are done now."""
    newly_done = _newly_done(standing, block.status)
    if (block.status, block.score) != (standing.status, standing.score) and block.status != Status.NOT_STARTED:
        storage.save_progress(
            standing.enrolment_id,
            activity.key,
            status=block.status,
            score=block.score,
            completed_at=now if newly_done else None,
        )
    return storage.move_on(standing, activity.key, more_done=int(newly_done and activity.required), now=now)


def _save_attempt(person: Person, state: State, edition_id: int, data: dict[str, Any], now: datetime) -> None:
    number, score = data["number"], data["score"]
    if storage.save_attempt(state, edition_id, number=number, answers=data["answers"], score=score, now=now):
        events.attempt_scored.send(
            Enrolment,
            person_id=person.pk,
            organisation_id=person.organisation_id,
            usage=state.usage,
            number=number,
            score=score,
        )


def _tell(standing: storage.Standing, activity: Activity, whose: dict[str, Any], done: int) -> None:
    """The news of an activity that is done for the first time."""
    news = {"enrolment_id": standing.enrolment_id, **whose}
    events.activity_completed.send(Enrolment, activity=activity.key, **news)
    if activity.required:
        events.progress_made.send(Enrolment, done=done, required=standing.required, **news)
        if done >= standing.required and not standing.completed:
            events.module_completed.send(Enrolment, **news)


def _newly_done(standing: storage.Standing, status: str) -> bool:
    return bool(status == Status.DONE and standing.status != Status.DONE)
