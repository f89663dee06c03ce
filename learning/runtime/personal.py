"""What this room keeps of people: what they did in activities, and what they wrote there for themselves."""

from __future__ import annotations

import json

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from learning.people.models import Person
from learning.people.personal import Facts, Held, add, columns, goes_along, personal
from learning.runtime import cohorts
from learning.runtime.blocks import State, attempt_place, lent_place, opened_answers
from learning.runtime.models import Attempt, BlockState, CountedAnswer


@personal(BlockState, "person", _("Wat activiteiten van je onthouden"))
def _state(row: BlockState) -> Facts:
    sealed = bytes(row.sealed) if row.sealed is not None else None
    state = State(row.person_id, row.usage, json.loads(row.data), sealed)
    # What was handed in is sealed by itself.
    data = {name: opened_answers(value, lent_place(state, name)) for name, value in state.data.items()}
    return {**columns(row), "data": data, "prive": state.private}


@personal(Attempt, "person", _("Je pogingen"))
def _attempt(row: Attempt) -> Facts:
    answers = opened_answers(row.answers, attempt_place(row.person_id, row.usage, row.number))
    return {**columns(row), "answers": answers}


@personal(CountedAnswer, "attempt__person", _("In welke groep een antwoord van je meetelt"), along=["attempt", "group"])
def _counted(row: CountedAnswer) -> Facts:
    return {"usage": row.attempt.usage, "groep": row.group.name if row.group else ""}


class _RatedBy(Held):
    """A trainer's number stands in what a learner handed in (`modules/blocks/handingin`), where no key leads."""

    def rows(self, person: Person) -> QuerySet[BlockState]:
        rated = BlockState.objects.filter(
            person__organisation=person.organisation_id, data__contains=f'"door": {person.pk}}}'
        )
        return rated.order_by("pk")


def _rating(row: BlockState) -> Facts:
    return {"usage": row.usage, "score": json.loads(row.data)["rating"]["waarde"]}


_RATINGS = _RatedBy(
    BlockState, "", _("Wat je gaf voor wat anderen inleverden"), _rating,
    reason=_("Het is van wie het inleverde; jouw naam gaat eraf."),
)  # fmt: skip
add(_RATINGS)


@goes_along
def _rated_by_nobody(person: Person) -> None:
    for row in _RATINGS.rows(person).select_for_update():
        data = json.loads(row.data)
        data["rating"]["door"] = 0  # nobody has that number
        BlockState.objects.filter(pk=row.pk).update(data=json.dumps(data), version=row.version + 1)


@goes_along
def _count_without(person: Person) -> None:
    """What was counted with them in it is counted anew."""
    usages = Attempt.objects.filter(person=person).values_list("usage", flat=True)
    for usage in sorted(set(usages)):
        cohorts.to_count(person.organisation_id, usage)
