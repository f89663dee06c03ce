"""Where a bound lies, to the day, the score and the person: each of these would shift it by one unseen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from learning.competences import rules
from learning.competences.effect.whom import Seen, is_new, who_counts
from learning.competences.rules import Item, Source
from learning.people import retention
from learning.people.models import Person
from learning.people.retention import SILENT, Rule, deleted
from tests.factories import OrganisationFactory

DAY = date(2026, 3, 2)


def item(n: int, source: Source = Source.DECISION, *, days: int = 0, score: float = 0.65, prior: bool = False) -> Item:
    return Item(f"i{n}", source, score, DAY + timedelta(days=days), f"a{n}", f"s{n}", confirmed=True, prior=prior)


# --- of levels


@pytest.mark.parametrize(("days", "level"), [(6, 1), (7, 2)])
def test_a_week_after_the_first_is_seven_days(days: int, level: int) -> None:
    found = rules.level_of([item(1), item(2), item(3, days=days)], today=DAY)
    assert found.level == level


@pytest.mark.parametrize(("score", "level"), [(0.649, 1), (0.65, 2)])
def test_a_decision_counts_for_the_second_level_from_its_own_score_on(score: float, level: int) -> None:
    found = rules.level_of([item(1), item(2), item(3, days=7, score=score)], today=DAY)
    assert found.level == level


@pytest.mark.parametrize(("today", "current"), [(date(2028, 3, 1), True), (date(2028, 3, 2), False)])
def test_a_level_is_grey_on_the_day_on_which_it_is_two_years_old(today: date, current: bool) -> None:
    assert rules.level_of([item(1), item(2)], today=today).current == current


def test_what_somebody_knows_fills_no_cell_of_the_profile() -> None:
    assert not rules.breadth([item(n, Source.KNOWLEDGE, score=1) for n in range(3)])
    assert rules.breadth([item(1)])


def test_experience_somebody_came_with_is_the_third_level_and_never_the_fourth() -> None:
    shown = [item(n, Source.PRACTICE, score=1, prior=True) for n in (1, 2)]
    assert rules.level_of(shown, today=DAY).level == 3


# --- of effect


@pytest.mark.parametrize(("many", "told"), [(4, 0), (5, 5)])
def test_a_measure_of_five_is_shown_and_of_four_isnt(many: int, told: int) -> None:
    now = dict.fromkeys(range(many), "8")
    assert len(who_counts(Seen(now, many), now, before=None, k=5)) == told


@pytest.mark.parametrize("told", [None, *range(28, 46)])
@pytest.mark.parametrize("said", [28, 30, 31, 34, 35])
def test_of_a_group_that_is_in_another_none_are_missing_or_five_and_of_what_is_told_elsewhere_whole_fives(
    said: int, told: int | None
) -> None:
    """Also where more people than there are in the other finished something."""
    shown = len(who_counts(Seen(range(35), 35), dict.fromkeys(range(said), "1"), before=None, k=5, told=told))
    assert 35 - shown == 0 or 35 - shown >= 5
    if told is not None:
        assert told - shown >= 5
        assert (told - shown) % 5 == 0


@pytest.mark.parametrize(("came", "new"), [(4, False), (5, True)])
def test_a_measure_is_shown_anew_when_five_came(came: int, new: bool) -> None:
    assert is_new(Seen(range(10), 10), range(10 + came), k=5) == new


# --- of what is kept


@pytest.mark.django_db
@pytest.mark.parametrize(("months", "asked"), [(0, 0), (24, 1)])
def test_a_term_that_is_switched_off_wipes_nobody(
    months: int, asked: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of no months at all everything would be past its term."""
    OrganisationFactory.create()
    settings.RETENTION_SILENT_MONTHS = months
    cut_offs = []

    def due(_organisation: int, before: datetime) -> QuerySet[Person]:
        cut_offs.append(before)
        return Person.objects.none()

    monkeypatch.setattr(retention, "_rules", {"proef": Rule(SILENT, due, deleted)})
    retention.wipe_all()
    assert len(cut_offs) == asked
