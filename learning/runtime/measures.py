"""What people said of a module and of what came of it (curriculum 6.2, tiers 3 and 7), for figures of many.

Answers are private: whoever asks this counts them, and shows nothing of fewer than five people. Rows come as they are
read, however many there are, by the number of the person. What won't open, because its key is gone, isn't there.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from learning.runtime.blocks import attempt_place, opened_answers
from learning.runtime.models import Attempt
from learning.sealing import WontOpen
from learning.tracks import queries as tracks
from learning.tracks.content import Kind
from learning.tracks.models import ModuleEdition
from modules.blocks.exitcard.rules import facts
from modules.blocks.lookback.rules import OTHERWISE
from modules.blocks.selfcheck.rules import STATEMENTS, WORTHS

CARD, TALK, CHECK = "exitcard", "lookback", "selfcheck"
_CHUNK = 2_000

# (module, type of activity, what was said, on which day)
type _Said = tuple[str, str, dict[str, Any], date]


def exit_cards(organisation_id: int) -> Iterator[tuple[int, str, dict[str, int | str | None], date]]:
    """(person, module, {"cijfer": 1..10, "aanbeveling": 0..10, "gebruikt": "ja", "nee" or "weet_niet", "zwaarte":
    "licht", "goed" or "zwaar"}, the day it was sent), each None where it was skipped: one a person and module.

    Two queries; one more for each edition the process hasn't met yet.
    """
    for person_id, said in _by_person(organisation_id, {CARD}, among=tuple(Kind)):
        for module, (answers, day) in _of(CARD, said).items():
            yield person_id, module, facts(answers), day


def looked_back(organisation_id: int) -> Iterator[tuple[int, str, dict[str, bool], dict[str, int | None], date]]:
    """(person, module, {"anders": whether a talk went otherwise}, {statement: 1..5}, the day they said of that talk):
    one a person and module, of who answered that question. A statement is None where it didn't apply, wasn't filled in
    (yet), or was taken back.

    Two queries; one more for each edition the process hasn't met yet.
    """
    for person_id, said in _by_person(organisation_id, {TALK, CHECK}, among=(Kind.LOOK_BACK,)):
        checks = _of(CHECK, said)
        for module, (answers, day) in _of(TALK, said).items():
            worths = checks[module][0].get(WORTHS, {}) if module in checks else {}
            yield person_id, module, {OTHERWISE: answers[OTHERWISE]}, {id_: worths.get(id_) for id_ in STATEMENTS}, day


def _of(block_type: str, said: list[_Said]) -> dict[str, tuple[dict[str, Any], date]]:
    """{module: what was said there last}"""
    return {module: (answers, day) for module, type_, answers, day in said if type_ == block_type}


def _by_person(organisation_id: int, types: set[str], among: tuple[Kind, ...]) -> Iterator[tuple[int, list[_Said]]]:
    """Of each who did an activity of one of `types`, in a unit of one of the kinds `among`: what they said first."""
    usages = _usages(types, among)
    rows = (
        Attempt.objects.filter(person__organisation=organisation_id, usage__in=usages, number=1)
        .order_by("person", "created_at", "pk")
        .values_list("person", "usage", "answers", "created_at")
    )
    for person_id, mine in groupby(rows.iterator(chunk_size=_CHUNK), key=lambda row: row[0]):
        yield person_id, [each for row in mine if (each := _opened(usages, *row))]


def _opened(usages: dict[str, str], person_id: int, usage: str, sealed: Any, at: datetime) -> _Said | None:
    try:
        answers = opened_answers(sealed, attempt_place(person_id, usage, 1))
    except WontOpen:
        return None
    return usage.partition("/")[0], usages[usage], answers, timezone.localdate(at)


def _usages(types: set[str], among: tuple[Kind, ...]) -> dict[str, str]:
    """{usage: type} of these activities, in any edition there was."""
    editions = ModuleEdition.objects.annotate(text=Cast("document", TextField()))
    holding = functools.reduce(operator.or_, (Q(text__contains=f'"type": "{type_}"') for type_ in types))
    return {
        activity.usage: activity.type
        for edition in editions.filter(holding).order_by("pk").values_list("pk", "content_hash")
        for unit, activity in tracks.edition(*edition).activities()
        if activity.type in types and unit.kind in among
    }
