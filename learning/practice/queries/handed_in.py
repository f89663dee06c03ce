"""What learners of a group handed in at activities of a module, for its trainer (curriculum 3.b, 3.h, 3.k).

Names are asked for: without, nothing here says who wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator

from learning.people.models import Group, GroupMember, Person
from learning.runtime.blocks import load_block
from learning.runtime.queries import HandedIn, handed_in, lying_with_trainers
from learning.tracks import queries as tracks
from learning.tracks.content import Activity, Edition
from modules.blocks.handingin import HandsIn, Piece, mark_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from learning.runtime.models import BlockState

PAGE = 20


@dataclass(frozen=True)
class Handed:
    """`name`: of who wrote it; None where names weren't asked for, "" where it isn't shared. `mark`: knows these words
    again. `rating`: what a trainer gave, `rated_by` is who."""

    number: int
    activity: Activity
    pieces: Sequence[Piece]
    at: datetime
    mark: str
    name: str | None
    is_rated: bool
    rating: int | None
    rated_by: str


def activities_of(edition: Edition) -> list[Activity]:
    """Those at which something can be handed in."""
    return [activity for _, activity in edition.activities() if issubclass(load_block(activity.type), HandsIn)]


def lying_in(group: Group, edition: Edition) -> QuerySet[BlockState]:
    """What lies with the trainers of a group, newest first."""
    learners = GroupMember.objects.filter(group=group, is_trainer=False).values("person")
    people = Person.objects.filter(pk__in=learners, organisation=group.organisation_id, is_active=True)
    return lying_with_trainers(people, [activity.usage for activity in activities_of(edition)])


def page_of(group: Group, edition: Edition, *, page: str, named: bool) -> tuple[Page[BlockState], list[Handed]]:
    """Three queries, however many there are: how many, these, and who rated them; one more for each edition the process
    hasn't met yet."""
    rows = lying_in(group, edition)
    shown = Paginator(rows.select_related("person") if named else rows, PAGE).get_page(page)
    found = [(row, handed_in(row)) for row in shown]
    raters = {each.rating["door"] for _, each in found if each.rating}
    names = dict(Person.objects.filter(pk__in=raters, organisation=group.organisation_id).values_list("pk", "name"))
    read = [_read(each, row.person.name if named else None, names) for row, each in found]
    return shown, [each for each in read if each]


def _read(each: HandedIn, name: str | None, raters: Mapping[int, str]) -> Handed | None:
    """None where its own edition hasn't got the activity any more."""
    _, activity = tracks.edition(each.edition, each.content_hash).by_key.get(each.usage.partition("/")[2], (None, None))
    block = load_block(activity.type) if activity else None
    if activity is None or block is None or not issubclass(block, HandsIn):
        return None
    return Handed(
        each.number,
        activity,
        block.pieces(activity.fields["authored"], each.words),
        each.at,
        mark_of(each.words),
        name,
        block.is_rated,
        each.rating.get("waarde"),
        raters.get(each.rating.get("door", 0), ""),
    )
