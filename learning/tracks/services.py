"""Writes about tracks, editions and enrolments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from learning.people.models import Organisation, Person
from learning.tracks import events
from learning.tracks.models import Enrolment, Module, ModuleEdition, Track, TrackModule


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
