"""A trainer rates what a learner handed in at an activity (curriculum 3.b, 3.k)."""

from __future__ import annotations

from django.db import transaction

from learning.people.models import Group, Person
from learning.practice.queries.handed_in import lying_in
from learning.practice.queries.learner import first_name
from learning.practice.services import starting
from learning.runtime import services as runtime
from learning.tracks.content import Edition
from modules.blocks.handingin import RATINGS


class TakenBack(Exception):
    """It isn't there any more as the trainer read it: taken back, changed, or not in their group."""


@transaction.atomic
def rate(trainer: Person, group: Group, edition: Edition, *, number: int, mark: str, value: int) -> None:
    """`number` and `mark` are those of a `queries.handed_in.Handed`, `value` one of RATINGS. Given twice it is given
    once; another value takes the place of the first. Raises TakenBack."""
    assert value in RATINGS
    row = lying_in(group, edition).filter(pk=number).select_related("person").first()
    if row is None or not runtime.rated(row.person, usage=row.usage, value=value, by=trainer.pk, mark=mark):
        raise TakenBack


class Readers:
    """The service `practice` of activities: there is a trainer who reads what is handed in."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def name_of(self, number: int) -> str:
        """The first name of a trainer, "" where they aren't there any more. One query."""
        trainer = Person.objects.filter(pk=number, organisation=self._person.organisation_id).first()
        return first_name(trainer, "")


def readers_of(person: Person) -> Readers | None:
    """None where nobody trains a group they learn in, today. One query."""
    return Readers(person) if starting.group_for(person) else None
