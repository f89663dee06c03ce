"""Something of others in a track: how it is shown, and how far people are in it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from learning.people.models import Person
from learning.tracks import events, queries, services
from learning.tracks.models import Enrolment, LinkProgress, Status, Track, TrackLink
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def track(enrolment: Enrolment) -> Track:
    return Track.objects.get()


@pytest.fixture
def link(track: Track) -> TrackLink:
    return services.add_link(track, title="Kaart van het gebied", summary="Loop mee.", address="/gereedschap/x/")


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    news: list[dict[str, Any]] = []

    def listen(**said: Any) -> None:
        news.append({name: value for name, value in said.items() if name not in ("signal", "sender")})

    events.external_progressed.connect(listen)
    yield news
    events.external_progressed.disconnect(listen)


def test_it_stands_in_the_track_with_where_somebody_is(learner: Client, person: Person, link: TrackLink) -> None:
    page = learner.get("/leren/").content.decode()
    assert 'href="/gereedschap/x/"' in page
    assert "Kaart van het gebied" in page
    services.progress_link(link.pk, person_id=person.pk, status=Status.BUSY, score=0.999)
    assert "99 %" in learner.get("/leren/").content.decode()
    services.progress_link(link.pk, person_id=person.pk, status=Status.DONE, score=1)
    page = learner.get("/leren/").content.decode()
    assert "label--rond" in page
    assert "99 %" not in page


def test_it_stands_after_the_module_it_was_put_behind(person: Person, track: Track, link: TrackLink) -> None:
    first = services.add_link(track, title="Vooraf", address="/a/", after=0)
    second = services.add_link(track, title="Ook vooraf", address="/b/", after=0)
    lines = queries.tracks_of(person)[0].all_lines
    titles = [line.link.title if isinstance(line, queries.LinkLine) else line.module.title for line in lines]
    assert titles == ["Vooraf", "Ook vooraf", "Proefmodule", "Kaart van het gebied"]
    services.change_link(first.pk, title="Achteraf", summary="", new_window=False, after=1)
    assert list(TrackLink.objects.values_list("title", flat=True)) == ["Ook vooraf", link.title, "Achteraf"]
    assert second.position == 2


def test_titles_with_script_stay_text(learner: Client, track: Track) -> None:
    script = "<script>alert(1)</script>"
    services.add_link(track, title=script, summary=script, address="/a/")
    assert "<script>alert" not in learner.get("/leren/").content.decode()


def test_taken_out_of_the_track_it_is_gone_and_what_was_done_there_stays(
    learner: Client, person: Person, link: TrackLink
) -> None:
    services.progress_link(link.pk, person_id=person.pk, status=Status.DONE, score=1)
    services.withdraw_link(link.pk)
    assert link.title not in learner.get("/leren/").content.decode()
    assert LinkProgress.objects.get().status == Status.DONE


def test_another_organisation_does_not_see_it(client: Client, link: TrackLink) -> None:
    client.force_login(PersonFactory.create(organisation=OrganisationFactory.create()))
    assert link.title not in client.get("/leren/").content.decode()


def test_progress_is_told_once_for_each_change(person: Person, link: TrackLink, heard: list[dict[str, Any]]) -> None:
    for _ in range(2):
        services.progress_link(link.pk, person_id=person.pk, status=Status.BUSY, score=0.5)
    services.progress_link(link.pk, person_id=person.pk, status=Status.DONE, score=0.8)
    told = {"link_id": link.pk, "person_id": person.pk, "organisation_id": person.organisation_id}
    assert heard == [told | {"status": "bezig", "score": 0.5}, told | {"status": "afgerond", "score": 0.8}]


def test_opening_it_is_a_beginning_and_takes_nothing_back(person: Person, link: TrackLink) -> None:
    services.open_link(link.pk, person_id=person.pk)
    assert LinkProgress.objects.get().status == Status.BUSY
    services.progress_link(link.pk, person_id=person.pk, status=Status.DONE, score=1)
    services.open_link(link.pk, person_id=person.pk)
    assert LinkProgress.objects.get().status == Status.DONE


def test_who_takes_part_followed_something_or_opened_something(person: Person, track: Track, link: TrackLink) -> None:
    never = PersonFactory.create(organisation=person.organisation)
    opened = PersonFactory.create(organisation=person.organisation)
    services.open_link(link.pk, person_id=opened.pk)
    assert set(queries.people_in(track.pk)) == {person, opened}
    assert never not in queries.people_in(track.pk)


def test_the_tracks_take_a_fixed_number_of_queries(
    learner: Client, person: Person, track: Track, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        link = services.add_link(track, title=f"Van buiten {number}", address="/a/")
        services.open_link(link.pk, person_id=person.pk)
    with django_assert_max_num_queries(6):
        queries.tracks_of(person)


class OnceDone(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.sampled_from(list(Status)), max_size=6))
    def test_once_done_is_always_done(self, statuses: list[Status]) -> None:
        person = PersonFactory.create(username=f"p-{uuid.uuid4()}")
        track = Track.objects.create(organisation=person.organisation, slug=f"t-{uuid.uuid4()}", title="Proef")
        link = services.add_link(track, title="Van buiten", address="/a/")
        done = False
        for status in statuses:
            services.progress_link(link.pk, person_id=person.pk, status=status)
            done = done or status == Status.DONE
            found = LinkProgress.objects.get(link=link)
            assert (found.status == Status.DONE) == done
            assert (found.completed_at is not None) == done
