"""How long what this room keeps of people is kept. What goes of a module goes as a whole, and with what activities
remember of it: `learning.runtime.forgetting`."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from learning.people.retention import GONE, LEARNING, deleted, falls_under, wipes
from learning.tracks.models import ActivityProgress, Enrolment, LinkProgress, NoReminders, Reminder

falls_under(LEARNING, Enrolment, ActivityProgress, Reminder)
falls_under(LEARNING, LinkProgress, said=_("%(term)s nadat het voor het laatst veranderde"))
falls_under(GONE, NoReminders)


def _long_unchanged(organisation_id: int, before: datetime) -> QuerySet[LinkProgress]:
    return LinkProgress.objects.filter(person__organisation=organisation_id, changed_at__lte=before)


wipes(LEARNING, due=_long_unchanged)(deleted)
