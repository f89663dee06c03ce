"""Of all that is kept of people it is said how long, and code sees to it (curriculum 4.5)."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from config.environment import RETENTION
from jobs import leases, periodic
from learning.competences.queries.hr import processing
from learning.notices.models import Notice
from learning.people import personal, retention
from learning.people.models import Destruction, Person
from learning.people.retention import (
    CARDS,
    GONE,
    HOUSE,
    KINDS,
    LEARNING,
    LOOKS,
    NOTICES,
    OWN_DAY,
    SHORT,
    SILENT,
    Kind,
    Rule,
    Unit,
)
from learning.runtime.models import Attempt
from learning.tracks import queries
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory
from tests.learning.people.boundaries import MAKERS, organisation_of

UNITS = {Unit.DAYS: "_DAYS", Unit.MONTHS: "_MONTHS", Unit.YEARS: "_YEARS"}


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory.create()


def test_a_long_night_says_that_it_goes_on_so_that_nobody_else_begins_it_too(person: Person) -> None:
    told(person, 365)
    with leases.held(1, "night"):
        leases._held[1, "night"] = then = timezone.now() - timedelta(seconds=1)
        retention.wipe_all()
        assert leases._held[1, "night"] > then
    assert not Notice.objects.exists()


def told(person: Person, days: int) -> Notice:
    """Something so many days ago."""
    at = timezone.now() - timedelta(days=days)
    return Notice.objects.create(person=person, kind="proef", key=f"{days}", made_at=at)


# --- that it is said of everything


def test_of_every_table_with_something_of_people_it_is_said_how_long() -> None:
    holds = {model for model in processing.tables() if (said := processing.said_by(model)) and said.is_personal}
    declared = set(retention.declared())
    assert len(holds) > 50
    assert {model._meta.label for model in holds ^ declared} == set()
    assert {held.model for held in personal.all_held()} == declared


def test_every_kind_with_a_term_has_code_that_wipes_and_every_kind_is_of_some_table() -> None:
    with_code = {rule.kind for rule in retention.rules()}
    assert with_code == set(KINDS) - {SHORT, HOUSE}
    assert set(retention.declared().values()) | {SILENT} == set(KINDS)
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_the_terms_are_those_that_an_operator_can_set() -> None:
    assert {kind.setting for kind in KINDS if kind.setting} == set(RETENTION)
    assert all(kind.setting.endswith(UNITS[kind.unit]) for kind in KINDS if kind.setting)
    assert all(default == 0 or least <= default <= most for default, least, most in RETENTION.values())


# What is said in the code of a table that goes along with another of its kind, or when somebody says so.
_ALONG = re.compile(r"^(?:with the|as long as the|with the recording,) (\w+)")
_OF_ANOTHER = {
    "enrolment": "Enrolment", "work": "Work", "assessment": "Assessment", "deelkaart": "Deelkaart",
    "attempt": "Attempt",
}  # fmt: skip


def test_what_a_table_says_of_itself_is_what_it_falls_under() -> None:
    """A setting is named, or the table with which it goes, which is of the same kind and takes it along."""
    for model, kind in retention.declared().items():
        said = processing.said_by(model)
        assert said
        if kind in (GONE, SHORT, HOUSE, OWN_DAY):
            others = {other.setting for other in KINDS if other.setting} - {GONE.setting, SILENT.setting}
            assert not [name for name in others if name in said.kept], model
        elif kind.setting not in said.kept:
            along = _ALONG.match(said.kept)
            assert along, model
            assert _goes_with(model, kind, _OF_ANOTHER[along[1]]), model


def _goes_with(model: type[models.Model], kind: Kind, name: str) -> bool:
    """By a key that cascades; an attempt and a state by the module they are of (`learning.runtime.forgetting`)."""
    if model.__name__ in ("Attempt", "BlockState"):
        return True
    return any(
        isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and field.related_model.__name__ == name
        and retention.kind_of(field.related_model) is kind
        for field in model._meta.concrete_fields
    )


def test_of_every_table_the_term_can_be_said_in_both_languages() -> None:
    for language in ("nl", "en"):
        with translation.override(language):
            terms = {model: retention.term_of(model) for model in retention.declared()}
        assert all(terms.values())
        assert not [term for term in terms.values() if "%" in term or "None" in term]


def test_a_term_follows_its_setting(settings: Any) -> None:
    assert retention.term_of(Attempt) == "24 maanden nadat je er voor het laatst iets mee deed"
    settings.RETENTION_ANALYTICS_MONTHS = 12
    assert retention.term_of(Enrolment) == "12 maanden nadat je er voor het laatst iets mee deed"
    with pytest.raises(LookupError):
        retention.term_of(Destruction)


# --- where the cut is

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(1, 240))
def test_months_end_on_the_same_day_or_on_the_last_of_the_month(now: datetime, months: int) -> None:
    with override_settings(RETENTION_ANALYTICS_MONTHS=months):
        before = LEARNING.before(now)
    here, then = timezone.localtime(now), timezone.localtime(before)
    assert (here.year * 12 + here.month) - (then.year * 12 + then.month) == months
    assert then.day == min(here.day, calendar.monthrange(then.year, then.month)[1])
    assert then.time() == here.time()


@given(MOMENTS, st.integers(7, 365), st.integers(-5, 5))
def test_a_notice_goes_at_its_moment_and_not_a_second_sooner(now: datetime, days: int, seconds: int) -> None:
    with override_settings(RETENTION_NOTICES_DAYS=days):
        assert NOTICES.before(now) == now - timedelta(days=days)
        made = NOTICES.before(now) + timedelta(seconds=seconds)
        assert (made <= NOTICES.before(now)) == (now - made >= timedelta(days=days))


# --- each rule, a moment before and a moment after


def test_every_rule_is_tried_at_its_boundary() -> None:
    assert set(MAKERS) == set(retention._rules)


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_what_is_younger_stays_and_what_is_as_old_as_its_term_goes(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    settings.DATA_DIR = tmp_path
    settings.RETENTION_SILENT_MONTHS = 12
    monkeypatch.setattr(queries, "activity_type", lambda module, activity: "storycollection")
    rule, maker = retention._rules[name], MAKERS[name]
    before = rule.kind.before(timezone.now())
    others = PersonFactory.create()
    young, due, old = (maker.make(before + maker.step * each) for each in (1, 0, -1))
    organisations = {organisation_of(young), organisation_of(due), organisation_of(old)}
    found = {row.pk for each in organisations for row in rule.due(each, before)}
    assert found == {due.pk, old.pk} if not maker.always else {young.pk, due.pk, old.pk}
    assert not rule.due(others.organisation_id, before).exists()
    for each in organisations:
        retention.wipe(rule, each, timezone.now())
    left = set(rule.due(organisation_of(young), before).model._base_manager.values_list("pk", flat=True))
    if maker.goes:
        assert not left & {due.pk, old.pk}
        assert young.pk in left or maker.always
    assert not [row for each in organisations for row in rule.due(each, before)]
    lines = Destruction.objects.filter(kind=rule.kind.name)
    assert sum(line.counts.get(rule.due(others.organisation_id, before).model._meta.label, 0) for line in lines) >= 2
    # once more: nothing is wiped or said twice
    count = lines.count()
    for each in organisations:
        retention.wipe(rule, each, timezone.now())
    assert lines.count() == count


# --- the round


def test_it_is_done_every_day() -> None:
    assert periodic._periods["people.retention"] == timedelta(days=1)


def test_what_goes_is_written_down_by_organisation_without_anybody_in_it(person: Person) -> None:
    other = PersonFactory.create()
    for days in (91, 92, 93):
        told(person, days)
    told(other, 100)
    now = timezone.now()
    retention.wipe_all(now)
    lines = {line.organisation_id: line for line in Destruction.objects.filter(kind="berichten")}
    assert {organisation: line.counts for organisation, line in lines.items()} == {
        person.organisation_id: {"learning.Notice": 3},
        other.organisation_id: {"learning.Notice": 1},
    }
    line = lines[person.organisation_id]
    assert (line.days, line.before, line.made_at) == (90, now - timedelta(days=90), now)
    fields = {field.name for field in Destruction._meta.fields}
    assert fields == {"id", "organisation", "kind", "days", "before", "counts", "made_at"}


def test_much_goes_a_little_at_a_time_and_is_one_line(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after any of them, what went is written down, and the next run does the rest."""
    for days in range(95, 105):
        told(person, days)
    (rule,) = [each for each in retention.rules() if each.kind is NOTICES]
    small, seen = Rule(rule.kind, rule.due, _killed_after(2, rule.wipe), at_once=3), timezone.now()
    with pytest.raises(KeyboardInterrupt):
        retention.wipe(small, person.organisation_id, seen)
    assert Notice.objects.count() == 4
    assert Destruction.objects.get().counts == {"learning.Notice": 6}
    again = Rule(rule.kind, rule.due, rule.wipe, at_once=3)
    retention.wipe(again, person.organisation_id, timezone.now())
    assert not Notice.objects.exists()
    assert [line.counts["learning.Notice"] for line in Destruction.objects.order_by("made_at")] == [6, 4]


