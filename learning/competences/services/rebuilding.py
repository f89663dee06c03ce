"""Everything anew from history, and what differs from what is kept (curriculum 4.3).

Of evidence that counts nothing is taken away: what its history was wiped of (practice cases go after 24 months) was
still shown. What somebody thought of themselves and what peers did goes with its history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from learning.competences import history
from learning.competences.models import EvidenceItem, Reached, Stale
from learning.competences.rules import Item
from learning.competences.services import evidence
from learning.people.models import Person

AT_ONCE = 500


@dataclass(frozen=True)
class Difference:
    """`about`: the key of an item, or the code of a competence. `what`: "ontbreekt", "anders" or "te veel"."""

    person: int
    about: str
    what: str


def people() -> Iterator[int]:
    """Everybody, some at a time, so that nothing is held open meanwhile."""
    last = 0
    while found := list(Person.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield from found
        last = found[-1]


def is_waiting(person_id: int) -> bool:
    """Something of theirs is still to be worked out, so that a difference says nothing. One query."""
    return Stale.objects.filter(person=person_id).exists()


def differences(person_id: int) -> list[Difference]:
    """Nothing is changed. A fixed number of queries."""
    told = {each.key: each for each in history.of(person_id)}
    kept = {row.key: row for row in EvidenceItem.objects.filter(person=person_id).select_related("objection")}
    stays = {key: row for key, row in kept.items() if key not in told and row.source not in evidence.BESIDE}
    found = [Difference(person_id, key, "ontbreekt") for key in told.keys() - kept.keys()]
    found += [Difference(person_id, key, "te veel") for key in kept.keys() - told.keys() - stays.keys()]
    found += [
        Difference(person_id, key, "anders") for key in told.keys() & kept.keys() if _differs(kept[key], told[key])
    ]
    rows = [evidence.row_of(person_id, each) for each in told.values()] + list(stays.values())
    struck = {key for key, row in kept.items() if getattr(row, "objection", None) and row.objection.stands is False}
    items = [(row.competence, evidence.item_of(row)) for row in rows if row.key not in struck]
    found += _levels(person_id, items)
    return sorted(found, key=lambda each: (each.what, each.about))


def _differs(row: EvidenceItem, told: history.Shown) -> bool:
    return any(getattr(row, name) != value for name, value in evidence.facts_of(told).items())


def _levels(person_id: int, items: list[tuple[str, Item]]) -> Iterator[Difference]:
    known = {row.competence: row for row in Reached.objects.filter(person=person_id)}
    if not known and not items:
        return  # never worked out, and nothing to find
    for row in evidence.reached_by(person_id, items):
        there = known.get(row.competence)
        if there is None or _said(there) != _said(row):
            yield Difference(person_id, row.competence, "ontbreekt" if there is None else "anders")


def _said(row: Reached) -> tuple[int, str, dict[str, float], int]:
    return row.level, row.learning_levels, row.series, row.rule_version


@transaction.atomic
def rebuild(person_id: int) -> list[Difference]:
    """Somebody's evidence and levels anew; what was mended."""
    mended = differences(person_id)
    told = {each.key: each for each in history.of(person_id)}
    for each in mended:
        if each.what == "anders" and each.about in told:
            EvidenceItem.objects.filter(person=person_id, key=each.about).update(**evidence.facts_of(told[each.about]))
    evidence.work_out(person_id)
    return mended
