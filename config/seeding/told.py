"""What a life is evidence of, and the levels that follow: asked of the rules that work out everybody else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from config.seeding import talks
from config.seeding.lives import BEFORE, Level, Life
from learning.competences import history
from learning.competences.history import Shown
from learning.competences.models import Reached
from learning.competences.rules import CODES, Item
from learning.competences.services import evidence
from learning.competences.services.tables import character
from learning.people.models import Organisation, Person
from learning.runtime.models import Attempt


def tell(lives: Iterable[Life], organisation: Organisation) -> None:
    """Somebody lives them one after another; afterwards they and all they did are gone again."""
    with transaction.atomic():
        somebody = Person.objects.create(organisation=organisation)
        for life in lives:
            _tell(life, somebody)
        transaction.set_rollback(True)


def _tell(life: Life, somebody: Person) -> None:
    first = timezone.localdate() - timedelta(days=life.span)
    _try(life, somebody, first)
    told = [(each, (each.on - first).days) for each in history.of(somebody.pk)]
    told += [(each, -BEFORE) for each in life.before]
    life.evidence = tuple(sorted(told, key=lambda each: (each[1], each[0].key)))
    Attempt.objects.filter(person=somebody).delete()
    told = [*life.evidence, *((each, (each.on - first).days) for each in _of_talks(life, first))]
    items = [(day, shown.competence, _item(shown, first + timedelta(days=day))) for shown, day in told]
    days = sorted({0, *(day for day, _competence, _item in items if day > 0)})
    reached = [
        (day, evidence.reached_by(somebody.pk, [item for at, *item in items if at <= day]))  # type: ignore[misc]
        for day in days
    ]
    life.steps = [(day, _depth(rows), _breadth(rows)) for day, rows in reached]
    life.reached = tuple(
        Level(row.competence, row.level, row.learning_levels, json.dumps(row.series), row.rule_version)
        for row in reached[-1][1]
    )


def _of_talks(life: Life, first: date) -> list[Shown]:
    """With numbers that no work has: each who lives this gets works of their own."""

    def noon(day: int) -> datetime:
        return datetime.combine(first + timedelta(days=day), time(12), UTC)

    return [
        shown
        for work, talk in enumerate(life.talks)
        for shown in history.shown_in(
            talks.judged(talk, noon, work=work, readings=range(1, len(talk.rounds) + 1), trainer=None)
        )
    ]


def _item(shown: Shown, day: date) -> Item:
    return evidence.item_of(evidence.row_of(0, replace(shown, on=day)))


def _try(life: Life, somebody: Person, first: date) -> None:
    Attempt.objects.bulk_create(
        Attempt(
            person=somebody, usage=each.usage, edition_id=each.edition, number=each.number, answers=each.answers,
            score=each.score,
            created_at=datetime.combine(first + timedelta(days=each.day), time.fromisoformat(each.clock), UTC),
        )
        for each in life.tries
    )  # fmt: skip


def _depth(rows: Sequence[Reached]) -> str:
    return "".join(character(row.level) for row in _in_order(rows))


def _breadth(rows: Sequence[Reached]) -> str:
    return "".join(character(len(row.learning_levels)) for row in _in_order(rows))


def _in_order(rows: Sequence[Reached]) -> list[Reached]:
    return sorted(rows, key=lambda row: CODES.index(row.competence))
