"""What a trainer sees of the exercises of a group: from five people on, of nobody alone, and only their own group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning.people import services as people
from learning.people.models import Group, Organisation, Person, Role
from learning.runtime.blocks import load_block
from learning.runtime.exercises import exercises_of
from learning.runtime.models import Attempt
from learning.runtime.publishing import publish_folder
from learning.tracks.models import Enrolment, ModuleEdition
from learning.tracks.queries import edition as content_of
from modules.blocks.figures import for_trainer
from tests.factories import OrganisationFactory, PersonFactory
from tests.learning.frame import looking_back_folder
from tests.learning.test_looking_back import GOOD, says, send
from tests.modules.blocks.made import attempt

RIGHT, WRONG = {"v1": [0, 1.0], "v2": [0, 1.0]}, {"v1": [1, 0.0], "v2": [0, 1.0]}
QUIZ = "proefmodule/quiz-1-1"
MODULES = Path(__file__).parents[2] / "modules" / "content"


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def group(organisation: Organisation) -> Group:
    return Group.objects.create(organisation=organisation, name="Klas van maandag")


@pytest.fixture
def trainer(organisation: Organisation, group: Group) -> Person:
    return trainer_of(group, organisation)


def trainer_of(group: Group | None, organisation: Organisation, *roles: Role) -> Person:
    person = PersonFactory.create(organisation=organisation, name="Trui")
    people.set_roles_from(person, organisation=organisation, source="local", roles=roles or [Role.TRAINER])
    if group:
        people.place_in_group(group.pk, trainers={person.pk: True})
    return person


def learners_in(group: Group, edition: ModuleEdition, many: int) -> list[Person]:
    made = [PersonFactory.create(organisation=group.organisation, name=f"Zekere Naam {n}") for n in range(many)]
    place(group, made)
    Enrolment.objects.bulk_create(Enrolment(person=each, module=edition.module, edition=edition) for each in made)
    return made


def place(group: Group, learners: Sequence[Person]) -> None:
    people.place_in_group(group.pk, trainers=dict.fromkeys((person.pk for person in learners), False))


def did(person: Person, edition: ModuleEdition, answers: Any, *, usage: str = QUIZ, number: int = 1) -> None:
    Attempt.objects.create(
        person=person, usage=usage, edition=edition, number=number, answers=answers, created_at=timezone.now()
    )


def address(group: Group, module: str = "proefmodule") -> str:
    return f"/groepen/{group.pk}/{module}/oefeningen/"


def page(person: Person, path: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(path)


def words(person: Person, group: Group, module: str = "proefmodule") -> str:
    text = page(person, address(group, module)).content.decode().split("<main")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


# --- what is private, while its figures aren't


def test_exit_cards_lie_sealed_and_five_of_them_are_told_together(
    group: Group, trainer: Person, tmp_path: Path
) -> None:
    edition = publish_folder(looking_back_folder(tmp_path / "omlijst"))
    learners = learners_in(group, edition, 5)
    for person in learners[:4]:
        says(person)
    assert "precies goed" not in words(trainer, group)
    says(learners[4], {**GOOD, "zwaarte": "zwaar"})
    assert all(list(each.answers) == ["verzegeld"] for each in Attempt.objects.all())
    text = words(trainer, group)
    assert "precies goed 80%" in text
    assert "te zwaar" not in text  # of one alone
    assert "100%" in text
    send(learners[0], "kaart", "erase", zeker="ja")
    assert "precies goed" not in words(trainer, group)


# --- from five people on


def test_of_four_people_the_page_says_only_that_they_are_not_five(
    group: Group, trainer: Person, edition: ModuleEdition
) -> None:
    for person in learners_in(group, edition, 4):
        did(person, edition, WRONG)
    text = words(trainer, group)

    assert "Nog geen vijf mensen deden dit" in text
    assert "Hoeveel poten" not in text
    assert "%" not in text.split("Unit 1")[1]


def test_of_five_people_it_says_what_went_right_and_what_was_chosen_most_instead(
    group: Group, trainer: Person, edition: ModuleEdition
) -> None:
    learners = learners_in(group, edition, 5)
    for person in learners[:2]:
        did(person, edition, RIGHT)
    for person in learners[2:]:
        did(person, edition, WRONG)
    text = words(trainer, group)

    assert "Van 5 mensen." in text
    assert re.search(r"Hoeveel poten heeft een koe\? 5 40% Twee, op feestdagen 60%", text)
    assert re.search(r"En een kip\? 5 100% – kijk hier eens naar", text)


def test_how_many_there_are_below_five_makes_no_difference_to_the_page(
    group: Group, trainer: Person, edition: ModuleEdition
) -> None:
    learners = learners_in(group, edition, 5)
    before = words(trainer, group)
    for person in learners[:4]:
        did(person, edition, RIGHT)
        assert words(trainer, group) == before


def test_a_sixth_person_changes_nothing_until_there_are_ten(
    group: Group, trainer: Person, edition: ModuleEdition
) -> None:
    learners = learners_in(group, edition, 10)
    for person in learners[:5]:
        did(person, edition, RIGHT)
    before = words(trainer, group)
    for person in learners[5:9]:
        did(person, edition, WRONG)
        assert words(trainer, group) == before
    did(learners[9], edition, WRONG)
    assert "Van 10 mensen." in words(trainer, group)


def test_only_the_first_attempt_counts(group: Group, trainer: Person, edition: ModuleEdition) -> None:
    for person in learners_in(group, edition, 5):
        did(person, edition, WRONG)
        did(person, edition, RIGHT, number=2)
    assert re.search(r"Hoeveel poten heeft een koe\? 5 0% Twee, op feestdagen 100%", words(trainer, group))


def test_who_is_not_a_learner_of_the_group_does_not_count(
    group: Group, trainer: Person, edition: ModuleEdition
) -> None:
    for person in [*learners_in(group, edition, 4), trainer, PersonFactory.create(organisation=group.organisation)]:
        did(person, edition, RIGHT)
    assert "Nog geen vijf mensen deden dit" in words(trainer, group)
    assert "Van 5 mensen" not in words(trainer, group)


def test_no_name_is_on_the_page(group: Group, trainer: Person, edition: ModuleEdition) -> None:
    for person in learners_in(group, edition, 5):
        did(person, edition, WRONG)
    assert "Zekere Naam" not in page(trainer, address(group)).content.decode()


def test_answers_to_other_words_in_an_older_edition_are_not_mixed_in(
    group: Group, trainer: Person, edition: ModuleEdition
) -> None:
    changed = dict(edition.document)
    authored = changed["units"][0]["activities"][0]["fields"]["authored"]
    changed["units"][0]["activities"][0]["fields"]["authored"] = {**authored, "inleiding": "Anders gevraagd."}
    older = ModuleEdition.objects.create(
        module=edition.module, content_hash="7e" * 32, document=changed, required=edition.required
    )
    ModuleEdition.objects.filter(pk=older.pk).update(published_at=edition.published_at.replace(year=2020))
    learners = learners_in(group, edition, 5)
    for person in learners[:4]:
        did(person, edition, RIGHT)
    did(learners[4], older, RIGHT)
    for person in learners:
        did(person, older, RIGHT, usage="proefmodule/quiz-1-2")
    text = words(trainer, group)

    assert text.count("Van 5 mensen.") == 1  # the second quiz asks the same in both


# --- two groups with almost the same people


@pytest.fixture
def six(group: Group, trainer: Person, edition: ModuleEdition) -> list[Person]:
    """Five in the first group, and one more."""
    five = learners_in(group, edition, 5)
    extra = PersonFactory.create(organisation=group.organisation)
    for person in [extra, *five]:
        did(person, edition, WRONG if person is extra else RIGHT)
    return [*five, extra]


def test_a_trainer_of_two_groups_that_differ_by_one_person_sees_the_figures_of_one(
    group: Group, trainer: Person, edition: ModuleEdition, six: list[Person]
) -> None:
    other = Group.objects.create(organisation=group.organisation, name="Klas van dinsdag")
    place(other, six)
    people.place_in_group(other.pk, trainers={trainer.pk: True})

    assert "Van 5 mensen." in words(trainer, group)
    text = words(trainer, other)
    assert "Een andere groep van jou heeft bijna dezelfde mensen" in text
    assert "Van 5 mensen." not in text


def test_a_trainer_of_the_second_group_alone_sees_its_figures(
    group: Group, edition: ModuleEdition, six: list[Person]
) -> None:
    other = Group.objects.create(organisation=group.organisation, name="Klas van dinsdag")
    place(other, six)

    assert "Van 5 mensen." in words(trainer_of(other, group.organisation), other)


def test_two_groups_of_the_same_people_show_the_same(
    group: Group, trainer: Person, edition: ModuleEdition, six: list[Person]
) -> None:
    other = Group.objects.create(organisation=group.organisation, name="Klas van dinsdag")
    place(other, six[:5])
    people.place_in_group(other.pk, trainers={trainer.pk: True})

    first, second = (exercises_of(trainer, each, content(edition)) for each in (group, other))
    assert [found for _, found in first] == [found for _, found in second]
    assert first[0][1][0].n == 5


def test_two_groups_that_share_nobody_both_show_theirs(
    group: Group, trainer: Person, edition: ModuleEdition, six: list[Person]
) -> None:
    other = Group.objects.create(organisation=group.organisation, name="Klas van dinsdag")
    people.place_in_group(other.pk, trainers={trainer.pk: True})
    for person in learners_in(other, edition, 5):
        did(person, edition, WRONG)

    assert "Van 5 mensen." in words(trainer, group)
    assert "Van 5 mensen." in words(trainer, other)


def content(edition: ModuleEdition) -> Any:
    return content_of(edition.pk, edition.content_hash)


# --- who may look


def test_the_page_of_the_group_leads_there(group: Group, trainer: Person, edition: ModuleEdition) -> None:
    learners_in(group, edition, 1)
    assert f'href="{address(group)}"' in page(trainer, f"/groepen/{group.pk}/").content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TRAINER])
def test_no_other_role_opens_it(role: Role, group: Group, edition: ModuleEdition) -> None:
    """Also not for who is marked as its trainer: the role may have been withdrawn since."""
    learners_in(group, edition, 5)
    assert page(trainer_of(group, group.organisation, role), address(group)).status_code == 404


def test_a_learner_of_the_group_does_not_open_it(group: Group, edition: ModuleEdition) -> None:
    (learner,) = learners_in(group, edition, 1)
    assert page(learner, address(group)).status_code == 404


def test_a_trainer_of_another_group_does_not_open_it(group: Group, edition: ModuleEdition) -> None:
    learners_in(group, edition, 5)
    other = Group.objects.create(organisation=group.organisation, name="X")
    assert page(trainer_of(other, group.organisation), address(group)).status_code == 404


def test_a_trainer_of_another_organisation_does_not_open_it(group: Group, edition: ModuleEdition) -> None:
    learners_in(group, edition, 5)
    assert page(trainer_of(group, OrganisationFactory.create()), address(group)).status_code == 404


def test_a_suspended_trainer_does_not_open_it(group: Group, trainer: Person, edition: ModuleEdition) -> None:
    learners_in(group, edition, 5)
    client = Client()
    client.force_login(trainer)
    people.suspend(trainer)
    assert client.get(address(group)).status_code in {302, 404}


def test_who_is_not_signed_in_is_sent_to_do_so(group: Group) -> None:
    assert Client().get(address(group)).status_code == 302


def test_a_module_nobody_in_the_group_follows_is_not_there(
    group: Group, trainer: Person, edition: ModuleEdition
) -> None:
    assert page(trainer, address(group)).status_code == 404
    assert page(trainer, address(group, "bestaat-niet")).status_code == 404


# --- our own modules


@pytest.fixture(params=["dialoogprincipes", "depolarisatie", "ongenoegen", "reflectietafel"])
def whole(request: pytest.FixtureRequest, db: None) -> ModuleEdition:
    return publish_folder(MODULES / request.param)


def everybody_does_all(group: Group, edition: ModuleEdition, many: int) -> None:
    there = [activity for _, activity in content(edition).activities()]
    made = learners_in(group, edition, many)
    Attempt.objects.bulk_create(
        Attempt(
            person=person, usage=activity.usage, edition=edition, number=1, created_at=timezone.now(),
            answers=attempt(activity.type, activity.fields["authored"], seed),
        )
        for seed, person in enumerate(made)
        for activity in there
        if for_trainer(load_block(activity.type), activity.fields["authored"])
    )  # fmt: skip


def test_every_module_is_told_in_both_languages_and_never_what_is_own(
    whole: ModuleEdition, group: Group, trainer: Person
) -> None:
    everybody_does_all(group, whole, 20)
    path = address(group, whole.module.slug)
    client = Client()
    client.force_login(trainer)
    dutch = client.get(path).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(path).content.decode()

    assert dutch.count("Van 20 mensen.") == english.count("Of 20 people.") > 4
    assert "Nog geen vijf" not in dutch
    own = [
        activity for _, activity in content(whole).activities() if activity.fields["authored"].get("vorm") == "eigen"
    ]
    private = [each for _, each in content(whole).activities() if each.type in {"journal", "selfcheck", "practicecase"}]
    for activity in [*own, *private]:
        assert f'id="o-{activity.key}"' not in dutch
    assert "style=" not in dutch.split("<main")[1]


@pytest.mark.parametrize(("many", "module", "queries"), [(5, "proef", 6), (5, "whole", 7), (30, "whole", 7)])
def test_the_page_takes_as_many_queries_however_many_people_and_exercises(
    many: int,
    module: str,
    queries: int,
    group: Group,
    trainer: Person,
    edition: ModuleEdition,
    django_assert_num_queries: Any,
) -> None:
    shown = publish_folder(MODULES / "dialoogprincipes") if module == "whole" else edition
    everybody_does_all(group, shown, many)
    client = Client()
    client.force_login(trainer)
    client.get(address(group, shown.module.slug))

    with django_assert_num_queries(queries):
        assert f"Van {many} mensen" in client.get(address(group, shown.module.slug)).content.decode()
