"""Levels worked out after something happened, and what may be shown of them, worked out each day."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from django.utils import timezone

from bench.measuring.cost import here, interleaved
from bench.measuring.rows import Row, limited
from bench.seeded.alone import alone
from bench.seeded.house import LEARNERS, House, asked, unit
from learning.competences.models import Reached, ShownOf, Stale
from learning.competences.services import evidence, showing
from learning.people.models import Organisation, Person

STORM = 12.5
"""People a second who answer first when 150,000 are asked in one morning: 5% of them in ten minutes."""
CHANGED = 100
"""One of so many people has another level than the day before."""
SECONDS, MEMORY = 300, 512
"""What showing may take each night, on a machine that does other things too: five minutes, and half a gigabyte."""


def rows(house: House) -> Iterator[Row]:
    yield worked_out(house)
    people = Reached.objects.filter(person__organisation=house.organisation, competence="C1", level=1)
    some = list(people.order_by("pk").values_list("pk", flat=True)[: max(5, LEARNERS // CHANGED)])
    Reached.objects.filter(pk__in=some).update(level=2)
    remembered = ShownOf.objects.filter(person__organisation=house.organisation).count()
    milliseconds, grown = alone("bench.seeded.working_out:showing_again", house.organisation.slug)
    yield limited(
        f"what may be shown of {LEARNERS:,} people, the day after one in {CHANGED} changed",
        value=milliseconds / 1_000,
        reference=SECONDS,
        unit=unit().replace("ms", "s"),
        at_most=SECONDS,
    )
    yield limited(
        f"memory for the same, with {remembered:,} rows of who is in which figure",
        value=grown,
        reference=MEMORY,
        unit="MiB",
        at_most=MEMORY,
    )


def worked_out(house: House) -> Row:
    """Who waits is spread over the organisation, so that nothing of them is at hand."""
    everybody = Person.objects.filter(organisation=house.organisation, reached__competence="C1").order_by("pseudonym")
    people = itertools.cycle(everybody.values_list("pk", flat=True)[:400])
    now = timezone.now()

    def work_out() -> None:
        person = next(people)
        Stale.objects.get_or_create(person_id=person, defaults={"since": now})
        evidence.work_out(person)

    rows_of = itertools.cycle(everybody.values_list("pk", flat=True)[:400])

    def read() -> None:
        asked("SELECT * FROM learning_evidenceitem WHERE person_id = %s", next(rows_of))()

    took = interleaved({"work out": here(work_out), "read": here(read)}, rounds=7, times=20)
    return limited(
        f"one person's levels worked out, beside reading their evidence; a storm brings {STORM} a second",
        value=took["work out"] / 1_000,
        reference=took["read"] / 1_000,
        unit="ms CPU",
        at_most=1_000 / STORM,
    )


def showing_again(slug: str) -> Callable[[], int]:
    organisation = Organisation.objects.get(slug=slug)
    return lambda: showing.show(organisation)
