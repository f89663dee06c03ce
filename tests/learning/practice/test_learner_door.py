"""The door in a unit: how a case stands, beginning it oneself, and notes that go along; what follows is told once."""

from __future__ import annotations

from typing import Any

import pytest

from learning.notices.models import Notice
from learning.people.models import Group, GroupMember, Person
from learning.practice.door import Door
from learning.practice.models import Assessment, Assignment, Part, State, Verdict, Work
from learning.practice.services import doing, peers, starting
from learning.runtime import services as runtime
from learning.tracks.events import told
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import (
    assignment_in,
    case_of,
    group_of,
    handed_in,
    judged,
    trainer_in,
    work_of,
)

pytestmark = pytest.mark.django_db
USAGE = "dialoogprincipes/praktijkcase-m1"


@pytest.fixture
def trainer() -> Person:
    return trainer_in(OrganisationFactory.create())


@pytest.fixture
def learner(trainer: Person) -> Person:
    return PersonFactory.create(organisation=trainer.organisation)


@pytest.fixture
def group(trainer: Person, learner: Person) -> Group:
    case_of(usage=USAGE)
    return group_of(learner, trainer=trainer)


def test_activities_are_offered_the_door() -> None:
    assert runtime._offers["cases"] is Door


def test_who_has_a_trainer_begins_by_themselves_and_twice_is_once(learner: Person, group: Group) -> None:
    door = Door(learner, USAGE)
    assert door.standing()["can_begin"]
    assert door.begin()
    assert door.begin()
    work = Work.objects.get()
    assert (work.person, work.group, work.state) == (learner, group, State.GIVEN)
    assert door.standing()["href"] == f"/praktijk/{work.key}/"
    assert not Notice.objects.filter(person=learner, seen_at=None).exists()


@pytest.mark.parametrize("why", ["no group", "no trainer", "ended", "no case"])
def test_nobody_begins_what_nobody_will_read(learner: Person, group: Group, trainer: Person, why: str) -> None:
    if why == "no group":
        group.members.filter(person=learner).delete()
    elif why == "no trainer":
        group.members.filter(person=trainer).delete()
    elif why == "ended":
        Group.objects.update(ends_on="2020-01-01")
    door = Door(learner, "elders/case" if why == "no case" else USAGE)
    assert not door.standing()["can_begin"]
    assert not door.begin()
    assert not Assignment.objects.exists()


def test_notes_go_to_the_same_questions_and_never_over_what_stands_there(learner: Person, group: Group) -> None:
    work = starting.begin(learner, usage=USAGE)
    doing.save(work.pk, {"voorbereiding-0": "Een imker"}, based_on=0)
    notes = {
        "Met wie? Noem een functie.": "Een boer",
        "Wat kun je beloven?": "Een afspraak",
        "Wat nu?": "Bellen",
        "Een vraag van vroeger": "Weg",
    }
    assert Door(learner, USAGE).take_over(notes) == 2
    fields = doing.draft_of(Work.objects.get()).fields
    assert fields == {"voorbereiding-0": "Een imker", "voorbereiding-1": "Een afspraak", "verslag-3": "Bellen"}
    assert Door(learner, USAGE).take_over(notes) == 0


def test_a_learning_record_store_hears_each_step_and_no_word(learner: Person, group: Group, trainer: Person) -> None:
    heard: list[dict[str, Any]] = []

    def hear(**news: Any) -> None:
        heard.append({name: news[name] for name in ("usage", "happened", "once")})

    told.connect(hear)
    try:
        work = starting.begin(learner, usage=USAGE)
        judged(handed_in(work), trainer, Verdict.ENOUGH)
    finally:
        told.disconnect(hear)
    assert [each["happened"] for each in heard] == [
        [{"verb": "registered"}],
        [{"verb": "initialized"}],
        [{"verb": "scored", "score": 0.75}, {"verb": "completed"}],
    ]
    assert {each["usage"] for each in heard} == {USAGE}
    assert len({each["once"] for each in heard}) == 3


def test_a_case_of_no_module_is_told_to_nobody(learner: Person, group: Group, trainer: Person) -> None:
    heard: list[Any] = []

    def hear(**news: Any) -> None:
        heard.append(news)

    told.connect(hear)
    try:
        judged(handed_in(work_of(learner, assignment_in(group))), trainer, Verdict.ENOUGH)
    finally:
        told.disconnect(hear)
    assert heard == []


def test_who_begins_alone_is_read_by_who_has_the_same_case_in_the_group(
    learner: Person, group: Group, trainer: Person
) -> None:
    colleague, elsewhere = PersonFactory.create_batch(2, organisation=learner.organisation)
    GroupMember.objects.create(group=group, person=colleague)
    group_of(elsewhere, trainer=trainer, name="Andere")
    work = starting.begin(learner, usage=USAGE)
    Assignment.objects.update(peers=2)
    assert peers.would_be_asked(work) == []
    for person in (colleague, elsewhere):
        starting.begin(person, usage=USAGE)
    Assignment.objects.update(peers=2)
    work = Work.objects.get(pk=work.pk)
    assert peers.would_be_asked(work) == [colleague]
    work_of(colleague, assignment_in(group, work.assignment.version))  # twice the same case: still one person
    handed_in(work)
    assert [each.person for each in Assessment.objects.filter(part=Part.PEER)] == [colleague]
