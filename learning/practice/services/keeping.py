"""Practice cases are kept for 24 months (curriculum 4.5), and then go with all that hangs on them."""

from __future__ import annotations

from datetime import timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from learning.files import services as files
from learning.files.models import StoredFile
from learning.practice.models import Assessment, Assignment, Evidence, Work

KEPT = timedelta(days=730)
AT_ONCE = 100


def forget_old() -> int:
    """Work that was judged and last changed so long ago, and what was given out and has no work left. How many works
    went. May run twice."""
    before = timezone.now() - KEPT
    old = Work.objects.filter(Q(judged_at__isnull=True) | Q(judged_at__lt=before), changed_at__lt=before)
    gone = 0
    for numbers in batched(list(old.order_by("pk").values_list("pk", flat=True)), AT_ONCE):
        gone += _forget(numbers)
    left = Work.objects.filter(assignment=OuterRef("pk"))
    Assignment.objects.filter(~Exists(left), given_at__lt=before, ready_at__isnull=False).delete()
    return gone


@transaction.atomic
def _forget(numbers: tuple[int, ...]) -> int:
    """Sound first: its bytes go in a job, with proof."""
    said = Evidence.objects.filter(work__in=numbers, file__isnull=False).values("file")
    said_back = Assessment.objects.filter(work__in=numbers, file__isnull=False).values("file")
    for file in StoredFile.objects.filter(Q(pk__in=said) | Q(pk__in=said_back)):
        files.wipe(file, "termijn")
    _rows, of = Work.objects.filter(pk__in=numbers).delete()
    return of.get("learning.Work", 0)
