"""What an activity remembers for a learner in all modules (Scope.preferences), and attempts that are class C."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from xblock.core import XBlock

from learning.people.models import Person
from learning.runtime import blocks, cohorts
from learning.runtime.blocks import LearnerRuntime, State
from learning.runtime.models import Attempt, BlockState, CohortFigures
from learning.sealing import WontOpen
from learning.tracks.content import Activity, Edition
from learning.tracks.models import ModuleEdition
from tests.factories import PersonFactory

EDITION = cast("Edition", SimpleNamespace(content_hash="f" * 64, assets={}))
SAID = {"soort": "start", "op": "2027-03-01", "antwoorden": {"z1": "4"}}


def selfcheck(person: Person, module: str) -> XBlock:
    fields: dict[str, Any] = {"authored": {"moment": "start"}}
    activity = Activity("zelf", "selfcheck", "Zelfbeeld", None, True, True, f"{module}/zelf", fields)
    return LearnerRuntime(person, EDITION).block(activity, State(person.pk, activity.usage))


def say(person: Person, module: str = "m1", said: dict[str, Any] = SAID) -> None:
    with transaction.atomic():
        block = selfcheck(person, module)
        block.moments = [*block.moments, said]
        block.save()


def test_what_is_said_in_one_module_is_known_in_another(person: Person) -> None:
    say(person)
    assert selfcheck(person, "m2").moments == [SAID]
    say(person, "m2", {**SAID, "op": "2027-06-01"})
    assert [moment["op"] for moment in selfcheck(person, "m1").moments] == ["2027-03-01", "2027-06-01"]
    assert BlockState.objects.filter(person=person).count() == 1


def test_nobody_else_has_it(person: Person) -> None:
    say(person)
    assert selfcheck(PersonFactory.create(organisation=person.organisation), "m1").moments == []


def test_it_is_sealed_and_opens_nowhere_else(person: Person) -> None:
    say(person)
    row = BlockState.objects.get(person=person)
    assert row.sealed is not None
    assert (json.loads(row.data), b"antwoorden" in bytes(row.sealed)) == ({}, False)
    BlockState.objects.create(
        person=PersonFactory.create(), usage=row.usage, data="{}", sealed=row.sealed, updated_at=row.updated_at
    )
    stolen = BlockState.objects.exclude(pk=row.pk).get().person
    with pytest.raises(WontOpen):
        _ = selfcheck(stolen, "m1").moments


def test_a_refused_answer_leaves_it_as_it_was(person: Person) -> None:
    say(person)
    with transaction.atomic():
        block = selfcheck(person, "m2")
        block.moments = []
        block.save()
        transaction.set_rollback(True)
    assert selfcheck(person, "m2").moments == [SAID]


def test_an_activity_that_doesnt_ask_costs_nothing(
    person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    block = selfcheck(person, "m1")
    with django_assert_num_queries(0):
        assert block.status == "niet_gestart"
    assert block.moments == []
    with django_assert_num_queries(0):
        assert block.moments == []


@pytest.mark.django_db(transaction=True)
def test_to_look_is_one_query_that_writes_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    block = selfcheck(PersonFactory.create(), "m1")
    with django_assert_num_queries(1):
        assert block.moments == []
    assert not BlockState.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not connection.features.has_select_for_update, reason="SQLite lets one write at a time")
def test_of_two_answers_at_once_the_second_sees_the_first() -> None:
    person, seen = PersonFactory.create(), list[int]()

    def second() -> None:
        say(person, "m2", {**SAID, "op": "2027-06-01"})
        seen.append(len(selfcheck(person, "m2").moments))
        connection.close()

    with transaction.atomic():
        block = selfcheck(person, "m1")
        block.moments = [*block.moments, SAID]
        block.save()
        other = threading.Thread(target=second)
        other.start()
        other.join(0.5)
        assert seen == []
    other.join(10)
    assert seen == [2]


def test_it_goes_with_the_person(person: Person) -> None:
    say(person)
    person.delete()
    assert not BlockState.objects.exists()


# --- attempts of class C


def attempt(person: Person, edition: ModuleEdition, answers: Any) -> Attempt:
    """As `publish` hands it over and the answer is kept."""
    block = selfcheck(person, "m1")
    block.runtime.publish(block, "attempt", {"number": 1, "answers": answers, "score": None})
    ((_, data),) = block.runtime.events
    return Attempt.objects.create(
        person=person, usage="m1/zelf", edition=edition, number=1, answers=data["answers"],
        score=None, created_at=edition.published_at,
    )  # fmt: skip


def test_its_answers_say_nothing_in_the_database_and_count_for_five_people(edition: ModuleEdition) -> None:
    people = PersonFactory.create_batch(5)
    home = people[0].organisation
    for person in people:
        Person.objects.filter(pk=person.pk).update(organisation=home)
        kept = attempt(person, edition, {"start": {"C1": 4.0}})
        assert '"C1"' not in json.dumps(kept.answers)
    cohorts.count(home.pk, "m1/zelf", "selfcheck")
    assert CohortFigures.objects.get().figures == {"start": {"C1": {"n": 5, "gemiddeld": 4.0}}}


def test_one_more_person_changes_no_figure_until_there_are_five_more(edition: ModuleEdition) -> None:
    home = PersonFactory.create().organisation
    seen = []
    for number in range(1, 11):
        attempt(PersonFactory.create(organisation=home), edition, {"start": {"C1": 2.0 if number < 6 else 4.0}})
        cohorts.count(home.pk, "m1/zelf", "selfcheck")
        seen.append(CohortFigures.objects.values_list("n", "figures__start__C1__gemiddeld").first())
    assert seen == [None] * 4 + [(5, 2.0)] * 5 + [(10, 3.0)]


def test_answers_moved_to_another_person_dont_open(person: Person) -> None:
    sealed = blocks.sealed_answers({"start": {}}, blocks.attempt_place(person.pk, "m1/zelf", 1))
    assert blocks.opened_answers(sealed, blocks.attempt_place(person.pk, "m1/zelf", 1)) == {"start": {}}
    with pytest.raises(WontOpen):
        blocks.opened_answers(sealed, blocks.attempt_place(person.pk + 1, "m1/zelf", 1))


@pytest.mark.parametrize("answers", [{"a": [1]}, [], None, {"verzegeld": "x", "b": 1}])
def test_other_answers_are_as_they_are(answers: Any) -> None:
    assert blocks.opened_answers(answers, "attempt|1|x|1") == answers
