"""Reads of what activities remember."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection
from django.db.models import CharField, F, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from learning.people.models import Person
from learning.runtime.blocks import State, lent_place, opened_answers
from learning.runtime.measures import exit_cards, looked_back
from learning.runtime.models import Attempt, BlockState
from learning.runtime.storage import state_of
from learning.tracks.models import Enrolment

__all__ = [
    "FirstAttempt",
    "HandedIn",
    "Tried",
    "exit_cards",
    "first_attempts",
    "handed_in",
    "looked_back",
    "lying_with_trainers",
    "states",
    "tries_of",
]

_STATES = "SELECT usage, data, sealed, version FROM learning_blockstate WHERE person_id = %s AND usage IN ({})"


def states(person: Person, usages: Sequence[str]) -> dict[str, State]:
    """The states of these activities by usage, for their owner. One query, by hand, however many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES.format(", ".join(["%s"] * len(usages))), [person.pk, *usages])
        return {usage: state_of(person.pk, usage, *row) for usage, *row in cursor.fetchall()}


@dataclass(frozen=True)
class FirstAttempt:
    """`number`: of the attempt itself. `edition` and `content_hash`: of what was before them."""

    COLUMNS: ClassVar = ("pk", "person", "usage", "edition", "edition__content_hash", "answers")

    number: int
    person: int
    usage: str
    edition: int
    content_hash: str
    answers: Any


def first_attempts(people: Collection[int], usages: Collection[str]) -> list[FirstAttempt]:
    """The first complete attempts of these people at these activities, oldest first. One query. Answers that are sealed
    stay so."""
    found = Attempt.objects.filter(person__in=people, usage__in=usages, number=1).order_by("created_at", "pk")
    return [FirstAttempt(*row) for row in found.values_list(*FirstAttempt.COLUMNS)]


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


@dataclass(frozen=True)
class HandedIn:
    """What somebody handed in to their trainers at an activity, and nothing else of what they did there
    (`modules/blocks/handingin`). `number`: of its state. `edition` and `content_hash`: of what is before them."""

    number: int
    usage: str
    edition: int
    content_hash: str
    words: dict[str, Any]
    at: datetime
    rating: dict[str, Any]


def lying_with_trainers(people: QuerySet[Person], usages: Collection[str]) -> QuerySet[BlockState]:
    """The states of these activities in which one of these people has something handed in, who still follow that
    module; newest first. What was taken back isn't there."""
    handed_in_at = Cast(KeyTextTransform("handed_in_at", Cast("data", JSONField())), CharField())
    enrolments = Enrolment.objects.filter(
        person=OuterRef("person"), module__slug__in={usage.partition("/")[0] for usage in usages}
    )
    return (
        BlockState.objects.filter(person__in=people, usage__in=usages)
        .annotate(handed_in_at=handed_in_at, edition=Subquery(enrolments.values("edition")[:1]))
        .annotate(content_hash=Subquery(enrolments.values("edition__content_hash")[:1]))
        .filter(handed_in_at__gt="", edition__isnull=False)
        .defer("sealed")
        .order_by(F("handed_in_at").desc(), "-pk")
    )


def handed_in(row: BlockState) -> HandedIn:
    """Of a row of `lying_with_trainers`. Opens what was handed in, and leaves shut what is the learner's own."""
    state = state_of(row.person_id, row.usage, row.data, None, row.version)
    annotated: Any = row
    return HandedIn(
        row.pk,
        row.usage,
        annotated.edition,
        annotated.content_hash,
        opened_answers(state.data["handed_in"], lent_place(state, "handed_in")),
        datetime.fromisoformat(annotated.handed_in_at),
        state.data.get("rating", {}),
    )
