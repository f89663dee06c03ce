"""Class lists for tools (LTI NRPS 2.0): by consent, where the tool stands, with no more than was agreed to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from learning.people import services as people
from learning.tracks import services as tracks
from learning.tracks.models import Track
from lti.claims import NRPS_SERVICE
from lti.platform import services
from lti.platform.models import Course, CourseMember, Placement, Tool
from tests.lti.platform.conftest import LMS_HOST, TARGET
from tests.lti.platform.test_authorization import launch
from tests.lti.platform.test_grades import problem

pytestmark = pytest.mark.django_db

type TokenFor = Callable[..., str]
TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


@pytest.fixture(autouse=True)
def _consent(tool: Tool, placement: Placement) -> None:
    services.allow(tool, scopes=services.SCOPES, shares_name=False, shares_email=False)


def ask(course: Course, token: str, query: str = "") -> Any:
    return Client(HTTP_HOST=LMS_HOST).get(
        f"/lti/platform/members/{course.key}{query}", HTTP_AUTHORIZATION=f"Bearer {token}"
    )


def subjects(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [member["user_id"] for member in answer.json()["members"]]


def test_who_takes_part_is_told_without_names_unless_those_were_agreed_to(
    course: Course, learner: Any, trainer: Any, outsider: Any, token_for: TokenFor, tool: Tool
) -> None:
    answer = ask(course, token_for())
    assert answer["Content-Type"] == TYPE
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["context"] == {"id": str(course.key), "label": course.slug, "title": course.title}
    assert answer.json()["members"] == [
        {"status": "Active", "user_id": str(learner.pseudonym), "roles": [ROLE + "Learner"]},
        {"status": "Active", "user_id": str(trainer.pseudonym), "roles": [ROLE + "Instructor"]},
    ]
    services.allow(tool, scopes=services.SCOPES, shares_name=True, shares_email=False)
    member = ask(course, token_for()).json()["members"][0]
    assert member["name"] == "Sanne"
    assert "email" not in member
    services.allow(tool, scopes=services.SCOPES, shares_name=True, shares_email=True)
    assert ask(course, token_for()).json()["members"][0]["email"] == "sanne@example.org"


def test_without_consent_there_is_no_list_and_no_word_of_one(
    course: Course, learner: Any, placement: Placement, browser: Any, token_for: TokenFor, tool: Tool
) -> None:
    token = token_for()
    assert launch(browser, learner, placement)[NRPS_SERVICE]["context_memberships_url"].endswith(str(course.key))
    services.allow(tool, scopes=services.GRADE_SCOPES, shares_name=True, shares_email=True)
    assert "lacks" in problem(ask(course, token), 403)
    assert NRPS_SERVICE not in launch(browser, learner, placement)


@pytest.mark.parametrize("scope", services.GRADE_SCOPES)
def test_another_scope_does_not_open_the_list(course: Course, token_for: TokenFor, scope: str) -> None:
    answer = ask(course, token_for("tool-1", scope))
    problem(answer, 403)
    assert "insufficient_scope" in answer["WWW-Authenticate"]


def test_without_a_good_token_there_is_no_list(course: Course) -> None:
    answer = ask(course, "x")
    problem(answer, 401)
    assert "invalid_token" in answer["WWW-Authenticate"]


def test_a_tool_sees_no_list_where_it_does_not_stand(
    course: Course, make_tool: Callable[..., Tool], token_for: TokenFor
) -> None:
    make_tool("tool-2", scopes=services.SCOPES)
    problem(ask(course, token_for("tool-2")), 403)
    course.key = uuid.uuid4()
    problem(ask(course, token_for("tool-2")), 404)


def test_it_comes_by_page_and_everybody_once(
    course: Course, make_person: Callable[..., Any], token_for: TokenFor
) -> None:
    expected = []
    for number in range(7):
        person = make_person(f"persoon{number}")
        services.add_member(course, person=person, role="learner")
        expected.append(str(person.pseudonym))
    services.add_member(course, person=make_person("trainer"), role="instructor")
    token, seen, query = token_for(), [], "?limit=3&role=Learner"
    while query:
        answer = ask(course, token, query)
        assert len(subjects(answer)) <= 3
        seen += subjects(answer)
        query = "?" + answer["Link"].partition("?")[2].partition(">")[0] if "Link" in answer else ""
    assert seen == expected


def test_a_role_may_be_asked_by_its_short_or_its_full_name(
    course: Course, learner: Any, trainer: Any, token_for: TokenFor
) -> None:
    token = token_for()
    for role in ("Instructor", ROLE.replace("#", "%23") + "Instructor"):
        assert subjects(ask(course, token, f"?role={role}")) == [str(trainer.pseudonym)]
    for role in ("Mentor", "", "x%00"):
        assert subjects(ask(course, token, f"?role={role}")) == []


def test_a_list_for_one_place_is_for_a_place_of_the_tool_itself(
    course: Course, learner: Any, placement: Placement, make_tool: Callable[..., Tool], token_for: TokenFor
) -> None:
    other = services.place(course, position=2, title="Ander", tool=make_tool("tool-2"), target_link_uri=TARGET)
    token = token_for()
    assert subjects(ask(course, token, f"?rlid={placement.key}")) == [str(learner.pseudonym)]
    for rlid in (str(other.key), "x", ""):
        problem(ask(course, token, f"?rlid={rlid}"), 404)


def test_who_left_or_was_suspended_is_not_told_about(
    course: Course, learner: Any, trainer: Any, token_for: TokenFor
) -> None:
    CourseMember.objects.filter(person=trainer).delete()
    people.suspend(learner)
    assert subjects(ask(course, token_for())) == []


def test_in_a_track_who_never_came_is_not_told_about(
    organisation: Any, tool: Tool, make_person: Callable[..., Any], token_for: TokenFor
) -> None:
    track = Track.objects.create(organisation=organisation, slug="leerlijn", title="Leerlijn")
    course = services.course_of(track)
    place = services.add_items(course, tool, [services.Item("Kaart", TARGET)])[0]
    came, trainer, _never = make_person("kwam"), make_person("trainer"), make_person("nooit")
    people.set_roles_from(trainer, organisation=organisation, source="local", roles={"trainer"})
    for person in (came, trainer):
        tracks.open_link(place.link_id, person_id=person.pk)  # type: ignore[arg-type]
    told = ask(course, token_for()).json()["members"]
    assert [(member["user_id"], member["roles"]) for member in told] == [
        (str(came.pseudonym), [ROLE + "Learner"]),
        (str(trainer.pseudonym), [ROLE + "Instructor"]),
    ]
    assert subjects(ask(course, token_for(), "?role=Instructor")) == [str(trainer.pseudonym)]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_list_can_only_be_read(course: Course, token_for: TokenFor, method: str) -> None:
    answer = getattr(Client(HTTP_HOST=LMS_HOST), method)(
        f"/lti/platform/members/{course.key}", HTTP_AUTHORIZATION=f"Bearer {token_for()}"
    )
    problem(answer, 405)


def test_a_list_takes_a_fixed_number_of_queries(
    course: Course, make_person: Callable[..., Any], token_for: TokenFor, django_assert_num_queries: Any
) -> None:
    for number in range(9):
        services.add_member(course, person=make_person(f"persoon{number}"), role="learner")
    token = token_for()
    with django_assert_num_queries(4):
        assert len(subjects(ask(course, token))) == 9
