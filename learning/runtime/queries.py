"""Reads of what activities remember."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from learning.people.models import Person
from learning.runtime.blocks import State
from learning.runtime.models import Attempt
from learning.runtime.storage import state_of

_STATES = "SELECT usage, data, sealed, version FROM learning_blockstate WHERE person_id = %s AND usage IN ({})"


def states(person: Person, usages: Sequence[str]) -> dict[str, State]:
    """The states of these activities by usage, for their owner. One query, by hand, however many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES.format(", ".join(["%s"] * len(usages))), [person.pk, *usages])
        return {usage: state_of(person.pk, usage, *row) for usage, *row in cursor.fetchall()}


@dataclass(frozen=True)
class FirstAttempt:
    """`edition` and `content_hash`: of what was before them."""

    person: int
    usage: str
    edition: int
    content_hash: str
    answers: Any


def first_attempts(people: Collection[int], usages: Collection[str]) -> list[FirstAttempt]:
    """The first complete attempts of these people at these activities, oldest first. One query. Answers that are sealed
    stay so."""
    found = Attempt.objects.filter(person__in=people, usage__in=usages, number=1).order_by("created_at", "pk")
    return [
        FirstAttempt(*row)
        for row in found.values_list("person", "usage", "edition", "edition__content_hash", "answers")
    ]


@dataclass(frozen=True)
class Tried:
    """A complete attempt. `edition` and `content_hash`: of what was before them."""

    usage: str
    number: int
    edition: int
    content_hash: str
    answers: Any
    score: float | None
    created_at: datetime


def tries_of(person_id: int) -> list[Tried]:
    """All complete attempts of somebody, oldest first. One query. Answers that are sealed stay so."""
    found = Attempt.objects.filter(person=person_id).order_by("created_at", "pk")
    columns = ("usage", "number", "edition", "edition__content_hash", "answers", "score", "created_at")
    return [Tried(*row) for row in found.values_list(*columns)]
