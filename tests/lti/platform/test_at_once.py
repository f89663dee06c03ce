"""What several requests do at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from lti.platform import deeplinks, registration, scores, services
from lti.platform.models import Choice, LineItem, Placement, Result, Tool
from lti.platform.scores import Verdict
from tests.lti.platform.conftest import TARGET
from tests.lti.platform.test_registration import metadata

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each returned or raised, each in a thread and a connection of its own."""

    def alone(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(alone, work))


def test_what_may_be_used_once_is_used_once() -> None:
    until = timezone.now() + timedelta(minutes=1)
    found = at_once([lambda: services.spend("hint", until=until)] * 8)
    assert found.count(None) == 1
    assert sum(isinstance(each, services.AlreadySpent) for each in found) == 7


def test_first_scores_of_one_person_at_once_leave_the_newest(item: LineItem, learner: Any) -> None:
    now = timezone.now().astimezone(UTC).replace(microsecond=0)
    sent = [
        scores.Score(
            str(learner.pseudonym), number / 8, 1.0, "InProgress", "Pending", now - timedelta(seconds=8 - number)
        )
        for number in range(8)
    ]
    found = at_once([partial(services.receive_score, item, score) for score in sent])
    assert set(found) <= {Verdict.REPLACE, Verdict.STALE}
    assert Result.objects.get().score == 7 / 8


def test_a_final_score_survives_progress_that_arrives_at_once(item: LineItem, learner: Any) -> None:
    now = timezone.now().astimezone(UTC).replace(microsecond=0)
    final = scores.Score(str(learner.pseudonym), 1.0, 1.0, "Completed", scores.FINAL, now - timedelta(seconds=20))
    services.receive_score(item, final)
    progress = [
        scores.Score(str(learner.pseudonym), 0.5, 1.0, "InProgress", "Pending", now - timedelta(seconds=number))
        for number in range(8)
    ]
    found = at_once([partial(services.receive_score, item, score) for score in progress])
    assert set(found) == {Verdict.KEEP}
    assert (Result.objects.get().score, Result.objects.get().is_final) == (1.0, True)


def test_of_registrations_with_one_token_at_once_one_is_kept(
    organisation: Any, make_person: Callable[..., Any]
) -> None:
    _invitation, address = registration.invite(make_person("jorrit"), "https://tool.example/register")
    token = parse_qs(urlsplit(address).query)["registration_token"][0]
    found = at_once([lambda: registration.register(f"Bearer {token}", metadata)] * 6)
    assert sum(isinstance(each, dict) for each in found) == 1
    assert sum(isinstance(each, registration.Refused) and each.status == 401 for each in found) == 5
    assert Tool.objects.count() == 1


def test_a_choice_that_is_placed_twice_at_once_is_placed_once(
    organisation: Any, make_person: Callable[..., Any], tool: Tool, course: Any
) -> None:
    item = {"title": "Kaart", "target_link_uri": TARGET, "opens_at": None, "closes_at": None}
    choice = Choice.objects.create(
        person=make_person("jorrit"), course=course, tool=tool, items=[item | {"starts_at": None, "ends_at": None}]
    )
    found = at_once([lambda: deeplinks.place(choice, chosen={0: "Kaart"})] * 4)
    assert sorted(len(placed) for placed in found) == [0, 0, 0, 1]
    assert Placement.objects.count() == 1


def test_places_added_at_once_each_have_a_position(tool: Tool, course: Any) -> None:
    items = [services.Item("Kaart", TARGET)]
    at_once([lambda: services.add_items(course, tool, items)] * 5)
    assert sorted(Placement.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
