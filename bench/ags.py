"""A score to an LMS, with connection and token kept, beside a bare POST of the same bytes on a kept connection.

The LMS is a process of its own on the loopback, so that only our side is counted.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import httpx
from django.conf import settings
from django.test import Client

from bench.measuring.beside import an_lms
from bench.measuring.cost import MICROSECONDS, Case, interleaved
from bench.measuring.rows import Row, compared
from learning.runtime.publishing import publish_folder
from learning.tracks.models import Enrolment
from lti import claims as words
from lti.tool import scores
from lti.tool.models import Seat
from tests.factories import OrganisationFactory
from tests.journeys.three_units import three_units
from tests.lti.hostile import connected

POSTGRESQL = True


def rows() -> list[Row]:
    with an_lms("bench.measuring.lms") as address:
        return [measured(address)]


def measured(address: str) -> Row:
    seat = launched(address)

    def score() -> None:
        then = scores.deliver(seat.pk)
        assert then
        then()

    took = interleaved({"score": after_progress(score), "bare": after_progress(posting(address))})
    return compared(
        "a score to an LMS, connection and token kept, beside a bare POST",
        value=took["score"],
        reference=took["bare"],
        unit=MICROSECONDS,
        at_most=3,
    )


def launched(address: str) -> Seat:
    """Somebody came in by a link that has a line item at this LMS."""
    publish_folder(three_units(Path(settings.DATA_DIR) / "drie-units"))
    lms = connected(OrganisationFactory.create(), issuer=address)
    endpoint = {"lineitem": f"{address}/line", "scope": [words.AGS_SCORE_SCOPE]}
    claims = lms.claims(**{words.CUSTOM: {"module": "dialoogprincipes"}, words.AGS_ENDPOINT: endpoint})
    answer = lms.launch(Client(headers={"host": "localhost"}), claims)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    return Seat.objects.get()


def after_progress(operation: Callable[[], object]) -> Case:
    """Before each, uncounted: somebody has done one more or one less, and a second has passed."""
    done = itertools.cycle((1, 2))

    def case(times: int) -> float:
        took = 0.0
        for _ in range(times):
            Enrolment.objects.update(done=next(done))
            Seat.objects.update(last_sent_at=0)
            start = time.thread_time()
            operation()
            took += time.thread_time() - start
        return took

    return case


def posting(address: str) -> Callable[[], object]:
    body = json.dumps(scores.message("person-7", scores.Score(0.25, False), int(time.time()))).encode()
    headers = {"Authorization": "Bearer token", "Content-Type": words.AGS_SCORE_TYPE}
    client = httpx.Client(headers=headers, trust_env=False)
    return lambda: client.post(f"{address}/line/scores", content=body).raise_for_status()
