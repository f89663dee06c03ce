"""Editions beside each other, and the way from one to the next with nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jobs.models import Job
from learning.comparing import Change
from learning.editing.differences import differences
from learning.editing.tasks import move_everyone
from learning.people.models import Person
from learning.runtime.publishing import publish_folder
from learning.tracks import events, moving, queries
from learning.tracks.content import Edition
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition, Status
from tests.factories import PersonFactory, enrolled, module_folder
from tests.learning.test_answers import UNIT, go_through

NEWER = "/uitgaven/proefmodule/"
EDITIONS = "/redactie/uitgaven/proefmodule/"


@pytest.fixture
def newer(edition: ModuleEdition, tmp_path: Path) -> ModuleEdition:
    """One more unit, one activity gone and a word changed."""
    folder = module_folder(tmp_path / "proefmodule", units=3)
    course = folder / "course.xml"
    course.write_text(course.read_text().replace('<quiz url_name="quiz-2-2" src="quiz-2-2.yaml"/>', ""))
    quiz = folder / "quiz-1-1.yaml"
    quiz.write_text(quiz.read_text().replace("Ja, vier.", "Ja, gewoon vier."))
    return publish_folder(folder)


def read(edition: ModuleEdition) -> Edition:
    return queries.edition(edition.pk, edition.content_hash)


def test_the_difference_says_what_is_new_gone_and_otherwise_worded(
    edition: ModuleEdition, newer: ModuleEdition
) -> None:
    one, two, three = differences(read(edition), read(newer))
    assert (one.key, two.key, three.key, three.change) == ("u1", "u2", "u3", Change.ADDED)
    (quiz,) = one.activities
    (text,) = quiz.texts
    assert text.place == "items › v1 › opties › 1 › feedback"
    assert [(piece.text, piece.mark) for piece in text.pieces] == [
        ("Ja, ", ""),
        ("gewoon ", Change.ADDED),
        ("vier.", ""),
    ]
    assert [(activity.key, activity.change) for activity in two.activities] == [("quiz-2-2", Change.REMOVED)]


def test_an_edition_differs_in_nothing_from_itself(edition: ModuleEdition) -> None:
    assert differences(read(edition), read(edition)) == []


def test_back_again_new_is_gone_and_gone_is_new(edition: ModuleEdition, newer: ModuleEdition) -> None:
    back = differences(read(newer), read(edition))
    assert [unit.change for unit in back] == [Change.CHANGED, Change.CHANGED, Change.REMOVED]
    assert back[1].activities[0].change == Change.ADDED


@pytest.fixture
def moved(learner: Client, enrolment: Enrolment, newer: ModuleEdition) -> Enrolment:
    """After one quiz on the old edition, over to the new one."""
    go_through(learner, learner.get(UNIT).text)
    assert learner.post(NEWER).headers["Location"] == "/leren/proefmodule/"
    enrolment.refresh_from_db()
    return enrolment


def test_a_learner_is_told_of_a_newer_edition_and_what_it_changes(
    learner: Client, enrolment: Enrolment, edition: ModuleEdition
) -> None:
    assert NEWER not in learner.get("/leren/proefmodule/").text
    assert learner.get(NEWER).headers["Location"] == "/leren/proefmodule/"


def test_what_is_different_is_shown_before_the_choice(learner: Client, newer: ModuleEdition) -> None:
    assert NEWER in learner.get("/leren/proefmodule/").text
    page = learner.get(NEWER).text
    assert "Deze unit is nieuw." in page
    assert "is er niet meer" in page
    assert "Ja, gewoon vier." not in page  # that would give answers away


def test_until_they_choose_a_learner_stays_where_they_were(
    learner: Client, enrolment: Enrolment, edition: ModuleEdition, newer: ModuleEdition
) -> None:
    learner.get("/leren/proefmodule/")
    enrolment.refresh_from_db()
    assert enrolment.edition_id == edition.pk


def test_who_goes_over_keeps_what_was_done(moved: Enrolment, newer: ModuleEdition, learner: Client) -> None:
    assert (moved.edition_id, moved.done) == (newer.pk, 1)
    assert "Ja, gewoon vier." not in learner.get("/leren/proefmodule/").text
    assert NEWER not in learner.get("/leren/proefmodule/").text
    assert ActivityProgress.objects.get(enrolment=moved).status == Status.DONE


def test_what_is_gone_no_longer_counts_and_stays_in_the_history(
    enrolment: Enrolment, edition: ModuleEdition, newer: ModuleEdition
) -> None:
    for key in ("quiz-2-1", "quiz-2-2"):
        done(enrolment, key)
    moving.move(enrolment.pk, edition_id=newer.pk)
    enrolment.refresh_from_db()
    assert enrolment.done == 1
    assert ActivityProgress.objects.filter(enrolment=enrolment).count() == 2


def test_who_was_done_stays_done(enrolment: Enrolment, edition: ModuleEdition, newer: ModuleEdition) -> None:
    for unit in read(edition).units:
        for activity in unit.required:
            done(enrolment, activity.key)
    moving.move(enrolment.pk, edition_id=newer.pk)
    moving.move(enrolment.pk, edition_id=edition.pk)
    enrolment.refresh_from_db()
    finished = enrolment.completed_at
    assert finished is not None
    moving.move(enrolment.pk, edition_id=newer.pk)
    enrolment.refresh_from_db()
    assert (enrolment.completed_at, enrolment.done) == (finished, 3)


def test_moving_is_told_and_doing_it_twice_tells_it_once(enrolment: Enrolment, newer: ModuleEdition) -> None:
    with heard(events.progress_made) as news:
        moving.move(enrolment.pk, edition_id=newer.pk)
        moving.move(enrolment.pk, edition_id=newer.pk)
    assert [(each["done"], each["required"]) for each in news] == [(0, newer.required)]


def test_a_place_that_is_gone_is_forgotten(enrolment: Enrolment, newer: ModuleEdition) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(place="quiz-2-2")
    moving.move(enrolment.pk, edition_id=newer.pk)
    enrolment.refresh_from_db()
    assert enrolment.place == ""


def test_a_redacteur_takes_everybody_along_of_their_own_organisation(
    editor: Client, person: Person, enrolment: Enrolment, newer: ModuleEdition, edition: ModuleEdition
) -> None:
    elsewhere = enrolled(PersonFactory.create(), newer)
    Enrolment.objects.filter(pk=elsewhere.pk).update(edition=edition)
    colleague = enrolled(PersonFactory.create(organisation=person.organisation), newer)
    Enrolment.objects.filter(pk=colleague.pk).update(edition=edition)
    assert "2 mensen volgen een oudere uitgave." in editor.get(EDITIONS).text

    assert editor.post(f"{EDITIONS}iedereen/").headers["Location"] == EDITIONS
    job = Job.objects.get(kind=moving.KIND)
    for _ in range(2):
        move_everyone(json.loads(job.payload))
    following = dict(Enrolment.objects.values_list("pk", "edition"))
    assert following == {enrolment.pk: newer.pk, colleague.pk: newer.pk, elsewhere.pk: edition.pk}
    assert "volgen een oudere" not in editor.get(EDITIONS).text


def test_nobody_goes_back_from_an_edition_that_came_out_while_everybody_moved(
    person: Person, edition: ModuleEdition, newer: ModuleEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = enrolled(person, newer)
    monkeypatch.setattr(moving, "newest_of", lambda module: edition)  # as it was when the job began
    move_everyone({"organisation": person.organisation_id, "module": "proefmodule"})
    mine.refresh_from_db()
    assert mine.edition == newer


def test_two_editions_are_compared_word_by_word(
    editor: Client, enrolment: Enrolment, edition: ModuleEdition, newer: ModuleEdition
) -> None:
    page = editor.get(EDITIONS, {"oud": edition.content_hash, "nieuw": newer.content_hash}).text
    assert "<ins>gewoon </ins>" in page
    assert editor.get(EDITIONS, {"oud": "onzin"}).status_code == 200


def test_the_page_of_editions_costs_as_much_with_many_people(
    editor: Client, person: Person, edition: ModuleEdition, django_assert_num_queries: Any, newer: ModuleEdition
) -> None:
    editor.get(EDITIONS)
    with django_assert_num_queries(6):
        editor.get(EDITIONS)
    for _ in range(4):
        enrolled(PersonFactory.create(organisation=person.organisation), newer)
    with django_assert_num_queries(6):
        editor.get(EDITIONS)


def test_editions_of_what_ones_own_organisation_doesnt_follow_arent_there(editor: Client, newer: ModuleEdition) -> None:
    enrolled(PersonFactory.create(), newer)
    assert editor.get(EDITIONS).status_code == 404
    assert editor.post(f"{EDITIONS}iedereen/").status_code == 404


def test_a_module_nobody_published_has_no_editions(editor: Client) -> None:
    assert editor.get("/redactie/uitgaven/bestaat-niet/").status_code == 404
    assert editor.post("/redactie/uitgaven/bestaat-niet/iedereen/").status_code == 404


def done(enrolment: Enrolment, activity: str) -> None:

    ActivityProgress.objects.create(
        enrolment=enrolment, activity=activity, status=Status.DONE, completed_at=timezone.now()
    )


@contextmanager
def heard(signal: Any) -> Iterator[list[dict[str, Any]]]:
    news: list[dict[str, Any]] = []

    def hear(sender: object, signal: object, **said: Any) -> None:
        news.append(said)

    signal.connect(hear)
    try:
        yield news
    finally:
        signal.disconnect(hear)
