"""Somebody goes while work goes on: nobody waits for who doesn't come, and nothing that was written is lost."""

from __future__ import annotations

import pytest

from learning.notices.models import Notice
from learning.people import groups
from learning.people.models import Group, GroupMember, Person
from learning.people.services import leave_group
from learning.practice import notices
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Part, Stage, State, Step, Verdict, Work
from learning.practice.queries import desk
from learning.practice.services import commenting, doing, handing_over, peers, reading, seconding
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import REPORT, assignment_in, group_of, handed_in, judged, trainer_in, work_of
from tests.learning.practice.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create())


@pytest.fixture
def colleague(group: Group) -> Person:
    other = trainer_in(group.organisation)
    GroupMember.objects.create(group=group, person=other, is_trainer=True)
    return other


@pytest.fixture
def group(trainer: Person) -> Group:
    return group_of(*PersonFactory.create_batch(3, organisation=trainer.organisation), trainer=trainer)


@pytest.fixture
def works(group: Group) -> list[Work]:
    """Of the three who learn in it, with one who reads along each; nothing was done yet."""
    assignment = assignment_in(group, peers=1)
    members = group.members.filter(is_trainer=False).select_related("person").order_by("pk")
    return [work_of(member.person, assignment) for member in members]


def asked_of(work: Work) -> Person:
    person = work.assessments.get(part=Part.PEER, stage__in=[Stage.ASKED, Stage.BUSY]).person
    assert person
    return person


def now(work: Work) -> Work:
    return Work.objects.get(pk=work.pk)


def queue_of(trainer: Person) -> list[int]:
    found = desk.desk_of(trainer)
    assert found
    return [work.pk for work in desk.head(found)]


# --- who learns


def test_what_they_were_to_read_along_another_reads(works: list[Work], group: Group) -> None:
    handed_in(works[0])
    first = asked_of(works[0])
    reading_of = Assessment.objects.get(part=Part.PEER)
    reading.save(reading_of.pk, levels={"stem": 2}, words=Words(saw="Ik zag"), based_on=0)
    commenting.add(reading_of.pk, by=first, at=commenting.Passage("verslag-0", 0, 3), words="Hier")
    groups.take_out(group, first)
    second = asked_of(works[0])
    assert second not in (first, works[0].person)
    assert Notice.objects.filter(person=second, kind=notices.PEER_ASKED).exists()
    reading_of.refresh_from_db()
    assert (reading_of.stage, reading_of.sealed, reading_of.levels) == (Stage.DECLINED, None, {})
    assert not reading_of.comments.exists()
    groups.take_out(group, second)  # nobody else is there: nobody is asked, and nothing goes wrong
    assert not Assessment.objects.filter(part=Part.PEER, stage=Stage.ASKED).exists()


def test_what_they_gave_as_a_colleague_stays(works: list[Work], group: Group) -> None:
    handed_in(works[0])
    peer = asked_of(works[0])
    given = Assessment.objects.get(part=Part.PEER)
    reading.give(
        given.pk, by=peer, levels=dict.fromkeys(("luisteren", "oordeel", "stem"), 3),
        words=Words(saw="Ik zag", asks="Wat nu?"), based_on=0, verdict=None,
    )  # fmt: skip
    groups.take_out(group, peer)
    assert Assessment.objects.get(part=Part.PEER).stage == Stage.GIVEN


def test_what_they_handed_in_stays_in_the_queue_and_its_maker_reads_the_answer(
    works: list[Work], group: Group, trainer: Person
) -> None:
    handed_in(works[0])
    groups.take_out(group, works[0].person)
    assert queue_of(trainer) == [works[0].pk]
    judged(now(works[0]), trainer, Verdict.RETURN, level=2)
    page = signed_in(works[0].person).get(f"/praktijk/{works[0].key}/").content.decode()
    assert "Wat merkte je toen?" in page
    assert "Je zit niet meer in de groep van deze case" in page
    assert handed_in(now(works[0])).state == State.REVISED


def test_who_is_out_of_the_group_goes_on_without_colleagues(works: list[Work], group: Group) -> None:
    groups.take_out(group, works[0].person)
    assert peers.would_be_asked(works[0]) == []
    handed_in(works[0])
    assert not Assessment.objects.exists()


