"""The queue of a trainer with 2,000 open hand-ins, beside the same page with 20.

Both stand in four groups of the same case, of which a third is with a colleague, and each has been read along by a
peer. A page shows twenty-five, so what may grow is what the database does to find the longest waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.measuring.cost import MICROSECONDS, here, interleaved
from bench.measuring.page import asking
from bench.measuring.rows import Row, compared, limited
from learning.people.models import GroupMember, Person
from learning.practice.models import Assessment, Part, Round, Stage, State, Work
from tests.factories import OrganisationFactory
from tests.factories.practice import assignment_in, case_of, group_of, trainer_in

POSTGRESQL = True
FEW, MANY = 20, 2_000
GROUPS = 4


def rows() -> list[Row]:
    pages = {size: asked_by(trainer_of(size)) for size in (FEW, MANY)}
    took = interleaved({str(size): here(page) for size, page in pages.items()}, times=10, rounds=11)
    return [
        compared(
            f"the queue of a trainer with {MANY:,} open hand-ins, beside that with {FEW}",
            value=took[str(MANY)],
            reference=took[str(FEW)],
            unit=MICROSECONDS,
            at_most=3,
        ),
        limited(
            f"queries for the queue of a trainer with {MANY:,} open hand-ins, beside that with {FEW}",
            value=queries_for(pages[MANY]),
            reference=queries_for(pages[FEW]),
            unit="queries",
            at_most=10,
        ),
    ]


def trainer_of(size: int) -> Person:
    organisation = OrganisationFactory.create()
    trainer, colleague = trainer_in(organisation, name="Tineke"), trainer_in(organisation, name="Bo")
    version = case_of(organisation)
    for place in range(GROUPS):
        people = Person.objects.bulk_create(
            [Person(organisation=organisation, name=f"Voornaam {place} {n}") for n in range(size // GROUPS)]
        )
        group = group_of(*people, trainer=trainer, name=f"Groep {place}")
        GroupMember.objects.create(group=group, person=colleague, is_trainer=True)
        assignment = assignment_in(group, version, peers=1)
        now = timezone.now()
        works = Work.objects.bulk_create(
            [
                Work(
                    assignment=assignment,
                    person=person,
                    group=group,
                    state=State.HANDED_IN,
                    round=1,
                    due_on=now.date(),
                    assessor=colleague if n % 3 == 0 else None,
                    waiting_since=now - timedelta(minutes=n),
                    made_at=now,
                    changed_at=now,
                )
                for n, person in enumerate(people)
            ]
        )
        kept = Round.objects.bulk_create([Round(work=work, number=1, sealed=b"", handed_in_at=now) for work in works])
        Assessment.objects.bulk_create(
            [
                Assessment(
                    round=each,
                    work=each.work,
                    person=people[n - 1],
                    part=Part.PEER,
                    stage=Stage.GIVEN,
                    asked_at=now,
                    given_at=now,
                )
                for n, each in enumerate(kept)
            ]
        )
    return trainer


def asked_by(trainer: Person) -> Callable[[], bytes]:
    visitor = Client()
    visitor.force_login(trainer)
    cookie = f"{settings.SESSION_COOKIE_NAME}={visitor.session.session_key}"
    ask = asking(get_wsgi_application(), "/begeleiden/", cookie)
    ask()
    return ask


def queries_for(page: Callable[[], bytes]) -> int:
    with CaptureQueriesContext(connection) as asked:
        page()
    return len(asked)
