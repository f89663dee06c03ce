"""What was shared, asked or disagreed with by somebody who is gone, is gone for everybody who knows its address."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jobs.runner import drain
from learning.competences import cards
from learning.competences.models import Deelkaart, EvidenceItem, EvidenceObjection
from learning.competences.services import objecting, sharing
from learning.people.erasing import erase
from learning.people.models import Person
from learning.people.services import suspend
from tests.factories import PersonFactory
from tests.factories.practice import trainer_in
from tests.learning.competences.test_pages import item

pytestmark = pytest.mark.django_db

NAME = "Lotte de Haan"


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(name=NAME)


@pytest.fixture
def colleague(person: Person) -> Person:
    return PersonFactory.create(organisation=person.organisation, name="Ruben Kuiper")


def shared(person: Person, recipient: Person) -> Deelkaart:
    return sharing.share(
        person, key=uuid.uuid4(), recipient=recipient, purpose="Om te praten.", shows=cards.written([]),
        ends_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_card_of_who_was_erased_is_nowhere_and_its_reader_finds_no_name(person: Person, colleague: Person) -> None:
    card, reader = shared(person, colleague), browser_of(colleague)
    assert NAME in reader.get(f"/groei/deelkaarten/{card.key}/").text
    erase(person.pk)
    drain()
    assert reader.get(f"/groei/deelkaarten/{card.key}/").status_code == 404
    for path in ("/groei/deelkaarten/", "/berichten/"):
        assert NAME not in reader.get(path).text


def test_a_card_of_who_cant_come_in_any_more_is_shut_before_the_term_is_over(person: Person, colleague: Person) -> None:
    card = shared(person, colleague)
    suspend(person)
    answer = browser_of(colleague).get(f"/groei/deelkaarten/{card.key}/")
    assert answer.status_code == 404
    assert "Om te praten." not in answer.text


def test_a_card_for_who_was_erased_goes_too_and_nobody_gets_it_in_their_place(
    person: Person, colleague: Person
) -> None:
    card = shared(person, colleague)
    erase(colleague.pk)
    assert not Deelkaart.objects.exists()
    other = PersonFactory.create(organisation=person.organisation, email=colleague.email)
    assert browser_of(other).get(f"/groei/deelkaarten/{card.key}/").status_code == 404


@pytest.mark.parametrize("guess", [uuid.UUID(int=0), uuid.uuid4()])
def test_an_address_that_is_guessed_opens_no_card(person: Person, colleague: Person, guess: uuid.UUID) -> None:
    shared(person, colleague)
    for method in ("get", "post", "head"):
        assert getattr(browser_of(colleague), method)(f"/groei/deelkaarten/{guess}/").status_code in {404, 405}


def test_what_somebody_disagreed_with_goes_from_the_desk_of_who_would_answer(person: Person) -> None:
    trainer = trainer_in(person.organisation)
    contested: EvidenceItem = item(person, "a", competence="C1")
    objection = objecting.object_to(contested, words="Dit klopt niet, ik zei het anders.")
    desk = browser_of(trainer)
    address = f"/groei/bezwaren/{objection.pk}/"
    assert desk.get(address).status_code == 200
    erase(person.pk)
    for answer in (desk.get(address), desk.post(address, {"staat": "ja", "waarom": "Het staat."})):
        assert answer.status_code == 404
    assert not EvidenceObjection.objects.exists()
    assert NAME not in desk.get("/groei/bezwaren/").text
