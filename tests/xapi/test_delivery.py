"""From the table of jobs to a learning record store, over http, with all that can go wrong in between."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jobs import queries, runner, services
from jobs.models import Job, Status
from learning.people.models import Person
from learning.tracks import events
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory
from tests.jobs.conftest import Clock
from tests.xapi.lrs import Store, verb_of
from xapi import lrs as client
from xapi.delivery import TOGETHER
from xapi.services import KIND

USAGE = "proefmodule/quiz-1-1"


def tell(person: Person, *verbs: str, **more: Any) -> None:
    happened = [{"verb": verb, "attempt": 1} for verb in verbs]
    with transaction.atomic():
        events.told.send(Enrolment, person_id=person.pk, usage=USAGE, happened=happened, once="", **more)


def statuses() -> dict[str, int]:
    return {tally.status: tally.count for tally in queries.tallies() if tally.kind == KIND}


def reasons() -> set[str]:
    return set(Job.objects.filter(kind=KIND).values_list("last_reason", flat=True))


def test_what_happened_arrives_in_its_order_with_the_headers_xapi_asks(lrs: Store, enrolment: Enrolment) -> None:
    tell(enrolment.person, "answered", "completed", "passed")
    runner.drain()
    assert lrs.verbs == ["answered", "completed", "passed"]
    assert sorted(lrs.statements, key=lambda each: each["timestamp"]) == lrs.statements
    [headers] = lrs.headers
    assert headers["X-Experience-API-Version"] == "1.0.3"
    assert headers["Authorization"].startswith("Basic ")
    assert statuses() == {"done": 1}


def test_what_waits_goes_along_in_one_request_the_oldest_first(lrs: Store, enrolment: Enrolment, clock: Clock) -> None:
    for verb in ("initialized", "progressed", "answered", "completed"):
        tell(enrolment.person, verb)
        clock.forward(1)
    runner.drain()
    assert lrs.verbs == ["initialized", "progressed", "answered", "completed"]
    assert (len(lrs.requests), statuses()) == (1, {"done": 4})


def test_a_night_s_worth_goes_in_requests_that_are_not_too_large(lrs: Store, enrolment: Enrolment) -> None:
    for _ in range(2 * TOGETHER + 3):
        tell(enrolment.person, "answered")
    runner.drain()
    assert len(lrs.statements) == len(set(lrs.ids)) == 2 * TOGETHER + 3
    assert max(map(len, lrs.requests)) == TOGETHER + 1
    assert len(lrs.requests) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408, 401, 403, 404, 301])
def test_what_fails_is_sent_again_as_the_same_statement(
    lrs: Store, enrolment: Enrolment, clock: Clock, chance: None, status: int
) -> None:
    lrs.answers = [(status, {"Location": "http://127.0.0.1:9/elders"})]
    tell(enrolment.person, "answered")
    runner.drain()
    assert (lrs.statements, statuses()) == ([], {"waiting": 1})
    assert any(str(status) in reason for reason in reasons())
    clock.forward(3)
    runner.drain()
    first, second = lrs.requests
    assert first == second == lrs.ids
    assert statuses() == {"done": 1}


def test_retry_after_is_honoured_and_whoever_waits_beside_it_waits_too(
    lrs: Store, enrolment: Enrolment, clock: Clock, chance: None
) -> None:
    lrs.answers = [(503, {"Retry-After": "120"})]
    tell(enrolment.person, "initialized")
    tell(enrolment.person, "answered")
    runner.drain()
    clock.forward(100)
    tell(enrolment.person, "completed")
    runner.drain()
    assert len(lrs.requests) == 1
    # The rest is over, and after it a spread.
    clock.forward(20 + 60)
    runner.drain()
    assert lrs.verbs == ["initialized", "answered", "completed"]
    assert len(lrs.requests) == 2


def test_while_it_has_a_rest_all_that_wait_are_put_off_at_once(
    lrs: Store, enrolment: Enrolment, clock: Clock, chance: None
) -> None:
    lrs.answers = [(503, {"Retry-After": "600"})]
    for _ in range(40):
        tell(enrolment.person, "answered")
    # The one that failed, the one that met the rest, and nobody after that.
    assert runner.drain() <= 3
    assert Job.objects.filter(kind=KIND, due__lte=clock.now() + timedelta(seconds=590)).count() == 0


def test_an_lrs_that_is_away_loses_nothing(on: None, enrolment: Enrolment, clock: Clock, chance: None) -> None:
    tell(enrolment.person, "answered")
    runner.drain()
    assert statuses() == {"waiting": 1}
    assert reasons() == {"connection failed (ConnectError)"}


def test_one_that_never_answers_is_left_after_some_seconds(
    lrs: Store, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.2)
    client._client.cache_clear()
    lrs.late = 1.0
    tell(enrolment.person, "answered")
    runner.drain()
    client._client.cache_clear()
    assert reasons() == {"no answer in time"}


def test_who_dies_between_sending_and_writing_that_down_sends_the_same_again(lrs: Store, enrolment: Enrolment) -> None:
    from xapi.delivery import send  # noqa: PLC0415 what the runner calls

    tell(enrolment.person, "answered", "completed")
    tell(enrolment.person, "progressed")
    leased = runner.lease_next()
    assert leased
    send(json.loads(leased.payload))
    runner.release_all()
    runner.drain()
    assert len(lrs.requests) == 2
    assert sorted(lrs.requests[0]) == sorted(lrs.requests[1])
    assert len(lrs.ids) == len(set(lrs.ids)) == 3
    assert statuses() == {"done": 2}


@pytest.mark.parametrize("others", [0, 3])
def test_a_conflict_means_it_is_there_already(lrs: Store, enrolment: Enrolment, others: int) -> None:
    lrs.conflicts = True
    for _ in range(others + 1):
        tell(enrolment.person, "answered")
    runner.drain()
    Job.objects.filter(kind=KIND).update(status=Status.WAITING, due=timezone.now())
    runner.drain()
    assert statuses() == {"done": others + 1}
    assert len(lrs.ids) == others + 1


def test_one_that_an_lrs_refuses_holds_up_no_others(lrs: Store, enrolment: Enrolment) -> None:
    lrs.bad = {"placed"}
    for verb in ("answered", "placed", "completed"):
        tell(enrolment.person, verb)
    runner.drain()
    assert sorted(lrs.verbs) == ["answered", "completed"]
    assert statuses() == {"done": 2, "failed": 1}
    assert "the LRS answered 400" in reasons()


def test_a_failed_one_can_be_tried_again_by_an_operator(lrs: Store, enrolment: Enrolment) -> None:
    lrs.bad = {"placed"}
    tell(enrolment.person, "placed")
    runner.drain()
    lrs.bad = set()
    assert services.retry(kind=KIND) == 1
    runner.drain()
    assert lrs.verbs == ["placed"]


def test_of_who_was_erased_nothing_is_sent(lrs: Store, enrolment: Enrolment) -> None:
    gone = PersonFactory.create()
    tell(gone, "answered")
    tell(enrolment.person, "completed")
    tell(gone, "passed")
    gone.delete()
    runner.drain()
    assert (lrs.verbs, statuses()) == (["completed"], {"done": 3})


def test_when_it_is_switched_off_what_waits_is_dropped(lrs: Store, enrolment: Enrolment, settings: Any) -> None:
    tell(enrolment.person, "answered")
    settings.XAPI_URL = ""
    runner.drain()
    assert (lrs.requests, statuses()) == ([], {"done": 1})


def test_no_two_people_are_one_account_and_one_person_is_one(lrs: Store, enrolment: Enrolment) -> None:
    other = PersonFactory.create()
    for person in (enrolment.person, other, enrolment.person):
        tell(person, "answered")
    runner.drain()
    first, second, third = (statement["actor"]["account"]["name"] for statement in lrs.statements)
    assert first == third != second
    assert {verb_of(statement) for statement in lrs.statements} == {"answered"}
