"""So many live in the demo that HR finds something to look at, and all of it is worked out of what they did."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from config.demo import crowd, services
from config.demo.people import CROWD, PEOPLE
from learning.competences.models import EvidenceItem, ShownFigure, ShownMeasure
from learning.competences.services import effect, rebuilding, showing
from learning.competences.services.tables import LEVEL, TOP
from learning.people.models import Organisation, Person, RoleGrant
from learning.tracks.models import ModuleEdition
from tests.learning.competences.test_deelkaart import browser_of
from tests.learning.competences.test_pages import html
from tests.playing.conftest import editions

__all__ = ["editions"]


@pytest.fixture(scope="module")
def made(editions: dict[str, ModuleEdition], tmp_path_factory: Any) -> Organisation:
    """Taken back with the editions, after the last test of this file."""
    with override_settings(DATA_DIR=tmp_path_factory.mktemp("demo")):
        services.create_demo()
    return Organisation.objects.get(slug=services.ORGANISATION)


@pytest.fixture
def organisation(db: None, made: Organisation) -> Organisation:
    return made


def crowded(organisation: Organisation) -> list[Person]:
    return list(Person.objects.filter(organisation=organisation, username=None).order_by("pk"))


def test_whoever_of_them_is_worked_out_anew_stays_as_they_are(organisation: Organisation) -> None:
    people = crowded(organisation)
    assert len(people) == sum(CROWD.values())
    assert EvidenceItem.objects.filter(person__in=people).count() > len(people)
    assert [each for person in people for each in rebuilding.differences(person.pk)] == []


def test_they_have_no_door_and_no_role(organisation: Organisation) -> None:
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
    assert {("af", "dialoogprincipes"), ("kennis", "dialoogprincipes"), ("beslissing", "dialoogprincipes")} <= measures


def test_made_again_nobody_comes_and_nothing_new_is_shown(
    organisation: Organisation, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    figures = ShownFigure.objects.filter(organisation=organisation).order_by("pk")
    before = [each.pk for each in crowded(organisation)], list(figures.values_list("pk", "n", "bins"))
    services.create_demo()
    showing.show(organisation)
    assert effect.show(organisation) == 0
    assert ([each.pk for each in crowded(organisation)], list(figures.values_list("pk", "n", "bins"))) == before


def test_it_begins_more_than_a_half_year_ago(organisation: Organisation) -> None:
    assert (timezone.localdate() - crowd.since()).days > 366
