"""How trainers learn to see the same: worked examples first, and one round in ten read twice, blind."""

from __future__ import annotations

from typing import Any

import pytest

from learning.notices.models import Notice
from learning.people.models import Group, GroupMember, Person
from learning.practice import notices
from learning.practice.models import Assessment, Calibration, CaseVersion, Part, Stage, State, Verdict, Work
from learning.practice.queries import agreement
from learning.practice.sealed import closed
from learning.practice.services import calibrating, library, seconding
from learning.practice.services.seconding import is_drawn
from learning.runtime.publishing import publish_folder
from modules.olx import CONTENT, module_folders, read_module
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import CRITERIA, assignment_in, case_of, group_of, handed_in, judged, trainer_in, work_of
from tests.learning.practice.desk import QUEUE, address, read, send, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create(), name="Trui Trainer")


@pytest.fixture
def group(trainer: Person) -> Group:
    people = [PersonFactory.create(organisation=trainer.organisation, name=name) for name in ("Sanne", "Mehmet")]
    return group_of(*people, trainer=trainer)


@pytest.fixture
def second(group: Group) -> Person:
    other = trainer_in(group.organisation, name="Bo Bakker")
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    return other


@pytest.fixture
def drawn(nothing_is_drawn: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every round is drawn."""
    monkeypatch.setattr(seconding, "is_drawn", lambda kept: True)


@pytest.fixture
def work(group: Group) -> Work:
    return handed_in(work_of(learner_in(group), assignment_in(group)))


def learner_in(group: Group) -> Person:
    return group.members.filter(is_trainer=False).select_related("person").order_by("pk")[0].person


# --- the draw


def test_one_in_ten_is_drawn_and_always_the_same(group: Group) -> None:
    work = work_of(learner_in(group), assignment_in(group))
    drawn = 0
    for number in range(1, 2001):
        kept = work.rounds.model(work=work, number=number)
        assert is_drawn(kept) == is_drawn(kept)
        drawn += is_drawn(kept)
    assert 140 <= drawn <= 260  # 200, more than four standard deviations either way


def test_who_gave_it_and_whose_it_is_are_never_drawn_and_the_least_asked_is(
    work: Work, group: Group, trainer: Person, second: Person, drawn: None
) -> None:
    third = trainer_in(group.organisation)
    GroupMember.objects.create(group=group, person=third, is_trainer=True)
    judged(work, trainer, Verdict.RETURN)
    first_asked = Assessment.objects.get(part=Part.SECOND).person
    judged(handed_in(work_of(learner_of(group, 1), work.assignment)), trainer, Verdict.RETURN)
    asked = Assessment.objects.filter(part=Part.SECOND).order_by("pk")
    assert {each.person for each in asked} == {second, third}
    assert asked[0].person == first_asked
    assert Notice.objects.filter(kind=notices.SECOND_ASKED).count() == 2


def learner_of(group: Group, place: int) -> Person:
    return group.members.filter(is_trainer=False).select_related("person").order_by("pk")[place].person


def test_the_second_sees_one_round_and_nobodys_levels_until_they_gave_theirs(
    work: Work, group: Group, trainer: Person, second: Person, drawn: None
) -> None:
    judged(work, trainer, Verdict.RETURN, level=2)
    again = handed_in(Work.objects.get(pk=work.pk))
    page = text(read(second, address(again)))  # they train the group, and still
    assert "Jij leest als tweede" in page
    for hidden in ("Je liet een stilte bestaan.", "Wat merkte je toen?", "Terug met een vraag", "Ronde 1, ingeleverd"):
        assert hidden not in page
    assert text(read(second, address(again) + "?als=trainer")).count("Jij leest als tweede") == 1
    levels = {f"niveau__{criterion}": "3" for criterion in CRITERIA}
    assert send(second, again, doe="geef", **{**levels, "niveau__stem": ""}).status_code == 422
    send(second, again, doe="geef", versie="1", **levels)
    given = Assessment.objects.get(part=Part.SECOND)
    assert (given.stage, given.levels) == (Stage.GIVEN, dict.fromkeys(CRITERIA, 3))
    assert Work.objects.get(pk=work.pk).state == State.REVISED  # it moves nothing
    assert "Je liet een stilte bestaan." in text(read(second, address(again)))


def test_a_second_of_elsewhere_gets_that_round_and_nothing_else(
    work: Work, group: Group, trainer: Person, drawn: None
) -> None:
    outsider = trainer_in(trainer.organisation)
    other = handed_in(work_of(learner_of(group, 1), work.assignment))
    judged(work, trainer, Verdict.RETURN)
    assert Assessment.objects.get(part=Part.SECOND).person == outsider
    assert read(outsider, address(work)).status_code == 200
    assert read(outsider, address(other)).status_code == 404
    assert send(outsider, work, "stap/intrekken/", zeker="ja").status_code == 404
    assert "Sanne" in text(read(outsider))
    assert "Mehmet" not in text(read(outsider))
    send(outsider, work, doe="geef", versie="0", **{f"niveau__{criterion}": "3" for criterion in CRITERIA})
    assert read(outsider, address(work)).status_code == 404


def test_who_can_not_is_followed_by_another(work: Work, group: Group, trainer: Person, drawn: None) -> None:
    others = [trainer_in(trainer.organisation) for _ in range(2)]
    judged(work, trainer, Verdict.RETURN)
    asked = Assessment.objects.get(part=Part.SECOND)
    assert asked.person is not None
    send(asked.person, work, doe="niet")
    now = Assessment.objects.get(part=Part.SECOND, stage=Stage.ASKED)
    assert {asked.person, now.person} == set(others)
    assert now.person is not None
    send(now.person, work, doe="niet")
    assert not Assessment.objects.filter(part=Part.SECOND, stage=Stage.ASKED).exists()


def test_where_nobody_else_is_there_nobody_is_asked(work: Work, trainer: Person, drawn: None) -> None:
    judged(work, trainer, Verdict.RETURN)
    assert not Assessment.objects.filter(part=Part.SECOND).exists()


# --- whether we see the same


def test_trainers_see_kappa_with_n_and_what_it_does_not_say(
    work: Work, group: Group, trainer: Person, second: Person, drawn: None
) -> None:
    idle = trainer_in(group.organisation, name="Cor Nooit")
    page = text(read(trainer, f"{QUEUE}samen/"))
    assert "las nog niemand een ronde voor de tweede keer" in page
    judged(work, trainer, Verdict.RETURN, level=2)
    levels = {f"niveau__{criterion}": str(level) for criterion, level in zip(CRITERIA, (1, 2, 3), strict=True)}
    send(second, work, doe="geef", **levels)
    page = text(read(trainer, f"{QUEUE}samen/"))
    assert "Pas vanaf 20 rondes zegt dit getal iets" in page
    assert "Bo Bakker" in page
    assert "Cor Nooit" not in page
    found = agreement.agreements(trainer, agreement.Since.ALWAYS)
    assert [(each.rounds, each.pairs) for each in found] == [(1, 3)]
    elsewhere = trainer_in(OrganisationFactory.create())
    assert agreement.agreements(elsewhere, agreement.Since.ALWAYS) == []
    assert idle not in found[0].people
    assert read(trainer, f"{QUEUE}samen/?sinds=gisteren").status_code == 200


def test_the_page_about_reading_together_costs_the_same_however_much_was_read(
    work: Work, group: Group, trainer: Person, second: Person, drawn: None, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(trainer)
    judged(work, trainer, Verdict.RETURN, level=2)
    send(second, work, doe="geef", **{f"niveau__{criterion}": "3" for criterion in CRITERIA})
    client.get(f"{QUEUE}samen/")  # says what was done before
    with django_assert_max_num_queries(9):
        client.get(f"{QUEUE}samen/")


# --- worked examples


@pytest.fixture
def case_with_examples() -> Any:
    publish_folder(CONTENT / "dialoogprincipes")
    library.follow_modules()
    return CaseVersion.objects.get(case__usage="dialoogprincipes/praktijkcase-m1", case__organisation=None)


@pytest.fixture
def first_work(group: Group, case_with_examples: Any) -> Work:
    work = work_of(learner_in(group), assignment_in(group, case_with_examples))
    Work.objects.filter(pk=work.pk).update(state=State.HANDED_IN, round=1, waiting_since=work.made_at)
    work.rounds.create(number=1, sealed=sealed_round(work), own_levels={}, forms=["tekst"], handed_in_at=work.made_at)
    return Work.objects.get(pk=work.pk)


def sealed_round(work: Work) -> bytes:
    return closed({"verslag-0": "Ik sprak iemand."}, "round", work.pk, 1)


def test_before_the_first_reading_two_examples_are_rated(first_work: Work, trainer: Person) -> None:
    criteria = ("luisteren", "oordeel", "stem", "achtje")
    page = text(read(trainer, address(first_work)))
    assert "Begin met een voorbeeld" in page
    assert "Ik sprak iemand." in page
    assert send(trainer, first_work, doe="geef", zag="x").headers["Location"] == address(first_work, "voorbeelden/")
    assert send(trainer, first_work, "stap/oppakken/").headers["Location"] == address(first_work, "voorbeelden/")
    assert not Assessment.objects.exists()
    client, path = signed_in(trainer), address(first_work, "voorbeelden/")
    for number in (1, 2):
        page = text(client.get(path))
        assert f"Voorbeeld {number} van 2" in page
        assert "geconstrueerd voorbeeld" in page
        assert "de schrijvers 1" not in page
        assert "Je leest wat de akkerbouwer zei." not in page
        key = page.split('name="voorbeeld" value="')[1].split('"')[0]
        refused = client.post(path, {"voorbeeld": key, "niveau-luisteren": "3"})
        assert refused.status_code == 422
        rated = client.post(path, {"voorbeeld": key, **{f"niveau-{each}": "3" for each in criteria}})
        page = text(client.get(rated.headers["Location"]))
        assert "Jij 3, de schrijvers" in page
        # What was seen before stays: a second try changes nothing.
        client.post(path, {"voorbeeld": key, **{f"niveau-{each}": "1" for each in criteria}})
    assert {each.levels["stem"] for each in Calibration.objects.all()} == {3}
    page = text(read(trainer, address(first_work)))
    assert "Begin met een voorbeeld" not in page
    assert "Geef terug aan Sanne" in page


def test_a_copy_belongs_to_the_same_family_and_a_case_from_nowhere_asks_nothing(
    case_with_examples: Any, trainer: Person
) -> None:
    copy = library.copy(case_with_examples.case, by=trainer)
    assert calibrating.is_due(trainer, copy)
    family = calibrating.family_of(copy)
    assert family is not None
    for example in family.examples:
        levels = {criterion.id: 2 for criterion in family.document.rubric}
        calibrating.rate(trainer, family, example, levels)
    assert not calibrating.is_due(trainer, copy)
    assert not calibrating.is_due(trainer, case_with_examples.case)
    assert not calibrating.is_due(trainer, case_of(trainer.organisation).case)


def test_every_case_of_a_module_has_examples_on_all_its_criteria() -> None:
    """`check_content` says more; this keeps that they are there."""
    found = 0
    for folder in module_folders():
        module, _findings = read_module(folder)
        assert module
        for activity in module.activities():
            if activity.block.block_type == "practicecase":
                criteria = {each["id"] for each in activity.authored.data["rubric"]}
                examples = activity.authored.data["voorbeelden"]
                assert len(examples) == 2
                assert all(set(each["niveaus"]) == criteria for each in examples)
                found += 1
    assert found == 4
