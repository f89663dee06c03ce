"""Startpunt, units, Eindpunt, and a Herhaalmoment that opens when a week has passed (curriculum 2.0)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from learning.people.models import Person
from learning.runtime.blocks import handler_token
from learning.runtime.models import BlockState
from learning.runtime.publishing import publish_folder
from learning.tracks import queries, services
from learning.tracks.content import Kind
from learning.tracks.models import Enrolment, Module, ModuleEdition
from learning.tracks.moving import move_to_newest
from learning.tracks.pace import AWAY, FEWEST, longer
from learning.tracks.queries import enrolment_facts, mean_score, way
from learning.tracks.returning import TERMS, Phase, Term, window
from modules.olx import check_module
from tests.factories import PersonFactory, enrolled, module_folder, published
from tests.learning.frame import chapter, complete, finish, framed, framed_folder

MODULE = "/leren/proefmodule/"
WEEK = timedelta(days=7)
OPENS_AFTER = TERMS[Kind.RETURN].opens_after


@pytest.fixture
def edition(db: None, tmp_path: Path) -> ModuleEdition:
    return framed(tmp_path / "omlijst")


def answer(client: Client, key: str) -> int:
    """Try to begin with a quiz; the status of what came."""
    enrolment = Enrolment.objects.get()
    token = handler_token(enrolment.person, f"proefmodule/{key}")
    form = {"ronde": "1", "item": "v1", "antwoord": "1"}
    return client.post(f"/antwoord/{token}/answer/", form, headers={"X-Fragment": "1"}).status_code


# --- the course


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (("eindpunt", "unit"), "een unit komt niet na een eindpunt"),
        (("unit", "startpunt"), "een startpunt komt niet na een unit"),
        (("unit", "eindpunt", "eindpunt"), "er is al een eindpunt"),
        (("startpunt", "startpunt", "unit"), "er is al een startpunt"),
        (("unit", "herhaalmoment"), "een herhaalmoment vraagt om een eindpunt"),
        (("startpunt",), "de module heeft geen units (<chapter>)"),
    ],
)
def test_a_frame_in_another_order_is_refused(tmp_path: Path, order: tuple[str, ...], reason: str) -> None:
    folder = module_folder(tmp_path, units=1, quizzes=1)
    course = folder / "course.xml"
    head, _, rest = course.read_text().partition("<chapter ")
    unit = f"<chapter {rest.removesuffix('</course>').rstrip().removesuffix('</course>')}"
    course.write_text(head + "".join(unit if kind == "unit" else chapter(folder, kind) for kind in order) + "</course>")
    assert reason in {finding.reason for finding in check_module(folder)}


def test_a_kind_of_chapter_that_is_not_known_is_refused(tmp_path: Path) -> None:
    course = framed_folder(tmp_path) / "course.xml"
    course.write_text(course.read_text().replace('soort="eindpunt"', 'soort="slot"'))
    assert any("soort 'slot' bestaat niet" in finding.reason for finding in check_module(tmp_path))


def test_a_module_asks_for_startpunt_units_and_eindpunt(edition: ModuleEdition) -> None:
    assert (edition.required, edition.returns) == (3, True)
    held = queries.edition(edition.pk, edition.content_hash)
    assert [unit.kind for unit in held.units] == [Kind.START, Kind.UNIT, Kind.END, Kind.RETURN]
    assert held.minutes == 30


@pytest.mark.django_db
def test_an_edition_from_before_the_frame_is_of_units_and_stays_the_same_edition(tmp_path: Path) -> None:
    old = published(tmp_path / "oud")
    assert all("kind" not in unit for unit in old.document["units"])
    assert {unit.kind for unit in queries.edition(old.pk, old.content_hash).units} == {Kind.UNIT}
    assert publish_folder(tmp_path / "oud") == old


# --- when


def test_a_herhaalmoment_opens_when_seven_whole_days_have_passed_and_closes_at_the_end_of_the_sixtieth() -> None:
    done = datetime(2026, 3, 2, 20, 14, tzinfo=UTC)
    assert window(Kind.RETURN, None, done).phase is Phase.AHEAD
    assert window(Kind.RETURN, done, done + OPENS_AFTER - timedelta(seconds=1)).phase is Phase.WAITS
    assert window(Kind.RETURN, done, done + OPENS_AFTER).phase is Phase.OPEN
    last_moment = datetime(2026, 5, 1, 21, 59, 59, tzinfo=UTC)  # 23:59 in the Netherlands
    assert window(Kind.RETURN, done, last_moment).phase is Phase.OPEN
    assert window(Kind.RETURN, done, last_moment + timedelta(seconds=1)).phase is Phase.OVER
    assert TERMS[Kind.RETURN] == Term(timedelta(days=7), timedelta(days=60))


def test_before_the_week_has_passed_pages_say_the_date_and_nothing_can_be_done(
    learner: Client, enrolment: Enrolment
) -> None:
    opens = complete(enrolment) + OPENS_AFTER
    page = learner.get(MODULE).text
    assert "Deze module is rond" in page
    assert f"opent op {date_format(timezone.localdate(opens), 'j F')}" in page
    assert "Zet het in je agenda" in page
    assert f"{MODULE}herhaal/" not in page
    unit = learner.get(f"{MODULE}herhaal/").text
    assert date_format(timezone.localdate(opens), "j F Y") in unit
    assert "data-activity" not in unit
    assert answer(learner, "quiz-herhaal") == 409


def test_before_the_module_is_done_nobody_can_go_ahead(learner: Client, enrolment: Enrolment) -> None:
    finish(enrolment, "quiz-start")
    assert "een week na je laatste onderdeel" in learner.get(MODULE).text
    assert answer(learner, "quiz-herhaal") == 409
    assert answer(learner, "quiz-eind") == 200


def test_after_a_week_it_is_the_next_step(learner: Client, enrolment: Enrolment) -> None:
    complete(enrolment, ago=WEEK)
    for page in (MODULE, "/leren/"):
        assert "Het Herhaalmoment is open" in learner.get(page).text
    assert learner.get(f"{MODULE}verder/").headers["Location"] == f"{MODULE}herhaal/"
    unit = learner.get(f"{MODULE}herhaal/").text
    assert "data-activity" in unit
    assert f"tot en met {date_format(timezone.localdate() + timedelta(days=53), 'j F Y')}." in unit
    assert answer(learner, "quiz-herhaal") == 200


def test_it_is_the_next_step_also_for_whoever_was_last_at_something_they_may_skip(
    learner: Client, enrolment: Enrolment
) -> None:
    complete(enrolment, ago=WEEK)
    enrolment.activities.filter(activity="quiz-start").delete()
    services.visit(enrolment.pk, place="quiz-start")
    assert learner.get(f"{MODULE}verder/").headers["Location"] == f"{MODULE}herhaal/"
    assert "Nog niet rond" not in learner.get(MODULE).text


def test_on_the_day_itself_pages_say_from_which_hour(learner: Client, enrolment: Enrolment) -> None:
    moment = timezone.now() + timedelta(minutes=1)
    if timezone.localdate(moment) != timezone.localdate():
        pytest.skip("midnight")
    complete(enrolment, ago=timezone.now() - (moment - OPENS_AFTER))
    assert f"vandaag om <strong>{timezone.localtime(moment):%H:%M}</strong>" in learner.get(MODULE).text


def test_when_it_is_over_pages_say_so_kindly_and_nothing_can_be_done(learner: Client, enrolment: Enrolment) -> None:
    complete(enrolment, ago=timedelta(days=62))
    page = learner.get(MODULE).text
    assert "Het was open tot en met" in page
    assert "Je bewijs van deelname houd je." in page
    assert answer(learner, "quiz-herhaal") == 409
    assert "is nu niet open" in refused_page(learner)


def refused_page(client: Client) -> str:
    token = handler_token(Enrolment.objects.get().person, "proefmodule/quiz-herhaal")
    response = client.post(f"/antwoord/{token}/answer/", {"ronde": "1", "item": "v1", "antwoord": "1"})
    assert response.status_code == 409
    return response.text


def test_the_herhaalmoment_changes_nothing_of_how_far_the_module_is(learner: Client, enrolment: Enrolment) -> None:
    complete(enrolment, ago=WEEK)
    before = enrolment_facts(enrolment.pk)
    do_quiz(learner, "quiz-herhaal")
    enrolment.refresh_from_db()
    assert enrolment_facts(enrolment.pk) == before
    assert enrolment.returned_at is not None
    assert "Je hebt het gedaan" in learner.get(MODULE).text


def do_quiz(client: Client, key: str) -> None:
    """As often as it takes: in which order the options stand isn't known here."""
    token = handler_token(Enrolment.objects.get().person, f"proefmodule/{key}")
    for item in ("v1", "v2"):
        for place in ("1", "2"):
            client.post(f"/antwoord/{token}/answer/", {"ronde": "1", "item": item, "antwoord": place})
        client.post(f"/antwoord/{token}/proceed/", {"ronde": "1", "item": item})
    while "afgerond" not in way_of(key):
        round_number = rounds(key) + 1
        client.post(f"/antwoord/{token}/again/", {"ronde": str(round_number - 1)})
        for item in ("v1", "v2"):
            for place in ("2", "1"):
                form = {"ronde": str(round_number), "item": item, "antwoord": place}
                client.post(f"/antwoord/{token}/answer/", form)
            client.post(f"/antwoord/{token}/proceed/", {"ronde": str(round_number), "item": item})
        assert round_number < 20


