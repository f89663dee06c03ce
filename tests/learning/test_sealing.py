"""What is private can't be read from the database, nor moved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.journal import services
from learning.journal.models import JournalEntry
from learning.people.models import Person
from learning.sealing import WontOpen, seal, unseal
from tests.factories import PersonFactory


@given(st.text(), st.text(min_size=1))
def test_what_is_sealed_opens_in_its_place_only(text: str, place: str) -> None:
    sealed = seal(text, place)
    assert unseal(sealed, place) == text
    with pytest.raises(WontOpen):
        unseal(sealed, place + "|elders")


def test_a_changed_byte_does_not_open() -> None:
    sealed = bytearray(seal("stil", "hier"))
    sealed[-1] ^= 1
    with pytest.raises(WontOpen):
        unseal(bytes(sealed), "hier")


def test_an_older_key_still_opens_and_the_newest_seals(settings: Any) -> None:
    settings.SEALING_KEYS = ("oud",)
    old = seal("brief", "la")
    settings.SEALING_KEYS = ("nieuw", "oud")
    assert unseal(old, "la") == "brief"
    new = seal("brief", "la")
    settings.SEALING_KEYS = ("nieuw",)
    assert unseal(new, "la") == "brief"
    with pytest.raises(WontOpen):
        unseal(old, "la")


def test_a_journal_entry_is_not_readable_in_its_row(person: Person) -> None:
    services.write(person, text="Ik zag ertegenop.", tags=["voorjaar"], token="t1")
    row = JournalEntry.objects.get()
    assert b"ertegenop" not in bytes(row.sealed)
    assert b"voorjaar" not in bytes(row.sealed)
    assert services.entries(person)[0].text == "Ik zag ertegenop."


def test_the_same_form_twice_is_one_entry(person: Person) -> None:
    for _ in range(2):
        services.write(person, text="Eén keer.", tags=[], token="t1")
    assert len(services.entries(person)) == 1


def test_a_journal_is_its_owners_alone(person: Person) -> None:
    services.write(person, text="Van mij.", tags=[], token="t1")
    entry = services.entries(person)[0]
    other = PersonFactory.create(organisation=person.organisation)
    assert services.entries(other) == []
    assert not services.replace(other, entry_id=entry.id, text="Van jou?", tags=[])
    services.delete(other, entry_id=entry.id)
    assert services.entries(person)[0].text == "Van mij."


def test_an_entry_moved_to_another_person_does_not_open(person: Person) -> None:
    services.write(person, text="Van mij.", tags=[], token="t1")
    other = PersonFactory.create(organisation=person.organisation)
    JournalEntry.objects.update(person=other)
    with pytest.raises(WontOpen):
        services.entries(other)
