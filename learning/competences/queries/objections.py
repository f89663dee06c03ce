"""What lies before a second assessor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from learning.competences import words
from learning.competences.framework import Competence
from learning.competences.models import EvidenceItem, EvidenceObjection
from learning.competences.permissions import objections_for
from learning.competences.queries.growth import Places, competence_of, standing
from learning.competences.rules import Source
from learning.competences.services.objecting import words_of
from learning.files import hearing
from learning.files.hearing import Sound
from learning.people.models import Person
from learning.practice.queries.evidence import Told, practised_by, told_in
from learning.tracks.queries import followed_by


@dataclass(frozen=True)
class Lying:
    """An objection to look at. `told`: what was handed in and said of it, of practice; None of what was computed.
    `sounds`: what was said with it, for who looks, and the same in writing."""

    objection: EvidenceObjection
    competence: Competence
    name: str
    title: str
    source: str
    score: str
    said: str
    told: Told | None
    sounds: Sequence[tuple[Sound | None, str]]

    @property
    def item(self) -> EvidenceItem:
        return self.objection.item


def waiting_for(person: Person) -> list[EvidenceObjection]:
    """The longest ago first. Two queries."""
    return list(objections_for(person).select_related("item__person").order_by("made_at", "pk"))


def lying(person: Person, number: int) -> Lying | None:
    """None where it isn't theirs to answer. Eight queries at most."""
    found = objections_for(person).filter(pk=number).select_related("item__person", "item__assessor").first()
    if found is None:
        return None
    item, whose = found.item, found.item.person
    source = Source(item.source)
    places = Places(followed_by(whose.pk), practised_by(whose.pk))
    told = told_in(_reading(item), item.competence) if source is Source.PRACTICE else None
    return Lying(
        objection=found,
        competence=competence_of(standing(person).framework, item.competence),
        name=whose.name or _("Een collega"),
        title=places.of(item)[0],
        source=words.source_name(source),
        score=words.score_of(source, item.score),
        said=words_of(found),
        told=told,
        sounds=[(hearing.sound(file, person) if file else None, text) for file, text in (told.sounds if told else ())],
    )


def _reading(item: EvidenceItem) -> int:
    """The number of the reading it came from: see the key in `learning.competences.history`."""
    number = item.key.split(":")[3:4]
    return int(number[0]) if number and number[0].isdecimal() else 0


def own_item(person: Person, number: int) -> EvidenceItem | None:
    """Theirs. One query."""
    return EvidenceItem.objects.filter(person=person, pk=number).select_related("objection", "person").first()
