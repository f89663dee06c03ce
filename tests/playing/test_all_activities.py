"""Every activity of the four modules, done by its plain forms alone: no script, no sound, no drag, only what is
written on the page. What it then counts for is worked out beside it by the rules."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from learning.people.models import Person
from learning.runtime.models import Attempt
from learning.tracks.models import ActivityProgress, ModuleEdition
from modules.blocks.base import BUSY, DONE
from tests.playing.places import PLACES, Place, somebody
from tests.playing.plain import Plain
from tests.playing.player import MOVES, SCORES, Play, Wish

Editions = dict[str, ModuleEdition]
scored = [place for place in PLACES if place.type in SCORES]
# One of each type.
samples = list({place.type: place for place in scored}.values())
# What a database makes of an answer depends on its type alone.
ASKED = PLACES if connection.vendor == "sqlite" else list({place.type: place for place in PLACES}.values())
ASKED_TWICE = scored if connection.vendor == "sqlite" else samples


def all_of(places: list[Place]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("place", places, ids=lambda place: f"{place.module}-{place.key}")


def done_by(edition: ModuleEdition, place: Place, wish: Wish, *, in_place: bool = False) -> tuple[Play, Person]:
    client, person = somebody(edition, place)
    return Plain(client, place.page, place.key, in_place=in_place).play(Play(place.type, place.data, wish)), person


def progress(person: Person, place: Place) -> tuple[str, float | None]:
    row = ActivityProgress.objects.get(enrolment__person=person, activity=place.key)
    return row.status, row.score


def test_somebody_knows_each_type_of_activity_and_each_is_in_a_module() -> None:
    assert {place.type for place in PLACES} == set(MOVES)


def test_what_is_published_is_what_was_written_in_that_order(db: None, editions: Editions) -> None:
    """Which bins are neighbours, which variant of a text comes first: PostgreSQL's `jsonb` would forget it."""
    for module, published in editions.items():
        edition = ModuleEdition.objects.get(pk=published.pk)
        kept = {
            activity["key"]: json.dumps(activity["fields"]["authored"])
            for unit in edition.document["units"]
            for activity in unit["activities"]
        }
        assert kept == {place.key: json.dumps(place.data) for place in PLACES if place.module == module}


@all_of(ASKED)
def test_it_is_done_rightly_without_script(db: None, editions: Editions, place: Place) -> None:
    play, person = done_by(editions[place.module], place, Wish.RIGHT)
    counts_as_the_rules_say(play, person, place)
    status, score = progress(person, place)
    assert status == DONE or not place.required
    attempt = Attempt.objects.filter(person=person, usage=place.usage).last()
    assert (attempt.score if attempt else None) == score


@all_of(ASKED_TWICE)
def test_the_same_answers_count_the_same_for_anybody(db: None, editions: Editions, place: Place) -> None:
    """Right and wrong by turns. Each has another order of items and options; only who draws from a pool or gets one of
    several tasks has other things to answer."""
    results = [done_by(editions[place.module], place, Wish.MIXED, in_place=True) for _ in range(2)]
    for play, person in results:
        counts_as_the_rules_say(play, person, place)
    if place.type != "decisiontask" and "trekking" not in place.data:
        (one, first), (other, second) = results
        assert one.given == other.given
        assert progress(first, place) == progress(second, place)


@all_of(samples)
def test_what_is_wrong_counts_for_less(db: None, editions: Editions, place: Place) -> None:
    play, person = done_by(editions[place.module], place, Wish.WRONG, in_place=True)
    counts_as_the_rules_say(play, person, place)
    # Of a conversation that ran aground the newest counts, and that is the second one.
    if play.score is not None and place.type != "conversationsim":
        assert play.score < 0.75


def counts_as_the_rules_say(play: Play, person: Person, place: Place) -> None:
    status, score = progress(person, place)
    assert status == (DONE if play.is_done else BUSY)
    assert score == (pytest.approx(play.score, abs=1e-4) if play.score is not None else None)
