"""A thousand scores delivered to one LMS by the jobs that carry them, beside a thousand bare POSTs of the same bytes.

A score is all of it: the job leased, the score read as it is at that moment, sent, written down, the job finished. The
LMS is a process of its own on the loopback, so that only our side is counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction

from bench.ags import launched, posting
from bench.measuring.beside import an_lms
from bench.measuring.rows import Row, compared
from jobs import runner
from jobs.models import Job, Status
from learning.people.models import Person
from learning.tracks.models import Enrolment
from lti.tool import scores
from lti.tool.models import Account, Seat

MANY = 1000
ROUNDS = 3
POSTGRESQL = True


def rows() -> list[Row]:
    with an_lms("bench.measuring.lms") as address:
        return [measured(address)]


def measured(address: str) -> Row:
    class_of(launched(address))
    post = posting(address)
    ours, bare = [], []
    for done in range(1, ROUNDS + 1):
        bare.append(taken(lambda: [post() for _ in range(MANY)]))
        record_all(done)
        ours.append(taken(runner.drain))
        assert Job.objects.filter(status=Status.DONE).count() >= MANY
    return compared(
        "1,000 scores delivered to one LMS by their jobs, beside 1,000 bare POSTs",
        value=min(ours) * 1000,
        reference=min(bare) * 1000,
        unit="ms CPU",
        at_most=3,
    )


def class_of(first: Seat) -> None:
    """As many people as scores, at the link and line item of the one who was launched."""
    one, enrolment = first.account, first.enrolment
    people = Person.objects.bulk_create(Person(organisation_id=one.organisation_id) for _ in range(MANY - 1))
    accounts = Account.objects.bulk_create(
        Account(organisation_id=one.organisation_id, issuer=one.issuer, subject=f"person-{n}", person=person)
        for n, person in enumerate(people, 100)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(person=person, module_id=enrolment.module_id, edition_id=enrolment.edition_id) for person in people
    )
    Seat.objects.bulk_create(
        Seat(resource_link_id=first.resource_link_id, account=account, enrolment=each, line_item_id=first.line_item_id)
        for account, each in zip(accounts, enrolments, strict=True)
    )
    Job.objects.all().delete()


def record_all(done: int) -> None:
    """Uncounted: everybody has done one more, and a second has passed."""
    Enrolment.objects.update(done=done)
    Seat.objects.update(last_sent_at=0)
    with transaction.atomic():
        for number in Enrolment.objects.values_list("pk", flat=True):
            scores.report(number)


def taken(operation: Callable[[], object]) -> float:
    """Processor seconds of this thread, as in the other benches."""
    start = time.thread_time()
    operation()
    return time.thread_time() - start