def _killed_after(times: int, wipe: retention.Wipe) -> retention.Wipe:
    left = iter(range(times))

    def dies(rows: models.QuerySet[Any]) -> retention.Counts:
        if next(left, None) is None:
            wipe(rows)  # all done, and then the power goes before the commit
            raise KeyboardInterrupt
        return wipe(rows)

    return dies


def test_what_goes_wrong_holds_nothing_else_up_and_is_said_after(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(rows: models.QuerySet[Any]) -> retention.Counts:
        raise RuntimeError("broken")

    name = "learning.competences.terms._over"
    monkeypatch.setitem(retention._rules, name, Rule(CARDS, _everybody, broken, at_once=1))
    PersonFactory.create(organisation=person.organisation)
    told(person, 91)
    with pytest.raises(RuntimeError, match="broken"):
        retention.wipe_all()
    assert not Notice.objects.exists()
    assert {line.kind for line in Destruction.objects.all()} == {"berichten"}


def _everybody(organisation_id: int, before: datetime) -> models.QuerySet[Person]:
    return Person.objects.filter(organisation=organisation_id)


def test_one_row_that_wont_go_leaves_those_after_it(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    notices = [told(person, days) for days in (95, 96, 97)]

    def stubborn(rows: models.QuerySet[Notice]) -> retention.Counts:
        if rows.filter(pk=notices[1].pk).exists():
            raise RuntimeError("stubborn")
        return retention.deleted(rows)

    (rule,) = [each for each in retention.rules() if each.kind is NOTICES]
    with pytest.raises(RuntimeError, match="stubborn"):
        retention.wipe(Rule(NOTICES, rule.due, stubborn, at_once=1), person.organisation_id, timezone.now())
    assert Notice.objects.get() == notices[1]


def test_what_came_back_in_that_moment_stays(person: Person) -> None:
    """Between the look and the wipe somebody did something: the rows are looked at anew."""
    old = told(person, 95)
    (rule,) = [each for each in retention.rules() if each.kind is NOTICES]

    def touched(rows: models.QuerySet[Any]) -> None:
        Notice.objects.filter(pk=old.pk).update(made_at=timezone.now())

    retention.wipe(Rule(NOTICES, rule.due, rule.wipe, first=touched), person.organisation_id, timezone.now())
    assert Notice.objects.get() == old
    assert not Destruction.objects.exists()


def test_a_term_that_is_off_wipes_nobody(person: Person) -> None:
    assert not SILENT.runs
    assert SILENT not in retention.wiped_kinds()
    assert SILENT not in retention.waiting(person.organisation_id, timezone.now())


def test_beforehand_it_says_what_would_go_and_changes_nothing(person: Person) -> None:
    told(person, 95)
    told(person, 5)
    found = retention.waiting(person.organisation_id, timezone.now())
    assert found[NOTICES] == {"learning.Notice": 1}
    assert not any(counts for kind, counts in found.items() if kind is not NOTICES)
    assert Notice.objects.count() == 2


def test_a_table_is_declared_once() -> None:
    with pytest.raises(ValueError, match="already"):
        retention.falls_under(LOOKS, Person)
