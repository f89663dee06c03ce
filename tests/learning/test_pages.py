"""Who gets which page, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from learning.people.models import Person
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory, enrolled, published

PAGES = ["/leren/", "/leren/proefmodule/", "/leren/proefmodule/u1/", "/journaal/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_there_for_its_learner(learner: Client, page: str) -> None:
    assert learner.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_signing_in(client: Client, enrolment: Enrolment, page: str) -> None:
    response = client.get(page)
    assert (response.status_code, response.headers["Location"]) == (302, f"/inloggen/?next={page}")


@pytest.mark.parametrize("page", PAGES[1:3])
def test_somebody_of_another_organisation_finds_no_module_here(client: Client, enrolment: Enrolment, page: str) -> None:
    client.force_login(PersonFactory.create())
    assert client.get(page).status_code == 404


def test_a_suspended_person_is_signed_out(learner: Client, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert learner.get("/leren/").status_code == 302


@pytest.mark.parametrize("quizzes", [1, 10])
def test_a_unit_page_takes_as_many_queries_with_one_activity_as_with_ten(
    client: Client, person: Person, tmp_path: Path, quizzes: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, enrolment, progress, states: five of the eight it may take."""
    enrolled(person, published(tmp_path / "veel", quizzes=quizzes))
    client.force_login(person)
    client.get("/leren/proefmodule/u1/")
    with django_assert_num_queries(5):
        client.get("/leren/proefmodule/u1/")


def test_a_module_page_takes_four_queries_and_one_for_each_room_that_adds_something(
    learner: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """What an LMS hears, and whether there is a newer edition."""
    learner.get("/leren/proefmodule/")
    with django_assert_num_queries(6):
        learner.get("/leren/proefmodule/")


def test_the_page_of_tracks_takes_eight_queries(
    learner: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learner.get("/leren/")
    with django_assert_num_queries(8):
        learner.get("/leren/")


@pytest.mark.parametrize(
    ("page", "words"),
    [("/leren/proefmodule/x/", 404), ("/leren/niets/", 404), ("/leren/proefmodule/u1/quiz-1-1/", 404)],
)
def test_what_is_not_there_is_not_found(learner: Client, page: str, words: int) -> None:
    assert learner.get(page).status_code == words


def test_beginning_enrols_once(client: Client, person: Person, enrolment: Enrolment) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    client.force_login(other)
    assert "Begin met deze module" in client.get("/leren/proefmodule/").text
    for _ in range(2):
        assert client.post("/leren/proefmodule/begin/").status_code == 302
    assert Enrolment.objects.filter(person=other).count() == 1


def test_a_learner_stays_on_the_edition_they_started(
    learner: Client, person: Person, enrolment: Enrolment, tmp_path: Path
) -> None:
    newer = published(tmp_path / "nieuwer", units=3)
    assert newer.pk != enrolment.edition_id
    assert "Unit 3" not in learner.get("/leren/proefmodule/").text
    client = Client()
    other = PersonFactory.create(organisation=person.organisation)
    client.force_login(other)
    client.post("/leren/proefmodule/begin/")
    assert "Unit 3" in client.get("/leren/proefmodule/").text


def test_the_session_cookie_lives_in_a_frame_and_only_there(learner: Client, settings: Any) -> None:
    response = Client().post("/inloggen/", {"username": "x", "password": "y"})
    assert response.status_code == 200
    signed_in = Client()
    person = PersonFactory.create(username="deelnemer")
    person.set_password("een lang wachtwoord")
    person.save()
    response = signed_in.post("/inloggen/", {"username": "deelnemer", "password": "een lang wachtwoord"})
    cookie = response.cookies[settings.SESSION_COOKIE_NAME].OutputString()
    assert all(word in cookie for word in ("Partitioned", "Secure", "SameSite=None", "HttpOnly"))


def test_sign_in_is_closed_outside_the_demo(client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert client.get("/inloggen/").status_code == 404


@pytest.mark.parametrize(("language", "told"), [("nl", False), ("en", True)])
def test_who_reads_another_language_is_told_that_the_content_is_dutch(
    learner: Client, language: str, told: bool
) -> None:
    page = learner.get("/leren/proefmodule/", headers={"Accept-Language": language}).text
    assert ("are in Dutch" in page) is told
