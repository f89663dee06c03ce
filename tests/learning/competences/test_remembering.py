"""Who is in which row of what was shown: written many at a time, past the ORM."""

from __future__ import annotations

import pytest

from learning.competences.models import ShownOf
from learning.competences.services import remembering
from learning.people.models import Organisation, Person
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Person]:
    organisation: Organisation = OrganisationFactory.create()
    return Person.objects.bulk_create(PersonFactory.build_batch(7, organisation=organisation))


@pytest.fixture(autouse=True)
def three_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "_AT_ONCE", 3)


def kept() -> set[tuple[int, str, int, str]]:
    return set(ShownOf.objects.values_list("person", "table", "row", "values"))


def test_all_of_them_are_kept_also_in_rows_below_0(people: list[Person]) -> None:
    rows = [(person.pk, row, "-1a") for person in people for row in (0, -1_000_000_001)]
    remembering.remember("niveau", rows)
    assert kept() == {(person, "niveau", row, values) for person, row, values in rows}


def test_who_was_there_has_their_new_values_and_nobody_else(people: list[Person]) -> None:
    for table in ("niveau", "breedte"):
        remembering.remember(table, [(person.pk, row, "0") for person in people for row in (0, 5)])
    remembering.remember("niveau", [(person.pk, 5, "2") for person in people[:4]])
    changed = {(person, table, row) for person, table, row, values in kept() if values == "2"}
    assert changed == {(person.pk, "niveau", 5) for person in people[:4]}
    assert ShownOf.objects.count() == 4 * len(people)


def test_who_is_forgotten_is_so_in_that_row_of_that_table(people: list[Person]) -> None:
    for table in ("niveau", "breedte"):
        remembering.remember(table, [(person.pk, row, "0") for person in people for row in (0, 5)])
    before = kept()
    remembering.forget("niveau", 5, [person.pk for person in people[:4]])
    assert before - kept() == {(person.pk, "niveau", 5, "0") for person in people[:4]}


def test_of_nobody_nothing_is_kept(db: None) -> None:
    remembering.remember("niveau", [])
    remembering.forget("niveau", 0, [])
    assert not kept()
