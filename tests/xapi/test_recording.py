"""What an answer costs and leaves when somebody listens for an LRS, and when nobody does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from learning.people.models import Person
from learning.tracks import events
from learning.tracks.models import Enrolment
from tests.forms import answer_form
from tests.learning.test_answers import UNIT, go_through, press
from tests.xapi.rules import conforms
from xapi.delivery import built
from xapi.services import KIND


def payloads() -> list[dict[str, Any]]:
    return [json.loads(job.payload) for job in Job.objects.filter(kind=KIND).order_by("turn")]


def verbs() -> list[list[str]]:
    return [[fact["verb"] for fact in payload["told"]] for payload in payloads()]


def writes(learner: Client, page: str, words: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert press(learner, page, words).status_code == 200
    return [query["sql"] for query in asked]


def test_without_an_lrs_nothing_is_recorded_and_an_answer_asks_nothing_more(learner: Client, settings: Any) -> None:
    off = writes(learner, learner.get(UNIT).text, "Vier, meestal")
    assert not any(KIND in sql for sql in off)
    assert not payloads()


def test_with_an_lrs_an_answer_costs_one_insert_more(learner: Client, person: Person, settings: Any) -> None:
    page = learner.get(UNIT).text
    with transaction.atomic():
        off = writes(learner, page, "Vier, meestal")
        transaction.set_rollback(True)
    settings.XAPI_URL = "https://lrs.example.nl/xapi"
    on = writes(learner, page, "Vier, meestal")
    assert [sql.split()[0] for sql in on if "jobs_job" in sql and KIND in sql] == ["INSERT"]
    assert len(on) == len(off) + 1


def test_a_whole_quiz_is_a_job_an_answer_with_ids_and_facts(learner: Client, person: Person, on: None) -> None:
    go_through(learner, learner.get(UNIT).text)
    assert verbs() == [["answered"], ["answered", "completed", "passed"]]
    first, last = payloads()
    assert (first["person"], first["usage"]) == (person.pk, "proefmodule/quiz-1-1")
    assert first["told"] == [{"verb": "answered", "item": "v1", "attempt": 1, "score": 1.0, "success": True}]
    assert last["told"][1]["verb"] == "completed"
    assert (last["told"][1]["score"], last["told"][1]["attempt"]) == (1.0, 1)
    for statements in built([first, last]):
        for statement in statements:
            conforms(statement)


def test_a_double_click_and_a_refused_answer_tell_nothing(learner: Client, on: None) -> None:
    page = learner.get(UNIT).text
    for _ in range(2):
        press(learner, page, "Vier, meestal")
    action, hidden = answer_form(page)
    assert learner.post(action, {**hidden, "ronde": "x"}, headers={"X-Fragment": "1"}).status_code == 422
    assert verbs() == [["answered"]]


def test_an_answer_that_is_rolled_back_leaves_no_job(
    learner: Client, on: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls_over(sender: object, **news: Any) -> None:
        raise RuntimeError("another receiver")

    page = learner.get(UNIT).text
    events.told.connect(falls_over)
    try:
        with pytest.raises(RuntimeError, match="another receiver"), transaction.atomic():
            press(learner, page, "Vier, meestal")
    finally:
        events.told.disconnect(falls_over)
    assert payloads() == []


def test_a_round_that_fails_is_completed_and_not_passed(learner: Client, on: None) -> None:
    html = learner.get(UNIT).text
    for words in ("Twee, op feestdagen", "Vier, als ze rent"):
        html = press(learner, html, words).text
        action, hidden = answer_form(html)
        html = learner.post(action, hidden, headers={"X-Fragment": "1"}).text
    assert verbs()[-1] == ["answered", "completed"]
    assert payloads()[-1]["told"][-1]["score"] == 0.0


def test_another_room_may_tell_of_somebody_too(person: Person, enrolment: Enrolment, on: None) -> None:
    """As practice does: what a trainer did counts for who learns."""
    with transaction.atomic():
        events.told.send(
            Enrolment, person_id=person.pk, usage="proefmodule/quiz-1-1", happened=[{"verb": "scored", "score": 0.75}],
            once="oordeel-1",
        )  # fmt: skip
    [[statement]] = built(payloads())
    conforms(statement)
    assert statement["verb"]["id"] == "http://adlnet.gov/expapi/verbs/scored"
    assert statement["object"]["definition"]["name"] == {"nl": "Een kleine quiz"}


def test_what_is_told_twice_under_one_name_is_one_statement(person: Person, on: None) -> None:
    ids = set()
    for _ in range(2):
        with transaction.atomic():
            events.told.send(Enrolment, person_id=person.pk, usage="", happened=[{"verb": "reflected"}], once="zelfde")
        [[statement]] = built(payloads())
        ids.add(statement["id"])
    assert len(ids) == 1


def test_who_stands_in_no_edition_any_more_is_told_of_by_address_alone(
    person: Person, enrolment: Enrolment, on: None, learner: Client
) -> None:
    press(learner, learner.get(UNIT).text, "Vier, meestal")
    Enrolment.objects.filter(pk=enrolment.pk).delete()
    [[statement]] = built(payloads())
    conforms(statement)
    assert statement["object"]["id"].endswith("/activities/quiz-1-1/items/v1")
    assert "parent" not in statement["context"]["contextActivities"]


def test_looking_up_who_and_where_takes_two_queries_however_many_there_are(
    learner: Client, on: None, django_assert_num_queries: Any
) -> None:
    go_through(learner, learner.get(UNIT).text)
    built(payloads())
    several = payloads() * 20
    with django_assert_num_queries(2):
        built(several)
