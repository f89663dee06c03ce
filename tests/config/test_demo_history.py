"""The demo's people come with a history that is really theirs: whoever works it out anew finds the same. And so many
learn there that HR finds something to look at."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from config.demo import history, services
from config.demo.days import days_ago
from config.demo.people import COLLEAGUES, CROWD, PEOPLE, TRAINERS
from learning.competences.models import EvidenceItem, Reached, ShownFigure, ShownMeasure, Stale
from learning.competences.services import effect, rebuilding, showing
from learning.competences.services.tables import LEVEL, TOP
from learning.people.models import Group, Organisation, Person, RoleGrant, TeamMembership
from learning.practice.models import State, Work
from learning.practice.services import library
from learning.runtime.models import Attempt, BlockState
from learning.tracks.models import Enrolment, ModuleEdition
from tests.learning.competences.test_deelkaart import browser_of
from tests.learning.competences.test_pages import html
from tests.playing.conftest import editions

__all__ = ["editions"]
KEPT = (Enrolment, Attempt, BlockState, EvidenceItem, Reached, Work, Group, Person)


def counts() -> list[int]:
    return [table._default_manager.count() for table in KEPT]


@pytest.fixture(scope="module")
def made(editions: dict[str, ModuleEdition], tmp_path_factory: Any) -> Organisation:
    """Made once, for it takes seconds; taken back with the editions, after the last test of this file."""
    library.follow_modules()
    with override_settings(DATA_DIR=tmp_path_factory.mktemp("demo")):
        services.create_demo()
    return Organisation.objects.get(slug=services.ORGANISATION)


@pytest.fixture
def organisation(db: None, made: Organisation, settings: Any, tmp_path: Any) -> Organisation:
    settings.DATA_DIR = tmp_path
    return made


def test_what_the_demo_shows_is_what_was_done_and_nothing_else(organisation: Organisation) -> None:
    for username in history.LIVES:
        person = Person.objects.get(username=username)
        assert rebuilding.differences(person.pk) == [], username
        assert not Stale.objects.filter(person=person).exists()
    levels = set(
        Reached.objects.filter(competence="C1", person__username__in=history.LIVES).values_list("level", flat=True)
    )
    assert levels == {0, 1, 2}
    _the_two_who_learn_here_have_not_begun_the_first_module()
    _growth_why_and_timeline_have_something_to_show()
    _the_trainer_sees_a_group()
    _hr_sees_teams()
    _nothing_of_it_is_of_tomorrow()
    before = counts()
    services.create_demo()
    assert counts() == before


def _the_two_who_learn_here_have_not_begun_the_first_module() -> None:
    tried = Enrolment.objects.filter(person__username__in=["deelnemer", "deelnemer2"])
    assert set(tried.values_list("module__slug", flat=True)) == {history.DISCONTENT}


def _growth_why_and_timeline_have_something_to_show() -> None:
    sanne = browser_of(Person.objects.get(username="deelnemer"))
    assert "<strong>N2</strong>" in html(sanne, "/groei/")
    why = html(sanne, "/groei/C1/")
    assert "Waarom staat hier N2?" in why
    assert "uitgesteld" in why
    assert "Praktijkcase voldoende" in html(sanne, "/groei/tijdlijn/")


def _the_trainer_sees_a_group() -> None:
    group = Group.objects.get(name=services.COLLEAGUES_GROUP)
    page = html(browser_of(Person.objects.get(username="trainer")), f"/groepen/{group.pk}/competenties/")
    assert all(name in page for name, _team in COLLEAGUES.values())
    assert "<strong>N2</strong>" in page
    assert Work.objects.filter(group=group, state=State.ENOUGH).count() == 3


def _hr_sees_teams() -> None:
    shown = ShownFigure.objects.filter(kind="niveau", competence="C1")
    assert shown.filter(row__gt=0, n__gte=5).count() >= 2
    html(browser_of(Person.objects.get(username="hr")), "/hr/competenties/")


def _nothing_of_it_is_of_tomorrow() -> None:
    now = timezone.now()
    assert not Attempt.objects.filter(created_at__gt=now).exists()
    assert Attempt.objects.filter(created_at__lt=now - timedelta(days=30)).exists()


def crowded(organisation: Organisation) -> list[Person]:
    return list(Person.objects.filter(organisation=organisation, username=None).order_by("pk"))


def test_who_lives_in_the_crowd_and_is_worked_out_anew_stays_as_they_are(organisation: Organisation) -> None:
    people = crowded(organisation)
    assert len(people) == sum(CROWD.values())
    assert EvidenceItem.objects.filter(person__in=people).count() > len(people)
    assert [each for person in people for each in rebuilding.differences(person.pk)] == []


def test_the_crowd_has_no_door_and_no_role(organisation: Organisation) -> None:
    people = crowded(organisation)
    assert not RoleGrant.objects.filter(person__in=people).exists()
    assert {each.name for each in people}.isdisjoint(each.name for each in PEOPLE)


def test_hr_finds_levels_of_several_teams_and_half_years(organisation: Organisation) -> None:
    parted = defaultdict(set)
    for figure in ShownFigure.objects.filter(organisation=organisation, kind=LEVEL).exclude(row=TOP):
        if len(figure.bins) > 1:
            parted[figure.period].add(figure.name)
    assert len(parted) >= 2
    assert len(parted[max(parted)]) >= 4
    page = html(browser_of(Person.objects.get(username="hr")), "/hr/competenties/")
    assert "per half jaar" in page


def test_hr_finds_what_came_of_the_modules(organisation: Organisation) -> None:
    measures = set(ShownMeasure.objects.filter(organisation=organisation).values_list("name", "module"))
    told = {"af", "kennis", "beslissing", "cijfer", "ingeleverd", "anders"}
    assert {(each, "dialoogprincipes") for each in told} | {("overeenstemming", "")} <= measures


def test_who_trained_the_crowd_has_no_door_counts_nowhere_and_is_asked_nothing(organisation: Organisation) -> None:
    trainers = Person.objects.filter(username__in=TRAINERS)
    assert [each.has_usable_password() for each in trainers] == [False] * len(TRAINERS)
    assert not TeamMembership.objects.filter(person__in=trainers).exists()
    assert Work.objects.filter(assessor__in=trainers).exists()
    assert not RoleGrant.objects.filter(person__in=trainers).exists()


def test_made_again_nobody_comes_and_nothing_new_is_shown(organisation: Organisation) -> None:
    figures = ShownFigure.objects.filter(organisation=organisation).order_by("pk")
    before = [each.pk for each in crowded(organisation)], list(figures.values_list("pk", "n", "bins"))
    services.create_demo()
    showing.show(organisation)
    assert effect.show(organisation) == 0
    assert ([each.pk for each in crowded(organisation)], list(figures.values_list("pk", "n", "bins"))) == before


def test_no_crowd_comes_into_a_demo_of_which_something_was_shown(organisation: Organisation) -> None:
    """As in one that was made when there was no crowd yet."""
    Person.objects.filter(organisation=organisation, username=None).delete()
    services.create_demo()
    assert crowded(organisation) == []


def test_another_day_ends_also_when_something_goes_wrong() -> None:
    real = timezone.now
    with suppress(ZeroDivisionError), days_ago(7):
        assert timezone.now() < real() - timedelta(days=6)
        raise ZeroDivisionError
    assert timezone.now is real
