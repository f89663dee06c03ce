"""Deelkaarten (curriculum 4.5): somebody shows a part of their growth to one colleague, for a purpose, until a day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.competences import notices
from learning.competences.models import Deelkaart, DeelkaartView
from learning.competences.permissions import is_open
from learning.competences.sealed import closed, opened
from learning.notices.services import tell, untell
from learning.people.models import Person

MOST_DAYS = 365
LONGEST_PURPOSE = 500


class MayNotRead(Exception):
    """Somebody of another organisation, somebody who left, or its maker."""


class EndsWrong(Exception):
    """A card ends today at the soonest, and within MOST_DAYS."""


def last_day() -> date:
    return timezone.localdate() + timedelta(days=MOST_DAYS)


def purpose_of(card: Deelkaart) -> str:
    return opened(card.sealed_purpose, "purpose", card.key)


@transaction.atomic
def share(
    person: Person, *, key: uuid.UUID, recipient: Person, purpose: str, shows: Mapping[str, Any], ends_on: date
) -> Deelkaart:
    """`key`: made with the preview; pressed twice it is the same card. Raises MayNotRead, EndsWrong."""
    if recipient == person or recipient.organisation_id != person.organisation_id or not recipient.is_active:
        raise MayNotRead
    if not timezone.localdate() <= ends_on <= last_day():
        raise EndsWrong
    made = Deelkaart(
        key=key, person=person, recipient=recipient, sealed_purpose=closed(purpose, "purpose", key), shows=dict(shows),
        made_at=timezone.now(), ends_on=ends_on,
    )  # fmt: skip
    Deelkaart.objects.bulk_create([made], ignore_conflicts=True)
    card = Deelkaart.objects.filter(key=key, person=person).first()
    if card is None:  # the key of somebody else's: a number that was made up
        raise MayNotRead
    tell(card.recipient_id, notices.SHARED, key=str(card.pk), facts={"card": card.pk})
    return card


@transaction.atomic
def take_back(card: Deelkaart) -> None:
    """From now on its recipient reads nothing of it, nor that it was there."""
    Deelkaart.objects.filter(pk=card.pk, taken_back_at=None).update(taken_back_at=timezone.now())
    untell(notices.SHARED, {str(card.pk): card.recipient_id})


@transaction.atomic
def look(card: Deelkaart) -> bool:
    """Its recipient opens it, and its maker can read so. False when it is over or was taken back."""
    held = Deelkaart.objects.select_for_update(of=("self",)).select_related("person").get(pk=card.pk)
    if not is_open(held):
        return False
    DeelkaartView.objects.create(card=held, at=timezone.now())
    return True
