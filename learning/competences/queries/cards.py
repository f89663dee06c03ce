"""What can go on a deelkaart, and the cards there are: of who made them, and for whom they were made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from learning.competences import cards
from learning.competences.cards import Part, Proof
from learning.competences.models import Deelkaart, EvidenceItem
from learning.competences.permissions import is_open
from learning.competences.queries.growth import Places, Standing, lines
from learning.competences.services.sharing import purpose_of
from learning.people.models import Person
from learning.practice.queries.evidence import practised_by
from learning.tracks.queries import followed_by

SHOWN_VIEWS = 50


@dataclass(frozen=True)
class Offered:
    """A competence that can go on a card, with the evidence its level rests on: [(number, what it shows)]."""

    part: Part
    proofs: Sequence[tuple[int, Proof]]


def offered(person: Person, there: Standing) -> list[Offered]:
    """What was shown so far. Four queries."""
    places = Places(followed_by(person.pk), practised_by(person.pk))
    rows = {row.key: row for row in EvidenceItem.objects.filter(person=person)}
    found = []
    for line in lines(person, there):
        level, competence = line.level, line.competence
        if level.level:
            used = [rows[item.key] for item in level.used]
            proofs = [(row.pk, Proof(row.competence, places.of(row)[0], row.on, row.source)) for row in used]
            part = Part(
                competence.code, competence.name, level.level, competence.levels[level.level - 1], level.shown_in, ()
            )
            found.append(Offered(part, proofs))
    return found


def chosen(offered: Sequence[Offered], *, codes: Collection[str], items: Collection[int]) -> list[Part]:
    """The parts of a card: of competences that weren't chosen no evidence either. No query."""
    return [
        Part(
            each.part.code, each.part.name, each.part.level, each.part.says, each.part.year,
            [proof for number, proof in each.proofs if number in items],
        )
        for each in offered
        if each.part.code in codes
    ]  # fmt: skip


@dataclass(frozen=True)
class Card:
    """`views`: when the recipient looked, the newest first, of the `looked` times."""

    row: Deelkaart
    is_open: bool
    looked: int
    views: Sequence[datetime] = ()

    @property
    def purpose(self) -> str:
        return purpose_of(self.row)

    @property
    def parts(self) -> list[Part]:
        return cards.read(self.row.shows)


def made_by(person: Person) -> list[Card]:
    """Open ones first. One query."""
    found = Deelkaart.objects.filter(person=person).select_related("person", "recipient").annotate(n=Count("views"))
    made = [Card(row, is_open(row), row.n) for row in found.order_by("-made_at", "-pk")]
    return sorted(made, key=lambda card: not card.is_open)


def received_by(person: Person) -> list[Card]:
    """Those they may read today. One query."""
    found = Deelkaart.objects.filter(recipient=person, person__organisation=person.organisation_id)
    rows = found.select_related("person", "recipient").order_by("-made_at", "-pk")
    return [Card(row, True, 0) for row in rows if is_open(row)]


def whole(row: Deelkaart) -> Card:
    """For its maker, with when it was looked at. Two queries."""
    views = row.views.order_by("-at", "-pk")
    return Card(row, is_open(row), views.count(), list(views.values_list("at", flat=True)[:SHOWN_VIEWS]))
