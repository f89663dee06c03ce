"""The pages of a trainer: their own groups only, progress only, by name."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from learning.people import services as people
from learning.people.models import Group, GroupMember, Organisation, Person, Role
from learning.tracks.models import Enrolment, ModuleEdition
from tests.factories import OrganisationFactory, PersonFactory, enrolled


@pytest.fixture
def group(organisation: Organisation) -> Group:
    return Group.objects.create(organisation=organisation, name="Klas van maandag", source="lti:99")


@pytest.fixture
def trainer(organisation: Organisation, group: Group) -> Person:
    return trainer_of(group, organisation)


def trainer_of(group: Group | None, organisation: Organisation) -> Person:
    person = PersonFactory.create(organisation=organisation, name="Trui")
    people.set_roles_from(person, organisation=organisation, source="local", roles=[Role.TRAINER])
    if group:
        people.place_in_group(group.pk, trainers={person.pk: True})
    return person


def page(person: Person, path: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(path)


def learners_in(group: Group, *names: str) -> list[Person]:
    found = [PersonFactory.create(organisation=group.organisation, name=name) for name in names]
    people.place_in_group(group.pk, trainers=dict.fromkeys((person.pk for person in found), False))
    return found


def test_a_trainer_sees_who_is_in_the_group_by_name(group: Group, trainer: Person) -> None:
    learners_in(group, "", "zwart", "Bo", "aap")
    text = page(trainer, f"/groepen/{group.pk}/").content.decode()

    places = [text.index(word) for word in (">aap<", ">Bo<", ">zwart<", ">naam niet gedeeld<")]
    assert places == sorted(places)
    assert "4 deelnemers" in text


def test_progress_is_shown_and_scores_are_not(group: Group, trainer: Person, edition: ModuleEdition) -> None:
    (learner,) = learners_in(group, "Bo")
    enrolment = enrolled(learner, edition)
    enrolment.activities.create(activity="quiz-1-1")
    Enrolment.objects.filter(pk=enrolment.pk).update(done=1)

    def shown(score: float) -> str:
        enrolment.activities.update(score=score)
        main = page(trainer, f"/groepen/{group.pk}/").content.decode().split("<main")[1]
        return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", main)

    text = shown(0.37)
    assert "1 van de 4 onderdelen gedaan" in text or "1 van 4 onderdelen gedaan" in text
    # Whatever it is: other numbers on the page may look like it.
    assert shown(0.92) == text


def test_the_list_of_groups_holds_mine(group: Group, trainer: Person) -> None:
    other = Group.objects.create(organisation=group.organisation, name="Klas van dinsdag")
    text = page(trainer, "/groepen/").content.decode()

    assert group.name in text
    assert other.name not in text


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TRAINER])
def test_no_other_role_opens_a_group(role: Role, group: Group) -> None:
    """Also not for who is marked as its trainer: the role may have been withdrawn since."""
    person = PersonFactory.create(organisation=group.organisation)
    people.set_roles_from(person, organisation=group.organisation, source="local", roles=[role])
    people.place_in_group(group.pk, trainers={person.pk: True})

    assert page(person, f"/groepen/{group.pk}/").status_code == 404
    assert group.name not in page(person, "/groepen/").content.decode()


def test_a_learner_of_the_group_does_not_open_it(group: Group) -> None:
    person = trainer_of(None, group.organisation)
    people.place_in_group(group.pk, trainers={person.pk: False})

    assert page(person, f"/groepen/{group.pk}/").status_code == 404


def test_a_trainer_of_another_group_does_not_open_it(group: Group) -> None:
    person = trainer_of(Group.objects.create(organisation=group.organisation, name="X"), group.organisation)

    assert page(person, f"/groepen/{group.pk}/").status_code == 404


def test_a_trainer_of_another_organisation_does_not_open_it(group: Group) -> None:
    person = trainer_of(group, OrganisationFactory.create())

    assert page(person, f"/groepen/{group.pk}/").status_code == 404
    assert group.name not in page(person, "/groepen/").content.decode()


def test_who_is_not_signed_in_is_sent_to_do_so(group: Group) -> None:
    assert Client().get(f"/groepen/{group.pk}/").status_code == 302
    assert Client().get("/groepen/").status_code == 302


def test_a_group_that_is_not_there_is_not_found(trainer: Person, group: Group) -> None:
    assert page(trainer, f"/groepen/{group.pk + 1}/").status_code == 404


@pytest.mark.parametrize("many", [3, 120])
def test_the_page_takes_nine_queries_whatever_the_size(
    many: int, group: Group, trainer: Person, edition: ModuleEdition, django_assert_max_num_queries: Any
) -> None:
    made = people.create_people(group.organisation, named=[(f"Naam {n:03}", "") for n in range(many)])
    people.place_in_group(group.pk, trainers=dict.fromkeys((person.pk for person in made), False))
    Enrolment.objects.bulk_create(Enrolment(person=each, module=edition.module, edition=edition) for each in made)
    client = Client()
    client.force_login(trainer)
    client.get("/groepen/")

    with django_assert_max_num_queries(9):
        text = client.get(f"/groepen/{group.pk}/").content.decode()
    assert text.count('<th scope="row">') == min(many, 50)


def test_further_pages_hold_the_rest(group: Group, trainer: Person) -> None:
    learners_in(group, *(f"Naam {n:03}" for n in range(60)))
    text = page(trainer, f"/groepen/{group.pk}/?page=2").content.decode()

    assert "Naam 059" in text
    assert "Naam 000" not in text
    assert page(trainer, f"/groepen/{group.pk}/?page=x").status_code == 200


def test_a_name_with_script_in_it_is_text(group: Group, trainer: Person) -> None:
    learners_in(group, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in page(trainer, f"/groepen/{group.pk}/").content.decode()


def test_a_person_who_is_suspended_opens_nothing(group: Group, trainer: Person) -> None:
    client = Client()
    client.force_login(trainer)
    people.suspend(trainer)

    assert client.get(f"/groepen/{group.pk}/").status_code in {302, 404}
    assert GroupMember.objects.filter(person=trainer).exists()
