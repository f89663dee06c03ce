"""A trainer decides who is in a group, looks, changes it and looks again: of nobody is learned what they said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from learning.people import groups
from learning.people.erasing import erase
from learning.people.models import Group, Organisation, Person
from learning.runtime import fives
from learning.runtime.models import CountedAnswer
from learning.runtime.publishing import publish_folder
from learning.runtime.queries import first_attempts
from learning.tracks.groups import telling
from learning.tracks.models import ModuleEdition
from tests.factories import OrganisationFactory
from tests.learning.frame import looking_back_folder
from tests.learning.test_exercises import address, learners_in, place, trainer_of, words
from tests.learning.test_looking_back import GOOD, says, send

HEAVY = {**GOOD, "zwaarte": "zwaar"}


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    return publish_folder(looking_back_folder(tmp_path / "omlijst"))


@pytest.fixture
def trainer(organisation: Organisation) -> Person:
    return trainer_of(None, organisation)


def group_of(trainer: Person, *people: Person) -> Group:
    group = groups.make_group(trainer, name="Met de hand", ends_on=None)
    groups.add_people(group, people)
    return group


def said(*people: Person, form: dict[str, str] = GOOD) -> None:
    for person in people:
        says(person, form)


def cards(trainer: Person, group: Group) -> str:
    """What the page says of the exit card."""
    return words(trainer, group).partition("Slotkaart")[2]


@pytest.fixture
def ten(trainer: Person, edition: ModuleEdition) -> Sequence[Person]:
    return learners_in(group_of(trainer), edition, 10)


def swapped(group: Group, out: Person, into: Person) -> None:
    groups.take_out(group, out)
    groups.add_people(group, [into])


def test_one_of_five_who_makes_place_for_another_tells_what_neither_of_them_said(
    trainer: Person, ten: Sequence[Person]
) -> None:
    said(*ten[:4])
    said(*ten[4:], form=HEAVY)
    group = group_of(trainer, *ten[:5])
    before = cards(trainer, group)
    assert "precies goed 80%" in before
    swapped(group, ten[0], ten[5])
    assert cards(trainer, group) == before
    swapped(group, ten[5], ten[6])
    assert cards(trainer, group) == before


def test_a_group_that_is_made_later_of_four_who_were_counted_and_one_who_wasnt_tells_nothing(
    trainer: Person, ten: Sequence[Person]
) -> None:
    said(*ten[:5])
    said(ten[5], form=HEAVY)
    assert "precies goed 100%" in cards(trainer, group_of(trainer, *ten[:5]))
    for other in (trainer, trainer_of(None, trainer.organisation)):
        assert "%" not in cards(other, group_of(other, *ten[1:6]))


def test_three_groups_that_hold_a_difference_of_two_people_tell_nothing_of_them(
    trainer: Person, ten: Sequence[Person]
) -> None:
    said(*ten[:9])
    said(ten[9], form=HEAVY)
    shown = [cards(trainer, group_of(trainer, *some)) for some in (ten[:5], ten, [*ten[5:9], ten[0]])]
    assert ["%" in each for each in shown] == [True, True, False]
    assert shown[0] != shown[1]


def test_five_others_who_came_are_told_beside_the_five_who_were_there(trainer: Person, ten: Sequence[Person]) -> None:
    said(*ten[:5])
    group = group_of(trainer, *ten[:5])
    assert "Van 5 mensen." in cards(trainer, group)
    groups.add_people(group, ten[5:])
    said(*ten[5:9], form=HEAVY)
    assert "Van 5 mensen." in cards(trainer, group)
    said(ten[9], form=HEAVY)
    after = cards(trainer, group)
    assert "Van 10 mensen." in after
    assert "te zwaar 50%" in after


@pytest.mark.parametrize("how", ["takes it back", "says it anew", "is erased"])
def test_of_five_of_whom_one_card_went_nothing_is_told_any_more_whoever_comes_in_their_place(
    how: str, trainer: Person, ten: Sequence[Person]
) -> None:
    said(*ten[:6])
    group = group_of(trainer, *ten[:5])
    assert "Van 5 mensen." in cards(trainer, group)
    if how == "is erased":
        erase(ten[0].pk)
    else:
        send(ten[0], "kaart", "erase", zeker="ja")
    if how == "says it anew":
        said(ten[0], form=HEAVY)
    assert "%" not in cards(trainer, group)
    groups.add_people(group, [ten[5]])
    assert "%" not in cards(trainer, group)


def test_of_ten_of_whom_one_card_went_the_other_five_are_told(trainer: Person, ten: Sequence[Person]) -> None:
    said(*ten[:5])
    said(*ten[5:], form=HEAVY)
    group = group_of(trainer, *ten)
    assert "te zwaar 50%" in cards(trainer, group)
    send(ten[0], "kaart", "erase", zeker="ja")
    after = cards(trainer, group)
    assert "Van 5 mensen." in after
    assert "te zwaar 100%" in after


def test_two_looks_at_one_moment_count_a_card_once(trainer: Person, ten: Sequence[Person]) -> None:
    """Each found it counted nowhere."""
    said(*ten[:6])
    found = first_attempts([person.pk for person in ten], ["proefmodule/kaart"])
    for some in (found[:5], found[1:6]):
        fives.count(group_of(trainer, *ten), some)
    assert CountedAnswer.objects.count() == 5


def test_an_answer_that_was_wiped_between_a_look_and_its_counting_is_in_no_five(
    trainer: Person, ten: Sequence[Person]
) -> None:
    said(*ten[:6])
    found = first_attempts([person.pk for person in ten], ["proefmodule/kaart"])
    send(ten[0], "kaart", "erase", zeker="ja")
    fives.count(group_of(trainer, *ten), found)
    counted = CountedAnswer.objects.values_list("attempt__person", flat=True)
    assert set(counted) == {person.pk for person in ten[1:6]}


def test_a_look_at_who_is_counted_elsewhere_holds_nobody_up(
    trainer: Person, ten: Sequence[Person], django_assert_num_queries: Any
) -> None:
    said(*ten)
    one, two = group_of(trainer, *ten), group_of(trainer, *ten)
    assert "%" in cards(trainer, one)
    client = Client()
    client.force_login(trainer)
    client.get(address(two))
    with django_assert_num_queries(7):
        client.get(address(two))


def test_a_group_that_goes_doesnt_let_its_fives_be_made_anew(trainer: Person, ten: Sequence[Person]) -> None:
    said(*ten[:6])
    group = group_of(trainer, *ten[:5])
    assert "Van 5 mensen." in cards(trainer, group)
    group.delete()
    assert "%" not in cards(trainer, group_of(trainer, *ten[1:6]))


def test_who_learns_in_two_groups_is_told_of_in_the_first_that_is_looked_at(
    trainer: Person, ten: Sequence[Person]
) -> None:
    said(*ten)
    one, two = group_of(trainer, *ten), group_of(trainer, *ten)
    assert "Van 10 mensen." in cards(trainer, two)
    assert "%" not in cards(trainer, one)
    assert "Van 10 mensen." in cards(trainer, two)


def test_a_page_that_is_only_looked_at_counts_no_card_of_fewer_than_five(
    trainer: Person, ten: Sequence[Person]
) -> None:
    said(*ten[:4])
    one, two = group_of(trainer, *ten[:4]), group_of(trainer, *ten)
    assert "%" not in cards(trainer, one)
    said(ten[4])
    assert "Van 5 mensen." in cards(trainer, two)


def test_a_trainer_sees_no_card_of_who_was_never_in_their_group(trainer: Person, ten: Sequence[Person]) -> None:
    said(*ten)
    other = Group.objects.create(organisation=trainer.organisation, name="Van een ander")
    place(other, ten[5:])
    assert "Van 5 mensen." in cards(trainer, group_of(trainer, *ten[:5]))


def test_who_is_put_in_a_group_by_hand_hears_that_its_trainer_reads_levels(
    trainer: Person, ten: Sequence[Person]
) -> None:
    """Of two people too: a trainer sees who learns with them (curriculum 4.5), and those know."""
    group = group_of(trainer, ten[0])
    with transaction.atomic():
        telling.tell_learners(group, [ten[0]])
    client = Client()
    client.force_login(ten[0])
    for path in ("/berichten/", "/groepen/"):
        assert "je niveaus bij wat de groep leert" in client.get(path).text
