"""What this room keeps of people: what they did in activities, and what they wrote there for themselves."""

from __future__ import annotations

import json

from django.utils.translation import gettext_lazy as _

from learning.people.models import Person
from learning.people.personal import Facts, columns, goes_along, personal
from learning.runtime import cohorts
from learning.runtime.blocks import State, attempt_place, opened_answers
from learning.runtime.models import Attempt, BlockState


@personal(BlockState, "person", _("Wat activiteiten van je onthouden"))
def _state(row: BlockState) -> Facts:
    sealed = bytes(row.sealed) if row.sealed is not None else None
    state = State(row.person_id, row.usage, json.loads(row.data), sealed)
    return {**columns(row), "data": state.data, "prive": state.private}


@personal(Attempt, "person", _("Je pogingen"))
def _attempt(row: Attempt) -> Facts:
    answers = opened_answers(row.answers, attempt_place(row.person_id, row.usage, row.number))
    return {**columns(row), "answers": answers}


@goes_along
def _count_without(person: Person) -> None:
    """What was counted with them in it is counted anew."""
    usages = Attempt.objects.filter(person=person).values_list("usage", flat=True)
    for usage in sorted(set(usages)):
        cohorts.to_count(person.organisation_id, usage)
