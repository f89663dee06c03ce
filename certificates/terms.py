"""How long what the register keeps of people is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from certificates import store
from certificates.models import Certificate
from learning.people.retention import CERTIFICATES, deleted, falls_under, wipes

falls_under(CERTIFICATES, Certificate)


def _long_ago(organisation_id: int, before: datetime) -> QuerySet[Certificate]:
    """Those whose number alone was left are of nobody, and say nothing of anybody."""
    return Certificate.objects.filter(person__organisation=organisation_id, issued_on__lte=timezone.localdate(before))


def _files(rows: QuerySet[Certificate]) -> None:
    for code in rows.values_list("code", flat=True):
        store.delete(code)


wipes(CERTIFICATES, due=_long_ago, first=_files)(deleted)
