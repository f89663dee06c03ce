"""Writes about tracks, editions and enrolments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils import timezone

from learning.people.models import Organisation, Person
from learning.tracks import events, pace, queries
from learning.tracks.content import Kind
from learning.tracks.models import (
    ActivityProgress,
    Enrolment,
    LinkProgress,
    Module,
    ModuleEdition,
    Status,
    Track,
    TrackLink,
    TrackModule,
)


class NothingPublished(Exception):
    """The module has no edition yet."""


@transaction.atomic
def publish_edition(
    *,
    key: str,
    number: str,
    title: str,
    content_hash: str,
    document: Mapping[str, Any],
    required: int,
    returns: bool = False,
    looks_back: bool = False,
) -> ModuleEdition:
    """Publish a module's content. The same content again is the same edition."""
    module, _ = Module.objects.update_or_create(slug=key, defaults={"number": number, "title": title})
    edition, created = ModuleEdition.objects.get_or_create(
        content_hash=content_hash,
        defaults={
            "module": module,
            "document": dict(document),
            "required": required,
            "returns": returns,
            "looks_back": looks_back,
        },
    )
    if created:
        events.edition_published.send(ModuleEdition, module=key, document=document)
    return edition


@transaction.atomic
def set_track(organisation: Organisation, *, slug: str, title: str, modules: Sequence[Module]) -> Track:
    """A leerlijn with these modules in this order."""
    track, _ = Track.objects.update_or_create(organisation=organisation, slug=slug, defaults={"title": title})
    TrackModule.objects.filter(track=track).delete()
    TrackModule.objects.bulk_create(
        [TrackModule(track=track, module=module, position=position) for position, module in enumerate(modules, 1)]
    )
    return track


@transaction.atomic
def enrol(person: Person, *, module: Module) -> Enrolment:
    """Enrol in the newest edition; whoever is enrolled stays on the edition they started. Raises NothingPublished."""
    enrolment = Enrolment.objects.filter(person=person, module=module).first()
    if enrolment:
        return enrolment
    edition = ModuleEdition.objects.filter(module=module).order_by("-published_at", "-pk").first()
    if edition is None:
        raise NothingPublished(module.slug)
    enrolment, created = Enrolment.objects.get_or_create(person=person, module=module, defaults={"edition": edition})
    if created:
        events.enrolled.send(Enrolment, enrolment_id=enrolment.pk, person_id=person.pk, module=module.slug)
    return enrolment


def visit(enrolment_id: int, *, place: str) -> None:
    """Remember where somebody is, so that they resume there on any device. From now on they are busy there."""
    Enrolment.objects.filter(pk=enrolment_id).update(place=place, touched_at=timezone.now())


def come_back(enrolment_id: int, kind: Kind, now: datetime) -> None:
    """What comes after the module is done, `kind` of it: the first time stands."""
    column = {Kind.RETURN: "returned_at", Kind.LOOK_BACK: "looked_back_at"}[kind]
    Enrolment.objects.filter(pk=enrolment_id, **{column: None}).update(**{column: now})


def measure_units() -> None:
    """Work out what the units of each module take, from how long those who did them were busy.

    Only a unit that enough people did has a median, and only a median is kept.
    """
    for module in Module.objects.filter(enrolments__isnull=False).distinct():
        medians = _medians(module.pk)
        if medians != module.medians:
            Module.objects.filter(pk=module.pk).update(medians=medians)


def _medians(module_id: int) -> dict[str, int]:
    """A query, and one an edition."""
    took: dict[str, list[int]] = {}
    editions = ModuleEdition.objects.filter(module=module_id, enrolments__isnull=False).distinct()
    for edition_id, content_hash in editions.values_list("pk", "content_hash"):
        units = queries.edition(edition_id, content_hash).units
        for done, seconds in _paces(edition_id):
            for unit in units:
                if unit.key in seconds and done.issuperset(activity.key for activity in unit.required):
                    took.setdefault(unit.key, []).append(seconds[unit.key])
    medians = {unit: pace.median_minutes(seconds) for unit, seconds in sorted(took.items())}
    return {unit: minutes for unit, minutes in medians.items() if minutes is not None}


def _paces(edition_id: int) -> Iterator[tuple[set[str], dict[str, int]]]:
    """Of each who follows an edition: what they have done, and how long they were busy with each unit."""
    done = Prefetch("activities", ActivityProgress.objects.filter(status=Status.DONE), to_attr="done_activities")
    enrolments = Enrolment.objects.filter(edition=edition_id).exclude(pace={}).only("pk", "pace")
    for enrolment in enrolments.prefetch_related(done).iterator(chunk_size=500):
        activities: list[ActivityProgress] = enrolment.done_activities
        yield {activity.activity for activity in activities}, enrolment.pace


@transaction.atomic
def add_link(
    track: Track, *, title: str, address: str, summary: str = "", after: int | None = None, new_window: bool = False
) -> TrackLink:
    """Put something of others in a track, after the module in that position (None: at the end)."""
    last = TrackModule.objects.filter(track=track).aggregate(last=Max("position"))["last"] or 0
    after = last if after is None else min(after, last)
    return TrackLink.objects.create(
        track=track,
        after=after,
        position=_next_position(track, after),
        title=title,
        summary=summary,
        address=address,
        new_window=new_window,
    )


@transaction.atomic
def change_link(
    link_id: int, *, title: str, summary: str, new_window: bool, after: int | None = None, address: str = ""
) -> None:
    """What people read and how it opens. `after`: the module it stands after from now on, `address` where it opens."""
    link = TrackLink.objects.select_for_update().get(pk=link_id)
    link.title, link.summary, link.new_window = title, summary, new_window
    link.address = address or link.address
    if after is not None and after != link.after:
        link.after, link.position = after, _next_position(link.track, after)
    link.save()


def withdraw_link(link_id: int) -> None:
    """Out of the track: it isn't shown any more. What people did there stays."""
    TrackLink.objects.filter(pk=link_id, withdrawn_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def progress_link(link_id: int, *, person_id: int, status: Status, score: float | None = None) -> None:
    """How far somebody is, as the other side says it. Once done stays done; a score that changes is told again."""
    done_at = timezone.now() if status == Status.DONE else None
    fields = {"status": status, "score": score, "completed_at": done_at}
    progress, created = LinkProgress.objects.select_for_update().get_or_create(
        link_id=link_id, person_id=person_id, defaults=fields
    )
    if not created:
        was = (progress.status, progress.score)
        if progress.status == Status.DONE:
            status = Status.DONE
        progress.status, progress.score = status, score
        progress.completed_at = progress.completed_at or done_at
        if (progress.status, progress.score) == was:
            return
        progress.save()
    organisation_id = Person.objects.values_list("organisation_id", flat=True).get(pk=person_id)
    events.external_progressed.send(
        LinkProgress,
        link_id=link_id,
        person_id=person_id,
        organisation_id=organisation_id,
        status=progress.status,
        score=progress.score,
    )


def open_link(link_id: int, *, person_id: int) -> None:
    """Somebody went in: from now on they are on their way. Whoever was further stays there."""
    if not LinkProgress.objects.filter(link_id=link_id, person_id=person_id).exists():
        progress_link(link_id, person_id=person_id, status=Status.BUSY)


def _next_position(track: Track, after: int) -> int:
    last = TrackLink.objects.filter(track=track, after=after).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
