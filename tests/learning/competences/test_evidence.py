"""What is kept of what somebody did, and the levels that follow: the same whenever they are worked out anew."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from learning.competences import history
from learning.competences.models import EvidenceItem, Reached, Stale
from learning.competences.services import evidence
from learning.people.models import Person
from learning.practice.models import Verdict, Work
from learning.runtime.models import Attempt
from learning.sealing import WontOpen
from learning.tracks.models import Enrolment, ModuleEdition
from tests.factories import PersonFactory, enrolled, published
from tests.factories.practice import assignment_in, group_of, handed_in, judged, trainer_in, work_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def person(edition: ModuleEdition) -> Person:
    person = PersonFactory.create()
    enrolled(person, edition)
    return person


def tried(person: Person, quiz: str, score: float, *, number: int = 1, days_ago: int = 0) -> None:
    Attempt.objects.create(
        person=person, usage=f"proefmodule/{quiz}", edition=Enrolment.objects.get(person=person).edition,
        number=number, answers={}, score=score, created_at=timezone.now() - timedelta(days=days_ago),
    )  # fmt: skip


def levels(person: Person) -> dict[str, int]:
    return dict(Reached.objects.filter(person=person, level__gt=0).values_list("competence", "level"))


def keys(person: Person) -> set[str]:
    return set(EvidenceItem.objects.filter(person=person).values_list("key", flat=True))


def test_two_quizzes_that_went_well_are_n1_in_the_competence_of_their_author(person: Person) -> None:
    tried(person, "quiz-1-1", 1.0)
    tried(person, "quiz-1-2", 0.6)
    evidence.work_out(person.pk)
    assert levels(person) == {"C1": 1}
    assert Reached.objects.filter(person=person).count() == 10


def test_of_knowledge_only_what_was_better_than_before_is_kept(person: Person) -> None:
    for number, score in enumerate((0.4, 0.3, 0.9, 0.9), 1):
        tried(person, "quiz-1-1", score, number=number)
    evidence.work_out(person.pk)
    kept = EvidenceItem.objects.filter(person=person).values_list("attempt", flat=True)
    assert sorted(kept) == [1, 3]


def test_a_trainers_verdict_is_practice_and_what_one_thought_oneself_stands_beside_it(person: Person) -> None:
    trainer = trainer_in(person.organisation)
    work = work_of(person, assignment_in(group_of(person, trainer=trainer)))
    judged(handed_in(work), trainer, Verdict.ENOUGH, level=3)
    evidence.work_out(person.pk)
    by = {(item.source, item.competence): item for item in EvidenceItem.objects.filter(person=person)}
    assert set(by) == {(source, code) for source in ("zelf", "praktijk") for code in ("C1", "C2", "C3")}
    assert (by["praktijk", "C1"].score, by["praktijk", "C1"].confirmed) == (0.75, True)
    assert by["praktijk", "C1"].assessor == trainer
    assert Reached.objects.get(person=person, competence="C1").series == {"zelf": 2.0, "trainer": 3.0}


def test_practice_counts_at_the_learning_level_that_a_trainer_confirmed(person: Person) -> None:
    trainer = trainer_in(person.organisation)
    group = group_of(person, trainer=trainer)
    for proposed, confirmed in (("interbestuurlijk", "interbestuurlijk"), ("systemisch", "organisatorisch")):
        work = handed_in(work_of(person, assignment_in(group)), leerniveau=proposed)
        evidence.work_out(person.pk)
        assert set(_places(person, work)) <= {("zelf", "individueel")}  # nobody confirmed it yet
        judged(work, trainer, Verdict.ENOUGH, learning_level=confirmed)
        evidence.work_out(person.pk)
        assert set(_places(person, work)) == {("zelf", "individueel"), ("praktijk", confirmed)}
    assert Reached.objects.get(person=person, competence="C1").learning_levels == "ob"


def _places(person: Person, work: Work) -> list[tuple[str, str]]:
    """(source, learning level)"""
    rows = EvidenceItem.objects.filter(person=person, situation=f"praktijk:{work.pk}")
    return list(rows.values_list("source", "learning_level"))


def test_worked_out_anew_from_history_it_is_the_same(person: Person) -> None:
    trainer = trainer_in(person.organisation)
    judged(
        handed_in(work_of(person, assignment_in(group_of(person, trainer=trainer)))), trainer, Verdict.RETURN, level=2
    )
    for quiz, score in (("quiz-1-1", 0.2), ("quiz-2-1", 0.8)):
        tried(person, quiz, score)
        evidence.work_out(person.pk)
    judged(handed_in(Work.objects.get()), trainer, Verdict.ENOUGH, level=3)
    evidence.work_out(person.pk)
    before = keys(person), levels(person)
    EvidenceItem.objects.all().delete()
    Reached.objects.all().delete()
    evidence.work_out(person.pk)
    assert (keys(person), levels(person)) == before


def test_who_does_something_is_stale_at_once_and_worked_out_later_once(
    person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with transaction.atomic():
        evidence.make_stale(person.pk)
        with django_assert_num_queries(1):
            evidence.make_stale(person.pk)
    assert Stale.objects.count() == 1
    lane = json.loads(Job.objects.get(kind=evidence.KIND).payload)["lane"]
    tried(person, "quiz-1-1", 1.0)
    assert evidence.work_out_stale(lane) == 1
    assert not Stale.objects.exists()
    assert keys(person) == {"kennis:proefmodule/quiz-1-1:1:C1"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one after the other writes")
@pytest.mark.django_db(transaction=True)
def test_who_does_something_while_they_are_worked_out_is_worked_out_once_more(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        evidence.make_stale(person.pk)
    Job.objects.all().delete()
    read, reading = history.of, threading.Event()

    def reads_slowly(person_id: int) -> list[history.Shown]:
        found = read(person_id)
        reading.set()
        time.sleep(0.3)
        return found

    def work_out() -> None:
        evidence.work_out(person.pk)
        connection.close()

    monkeypatch.setattr(history, "of", reads_slowly)
    with ThreadPoolExecutor(1) as threads:
        works = threads.submit(work_out)
        assert reading.wait(10)
        with transaction.atomic():
            tried(person, "quiz-1-1", 1.0)
            evidence.make_stale(person.pk)
        works.result()
    assert not keys(person)
    assert Stale.objects.filter(person=person).exists()
    assert evidence.work_out_stale(json.loads(Job.objects.get(kind=evidence.KIND).payload)["lane"]) == 1
    assert keys(person) == {"kennis:proefmodule/quiz-1-1:1:C1"}


def without_key(monkeypatch: pytest.MonkeyPatch, of: Person) -> None:
    """Their history can't be read."""
    read = history.of

    def reads(person_id: int) -> list[history.Shown]:
        if person_id == of.pk:
            raise WontOpen
        return read(person_id)

    monkeypatch.setattr(history, "of", reads)


def test_somebody_whose_history_cannot_be_read_holds_nobody_else_up_and_stays_stale(
    person: Person, edition: ModuleEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes = 16
    after = PersonFactory.create(pk=person.pk + lanes)
    enrolled(after, edition)
    tried(after, "quiz-1-1", 1.0)
    without_key(monkeypatch, of=person)
    with pytest.raises(WontOpen):
        evidence.work_out_stale(person.pk % lanes)
    assert keys(after) == {"kennis:proefmodule/quiz-1-1:1:C1"}
    assert list(Stale.objects.values_list("person", flat=True)) == [person.pk]


@pytest.mark.parametrize("attempts", [1, 12])
def test_working_somebody_out_costs_the_same_however_much_they_did(
    person: Person, attempts: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, attempts + 1):
        tried(person, "quiz-1-1", number / 20, number=number)
    evidence.work_out(person.pk)
    tried(person, "quiz-2-2", 1.0)
    with django_assert_max_num_queries(12):
        evidence.work_out(person.pk)
