"""What HR reads of a large organisation, beside the same counted anew from evidence."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from unittest.mock import patch

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.measuring.cost import here, interleaved
from bench.measuring.page import asking
from bench.measuring.rows import Row, compared, limited
from bench.seeded.house import House, asked, cookie_of, took, unit
from learning.competences.models import Reached
from learning.competences.queries import growth
from learning.competences.queries.hr import figures
from learning.competences.services.showing import period_of
from learning.competences.services.tables import LEVEL
from learning.people.models import Person
from learning.tracks import queries as tracks
from learning.tracks.content import Edition

# How many people have accepted evidence of each competence, in each team: raw, as an analyst would ask it.
COUNTED = """
SELECT m.team_id, e.competence, COUNT(DISTINCT e.person_id), AVG(e.score)
FROM learning_evidenceitem e
JOIN learning_person p ON p.id = e.person_id
JOIN learning_teammembership m ON m.person_id = e.person_id
WHERE p.organisation_id = %s AND p.is_active AND e.score >= 0.65
GROUP BY m.team_id, e.competence
"""
IN_TEAMS = """
WITH RECURSIVE inside(id) AS (
    SELECT id FROM learning_team WHERE id = %s
    UNION ALL SELECT t.id FROM learning_team t JOIN inside ON t.parent_id = inside.id
)
SELECT m.team_id, e.competence, COUNT(DISTINCT e.person_id), AVG(e.score)
FROM learning_teammembership m
JOIN learning_evidenceitem e ON e.person_id = m.person_id
WHERE m.team_id IN (SELECT id FROM inside) AND e.score >= 0.65
GROUP BY m.team_id, e.competence
"""
PAGE = "/hr/competenties/"


def rows(house: House) -> Iterator[Row]:
    whole, department = page_of(house, PAGE), page_of(house, f"{PAGE}?team={house.department.pk}")
    read = took({
        "whole": whole,
        "department": department,
        "counted": asked(COUNTED, house.organisation.pk),
        "counted in it": asked(IN_TEAMS, house.department.pk),
        "read": reading_department(house),
    })  # fmt: skip
    yield compared(
        "the competences of an organisation, the whole page, beside a GROUP BY of its evidence by team",
        value=read["whole"],
        reference=read["counted"],
        unit=unit(),
        at_most=1 / 50,
    )
    yield limited(
        "processor for the same page, beside that of a department",
        value=interleaved({"whole": here(whole)}, rounds=7, times=5)["whole"] / 1_000,
        reference=interleaved({"department": here(department)}, rounds=7, times=5)["department"] / 1_000,
        unit="ms CPU",
        at_most=60,
    )
    yield limited(
        "the figures of a department of a thousand read, beside a GROUP BY of the evidence in it",
        value=read["read"],
        reference=read["counted in it"],
        unit=unit(),
        at_most=5,
    )
    yield explained()


def reading_department(house: House) -> Callable[[], None]:
    """Its ten competences now, one of them by half-year, and of that one the units in it."""
    organisation, row, period = house.organisation.pk, house.department.pk, period_of(timezone.localdate())

    def read() -> None:
        assert figures.read(organisation, LEVEL, period=period, row=row, competence="C1").now

    return read


def page_of(house: House, path: str) -> Callable[[], bytes]:
    address, _mark, choices = path.partition("?")
    return asking(get_wsgi_application(), address, cookie_of(house.hr), choices)


def explained() -> Row:
    """Of whoever showed most, in a process that met no edition yet."""
    best = Reached.objects.order_by("-level", "pk").select_related("person").first()
    assert best
    person: Person = best.person
    fresh: OrderedDict[str, Edition] = OrderedDict()
    with patch.object(tracks, "_editions", fresh), CaptureQueriesContext(connection) as queries:
        growth.why(person, growth.standing(person), best.competence)
    return limited(
        "queries to explain a level in a fresh process, beside one",
        value=len(queries),
        reference=1,
        unit="queries",
        at_most=4,
    )
