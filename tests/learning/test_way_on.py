"""What comes next is always on the page: before a unit is done, when it is, and when everything is."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from learning.people.models import Person
from learning.tracks.models import ActivityProgress, Enrolment, Status
from learning.tracks.services import visit
from tests.factories import PersonFactory, enrolled, published


def finish(enrolment: Enrolment, *activities: str) -> None:
    for activity in activities:
        ActivityProgress.objects.create(
            enrolment=enrolment, activity=activity, status=Status.DONE, completed_at=timezone.now()
        )


def onward(client: Client, unit: str) -> str:
    """The way on under a unit."""
    html = client.get(f"/leren/proefmodule/{unit}/").text
    found = re.search(r"<span data-onward.*?</nav>", html, re.S)
    assert found
    return found[0]


def test_the_next_unit_is_offered_quietly_until_this_one_is_done(learner: Client, enrolment: Enrolment) -> None:
    assert "Naar 1.2 Unit 2" in onward(learner, "u1")
    assert "knop--verder" not in onward(learner, "u1")
    finish(enrolment, "quiz-1-1", "quiz-1-2")
    assert "Naar 1.2 Unit 2" in onward(learner, "u1")
    assert "knop--verder" in onward(learner, "u1")


def test_a_unit_that_was_left_behind_comes_before_the_document(learner: Client, enrolment: Enrolment) -> None:
    finish(enrolment, "quiz-2-1", "quiz-2-2")
    assert "Naar 1.1 Unit 1" in onward(learner, "u2")


def test_after_the_last_unit_comes_the_document_and_not_before(learner: Client, enrolment: Enrolment) -> None:
    finish(enrolment, "quiz-1-1", "quiz-1-2", "quiz-2-1")
    assert re.search(r"data-onward hidden>.*Naar je bewijs", onward(learner, "u2"), re.S)
    finish(enrolment, "quiz-2-2")
    assert re.search(r"data-onward>.*knop--verder.*Naar je bewijs", onward(learner, "u2"), re.S)


def test_a_module_is_done_even_when_something_that_may_be_skipped_was_opened_last(
    client: Client, person: Person, tmp_path: Path
) -> None:
    spare = '<quiz url_name="erbij" src="quiz-1-1.yaml" verplicht="false"/>'
    enrolment = enrolled(person, published(tmp_path / "erbij", units=1, quizzes=1, extra=spare))
    client.force_login(person)
    finish(enrolment, "quiz-1-1")
    visit(enrolment.pk, place="erbij")
    page = client.get("/leren/proefmodule/").text
    assert "Deze module is rond" in page
    assert "Nog niet rond" not in page


def test_a_unit_begins_at_its_title(learner: Client) -> None:
    assert re.search(r'knop--verder" href="/leren/proefmodule/u1/">', learner.get("/leren/proefmodule/").text)


def test_the_tracks_point_to_one_module_to_go_on_with(learner: Client, enrolment: Enrolment) -> None:
    page = learner.get("/leren/").text
    assert page.count("knop--verder") == 1
    assert "Ga verder" in page


def test_before_beginning_one_sees_the_way_and_can_go_back(
    client: Client, person: Person, enrolment: Enrolment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(PersonFactory.create(organisation=person.organisation))
    page = client.get("/leren/proefmodule/").text
    for words in ("Om te proberen.", "Unit 1", "Unit 2", "10 minuten", 'href="/leren/"'):
        assert words in page
    with django_assert_num_queries(6):
        client.get("/leren/proefmodule/")


def test_a_unit_says_what_counts(learner: Client) -> None:
    page = learner.get("/leren/proefmodule/u1/").text
    assert "0 van 2 onderdelen gedaan" in page
    assert re.search(r"Voor je bewijs telt:.*#quiz-1-1.*#quiz-1-2", page, re.S)
