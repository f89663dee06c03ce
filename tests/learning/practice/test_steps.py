"""A work from given to enough, through the services: each step written down and told, and nothing lost."""

from __future__ import annotations

import pytest

from learning.notices.models import Notice
from learning.people.models import Group, Person
from learning.practice import notices
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Part, Round, Stage, State, Step, Verdict, Work
from learning.practice.services import doing, peers, reading
from learning.practice.services.moving import NotNow
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import (
    CRITERIA,
    PREPARATION,
    REPORT,
    assignment_in,
    group_of,
    handed_in,
    held_talk,
    judged,
    trainer_in,
    work_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create())


@pytest.fixture
def group(trainer: Person) -> Group:
    learners = PersonFactory.create_batch(4, organisation=trainer.organisation)
    return group_of(*learners, trainer=trainer)


@pytest.fixture
def learners(group: Group) -> list[Person]:
    return [member.person for member in group.members.filter(is_trainer=False).select_related("person").order_by("pk")]


@pytest.fixture
def work(group: Group, learners: list[Person]) -> Work:
    return work_of(learners[0], assignment_in(group))


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_a_case_goes_from_given_to_enough_and_every_step_is_written_down(work: Work, trainer: Person) -> None:
    work = judged(handed_in(work), trainer, Verdict.RETURN, level=2)
    assert work.state == State.RETURNED
    work = judged(handed_in(work), trainer, Verdict.ENOUGH)
    assert (work.state, work.round, work.score) == (State.ENOUGH, 2, 0.75)
    assert work.waiting_since is None
    assert [step.after for step in Step.objects.filter(work=work).order_by("pk")] == [
        State.GIVEN, State.PREPARED, State.HELD, State.HANDED_IN, State.READING, State.RETURNED,
        State.REVISED, State.READING, State.ENOUGH,
    ]  # fmt: skip
    assert told(work.person) == [notices.RETURNED, notices.ENOUGH]
    assert told(trainer) == [notices.HANDED_IN, notices.HANDED_IN]


def test_words_of_a_learner_are_in_no_table_as_they_are(work: Work) -> None:
    handed_in(work)
    kept = Round.objects.get()
    row = Work.objects.get()
    assert row.sealed_draft is not None
    for sealed in (bytes(kept.sealed), bytes(row.sealed_draft)):
        assert b"melkveehouder" not in sealed
        assert b"gebeurde" not in sealed


def test_somebody_who_has_not_looked_at_safety_does_not_go(work: Work) -> None:
    doing.save(work.pk, {"voorbereiding-0": "Een boer."}, based_on=0)
    with pytest.raises(doing.Incomplete) as refused:
        doing.prepare(work.pk, by=work.person)
    assert refused.value.missing == {"veilig-0": "kies"}


def test_nothing_is_handed_in_without_an_own_look_at_the_rubric(work: Work) -> None:
    held_talk(work)
    report = {name: text for name, text in REPORT.items() if not name.startswith("niveau-")}
    doing.save(work.pk, report, based_on=9)
    with pytest.raises(doing.Incomplete) as refused:
        doing.hand_in(work.pk, by=work.person)
    assert set(refused.value.missing) == {f"niveau-{criterion}" for criterion in CRITERIA}
    assert not Round.objects.exists()


def test_two_windows_are_brought_together_and_what_clashes_is_asked(work: Work) -> None:
    doing.save(work.pk, {"voorbereiding-0": "Een boer"}, based_on=0)
    merged = doing.save(work.pk, {"voorbereiding-1": "Een terugbelafspraak"}, based_on=0)
    assert not merged.clashes
    clashing = doing.save(work.pk, {"voorbereiding-0": "Een imker"}, based_on=0)
    assert clashing.clashes == {"voorbereiding-0": ("Een boer", "Een imker")}
    decided = doing.save(work.pk, {"voorbereiding-0": "Een imker"}, based_on=0, insist=["voorbereiding-0"])
    assert decided.draft.fields == {"voorbereiding-0": "Een imker", "voorbereiding-1": "Een terugbelafspraak"}


def test_what_was_handed_in_can_be_taken_back_until_somebody_reads_it(work: Work, trainer: Person) -> None:
    work = handed_in(work)
    taken = doing.take_back(work.pk, by=work.person).work
    assert (taken.state, taken.round) == (State.HELD, 0)
    assert not Round.objects.exists()
    work = handed_in(taken)
    reading.take_up(work.pk, by=trainer)
    with pytest.raises(NotNow):
        doing.take_back(work.pk, by=work.person)


def test_peers_are_asked_fairly_and_nobody_is_left_without(group: Group, learners: list[Person]) -> None:
    assignment = assignment_in(group, peers=1)
    for learner in learners:
        handed_in(work_of(learner, assignment))
    works = [work_of(PersonFactory.create(organisation=group.organisation), assignment_in(group))]
    assert works  # somebody with another assignment is never asked
    asked = list(Assessment.objects.filter(part=Part.PEER).values_list("person", flat=True))
    assert len(asked) == len(learners) - 1  # the first had nobody beside them yet
    assert len(set(asked)) == len(asked)


def test_a_peer_who_can_not_is_followed_by_another(group: Group, learners: list[Person]) -> None:
    assignment = assignment_in(group, peers=1)
    works = [work_of(learner, assignment) for learner in learners]
    handed_in(works[0])
    first = Assessment.objects.get(part=Part.PEER)
    assert first.person is not None
    peers.decline(first.pk, by=first.person)
    second = Assessment.objects.get(part=Part.PEER, stage=Stage.ASKED)
    assert second.person not in (first.person, learners[0])


def test_two_trainers_do_not_read_the_same_at_once(work: Work, trainer: Person, group: Group) -> None:
    other = trainer_in(trainer.organisation)
    group.members.create(person=other, is_trainer=True)
    work = handed_in(work)
    reading.take_up(work.pk, by=trainer)
    with pytest.raises(reading.InOtherHands) as refused:
        reading.take_up(work.pk, by=other)
    assert refused.value.by == trainer
    reading.let_go(work.pk, by=trainer)
    assert reading.take_up(work.pk, by=other).person == other


def test_a_reading_without_a_question_is_not_given(work: Work, trainer: Person) -> None:
    taken = reading.take_up(handed_in(work).pk, by=trainer)
    with pytest.raises(doing.Incomplete) as refused:
        reading.give(
            taken.pk, by=trainer, levels=dict.fromkeys(CRITERIA, 3), words=Words(saw="Mooi."),
            based_on=0, verdict=Verdict.ENOUGH, learning_level="individueel",
        )  # fmt: skip
    assert refused.value.missing == {"vraag": "vraag"}
    taken.refresh_from_db()
    assert taken.stage == Stage.BUSY


def test_one_criterion_at_one_is_not_enough(work: Work, trainer: Person) -> None:
    taken = reading.take_up(handed_in(work).pk, by=trainer)
    with pytest.raises(doing.Incomplete) as refused:
        reading.give(
            taken.pk, by=trainer, levels={"luisteren": 4, "oordeel": 4, "stem": 1}, words=Words(asks="Wat nu?"),
            based_on=0, verdict=Verdict.ENOUGH, learning_level="individueel",
        )  # fmt: skip
    assert refused.value.missing == {"verdict": "te_laag"}


def test_a_draft_is_the_learners_until_it_is_prepared(work: Work) -> None:
    doing.save(work.pk, PREPARATION, based_on=0)
    work.refresh_from_db()
    assert work.state == State.GIVEN
    assert doing.prepare(work.pk, by=work.person).after is State.PREPARED
