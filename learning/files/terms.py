"""How long what this room keeps of people is kept: each file until its own day, which the room that keeps it sets."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learning.files import services
from learning.files.models import StoredFile
from learning.people.retention import OWN_DAY, Counts, falls_under, wipes

falls_under(OWN_DAY, StoredFile, said=_("elk tot een eigen dag, die staat waar je het bestand vindt"))


def _on_its_day(organisation_id: int, before: datetime) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(person__organisation=organisation_id, wipe_on__lte=timezone.localdate(before))


@wipes(OWN_DAY, due=_on_its_day)
def _forget(rows: QuerySet[StoredFile]) -> Counts:
    """From now on nobody hears it. Its bytes go in a job, and of that there is proof (`WipedFile`)."""
    files = list(rows)
    for file in files:
        services.wipe(file, "dag")
    return {StoredFile._meta.label: len(files)}
