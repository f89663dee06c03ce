"""Whoever begins a module again whose work was wiped after its term finds what they wrote for themselves, and can do
every type of activity anew."""

from __future__ import annotations

import pytest
from django.test import Client

from learning.people.models import Person
from learning.runtime import forgetting
from learning.runtime.blocks import State
from learning.runtime.models import Attempt, BlockState
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition
from modules.blocks.base import DONE
from tests.factories import enrolled
from tests.playing.places import PLACES, Place, somebody
from tests.playing.plain import Plain
from tests.playing.player import Play, Wish

ONE_OF_EACH = list({place.type: place for place in PLACES}.values())


# What is there already has no form that a player would fill in again; a story more, or another meaning, makes it done.
STILL_FULL = {"storycollection"}


def sealed(person: Person) -> dict[str, dict[str, object]]:
    rows = BlockState.objects.filter(person=person, sealed__isnull=False)
    return {row.usage: dict(State(person.pk, row.usage, {}, bytes(row.sealed or b"")).private) for row in rows}


def play(client: Client, place: Place) -> Play:
    return Plain(client, place.page, place.key, in_place=True).play(Play(place.type, place.data, Wish.RIGHT))


@pytest.mark.parametrize("place", ONE_OF_EACH, ids=lambda place: place.type)
def test_every_type_opens_and_can_be_done_after_its_work_was_wiped(
    db: None, editions: dict[str, ModuleEdition], place: Place
) -> None:
    edition = editions[place.module]
    client, person = somebody(edition, place)
    play(client, place)
    own = sealed(person)
    far = Enrolment.objects.filter(person=person).values("completed_at", "finished_at").get()
    forgetting.forget(Enrolment.objects.filter(person=person))
    assert sealed(person) == own
    assert not Attempt.objects.filter(person=person, usage__startswith=f"{place.module}/").exists()
    enrolled(person, edition)
    Enrolment.objects.filter(person=person).update(**far)  # what comes after the module is open again
    assert not ActivityProgress.objects.filter(enrolment__person=person).exists()
    assert client.get(place.page).status_code == 200
    if place.required and place.type not in STILL_FULL:
        play(client, place)
        assert ActivityProgress.objects.get(enrolment__person=person, activity=place.key).status == DONE
