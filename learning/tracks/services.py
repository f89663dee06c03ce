"""Writes about tracks, editions and enrolments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from learning.people.models import Organisation, Person
from learning.tracks import events
from learning.tracks.models import (
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
    *, key: str, number: str, title: str, content_hash: str, document: Mapping[str, Any], required: int
) -> ModuleEdition:
    """Publish a module's content. The same content again is the same edition."""
    module, _ = Module.objects.update_or_create(slug=key, defaults={"number": number, "title": title})
    edition, _ = ModuleEdition.objects.get_or_create(
        content_hash=content_hash, defaults={"module": module, "document": dict(document), "required": required}
    )
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
    """Remember where somebody is, so that they resume there on any device."""
    Enrolment.objects.filter(pk=enrolment_id).update(place=place)


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