def way_of(key: str) -> str:
    enrolment = Enrolment.objects.get()
    found = way(enrolment.person, "proefmodule")
    assert found
    return found.statuses.get(key, "")


def rounds(key: str) -> int:
    return int(json.loads(BlockState.objects.get(usage=f"proefmodule/{key}").data).get("round_number", 1))


def test_the_document_counts_the_module_without_its_herhaalmoment(enrolment: Enrolment) -> None:
    complete(enrolment)
    facts = enrolment_facts(enrolment.pk)
    assert facts
    assert facts.minutes == 30
    assert facts.unit_titles == (("1.1", "Unit 1"),)


def test_what_somebody_showed_at_the_start_is_no_part_of_their_mark(enrolment: Enrolment) -> None:
    finish(enrolment, "quiz-start", score=0.0)
    finish(enrolment, "quiz-1-1", "quiz-eind", score=0.8)
    assert mean_score(enrolment.pk) == pytest.approx(0.8)


def test_the_module_page_asks_as_much_of_the_database_with_a_frame(
    learner: Client, enrolment: Enrolment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learner.get(MODULE)
    with CaptureQueriesContext(connection) as before:
        learner.get(MODULE)
    complete(enrolment, ago=WEEK)
    with django_assert_num_queries(len(before)):
        learner.get(MODULE)


# --- from an edition of before


@pytest.mark.django_db
def test_who_was_done_and_goes_over_to_a_frame_does_it_before_the_herhaalmoment(
    client: Client, person: Person, tmp_path: Path
) -> None:
    old = enrolled(person, published(tmp_path / "oud", units=1, quizzes=1))
    long_ago = timezone.now() - timedelta(days=100)
    finish(old, "quiz-1-1")
    Enrolment.objects.update(done=1, completed_at=long_ago, finished_at=long_ago)
    framed(tmp_path / "nieuw")
    move_to_newest(person, module="proefmodule")
    client.force_login(person)

    moved = way(person, "proefmodule")
    assert moved
    assert moved.complete
    assert moved.window.phase is Phase.AHEAD
    assert moved.next
    assert moved.next[0].kind is Kind.START
    assert answer(client, "quiz-herhaal") == 409
    for key in ("quiz-start", "quiz-eind"):
        do_quiz(client, key)
    moved = way(person, "proefmodule")
    assert moved
    assert moved.window.phase is Phase.WAITS
    assert (moved.done, moved.completed_at) == (3, long_ago)


def test_who_goes_over_with_all_of_it_done_keeps_the_day(person: Person, enrolment: Enrolment, tmp_path: Path) -> None:
    moment = complete(enrolment)
    changed = framed_folder(tmp_path / "veranderd")
    course = changed / "course.xml"
    course.write_text(course.read_text().replace("Om te proberen.", "Om nog eens te proberen."))
    publish_folder(changed)
    move_to_newest(person, module="proefmodule")
    enrolment.refresh_from_db()
    assert enrolment.finished_at == moment


# --- minutes


def test_time_is_counted_from_one_thing_to_the_next_unless_somebody_was_away() -> None:
    now = timezone.now()
    assert longer("{}", "u1", last=None, now=now) == "{}"
    assert longer('{"u1": 60}', "u1", last=now - timedelta(seconds=90), now=now) == '{"u1": 150}'
    assert longer('{"u1": 60}', "u1", last=now - AWAY - timedelta(seconds=1), now=now) == '{"u1": 60}'


def test_a_unit_shows_measured_minutes_when_twenty_people_did_it(
    learner: Client, enrolment: Enrolment, edition: ModuleEdition
) -> None:
    people = PersonFactory.create_batch(FEWEST, organisation=enrolment.person.organisation)
    others = [enrolled(person, edition) for person in people]
    for number, other in enumerate(others):
        finish(other, "quiz-1-1")
        Enrolment.objects.filter(pk=other.pk).update(pace={"u1": 60 * (number + 1), "eind": 60})
    Enrolment.objects.filter(pk=others[0].pk).update(pace={})
    services.measure_units()
    assert Module.objects.get().medians == {}
    Enrolment.objects.filter(pk=others[0].pk).update(pace={"u1": 60})
    services.measure_units()
    assert Module.objects.get().medians == {"u1": 10}
    Module.objects.update(medians={"u1": 13})
    assert "13 minuten" in learner.get(MODULE).text


def test_answers_are_what_is_measured(learner: Client, person: Person, enrolment: Enrolment) -> None:
    Enrolment.objects.update(touched_at=timezone.now() - timedelta(minutes=3))
    assert answer(learner, "quiz-1-1") == 200
    enrolment.refresh_from_db()
    assert enrolment.pace["u1"] == pytest.approx(180, abs=5)
