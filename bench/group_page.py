"""The page of a group of 500 people for its trainer, beside the same page of a group of 20.

Both groups are made by hand and everybody in them follows the same three modules, each some way on. A page of 500 shows
fifty people, so what may grow is what fifty lines take beside twenty.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.measuring.cost import MICROSECONDS, here, interleaved
from bench.measuring.page import asking
from bench.measuring.rows import Row, compared, limited
from learning.people import groups
from learning.people.models import Group, Person, Role
from learning.people.services import set_roles_from
from learning.tracks.models import Enrolment, ModuleEdition
from tests.factories import PersonFactory, published

POSTGRESQL = True
SMALL, LARGE = 20, 500


def rows() -> list[Row]:
    trainer = PersonFactory.create(name="Tineke")
    set_roles_from(trainer, organisation=trainer.organisation, source="local", roles=[Role.TRAINER])
    editions = [published(Path(settings.DATA_DIR) / f"module-{n}", key=f"module-{n}") for n in range(3)]
    pages = {size: asked_by(trainer, group_of(trainer, size, editions)) for size in (SMALL, LARGE)}
    took = interleaved({str(size): here(page) for size, page in pages.items()}, times=10, rounds=11)
    return [
        compared(
            f"the page of a group of {LARGE} people, beside that of {SMALL}",
            value=took[str(LARGE)],
            reference=took[str(SMALL)],
            unit=MICROSECONDS,
            at_most=3,
        ),
        limited(
            f"queries for the page of a group of {LARGE} people, beside that of {SMALL}",
            value=queries_for(pages[LARGE]),
            reference=queries_for(pages[SMALL]),
            unit="queries",
            at_most=10,
        ),
    ]


def group_of(trainer: Person, size: int, editions: list[ModuleEdition]) -> Group:
    people = Person.objects.bulk_create(
        [Person(organisation=trainer.organisation, name=f"Voornaam Achternaam {n}") for n in range(size)]
    )
    group = groups.make_group(trainer, name=f"Groep van {size}", ends_on=None)
    groups.add_people(group, people)
    Enrolment.objects.bulk_create(
        [
            Enrolment(person=person, module=edition.module, edition=edition, done=n % 3)
            for n, person in enumerate(people)
            for edition in editions
        ]
    )
    return group


def asked_by(trainer: Person, group: Group) -> Callable[[], bytes]:
    visitor = Client()
    visitor.force_login(trainer)
    cookie = f"{settings.SESSION_COOKIE_NAME}={visitor.session.session_key}"
    ask = asking(get_wsgi_application(), f"/groepen/{group.pk}/", cookie)
    ask()
    return ask


def queries_for(page: Callable[[], bytes]) -> int:
    with CaptureQueriesContext(connection) as asked:
        page()
    return len(asked)
