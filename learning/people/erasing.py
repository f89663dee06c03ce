"""Erasing somebody (AVG art. 17): what would happen, and that it does.

In an order that may be broken off anywhere and begun again: nobody comes in as them any more, then what lies outside
the database goes, bytes before the row that knows of them, and last all rows in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from learning.people import personal, sessions
from learning.people.models import Person
from learning.people.personal import Held, NotNow, Words
from learning.people.services import suspend

__all__ = ["Line", "NotNow", "erase", "preview"]


@dataclass(frozen=True)
class Line:
    """A kind of data: how many rows there are, and why they stay, or "" when they go."""

    held: Held
    count: int

    @property
    def title(self) -> Words:
        return self.held.title

    @property
    def stays(self) -> Words:
        return self.held.stays


def preview(person: Person) -> Sequence[Line]:
    """A query per kind of data; what there is nothing of is left out."""
    lines = (Line(held, held.rows(person).count()) for held in personal.all_held())
    return [line for line in lines if line.count]


def erase(person_id: int, *, by: str = "", asked: bool = True) -> bool:
    """False when there is nobody of that number (any more). Raises NotNow: begin again later. `by`: the kind of job
    that does it, which doesn't wait for itself. `asked`: for it, or else their term is over (curriculum 4.5)."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        return False
    make_ready(person, by=by)
    return let_go(person_id, by=by, asked=asked)


def make_ready(person: Person, *, by: str = "") -> None:
    """They can't come in any more, and what lies outside the database goes. Raises NotNow."""
    suspend(person)
    sessions.end_all(person)
    _unless_busy(person, by)
    for wipe in personal.steps()[0]:
        wipe(person)


@transaction.atomic
def let_go(person_id: int, *, by: str = "", asked: bool = True) -> bool:
    """All rows of somebody who was made ready. False when there is nobody of that number (any more). Raises NotNow."""
    held = Person.objects.select_for_update().filter(pk=person_id).first()
    if held is None:
        return False
    _unless_busy(held, by)
    along = personal.steps()[1]
    for step in along if asked else (*personal.what_outlives(), *along):
        step(held)
    personal.jobs_about(held).delete()
    held.delete()
    return True


def _unless_busy(person: Person, by: str) -> None:
    if personal.is_being_done(person, but=by):
        raise NotNow("a job is at work for this person")
