"""The demo's people come with a history that is really theirs: whoever works it out anew finds the same."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from config.demo import history, services
from config.demo.days import days_ago
from config.demo.people import COLLEAGUES
from learning.competences.models import EvidenceItem, Reached, ShownFigure, Stale
from learning.competences.services import rebuilding
from learning.people.models import Group, Person
from learning.practice.models import State, Work
from learning.practice.services import library
from learning.runtime.models import Attempt, BlockState
from learning.runtime.publishing import publish_folder
from learning.tracks.models import Enrolment
from modules.olx import module_folders
from tests.learning.competences.test_deelkaart import browser_of
from tests.learning.competences.test_pages import html

pytestmark = pytest.mark.django_db

KEPT = (Enrolment, Attempt, BlockState, EvidenceItem, Reached, Work, Group, Person)


def counts() -> list[int]:
    return [table._default_manager.count() for table in KEPT]


@pytest.fixture
def made(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    for folder in module_folders():
        if folder.name in (history.FIRST, history.DISCONTENT):
            publish_folder(folder)
    library.follow_modules()
    services.create_demo()


def test_what_the_demo_shows_is_what_was_done_and_nothing_else(made: None) -> None:
    """One test for all of it: making the demo takes seconds."""
    for username in history.LIVES:
        person = Person.objects.get(username=username)
        assert rebuilding.differences(person.pk) == [], username
        assert not Stale.objects.filter(person=person).exists()
    levels = set(Reached.objects.filter(competence="C1").values_list("level", flat=True))
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


def test_another_day_ends_also_when_something_goes_wrong() -> None:
    real = timezone.now
    with suppress(ZeroDivisionError), days_ago(7):
        assert timezone.now() < real() - timedelta(days=6)
        raise ZeroDivisionError
    assert timezone.now is real
