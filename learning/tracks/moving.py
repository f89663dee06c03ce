"""From one edition of a module to the newest, with nothing lost.

What somebody did is kept by activity, not by edition: an activity that is in both stays as done as it was, one that is
gone stays in the history, a new one is still to do. A module that was done stays done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from jobs.services import record
from learning.people.models import Person
from learning.tracks import events, queries, reminders
from learning.tracks.content import Edition
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition, Status

KIND = "tracks.move"
BATCH = 200


@dataclass(frozen=True)
class Followers:
    """An edition of a module, and how many of an organisation follow it."""

    number: int
    content_hash: str
    published_at: Any
    people: int


def newest_of(module: str) -> ModuleEdition | None:
    """Without its document. One query."""
    return ModuleEdition.objects.filter(module__slug=module).defer("document").order_by("-published_at", "-pk").first()


def is_behind(person: Person, module: str) -> bool:
    """Whether somebody follows an edition that isn't the newest. One query."""
    newest = ModuleEdition.objects.filter(module=OuterRef("module")).order_by("-published_at", "-pk").values("pk")[:1]
    return Enrolment.objects.filter(person=person, module__slug=module).exclude(edition=Subquery(newest)).exists()


def older_edition(person: Person, module: str) -> tuple[Edition, Edition] | None:
    """(theirs, the newest), when those are two. Two queries; two more the first time in a process."""
    own = Enrolment.objects.filter(person=person, module__slug=module)
    theirs = own.values_list("edition_id", "edition__content_hash").first()
    newest = newest_of(module)
    if theirs is None or newest is None or theirs[0] == newest.pk:
        return None
    return queries.edition(*theirs), queries.edition(newest.pk, newest.content_hash)


def followers(module: str, *, organisation_id: int) -> list[Followers]:
    """Every edition, the newest first. Two queries."""
    rows = Enrolment.objects.filter(module__slug=module, person__organisation=organisation_id)
    counts = dict(rows.values_list("edition").annotate(n=Count("pk")).values_list("edition", "n"))
    editions = ModuleEdition.objects.filter(module__slug=module).order_by("-published_at", "-pk")
    return [
        Followers(pk, content_hash, published_at, counts.get(pk, 0))
        for pk, content_hash, published_at in editions.values_list("pk", "content_hash", "published_at")
    ]


@transaction.atomic
def move(enrolment_id: int, *, edition_id: int) -> None:
    """Follow another edition of the same module from now on. Done twice it is done once."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).select_related("module").get(pk=enrolment_id)
    target = ModuleEdition.objects.defer("document").get(pk=edition_id, module=enrolment.module_id)
    if enrolment.edition_id == target.pk:
        return
    edition = queries.edition(target.pk, target.content_hash)
    keys = [activity.key for unit in edition.units if unit.counts for activity in unit.required]
    enrolment.edition = target
    enrolment.done = ActivityProgress.objects.filter(enrolment=enrolment, activity__in=keys, status=Status.DONE).count()
    if enrolment.place not in edition.by_key:
        enrolment.place = ""
    # What the new edition asks besides comes before what comes when a module is done.
    finishes = enrolment.done >= target.required and enrolment.finished_at is None
    enrolment.finished_at = (enrolment.finished_at or timezone.now()) if enrolment.done >= target.required else None
    completes = enrolment.completed_at is None and enrolment.done >= target.required
    if completes:
        enrolment.completed_at = timezone.now()
    enrolment.save(update_fields=["edition", "done", "place", "completed_at", "finished_at"])
    news = {"enrolment_id": enrolment.pk, "person_id": enrolment.person_id, "module": enrolment.module.slug}
    events.progress_made.send(Enrolment, done=enrolment.done, required=target.required, **news)
    if completes:
        events.module_completed.send(Enrolment, **news)
    if finishes:
        events.edition_finished.send(Enrolment, **news)
    elif enrolment.finished_at:
        reminders.ask_for(enrolment.pk, enrolment.finished_at)


def move_to_newest(person: Person, *, module: str) -> None:
    """The learner's own choice. Nothing to do when they are there already or don't follow the module."""
    newest = newest_of(module)
    enrolment = Enrolment.objects.filter(person=person, module__slug=module).values_list("pk", flat=True).first()
    if newest and enrolment:
        move(enrolment, edition_id=newest.pk)


@transaction.atomic
def ask_to_move_everyone(organisation_id: int, *, module: str) -> None:
    """Everybody of this organisation, in the background."""
    record(KIND, f"{KIND}:{organisation_id}:{module}", {"organisation": organisation_id, "module": module})


def move_everyone(organisation_id: int, *, module: str) -> None:
    """May run twice. Each person is a transaction of their own, so that nobody waits for the others; nobody goes back
    from an edition that came out meanwhile."""
    newest = newest_of(module)
    if newest is None:
        return
    behind = Enrolment.objects.filter(
        module__slug=module,
        person__organisation=organisation_id,
        edition__published_at__lte=newest.published_at,
    ).exclude(edition=newest)
    while batch := list(behind.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for enrolment in batch:
            move(enrolment, edition_id=newest.pk)
