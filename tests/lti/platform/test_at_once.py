"""What several requests do at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from lti.platform import scores, services
from lti.platform.models import LineItem, Result
from lti.platform.scores import Verdict

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
