"""A whole case as a PDF for the learner's own file: asked for, made by a job, kept for a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jobs.services import record
from learning.practice.models import Work, WorkFile
from learning.practice.sealed import place
from learning.sealing import seal_file, unseal_file

MAKE, FORGET = "practice.make_file", "practice.forget_file"
KEPT = timedelta(days=1)
# A press while one is being made, or just was, is the same press; what takes longer than this may have come to nothing.
AT_MOST_EVERY, MAKES_FOR = timedelta(minutes=1), timedelta(minutes=5)


@transaction.atomic
def ask(work: Work) -> None:
    """Make it anew, as the work is at that moment."""
    now = timezone.now()
    there = WorkFile.objects.select_for_update().filter(work=work).first()
    if there is not None and _is_enough(there, now):
        return
    WorkFile.objects.update_or_create(work=work, defaults={"asked_at": now, "made_at": None, "sealed": None})
    record(MAKE, f"{MAKE}:{work.pk}", {"work": work.pk})


def _is_enough(there: WorkFile, now: datetime) -> bool:
    if there.made_at is None:
        return bool(there.asked_at > now - MAKES_FOR)
    return bool(there.made_at > now - AT_MOST_EVERY)


def make(work_id: int) -> None:
    """For the job: may run twice. Loads WeasyPrint, so it isn't imported before."""
    from learning.practice.pdf import render  # noqa: PLC0415

    asked = WorkFile.objects.filter(work=work_id, made_at=None).first()
    work = Work.objects.filter(pk=work_id).select_related("person", "group", "assignment__version__case").first()
    if asked is None or work is None:
        return
    file = render(work)
    now = timezone.now()
    with transaction.atomic():
        waiting = WorkFile.objects.filter(pk=asked.pk, made_at=None, asked_at=asked.asked_at)
        if waiting.update(made_at=now, sealed=seal_file(file, place("file", work_id))):
            record(FORGET, f"{FORGET}:{work_id}", {"file": asked.pk}, due=now + KEPT)


def forget(file_id: int) -> None:
    """Its day is over; one that was made anew meanwhile has a day of its own."""
    WorkFile.objects.filter(pk=file_id, made_at__lte=timezone.now() - KEPT).delete()


def opened(file: WorkFile) -> bytes | None:
    """None while it isn't there, or its day is over."""
    if file.sealed is None or file.made_at is None or file.made_at <= timezone.now() - KEPT:
        return None
    return unseal_file(bytes(file.sealed), place("file", file.work_id))
