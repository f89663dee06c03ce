"""Writes: an answer, from the form to everything that must follow from it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from webob import Request, Response
from xblock.core import XBlock
from xblock.exceptions import NoSuchHandlerError

from learning.journal.services import Notebook
from learning.people.models import Person
from learning.recordings.sound import can_measure
from learning.runtime import storage, wiping
from learning.runtime.blocks import LearnerRuntime
from learning.runtime.cohorts import Cohort
from learning.runtime.recordings import Sent, Studio
from learning.tracks import events, pace, queries
from learning.tracks import services as tracks
from learning.tracks.content import Activity, Edition, Kind, Unit
from learning.tracks.models import Enrolment, Status
from learning.tracks.returning import window
from modules.blocks.handingin import HandsIn


class NotThere(Exception):
    """No such activity for this person: not enrolled, gone from their edition, or no such handler."""


class NotNow(Exception):
    """What comes after the module isn't open: not yet, or not any more."""


@dataclass(frozen=True)
class Answered:
    """What came of an answer. `response` is the block's own.

    `unit_done`: how many required activities of the unit are done now, when that grew. `said`: what the activity says
    of it, once.
    """

    response: Response
    edition: Edition
    unit: Unit
    activity: Activity
    status: str | None
    unit_done: int | None = None
    said: str = ""


# What rooms above give to activities that ask for it: {name: (person, usage) → service}.
_offers: dict[str, Callable[[Person, str], Any]] = {}


# The same, of which all activities on a page ask the same: {name: person → service, or None}.
_offers_to_all: dict[str, Callable[[Person], Any]] = {}


def offer(name: str, make: Callable[[Person, str], Any]) -> None:
    """An activity on a page of its own, and every answer, may ask for `name`. Said at the start, in `receivers`."""
    _offers[name] = make


def offer_to_all(name: str, make: Callable[[Person], Any]) -> None:
    """Every activity, also on the page of its unit, may ask for `name`. Made once a page, when first asked for."""
    _offers_to_all[name] = make


def offered_to_all(person: Person) -> dict[str, Callable[[str], Any]]:
    """{name: usage → service}"""
    return {name: _once(partial(make, person)) for name, make in _offers_to_all.items()}


def _once(make: Callable[[], Any]) -> Callable[[str], Any]:
    made = cache(make)
    return lambda usage: made()


def runtime_with_all(person: Person, edition: Edition, came: Sent = None) -> LearnerRuntime:
    """A runtime with every service an activity may want, also those that cost a query when asked. `came`: what was
    recorded for the form that is handled."""
    return LearnerRuntime(
        person,
        edition,
        {
            "journal": lambda usage: Notebook(person, usage),
            **studios(person, came),
            "cohort": lambda usage: Cohort(person.organisation_id, usage),
            **{name: partial(make, person) for name, make in _offers.items()},
            **offered_to_all(person),
        },
    )


def studios(person: Person, came: Sent = None) -> dict[str, Callable[[str], Studio]]:
    """The service `recordings`, where sound can be measured."""
    return {"recordings": lambda usage: Studio(person, usage, came)} if can_measure() else {}


@transaction.atomic
def answer(person: Person, *, usage: str, handler: str, request: Request, came: Sent = None) -> Answered:
    """Let an activity handle what its learner sent. Raises NotThere, NotNow.

    State, attempt, progress, news and the jobs that receivers record are one commit. A refused answer (422) changes
    nothing. The state row is held, so of two answers at once the second sees what the first did.
    """
    now = timezone.now()
    state, standing = storage.hold(person.pk, usage, now)
    if standing is None:
        raise NotThere
    edition, unit, activity = _place(standing, usage, now)
    runtime = runtime_with_all(person, edition, came)
    block = runtime.block(activity, state)
    try:
        response = runtime.handle(block, handler, request)
    except NoSuchHandlerError as error:
        raise NotThere from error
    if response.status_int >= 400:
        transaction.set_rollback(True)
        return Answered(response, edition, unit, activity, standing.status)

    newly_done = _newly_done(standing, block.status)
    attempts = [data for kind, data in runtime.events if kind == "attempt"]
    try:
        kept = storage.keep(
            state,
            standing,
            progress=_progress(standing, block, now),
            attempts=attempts,
            more_done=int(newly_done and activity.required and unit.counts),
            now=now,
            pace=pace.longer(standing.pace, unit.key, last=standing.touched_at, now=now),
        )
    except storage.Gone as gone:
        raise NotThere from gone
    if any(kind == "erase" for kind, _ in runtime.events):
        wiping.erase_type(person, activity.type)
    for attempt in attempts:
        if attempt["number"] in kept.attempts:
            _tell_of_attempt(person, usage, attempt)
    unit_done = _tell(standing, person, unit, activity, kept.done, now) if newly_done else None
    if attempts and unit.kind in (Kind.END, Kind.RETURN):
        events.shown.send(Enrolment, enrolment_id=standing.enrolment_id)
    happened = [data for kind, data in runtime.events if kind == "told"]
    if happened:
        events.told.send(Enrolment, person_id=person.pk, usage=usage, happened=happened, once="")
    return Answered(response, edition, unit, activity, block.status, unit_done, getattr(block, "said", ""))


