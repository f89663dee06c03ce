"""Writes: an answer, from the form to everything that must follow from it, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from webob import Request, Response
from xblock.exceptions import NoSuchHandlerError

from learning.journal.services import Notebook
from learning.people.models import Person
from learning.runtime import storage
from learning.runtime.blocks import LearnerRuntime
from learning.runtime.cohorts import Cohort
from learning.tracks import events, queries
from learning.tracks.content import Activity, Edition, Unit
from learning.tracks.models import Enrolment, Status


class NotThere(Exception):
    """No such activity for this person: not enrolled, gone from their edition, or no such handler."""


@dataclass(frozen=True)
class Answered:
    """What came of an answer. `response` is the block's own."""

    response: Response
    edition: Edition
    unit: Unit
    activity: Activity
    status: str | None
    done: int
    required: int


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
    runtime = LearnerRuntime(
        person, edition, {"journal": Notebook(person, usage), "cohort": Cohort(person.organisation_id, usage)}
    )
    block = runtime.block(activity, state)
    try:
        response = runtime.handle(block, handler, request)
    except NoSuchHandlerError as error:
        raise NotThere from error
    if response.status_int >= 400:
        transaction.set_rollback(True)
        return Answered(response, edition, unit, activity, standing.status, standing.done, standing.required)

    if state.changed:
        storage.save_state(state, now)
    status, score = block.status, block.score
    newly_done = status == Status.DONE and standing.status != Status.DONE
    if (status, score) != (standing.status, standing.score) and status != Status.NOT_STARTED:
        storage.save_progress(
            standing.enrolment_id, key, status=status, score=score, completed_at=now if newly_done else None
        )
    more_done = int(newly_done and activity.required)
    done = storage.move_on(standing, key, more_done=more_done, now=now)

    for kind, data in runtime.events:
        if kind == "attempt" and storage.save_attempt(
            state, standing.edition_id, number=data["number"], answers=data["answers"], score=data["score"], now=now
        ):
            events.attempt_scored.send(
                Enrolment, person_id=person.pk, organisation_id=person.organisation_id, usage=usage,
                number=data["number"], score=data["score"],
            )
    news = {"enrolment_id": standing.enrolment_id, "person_id": person.pk, "module": module}
    if newly_done:
        events.activity_completed.send(Enrolment, activity=key, **news)
    if more_done:
        events.progress_made.send(Enrolment, done=done, required=standing.required, **news)
        if done >= standing.required and not standing.completed:
            events.module_completed.send(Enrolment, **news)
    return Answered(response, edition, unit, activity, status, done, standing.required)