def test_who_left_the_class_list_of_an_lms_is_followed_by_another_too(works: list[Work], group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(source="lti:1:cursus")
    handed_in(works[0])
    first = asked_of(works[0])
    leave_group(group.organisation, source="lti:1:cursus", people=[first.pk])
    assert asked_of(works[0]) != first


def test_another_group_notices_nothing(works: list[Work], group: Group, trainer: Person) -> None:
    handed_in(works[0])
    first = asked_of(works[0])
    groups.take_out(group_of(first, trainer=trainer, name="Andere"), first)
    assert asked_of(works[0]) == first


# --- who trains


def test_what_a_trainer_was_reading_waits_again_at_its_place_and_the_others_hear_of_it(
    works: list[Work], group: Group, trainer: Person, colleague: Person
) -> None:
    work = handed_in(works[0])
    since = work.waiting_since
    handing_over.hand_over(work.pk, to=colleague, by=trainer)
    Notice.objects.all().delete()
    mine = reading.take_up(work.pk, by=colleague)
    reading.save(mine.pk, levels={"stem": 2}, words=Words(saw="Half"), based_on=0)
    groups.take_out(group, colleague)
    work = now(work)
    assert (work.state, work.assessor) == (State.HANDED_IN, None)
    assert work.waiting_since == since
    assert Step.objects.filter(work=work).latest("pk").by is None
    assert [notice.person for notice in Notice.objects.filter(kind=notices.HANDED_IN)] == [trainer]
    assert signed_in(colleague).get(f"/begeleiden/{work.key}/").status_code in (302, 404)
    GroupMember.objects.create(group=group, person=colleague, is_trainer=True)
    again = reading.take_up(work.pk, by=colleague)
    assert (again.pk, reading.words_of(again).saw) == (mine.pk, "Half")


def test_who_heard_of_a_round_does_not_hear_of_it_twice(
    works: list[Work], group: Group, trainer: Person, colleague: Person
) -> None:
    reading.take_up(handed_in(works[0]).pk, by=colleague)
    groups.take_out(group, colleague)
    assert Notice.objects.filter(kind=notices.HANDED_IN, person=trainer).count() == 1


def test_what_lay_with_a_second_reader_comes_back_when_its_writer_goes(
    group: Group, trainer: Person, colleague: Person
) -> None:
    learner = group.members.filter(is_trainer=False)[0].person
    work = handed_in(work_of(learner, assignment_in(group, second_reader=True)))
    taken = reading.take_up(work.pk, by=colleague)
    reading.give(
        taken.pk, by=colleague, levels=dict.fromkeys(("luisteren", "oordeel", "stem"), 2),
        words=Words(saw="Ik zag", asks="Wat nu?"), based_on=0, verdict=Verdict.RETURN, reader=trainer,
        learning_level="individueel",
    )  # fmt: skip
    groups.take_out(group, colleague)
    taken.refresh_from_db()
    assert (taken.stage, taken.reader) == (Stage.BUSY, None)
    assert reading.take_up(work.pk, by=trainer).person == trainer


# --- for good


def test_a_learner_who_is_erased_is_followed_by_another_where_they_were_to_read(works: list[Work]) -> None:
    handed_in(works[0])
    first = asked_of(works[0])
    first.delete()
    assert asked_of(works[0]) != works[0].person
    assert not Work.objects.filter(person=first.pk).exists()


def test_a_learner_who_is_erased_takes_along_what_others_read_of_theirs(works: list[Work], trainer: Person) -> None:
    handed_in(works[0])
    reading.take_up(works[0].pk, by=trainer)
    maker = works[0].person
    maker.delete()
    assert not Assessment.objects.exists()
    assert queue_of(trainer) == []


def test_a_trainer_who_is_erased_while_reading_leaves_it_in_the_queue(
    works: list[Work], trainer: Person, colleague: Person
) -> None:
    reading.take_up(handed_in(works[0]).pk, by=colleague)
    colleague.delete()
    assert now(works[0]).state == State.HANDED_IN
    assert queue_of(trainer) == [works[0].pk]
    page = signed_in(works[0].person).get(f"/praktijk/{works[0].key}/")
    assert page.status_code == 200


def test_a_draft_goes_on_when_its_trainers_are_gone(works: list[Work], trainer: Person) -> None:
    trainer.delete()
    doing.save(works[0].pk, REPORT, based_on=0)
    assert handed_in(works[0]).state == State.HANDED_IN


# --- who was to read for another trainer


@pytest.mark.parametrize("erased", [False, True])
def test_what_lay_with_a_reader_who_goes_is_its_writers_again(
    group: Group, trainer: Person, colleague: Person, erased: bool
) -> None:
    learner = group.members.filter(is_trainer=False)[0].person
    work = handed_in(work_of(learner, assignment_in(group, second_reader=True)))
    taken = reading.take_up(work.pk, by=trainer)
    reading.give(
        taken.pk, by=trainer, levels=dict.fromkeys(("luisteren", "oordeel", "stem"), 2),
        words=Words(saw="Ik zag", asks="Wat nu?"), based_on=0, verdict=Verdict.RETURN, reader=colleague,
        learning_level="individueel",
    )  # fmt: skip
    colleague.delete() if erased else groups.take_out(group, colleague)
    taken.refresh_from_db()
    assert (taken.stage, taken.reader) == (Stage.BUSY, None)
    assert reading.words_of(taken).saw == "Ik zag"
    assert Notice.objects.filter(person=trainer, kind=notices.READER_GONE).count() == 1
    assert "is weer van jou" in signed_in(trainer).get("/berichten/").content.decode()


@pytest.mark.parametrize("erased", [False, True])
def test_who_was_drawn_to_read_a_second_time_is_followed_by_another(
    works: list[Work], group: Group, trainer: Person, colleague: Person, erased: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seconding, "is_drawn", lambda kept: True)
    third = trainer_in(group.organisation)
    judged(handed_in(works[0]), trainer, Verdict.RETURN, level=2)
    GroupMember.objects.create(group=group, person=third, is_trainer=True)
    assert Assessment.objects.get(part=Part.SECOND).person == colleague
    colleague.delete() if erased else groups.take_out(group, colleague)
    assert Assessment.objects.get(part=Part.SECOND, stage=Stage.ASKED).person == third
