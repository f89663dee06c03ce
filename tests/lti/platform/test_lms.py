"""The demo LMS as its people meet it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lti.platform import scores, services
from lti.platform.lms import tickets
from lti.platform.models import Course, LineItem, Placement, Presentation, Result, Tool
from lti.platform.queries import gradebook_version
from tests.lti.platform.conftest import TARGET

pytestmark = pytest.mark.django_db

type Browser = Callable[..., Client]
COURSE = "/leerlijn/ruimte/"
BOOK = COURSE + "cijferboek/"


def give(item: LineItem, person: Any, given: float | None, grading: str = "Pending", seconds_ago: int = 60) -> None:
    stamp = (timezone.now() - timedelta(seconds=seconds_ago)).replace(microsecond=0)
    maximum = None if given is None else 1.0
    services.receive_score(
        item, scores.Score(str(person.pseudonym), given, maximum, "InProgress", grading, stamp.astimezone(UTC))
    )


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.mark.parametrize("path", ["/", COURSE, BOOK, BOOK + "tabel/"])
def test_who_is_not_signed_in_is_asked_to(browser: Browser, course: Course, path: str) -> None:
    answer = browser().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/inloggen/")


def test_somebody_signs_in_with_name_and_password(browser: Browser, learner: Any) -> None:
    learner.set_password("een lang wachtwoord")
    learner.save()
    client = browser()
    page = client.get("/inloggen/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"username": "sanne", "password": "een lang wachtwoord", "csrfmiddlewaretoken": token[1]}
    wrong = client.post("/inloggen/", form | {"password": "iets anders"})
    assert 'role="alert"' in wrong.content.decode()
    answer = client.post("/inloggen/", form)
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_the_session_cookie_of_the_lms_is_an_ordinary_lax_one(browser: Browser, learner: Any) -> None:
    cookie = browser().post("/instappen/", {"ticket": tickets.issue(learner)}).cookies["tussenruimte"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["partitioned"]


def test_sign_in_offers_every_member_in_the_demo(browser: Browser, learner: Any, trainer: Any, outsider: Any) -> None:
    page = text(browser().get("/inloggen/"))
    assert "Sanne" in page
    assert "Tineke" in page
    assert "Bram" not in page


def test_a_ticket_signs_in_once(browser: Browser, learner: Any) -> None:
    ticket = tickets.issue(learner)
    first, second = browser(), browser()
    assert first.post("/instappen/", {"ticket": ticket})["Location"] == "/"
    assert "Mijn leerlijnen" in text(first.get("/"))
    assert second.post("/instappen/", {"ticket": ticket})["Location"] == "/inloggen/"
    assert second.get("/").status_code == 302


@pytest.mark.parametrize("ticket", ["", "x", "sanne"])
def test_no_ticket_no_entry(browser: Browser, learner: Any, ticket: str) -> None:
    client = browser()
    assert client.post("/instappen/", {"ticket": ticket})["Location"] == "/inloggen/"
    assert client.get("/").status_code == 302


def test_a_ticket_for_who_does_not_take_part_opens_nothing(browser: Browser, outsider: Any) -> None:
    client = browser()
    client.post("/instappen/", {"ticket": tickets.issue(outsider)})
    assert client.get("/").status_code == 302


def test_without_the_demo_there_is_no_way_in_without_a_sign_in_of_the_organisation(
    browser: Browser, learner: Any, settings: Any
) -> None:
    settings.DEMO = False
    client = browser()
    assert client.post("/instappen/", {"ticket": tickets.issue(learner)}).status_code == 404
    assert client.get("/inloggen/").status_code == 404


def test_home_lists_the_courses_somebody_is_in(browser: Browser, learner: Any, outsider: Any, course: Course) -> None:
    assert course.title in text(browser(learner).get("/"))
    empty = text(browser(outsider).get("/"))
    assert course.title not in empty
    assert "nog geen leerlijn" in empty


def test_a_course_lists_what_can_be_opened_and_what_follows_later(
    browser: Browser, learner: Any, placement: Placement, course: Course
) -> None:
    services.place(course, position=2, title="Beweging vanuit het midden")
    page = browser(learner).get(COURSE)
    assert "volgt later" in text(page)
    assert page.content.decode().count("/open/") == 1


def test_a_tool_that_is_switched_off_has_no_button(browser: Browser, learner: Any, placement: Placement) -> None:
    Tool.objects.update(active=False)
    page = browser(learner).get(COURSE)
    assert "/open/" not in page.content.decode()
    assert "volgt later" in text(page)
    assert browser(learner).get(f"{COURSE}open/{placement.key}/").status_code == 404


def test_a_tool_that_wants_a_window_opens_in_one(browser: Browser, learner: Any, course: Course, tool: Tool) -> None:
    placement = services.place(
        course, position=1, title="Venster", tool=tool, target_link_uri=TARGET, presentation=Presentation.WINDOW
    )
    page = browser(learner).get(COURSE).content.decode()
    assert f'href="/lti/platform/launch/{placement.key}?window=1" target="_blank"' in page


def test_the_tool_stands_in_a_frame_that_may_go_to_its_own_sites_only(
    browser: Browser, learner: Any, placement: Placement
) -> None:
    answer = browser(learner).get(f"{COURSE}open/{placement.key}/")
    assert f'src="/lti/platform/launch/{placement.key}"' in answer.content.decode()
    assert "frame-src 'self' https://tool.example;" in answer["Content-Security-Policy"] + ";"


@pytest.mark.parametrize("path", ["", "cijferboek/", "cijferboek/tabel/"])
def test_to_who_does_not_take_part_a_course_is_not_there(
    browser: Browser, outsider: Any, course: Course, path: str
) -> None:
    there = browser(outsider).get(COURSE + path)
    nowhere = browser(outsider).get("/leerlijn/bestaat-niet/" + path)
    assert there.status_code == nowhere.status_code == 404
    assert text_of(there) == text_of(nowhere)


def text_of(answer: Any) -> str:
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_a_placement_of_another_course_is_not_there(
    browser: Browser, learner: Any, placement: Placement, organisation: Any
) -> None:
    services.add_member(
        services.set_course(organisation, slug="tweede", title="Tweede"), person=learner, role="learner"
    )
    assert browser(learner).get(f"/leerlijn/tweede/open/{placement.key}/").status_code == 404


def test_a_learner_sees_their_own_progress_and_nobody_elses(
    browser: Browser, learner: Any, item: LineItem, make_person: Callable[..., Any], course: Course
) -> None:
    other = make_person("emre")
    services.add_member(course, person=other, role="learner")
    give(item, other, 1, scores.FINAL)
    assert "Jouw stand" not in text(browser(learner).get(COURSE))
    give(item, learner, 0.999)
    page = text(browser(learner).get(COURSE))
    assert "99 %" in page
    assert "rond" not in page
    give(item, learner, 1, scores.FINAL, seconds_ago=10)
    assert "✓ rond" in text(browser(learner).get(COURSE))


def test_a_learner_has_no_gradebook(browser: Browser, learner: Any, course: Course) -> None:
    assert browser(learner).get(BOOK).status_code == 404
    assert browser(learner).get(BOOK + "tabel/").status_code == 404
    assert "Cijferboek" not in text(browser(learner).get(COURSE))


def test_a_trainer_sees_who_is_how_far(browser: Browser, learner: Any, trainer: Any, item: LineItem) -> None:
    assert "nog niet begonnen" in text(browser(trainer).get(BOOK))
    give(item, learner, 0.5)
    page = text(browser(trainer).get(BOOK))
    assert "Sanne" in page
    assert "50 %" in page
    give(item, learner, 1, scores.FINAL, seconds_ago=10)
    assert "rond" in text(browser(trainer).get(BOOK))


def test_a_final_score_that_is_not_everything_shows_both(
    browser: Browser, learner: Any, trainer: Any, item: LineItem
) -> None:
    give(item, learner, 0.7, scores.FINAL)
    assert "rond 70 %" in text(browser(trainer).get(BOOK))


def test_names_and_titles_with_script_stay_text(
    browser: Browser,
    trainer: Any,
    item: LineItem,
    course: Course,
    placement: Placement,
    make_person: Callable[..., Any],
) -> None:
    script = "<script>alert(1)</script>"
    person = make_person("x")
    person.name = script
    person.save()
    services.add_member(course, person=person, role="learner")
    LineItem.objects.update(label=script)
    Placement.objects.update(title=script, summary=script)
    Course.objects.update(title=script, summary=script)
    for path in ("/", COURSE, BOOK, BOOK + "tabel/", f"{COURSE}open/{placement.key}/"):
        page = browser(trainer).get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


def test_the_gradebook_tells_who_has_it_that_nothing_changed(
    browser: Browser, learner: Any, trainer: Any, item: LineItem
) -> None:
    client = browser(trainer)
    version = re.search(r'data-version="([^"]*)"', client.get(BOOK).content.decode())
    assert version
    have = version[1].replace("&quot;", '"')
    same = client.get(BOOK + "tabel/", HTTP_IF_NONE_MATCH=have)
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", have)
    give(item, learner, 0.5)
    changed = client.get(BOOK + "tabel/", HTTP_IF_NONE_MATCH=have)
    assert changed.status_code == 200
    assert changed["ETag"] != have
    assert "bijgewerkt om" in changed.content.decode()


def test_the_gradebook_notices_people_columns_and_scores_that_come_and_go(
    learner: Any, item: LineItem, course: Course, make_person: Callable[..., Any]
) -> None:
    seen = {gradebook_version(course)}
    services.add_member(course, person=make_person("emre"), role="learner")
    seen.add(gradebook_version(course))
    give(item, learner, 0.5)
    seen.add(gradebook_version(course))
    give(item, learner, 0.6, seconds_ago=10)
    seen.add(gradebook_version(course))
    LineItem.objects.create(course=course, tool=item.tool, label="Nog een")
    seen.add(gradebook_version(course))
    Result.objects.all().delete()
    seen.add(gradebook_version(course))
    assert len(seen) == 6


@pytest.mark.parametrize(("path", "most"), [("/", 4), (COURSE, 6), (BOOK, 10), (BOOK + "tabel/", 10)])
def test_pages_take_a_fixed_number_of_queries_however_many_people_there_are(
    browser: Browser,
    trainer: Any,
    item: LineItem,
    course: Course,
    make_person: Callable[..., Any],
    django_assert_max_num_queries: Any,
    path: str,
    most: int,
) -> None:
    for number in range(12):
        person = make_person(f"persoon{number}")
        services.add_member(course, person=person, role="learner")
        give(item, person, number / 12)
        services.place(course, position=number + 10, title=f"Onderdeel {number}")
    client = browser(trainer)
    client.get(path)  # the first page of a session also keeps its CSRF secret
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_the_timestamp_shown_is_the_tools_own(browser: Browser, learner: Any, trainer: Any, item: LineItem) -> None:
    stamp = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    services.receive_score(item, scores.Score(str(learner.pseudonym), 0.5, 1.0, "InProgress", "Pending", stamp))
    assert "4 maart 2026, 10.30" in text(browser(trainer).get(BOOK))


def test_signing_out_ends_it(browser: Browser, learner: Any) -> None:
    client = browser(learner)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/").content.decode())
    assert token
    client.post("/uitloggen/", {"csrfmiddlewaretoken": token[1]})
    assert client.get("/").status_code == 302
