"""The service `cases` of activities: how a learner's case stands that was given at an activity, and the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse

from learning.people.models import Person
from learning.practice.models import State, Work
from learning.practice.services import doing, starting
from learning.practice.services.moving import NotNow
from learning.practice.views import learner_words as words

# What of a work may be filled with notes made at the activity.
_WRITING = (State.GIVEN, State.PREPARED, State.HELD)


class Door:
    """Of one person at one activity. See `modules/blocks/practicecase`."""

    def __init__(self, person: Person, usage: str) -> None:
        self._person, self._usage = person, usage

    def standing(self) -> dict[str, Any]:
        """{"href": "" while there is none, "line": how it stands, "state", "takes_notes", "can_begin"}. One query,
        three where there is none."""
        work = self._work()
        if work is None:
            can_begin = bool(starting.version_for(self._usage) and starting.group_for(self._person))
            return {"href": "", "line": "", "state": "", "takes_notes": False, "can_begin": can_begin}
        return {
            "href": reverse("practice:work", args=[work.key]),
            "line": words.asks(work),
            "state": work.state,
            "takes_notes": work.state in _WRITING,
            "can_begin": False,
        }

    def begin(self) -> bool:
        """Whether there is a case now: not where nobody would read it."""
        try:
            starting.begin(self._person, usage=self._usage)
        except starting.NoTrainer:
            return False
        return True

    @transaction.atomic
    def take_over(self, notes: Mapping[str, str]) -> int:
        """Puts notes, by question, where the draft has the same question and nothing yet. How many."""
        work = self._work()
        if work is None or work.state not in _WRITING:
            return 0
        document, draft = doing.document_of(work), doing.draft_of(work)
        asked = {
            **{f"voorbereiding-{index}": line for index, line in enumerate(document.preparation.lines)},
            **{f"verslag-{index}": line for index, line in enumerate(document.after.lines)},
        }
        taken = {name: notes[line] for name, line in asked.items() if line in notes and name not in draft.fields}
        try:
            doing.save(work.pk, taken, based_on=draft.version)
        except NotNow:
            return 0
        return len(taken)

    def _work(self) -> Work | None:
        works = Work.objects.filter(person=self._person, assignment__version__case__usage=self._usage)
        return works.select_related("assignment__version").exclude(state=State.WITHDRAWN).order_by("-pk").first()
