"""Who may do what here beside their own: answer an objection, read a deelkaart. Each asks one query, two at most."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from learning.competences.models import Deelkaart, EvidenceItem, EvidenceObjection
from learning.people.models import Person, Role
from learning.people.queries import holds, roles_of
from learning.practice.models import Round


def trainers_for(item: EvidenceItem) -> QuerySet[Person]:
    """Who may look at it a second time: trainers of the organisation, not who judged it nor whose it is."""
    trainers = Person.objects.filter(
        holds([Role.TRAINER]), organisation=item.person.organisation_id, is_active=True
    ).exclude(pk=item.person_id)
    return trainers.exclude(pk=item.assessor_id) if item.assessor_id else trainers


def objections_for(person: Person) -> QuerySet[EvidenceObjection]:
    """Open ones that lie with this trainer, and those of whoever isn't a trainer here any more. Never of their own
    evidence, nor of what they judged themselves."""
    if Role.TRAINER not in roles_of(person):
        return EvidenceObjection.objects.none()
    trains = Person.objects.filter(holds([Role.TRAINER]), pk=OuterRef("assessor"), is_active=True).filter(
        organisation=OuterRef("item__person__organisation")
    )
    return (
        EvidenceObjection.objects.filter(Q(assessor=person) | ~Exists(trains), decided_at=None)
        .filter(item__person__organisation=person.organisation_id)
        .exclude(item__person=person)
        .exclude(item__assessor=person)
    )


def reads_round(person: Person, kept: Round) -> bool:
    """For `learning.practice.permissions`: who answers an objection to evidence of a round reads and hears it."""
    about = {"item__situation": f"praktijk:{kept.work_id}", "item__attempt": kept.number}
    return objections_for(person).filter(item__person=kept.work.person_id, **about).exists()


def card_for(person: Person, key: uuid.UUID) -> Deelkaart | None:
    """A card they made, or that was made for them in their organisation, whether or not it can still be read."""
    theirs = Q(person=person) | Q(recipient=person, person__organisation=person.organisation_id)
    return Deelkaart.objects.filter(theirs, key=key).select_related("person", "recipient").first()


def is_open(card: Deelkaart) -> bool:
    """Whether its recipient may read it. No query."""
    return card.taken_back_at is None and card.ends_on >= timezone.localdate() and card.person.is_active
