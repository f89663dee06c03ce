"""The register of certificates as a file: all people of a large organisation."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.utils import timezone

from bench.measuring.page import asking, in_pieces
from bench.measuring.rows import Row, compared, limited
from bench.seeded.alone import alone
from bench.seeded.house import House, cookie_of, unit
from learning.competences.models import TrackForTeam
from learning.competences.services import hr
from learning.people.models import Person, Team
from learning.tracks.models import Track

ROUNDS = 3
MOST = 64
"""MiB that a file may take."""
BARE = """
SELECT p.name, CASE WHEN EXISTS (
    SELECT 1 FROM certificates_certificate c
    WHERE c.person_id = p.id AND c.kind = 'leerlijn' AND c.subject = '{subject}' AND c.revoked_at IS NULL
) THEN 'ja' ELSE 'nog niet' END
FROM learning_person p
WHERE p.organisation_id = {organisation} AND p.is_active AND EXISTS (
    SELECT 1 FROM learning_teammembership m WHERE m.person_id = p.id
)
ORDER BY p.name, p.id
"""


def rows(house: House) -> Iterator[Row]:
    """The last of all: it puts all departments in one team."""
    register = everybody(house)
    cookie = cookie_of(house.hr)
    took = {
        form: [alone("bench.seeded.exporting:fetching", form, cookie, str(register.pk)) for _ in range(ROUNDS)]
        for form in ("csv", "xlsx", "ods")
    }
    bare = min(alone("bench.seeded.exporting:bare", str(register.pk))[0] for _ in range(ROUNDS))
    people = Person.objects.filter(organisation=house.organisation, team_memberships__isnull=False).distinct().count()
    how = "COPY" if connection.vendor == "postgresql" else "csv of Python"
    yield compared(
        f"the register of {people:,} people as CSV, beside bare {how}",
        value=min(milliseconds for milliseconds, _grown in took["csv"]),
        reference=bare,
        unit=unit(),
        at_most=3,
    )
    for form, each in took.items():
        yield limited(
            f"memory for the register of {people:,} people as {form.upper()}, beside what 100,000 may take",
            value=max(grown for _milliseconds, grown in each),
            reference=MOST,
            unit="MiB",
            at_most=MOST,
        )


def everybody(house: House) -> TrackForTeam:
    """A leerlijn that is a demand for all of them."""
    whole = Team.objects.create(organisation=house.organisation, name="Alle directies")
    Team.objects.filter(organisation=house.organisation, parent=None).exclude(pk=whole.pk).update(parent=whole)
    today = timezone.localdate()
    return hr.assign(
        house.organisation.pk, track=Track.objects.get(organisation=house.organisation), team=whole, starts_on=today,
        ends_on=None, required=True, announced_on=today - timedelta(days=1),
    )  # fmt: skip


def fetching(form: str, cookie: str, register: str) -> Callable[[], None]:
    """Asked for once before, of a register of one department: what every first request costs isn't the file's."""
    application = get_wsgi_application()
    asking(application, "/hr/certificaten/", cookie, f"lijst={register}")()
    ask = in_pieces(application, f"/hr/certificaten.{form}", cookie, f"lijst={register}")

    def fetch() -> None:
        assert sum(map(len, ask()))

    return fetch


def bare(register: str) -> Callable[[], None]:
    """The same lines by the fastest way there is: COPY, or the writer of csv on the driver's rows."""
    track = TrackForTeam.objects.select_related("track").get(pk=register).track
    statement = BARE.format(subject=track.slug, organisation=track.organisation_id)

    def copy() -> None:
        with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as out:
            for _piece in out:
                pass

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            out = io.StringIO()
            writer = csv.writer(out)
            while some := cursor.fetchmany(1_000):
                writer.writerows(some)
                out.seek(0)
                out.truncate()

    connection.ensure_connection()
    return copy if connection.vendor == "postgresql" else write