def judged(person: Person, *, usage: str, score: float | None) -> None:
    """Others say that an activity that is done outside was done, and how well (0 to 1). Nothing happens to who isn't
    enrolled in its module, or whose edition hasn't got it."""
    with suppress(storage.Gone):
        _others_say(person, usage, lambda block: block.judged(score))


def rated(person: Person, *, usage: str, value: int, by: int, mark: str) -> bool:
    """A trainer, whose number is `by`, says what they think of what was handed in: of the words of `mark`. Whether
    those are still there (`modules/blocks/handingin`). What its learner does meanwhile comes before or after."""

    def say(block: XBlock) -> bool:
        return isinstance(block, HandsIn) and block.rated(value, by=by, mark=mark)

    try:
        return bool(_others_say(person, usage, say))
    except storage.Gone:
        return False


@transaction.atomic
def _others_say(person: Person, usage: str, say: Callable[[XBlock], Any]) -> Any:
    """What `say` answers, of the activity with its state held; None where the person hasn't got it. Raises Gone."""
    now = timezone.now()
    state, standing = storage.hold(person.pk, usage, now)
    if standing is None:
        return None
    edition = queries.edition(standing.edition_id, standing.content_hash)
    place = edition.by_key.get(usage.partition("/")[2])
    if place is None:
        return None
    unit, activity = place
    block = runtime_with_all(person, edition).block(activity, state)
    answer = say(block)
    block.save()
    newly_done = _newly_done(standing, block.status)
    kept = storage.keep(
        state,
        standing,
        progress=_progress(standing, block, now),
        attempts=[],
        more_done=int(newly_done and activity.required and unit.counts),
        now=now,
        came_by=False,
    )
    if newly_done:
        _tell(standing, person, unit, activity, kept.done, now)
    return answer


def _place(standing: storage.Standing, usage: str, now: datetime) -> tuple[Edition, Unit, Activity]:
    """Where an activity is, for whom it is open. Raises NotThere, NotNow."""
    edition = queries.edition(standing.edition_id, standing.content_hash)
    place = edition.by_key.get(usage.partition("/")[2])
    if place is None:
        raise NotThere
    unit, activity = place
    if not unit.counts and not window(unit.kind, standing.finished_at, now).is_open:
        raise NotNow
    return edition, unit, activity


def _progress(standing: storage.Standing, block: XBlock, now: datetime) -> storage.Progress | None:
    """None when they are as far as they were."""
    if block.status == Status.NOT_STARTED or (block.status, block.score) == (standing.status, standing.score):
        return None
    return storage.Progress(block.status, block.score, now if block.status == Status.DONE else None)


def _tell_of_attempt(person: Person, usage: str, attempt: Mapping[str, Any]) -> None:
    events.attempt_scored.send(
        Enrolment,
        person_id=person.pk,
        organisation_id=person.organisation_id,
        usage=usage,
        number=attempt["number"],
        score=attempt["score"],
    )


def _tell(
    standing: storage.Standing, person: Person, unit: Unit, activity: Activity, done: int, now: datetime
) -> int | None:
    """The news of an activity that is done for the first time. How many of its unit that makes, if that grew."""
    news = {"enrolment_id": standing.enrolment_id, "person_id": person.pk, "module": activity.usage.partition("/")[0]}
    events.activity_completed.send(Enrolment, activity=activity.key, **news)
    if not activity.required:
        return None
    unit_done = queries.done_in(standing.enrolment_id, [step.key for step in unit.required])
    if unit.counts:
        events.progress_made.send(Enrolment, done=done, required=standing.required, **news)
        if done >= standing.required and not standing.completed:
            events.module_completed.send(Enrolment, **news)
        if done >= standing.required and not standing.finished_at:
            events.edition_finished.send(Enrolment, **news)
    elif unit_done >= len(unit.required):
        tracks.come_back(standing.enrolment_id, unit.kind, now)
    return unit_done


def _newly_done(standing: storage.Standing, status: str) -> bool:
    return bool(status == Status.DONE and standing.status != Status.DONE)
