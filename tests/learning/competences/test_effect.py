"""What is measured of a module, once a day: of five or more, and never of somebody who came alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from learning.competences import tasks
from learning.competences.effect import measures
from learning.competences.models import ShownMeasure, ShownOf, TrackForTeam
from learning.competences.services import effect, hr, showing
from learning.people.erasing import erase
from learning.people.models import Organisation, Person, Team, TeamMembership
from learning.practice.models import Assessment, Part, Round, Stage, Work
from learning.runtime.models import Attempt
from learning.runtime.publishing import publish_folder
from learning.tracks.models import Enrolment, ModuleEdition
from learning.tracks.services import enrol, set_track
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.practice import assignment_in, case_of, group_of, trainer_in, work_of
from tests.learning.frame import whole_folder

pytestmark = pytest.mark.django_db

START, END, AGAIN, KNOWN = "start-taak", "eind-taak", "herhaal-taak", "kennis"


@dataclass
class House:
    """An organisation with one team that follows a leerlijn of one module."""

    organisation: Organisation
    team: Team
    edition: ModuleEdition

    def people(self, n: int) -> list[Person]:
        found = []
        for _each in range(n):
            person = PersonFactory.create(organisation=self.organisation)
            TeamMembership.objects.create(team=self.team, person=person)
            found.append(person)
        return found

    def begin(self, people: Iterable[Person]) -> None:
        for person in people:
            enrol(person, module=self.edition.module)

    def finish(self, people: Iterable[Person], *, days_ago: int = 1) -> None:
        at = timezone.now() - timedelta(days=days_ago)
        Enrolment.objects.filter(person__in=list(people)).update(completed_at=at, finished_at=at)

    def scored(self, people: Iterable[Person], activity: str, score: Callable[[int], float]) -> None:
        for at, person in enumerate(people):
            Attempt.objects.create(
                person=person, usage=f"{self.edition.module.slug}/{activity}", edition=self.edition, number=1,
                answers={}, score=score(at), created_at=timezone.now(),
            )  # fmt: skip

    def show(self, *, on: date | None = None) -> int:
        showing.show(self.organisation, on=on)
        return effect.show(self.organisation, on=on)

    def shown(self, name: str) -> ShownMeasure | None:
        newest = ShownMeasure.objects.filter(organisation=self.organisation, name=name).order_by("-period")
        return newest.first()

    def facts(self, name: str) -> dict[str, Any]:
        shown = self.shown(name)
        assert shown is not None
        facts: dict[str, Any] = shown.facts
        return facts

    def counts(self, name: str) -> tuple[int, int] | None:
        shown = self.shown(name)
        return (shown.n, shown.of) if shown else None


@pytest.fixture
def house(tmp_path: Path) -> House:
    organisation = OrganisationFactory.create()
    edition = publish_folder(whole_folder(tmp_path / "heel"))
    track = set_track(organisation, slug="leerlijn", title="Leerlijn", modules=[edition.module])
    team = Team.objects.create(organisation=organisation, name="Zand")
    TrackForTeam.objects.create(track=track, team=team, starts_on=timezone.localdate())
    return House(organisation, team, edition)


@pytest.fixture
def forty(house: House) -> list[Person]:
    """Forty who follow, thirty-five who began, thirty who finished. Of both the last five wait."""
    people = house.people(40)
    house.begin(people[:35])
    house.finish(people[:30])
    return people


def test_who_began_is_told_of_who_follows_and_who_finished_of_who_began(house: House, forty: list[Person]) -> None:
    house.show()
    assert house.counts(measures.FOLLOWS) == (40, 40)
    assert house.counts(measures.BEGUN) == (30, 40)
    assert house.counts(measures.FINISHED) == (25, 30)
    assert house.facts(measures.FOLLOWS)["titel"] == house.edition.module.title


def test_who_follows_no_leerlijn_and_another_organisation_are_not_in_it(house: House, forty: list[Person]) -> None:
    house.begin([PersonFactory.create(organisation=house.organisation)])
    house.begin([PersonFactory.create() for _each in range(9)])
    house.show()
    assert house.counts(measures.BEGUN) == (30, 40)


def test_who_alone_did_not_finish_is_not_what_is_left_over(house: House) -> None:
    people = house.people(30)
    house.begin(people)
    house.finish(people[:29])
    house.show()
    assert house.counts(measures.BEGUN) == (25, 30)
    assert house.counts(measures.FINISHED) == (20, 25)
    house.finish(people)
    assert house.show() == 0


def test_knowledge_is_that_of_the_first_time_at_the_eindpunt(house: House, forty: list[Person]) -> None:
    house.scored(forty[:25], KNOWN, lambda at: 0.5 + 0.1 * (at % 5))
    for person in forty[:25]:
        Attempt.objects.create(
            person=person, usage=f"{house.edition.module.slug}/{KNOWN}", edition=house.edition, number=2, answers={},
            score=1.0, created_at=timezone.now(),
        )  # fmt: skip
    house.show()
    facts = house.facts(measures.KNOWLEDGE)
    assert facts["gemiddeld"] == pytest.approx(70, abs=1)
    assert facts["vakken"] == [[[0, 1], 5], [[2], 5], [[3], 5], [[4], 5], [[5], 5]]


def test_decisions_are_compared_of_twenty_people_or_more_who_did_both(house: House, forty: list[Person]) -> None:
    house.scored(forty[:30], START, lambda at: 0.3 + 0.02 * (at % 10))
    house.scored(forty[:19], END, lambda at: 0.5 + 0.03 * (at % 7))
    house.show()
    assert house.shown(measures.DECISION) is None
    house.scored(forty[19:25], END, lambda at: 0.6)
    house.show()
    assert house.counts(measures.DECISION) == (25, 25)
    facts = house.facts(measures.DECISION)
    before = sum(30 + 2 * (at % 10) for at in range(25)) / 25
    assert abs(facts["voor"] - before) <= 1
    assert facts["verschil"] > 15
    low, high = facts["grootte"][1:]
    assert 0 < low < facts["grootte"][0] < high
    assert facts["vakken"] == [[[0, 1, 2], 25]]  # that all of them did better isn't told of anybody


def test_what_stayed_is_told_of_who_did_the_herhaalmoment_too(house: House, forty: list[Person]) -> None:
    for activity, people in ((START, 30), (END, 30), (AGAIN, 20)):
        house.scored(forty[:people], activity, lambda at: 0.4 + 0.02 * (at % 10))
    house.show()
    assert house.counts(measures.DECISION) == (25, 25)
    assert house.counts(measures.KEPT) == (20, 25)
    assert "voor" not in house.facts(measures.KEPT)


def test_what_was_said_on_the_card_and_three_months_later_is_told_by_question(
    house: House, forty: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.finish(forty[:25], days_ago=120)
    slug, today = house.edition.module.slug, timezone.localdate()
    marks = [7, 8, 9]
    cards = [
        (person.pk, slug, {"cijfer": marks[at % 3], "aanbeveling": at % 11, "gebruikt": "ja", "zwaarte": None}, today)
        for at, person in enumerate(forty[:25])
    ]
    talks = [
        (person.pk, slug, {"anders": at < 10}, {"z1": 1 + at % 5, "z2": None}, today)
        for at, person in enumerate(forty[:20])
    ]
    monkeypatch.setattr("learning.competences.effect.asking.exit_cards", lambda _organisation: iter(cards))
    monkeypatch.setattr("learning.competences.effect.asking.looked_back", lambda _organisation: iter(talks))
    house.show()
    assert house.facts(measures.MARK)["vakken"] == [[[1, 2, 3, 4, 5, 6, 7], 9], [[8], 8], [[9, 10], 8]]
    assert house.facts(measures.MARK)["gemiddeld"] == pytest.approx(8, abs=0.2)
    assert house.facts(measures.USED)["vakken"] == [[[0, 1, 2], 25]]
    assert house.shown(measures.WEIGHT) is None
    assert house.counts(measures.LATER) == (25, 25)
    assert house.counts(measures.DIFFERENT) == (20, 25)
    assert house.facts(measures.DIFFERENT)["vakken"] == [[[0], 10], [[1], 10]]
    assert house.facts(measures.STATEMENTS)["zinnen"][1] == [[[0, 1, 2, 3, 4, 5], 20]]
    # What was said stays sealed where it was said: of who counts is only remembered that they do.
    remembered = ShownOf.objects.filter(table__startswith="effect:").values_list("values", flat=True)
    assert set(remembered) == {"1"}


def test_who_finished_less_than_three_months_ago_is_not_missing_then(house: House, forty: list[Person]) -> None:
    house.finish(forty[:15], days_ago=92)
    house.show()
    assert house.counts(measures.LATER) == (15, 25)


def practised(house: House, people: list[Person], *levels: int) -> list[Work]:
    """Each handed in a round for each of these levels, which a trainer then gave."""
    now, trainer = timezone.now(), trainer_in(house.organisation)
    version = case_of(usage=f"{house.edition.module.slug}/praktijkcase")
    assignment = assignment_in(group_of(*people, trainer=trainer), version)
    works = [work_of(person, assignment) for person in people]
    for number, level in enumerate(levels, 1):
        for work in works:
            kept = Round.objects.create(work=work, number=number, sealed=b"", handed_in_at=now)
            Assessment.objects.create(
                round=kept, work=work, person=trainer, part=Part.TRAINER, stage=Stage.GIVEN, asked_at=now, given_at=now,
                levels={"luisteren": level, "oordeel": level},
            )  # fmt: skip
    return works


def test_who_handed_in_a_talk_and_how_the_first_round_was_beside_the_last(house: House, forty: list[Person]) -> None:
    practised(house, forty[:20], 2, 3)
    house.show()
    assert house.counts(measures.HANDED_IN) == (20, 25)
    assert house.counts(measures.ROUNDS) == (20, 20)
    assert house.facts(measures.ROUNDS)["verschil"] == 25  # from 2 of 4 to 3 of 4


def test_whether_trainers_see_the_same_is_not_told_of_few_trainers(house: House, forty: list[Person]) -> None:
    works = practised(house, forty[:20], 2)
    seconds = [trainer_in(house.organisation) for _each in range(4)]
    for at, work in enumerate(works):
        first = Assessment.objects.get(work=work, part=Part.TRAINER)
        Assessment.objects.filter(pk=first.pk).update(levels={"luisteren": 1 + at % 4, "oordeel": 2})
        Assessment.objects.create(
            round=first.round, work=work, person=seconds[at % 3], part=Part.SECOND, stage=Stage.GIVEN,
            levels={"luisteren": 1 + at % 4, "oordeel": 2}, asked_at=timezone.now(), given_at=timezone.now(),
        )  # fmt: skip
    house.show()
    assert house.shown(measures.AGREEMENT) is None
    Assessment.objects.filter(part=Part.SECOND, work=works[3]).update(person=seconds[3])
    house.show()
    shown = house.shown(measures.AGREEMENT)
    assert shown is not None
    assert (shown.n, shown.module, shown.facts["overeenstemming"]) == (20, "", 1.0)
    assert house.show() == 0


# --- from one day to the next


def test_shown_again_on_the_same_day_nothing_changes(house: House, forty: list[Person]) -> None:
    house.scored(forty[:25], KNOWN, lambda at: 0.1 * (at % 10))
    assert house.show() == 3
    columns = ("pk", "period", "name", "facts", "n", "of")
    rows = list(ShownMeasure.objects.order_by("pk").values(*columns))
    assert house.show() == 0
    assert list(ShownMeasure.objects.order_by("pk").values(*columns)) == rows


def test_who_comes_alone_waits_until_there_are_five(house: House, forty: list[Person]) -> None:
    house.begin([*forty[35:], *house.people(15)[:5]])
    house.scored(forty[:30], KNOWN, lambda at: 0.1 * (at % 10))
    house.show()
    before = house.facts(measures.KNOWLEDGE)
    for at in range(30, 34):
        house.finish(forty[at : at + 1])
        house.scored(forty[at : at + 1], KNOWN, lambda _at: 1.0)
        house.show()
        assert house.facts(measures.KNOWLEDGE) == before
        assert house.counts(measures.FINISHED) == (30, 40)
    house.finish(forty[34:35])
    house.scored(forty[34:35], KNOWN, lambda _at: 1.0)
    house.show()
    assert house.counts(measures.KNOWLEDGE) == (35, 35)


def test_who_is_erased_leaves_the_figures_as_they_were(house: House, forty: list[Person]) -> None:
    house.scored(forty[:25], KNOWN, lambda at: 0.1 * (at % 10))
    house.show()
    before = {name: (house.counts(name), house.facts(name)) for name in (measures.FINISHED, measures.KNOWLEDGE)}
    number = forty[0].pk
    assert ShownOf.objects.filter(person=number, table__startswith="effect:").count() == 3
    assert erase(number)
    assert not ShownOf.objects.filter(person=number).exists()
    house.show()
    assert {name: (house.counts(name), house.facts(name)) for name in before} == before


def test_a_new_half_year_begins_with_what_was_shown_last(house: House, forty: list[Person]) -> None:
    house.show(on=date(2031, 6, 30))
    house.show(on=date(2031, 7, 1))
    found = ShownMeasure.objects.filter(name=measures.FINISHED).order_by("period").values_list("period", "n", "of")
    assert list(found) == [("2031H1", 25, 30), ("2031H2", 25, 30)]


def test_measures_are_worked_out_with_the_figures_each_day(house: House, forty: list[Person]) -> None:
    today = timezone.localdate()
    by = PersonFactory.create(organisation=house.organisation)
    hr.record_basis(by, legal_basis="Artikel 6", dpia_on=today, agreement_on=today)
    tasks.show({})
    assert house.counts(measures.FINISHED) == (25, 30)


def test_working_it_out_takes_as_many_queries_however_many_people(
    house: House, forty: list[Person], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    house.show()
    more = house.people(40)
    house.begin(more)
    house.finish(more)
    house.scored(more, KNOWN, lambda at: 0.1 * (at % 10))
    showing.show(house.organisation)
    with django_assert_max_num_queries(30):
        effect.show(house.organisation)
