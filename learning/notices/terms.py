"""How long what this room keeps of people is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from learning.notices import silence  # noqa: F401 its rule and kind make themselves known
from learning.notices.models import Notice, NoticeChoice
from learning.people.retention import GONE, NOTICES, deleted, falls_under, wipes

falls_under(NOTICES, Notice)
falls_under(GONE, NoticeChoice)


def _old(organisation_id: int, before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(person__organisation=organisation_id, made_at__lte=before)


wipes(NOTICES, due=_old)(deleted)
