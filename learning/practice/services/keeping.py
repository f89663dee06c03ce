"""Practice cases are kept for their term (curriculum 4.5), and then go with all that hangs on them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from learning.files import services as files
from learning.files.models import StoredFile
from learning.people.retention import Counts
from learning.practice.models import Assessment, Assignment, Evidence, Work


def old_works(organisation_id: int, before: datetime) -> QuerySet[Work]:
    """Judged and last changed so long ago."""
    judged = Q(judged_at__isnull=True) | Q(judged_at__lte=before)
    return Work.objects.filter(judged, changed_at__lte=before, person__organisation=organisation_id)


def left_without_work(organisation_id: int, before: datetime) -> QuerySet[Assignment]:
    """What was given out so long ago, and has no work left."""
    left = Work.objects.filter(assignment=OuterRef("pk"))
    return Assignment.objects.filter(
        ~Exists(left), given_at__lte=before, ready_at__isnull=False, organisation=organisation_id
    )


def forget(rows: QuerySet[Work]) -> Counts:
    """Sound first: its bytes go in a job, with proof."""
    numbers = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    said = Evidence.objects.filter(work__in=numbers, file__isnull=False).values("file")
    said_back = Assessment.objects.filter(work__in=numbers, file__isnull=False).values("file")
    sounds = list(StoredFile.objects.filter(Q(pk__in=said) | Q(pk__in=said_back)))
    for file in sounds:
        files.wipe(file, "termijn")
    gone: dict[str, int] = Work.objects.filter(pk__in=numbers).delete()[1]
    return {**gone, StoredFile._meta.label: len(sounds)}


def practises(before: datetime) -> Exists:
    """For a query over enrolments: whether they did something at a case of that module after `before`. What is judged
    there still counts in the module."""
    return Exists(
        Work.objects.alias(of_module=Concat(OuterRef("module__slug"), Value("/"))).filter(
            person=OuterRef("person"), changed_at__gt=before,
            assignment__version__case__usage__startswith=F("of_module"),
        )
    )  # fmt: skip
