"""What follows from a step: the module goes on, its certificate is looked at again, and sound has a day on which it
goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from learning.files.models import StoredFile
from learning.files.services import due_to_wipe_on
from learning.people.retention import SOUND
from learning.practice.flow import JUDGED, Event
from learning.practice.models import Assessment, Evidence, State, Work
from learning.runtime import services as runtime
from learning.tracks import events
from learning.tracks.models import Enrolment

if TYPE_CHECKING:
    from django.db.models import QuerySet


def follow(work: Work) -> None:
    """Inside the transaction of the verdict. Somebody who doesn't follow the module (yet) isn't told of it."""
    usage = work.assignment.version.case.usage
    if not usage:
        return
    enrolment = Enrolment.objects.filter(person=work.person_id, module__slug=usage.partition("/")[0]).first()
    if enrolment is None:
        return
    if work.state == State.ENOUGH:
        runtime.judged(work.person, usage=usage, score=work.score)
    events.practice_judged.send(Enrolment, enrolment_id=enrolment.pk)


# As long as it waits for somebody to judge it.
SOUND_KEPT_UNJUDGED = timedelta(days=365)


def wipe_sound_later(work: Work, after: timedelta | None = None) -> None:
    """The learner's, and what was said back: when its term after being judged is over (curriculum 4.5), or after nobody
    will judge it any more."""
    day = timezone.localdate() + (after or timedelta(days=SOUND.number))
    sounds = Q(pk__in=Evidence.objects.filter(work=work).values("file"))
    for file in StoredFile.objects.filter(sounds | Q(pk__in=Assessment.objects.filter(work=work).values("file"))):
        due_to_wipe_on(file, day)


# What a learning record store may hear (curriculum 3.g, xAPI); of what isn't here it hears nothing.
_VERBS: dict[Event, tuple[str, ...]] = {
    Event.GIVE: ("registered",),
    Event.PREPARE: ("initialized",),
    Event.RETURN: ("scored",),
    Event.GO_ON: ("scored",),
    Event.ENOUGH: ("scored", "completed"),
    Event.OVERTURN: ("scored", "completed"),
}


def tell(work: Work, event: Event) -> None:
    """Inside the transaction of the step: that it was, never what was written. A step that is gone back over and taken
    again is told once."""
    usage = work.assignment.version.case.usage
    if not usage or event not in _VERBS:
        return
    scored = {"score": work.score} if work.score is not None else {}
    events.told.send(
        Work,
        person_id=work.person_id,
        usage=usage,
        happened=[{"verb": verb, **(scored if verb == "scored" else {})} for verb in _VERBS[event]],
        once=f"practice:{work.pk}:{event}:{work.round}",
    )


def catch_up(enrolment_id: int) -> None:
    """Somebody began a module whose case they had done already: what was shown then counts there too."""
    enrolment = Enrolment.objects.select_related("module").get(pk=enrolment_id)
    for work in _of(enrolment.person_id, enrolment.module.slug).filter(state=State.ENOUGH).order_by("pk"):
        follow(work)


def verdict(person_id: int, module: str) -> bool | None:
    """Whether somebody's practice case of a module is voldoende; None while none was judged. One query."""
    states = set(_of(person_id, module).filter(state__in=JUDGED).values_list("state", flat=True))
    return State.ENOUGH in states if states else None


def _of(person_id: int, module: str) -> QuerySet[Work]:
    works = Work.objects.filter(person=person_id, assignment__version__case__usage__startswith=f"{module}/")
    return works.select_related("person", "assignment__version__case")
