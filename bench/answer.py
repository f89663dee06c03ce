"""A learner's answer: state, attempt, progress and job in one transaction, beside one bare upsert as durable."""

from __future__ import annotations

import itertools
import json
import statistics
import threading
import time
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from bench.measuring.cost import MICROSECONDS, here, interleaved
from bench.measuring.learners import Learners, bare_connection, upsert_statement
from bench.measuring.rows import Row, compared, limited
from jobs.services import record
from learning.runtime import storage

POSTGRESQL = True
QUIZ = "quiz-debat-of-dialoog"
# What a quiz remembers half-way.
REMEMBERED = {"answers": {f"v{n}": n % 3 for n in range(8)}, "open_item": "v8", "status": "bezig", "round_number": 1}


def rows() -> list[Row]:
    learners = Learners(400)
    took = interleaved({"answer": here(persisting(learners)), "upsert": here(upserting(learners))})
    rows = [
        compared(
            "a learner's answer kept, beside one bare upsert",
            value=took["answer"],
            reference=took["upsert"],
            unit=MICROSECONDS,
            at_most=4,
        )
    ]
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


def upserting(learners: Learners) -> Callable[[], None]:
    """The floor: the same state written by the driver alone."""
    people, numbers = itertools.cycle(learners.people), itertools.count(1)
    bare, statement = bare_connection(), upsert_statement()

    def upsert() -> None:
        person, number, now = next(people), next(numbers), timezone.now()
        data = json.dumps({**REMEMBERED, "attempts": number})
        moment = now if connection.vendor == "postgresql" else now.replace(tzinfo=None).isoformat(" ")
        bare.execute(statement, [person.pk, "bench/bare", data, moment])

    return upsert
