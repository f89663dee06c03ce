"""How long what this room keeps of people is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.competences.models import (
    Deelkaart,
    DeelkaartView,
    EvidenceItem,
    EvidenceObjection,
    HRBasis,
    Look,
    Reached,
    ShownOf,
    Stale,
)
from learning.people.retention import CARDS, GONE, HOUSE, LOOKS, SHORT, deleted, falls_under, wipes

falls_under(GONE, EvidenceItem, EvidenceObjection, Reached)
falls_under(SHORT, Stale, said=_("tot je niveaus zijn uitgerekend, meestal een halve minuut"))
falls_under(GONE, ShownOf, said=_("tot de cijfers opnieuw gemaakt worden, of tot je hier weg bent"))
falls_under(HOUSE, HRBasis)
falls_under(CARDS, Deelkaart, DeelkaartView)
falls_under(LOOKS, Look)


def _over(organisation_id: int, before: datetime) -> QuerySet[Deelkaart]:
    """A card holds on its last day, whole."""
    over = Q(ends_on__lt=timezone.localdate(before)) | Q(taken_back_at__lte=before)
    return Deelkaart.objects.filter(over, person__organisation=organisation_id)


def _long_ago(organisation_id: int, before: datetime) -> QuerySet[Look]:
    return Look.objects.filter(organisation=organisation_id, at__lte=before)


wipes(CARDS, due=_over)(deleted)
wipes(LOOKS, due=_long_ago)(deleted)
