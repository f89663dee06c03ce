"""A learner's answer: state, attempt, progress and job in one transaction, beside one bare upsert as durable.

On SQLite the upsert is a tenth of our instructions (callgrind: 0.19 against 2.05 million) and far more of our time, for
both end in the same commit. So the ratio rises where writing is quick: of one code it was 3.2 to 4.7.
"""

from __future__ import annotations

import itertools
import json
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from unittest.mock import patch

from django.db import connection, transaction
from django.utils import timezone
from webob import Request

from bench.measuring.cost import MICROSECONDS, Case, here, interleaved
from bench.measuring.learners import Learners, bare_connection, upsert_statement
from bench.measuring.rows import Row, compared, limited
from config.sqlite.base import FairLock
from jobs.services import record
from learning.competences.services.evidence import make_stale
from learning.runtime import services, storage

POSTGRESQL = True
QUIZ = "quiz-debat-of-dialoog"
# What a quiz remembers half-way.
REMEMBERED = {"answers": {f"v{n}": n % 3 for n in range(8)}, "open_item": "v8", "status": "bezig", "round_number": 1}
THREADS = 32
ANSWERS_A_THREAD = 15


def rows() -> list[Row]:
    learners = Learners(400)
    took = interleaved(
        {
            "kept": here(persisting(learners)),
            "upsert": here(upserting(learners)),
            "answer": here(answering(learners)),
            "figures": marking(learners),
        }
    )
    rows = [
        compared(
            "a learner's answer kept, beside one bare upsert",
            value=took["kept"],
            reference=took["upsert"],
            unit=MICROSECONDS,
            at_most=4,
        ),
        compared(
            "the whole answer to a quiz, from form to page",
            value=took["answer"],
            reference=took["upsert"],
            unit=MICROSECONDS,
        ),
        compared(
            "what an answer costs the figures, of a learner who is the first in a while, beside the whole answer",
            value=took["figures"],
            reference=took["answer"],
            unit=MICROSECONDS,
            at_most=0.15,
        ),
    ]
    if connection.vendor == "sqlite":
        rows.append(worst_wait(persisting(learners)))
    return rows


def persisting(learners: Learners) -> Callable[[], None]:
    """Everything an answer that completes an attempt reads and writes, for one learner after another."""
    people, numbers = itertools.cycle(learners.people), itertools.count(1)
    usage = f"{learners.edition.module}/{QUIZ}"

    def persist() -> None:
        person, number, now = next(people), next(numbers), timezone.now()
        with transaction.atomic():
            state, standing = storage.hold(person.pk, usage, now)
            assert standing
            state.data.update(REMEMBERED, attempts=number)
            state.changed = True
            attempt = {"number": number, "answers": REMEMBERED["answers"], "score": number % 7 / 7}
            progress = storage.Progress("bezig", number % 7 / 7, None)
            storage.keep(state, standing, progress=progress, attempts=[attempt], more_done=0, now=now)
            record("cohort.count", f"bench|{person.pk}", {"usage": usage, "number": number})

    return persist


def marking(learners: Learners) -> Case:
    """That somebody's level is stale, in a transaction that is there already, as that of an answer is. The dearest way:
    nobody waited yet, so a job is asked for too."""
    people = itertools.cycle(learners.people)

    def case(times: int) -> float:
        with transaction.atomic():
            start = time.thread_time()
            for person in itertools.islice(people, times):
                make_stale(person.pk)
            took = time.thread_time() - start
            transaction.set_rollback(True)
        return took

    return case


def upserting(learners: Learners) -> Callable[[], None]:
    """The floor: the same state written by the driver alone, in a transaction too."""
    people, numbers = itertools.cycle(learners.people), itertools.count(1)
    bare, statement = bare_connection(), upsert_statement()

    def upsert() -> None:
        person, number, now = next(people), next(numbers), timezone.now()
        data = json.dumps({**REMEMBERED, "attempts": number})
        moment = now if connection.vendor == "postgresql" else now.replace(tzinfo=None).isoformat(" ")
        bare.execute(statement, [person.pk, "bench/bare", data, moment])
        bare.commit()

    return upsert


def answering(learners: Learners) -> Callable[[], None]:
    """Learners work through the quiz, form after form, as `activity.js` sends them."""
    module = learners.edition.module
    _, quiz = learners.edition.by_key[QUIZ]
    forms = (
        (person, handler, {"ronde": "1", "item": item["id"], "antwoord": "1"})
        for person in learners.people
        for item in quiz.fields["authored"]["items"]
        for handler in ("answer", "proceed")
    )

    def answer() -> None:
        person, handler, form = next(forms)
        request = Request.blank("/", POST=form)
        answered = services.answer(person, usage=f"{module}/{QUIZ}", handler=handler, request=request)
        assert answered.response.status_int == HTTPStatus.OK

    return answer


def worst_wait(answer: Callable[[], None]) -> Row:
    """The longest that one of many threads waits for its answer, the median of some rounds."""
    fair, unfair = [], []
    for _ in range(7):
        fair.append(_crowd(answer))
        with patch.multiple(FairLock, acquire=lambda self: None, release=lambda self: None):
            unfair.append(_crowd(answer))
    return limited(
        f"the longest wait of {THREADS} threads that answer at once, beside SQLite's busy handler alone",
        value=statistics.median(fair),
        reference=statistics.median(unfair),
        unit="ms",
        at_most=100,
    )


def _crowd(answer: Callable[[], None]) -> float:
    """Milliseconds."""
    ready = threading.Barrier(THREADS)

    def work() -> float:
        connection.ensure_connection()
        ready.wait()
        worst = 0.0
        for _ in range(ANSWERS_A_THREAD):
            start = time.perf_counter()
            answer()
            worst = max(worst, time.perf_counter() - start)
        connection.close()
        return worst

    with ThreadPoolExecutor(THREADS) as threads:
        return max(future.result() for future in [threads.submit(work) for _ in range(THREADS)]) * 1000
