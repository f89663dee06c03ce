from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning.people import services as people
from lti.platform import services
from lti.platform.endpoints import endpoint
from lti.platform.models import Course, CourseMember, LineItem, Placement, Result, Tool
from lti.platform.views import grades, service
from tests.lti.platform.conftest import LMS_HOST, TARGET

pytestmark = pytest.mark.django_db

type TokenFor = Callable[..., str]


def path(item: LineItem, tail: str = "") -> str:
    return f"/lti/platform/lineitems/{item.course.key}/{item.key}{tail}"


def get(address: str, token: str, **query: str) -> Any:
    return Client(HTTP_HOST=LMS_HOST).get(address, query, HTTP_AUTHORIZATION=f"Bearer {token}")


def post(item: LineItem, token: str, body: Any, content_type: str = grades.SCORE) -> Any:
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    return Client(HTTP_HOST=LMS_HOST).post(
        path(item, "/scores"), data, content_type=content_type, HTTP_AUTHORIZATION=f"Bearer {token}"
    )


def score(
    person: Any, given: float | None = 0.5, *, seconds_ago: int = 60, grading: str = "Pending", **changed: Any
) -> dict[str, Any]:
    """A score of some time ago; None leaves a field out."""
    whole = {
        "userId": str(person.pseudonym),
        "scoreGiven": given,
        "scoreMaximum": None if given is None else 1,
        "activityProgress": "InProgress",
        "gradingProgress": grading,
        "timestamp": (timezone.now() - timedelta(seconds=seconds_ago)).isoformat(),
    }
    return {name: value for name, value in (whole | changed).items() if value is not None}


def problem(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    return str(answer.json()["detail"])


def test_a_score_is_kept_and_can_be_read_back(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    token = token_for()
    sent = post(item, token, score(learner, 0.25))
    assert sent.status_code == 200
    answer = get(path(item, "/results"), token)
    assert answer["Content-Type"] == grades.RESULTS
    assert answer.json() == [
        {
            "id": sent.json()["resultUrl"],
            "scoreOf": endpoint("line-item", item.course.key, item.key),
            "userId": str(learner.pseudonym),
            "resultScore": 0.25,
            "resultMaximum": 1.0,
        }
    ]


def test_a_result_has_the_scale_of_the_line_item(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    LineItem.objects.update(maximum=10)
    token = token_for()
    post(item, token, score(learner, 3, scoreMaximum=4))
    result = get(path(item, "/results"), token).json()[0]
    assert (result["resultScore"], result["resultMaximum"]) == (7.5, 10)


def test_a_newer_score_replaces_an_older_one(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    token = token_for()
    post(item, token, score(learner, 0.25, seconds_ago=20))
    assert post(item, token, score(learner, 0.5, seconds_ago=10)).status_code == 200
    assert Result.objects.get().score == 0.5


@pytest.mark.parametrize("seconds_ago", [30, 31, 3600])
def test_a_score_that_is_not_newer_is_a_conflict(
    item: LineItem, learner: Any, token_for: TokenFor, seconds_ago: int
) -> None:
    token = token_for()
    first = timezone.now() - timedelta(seconds=30)
    late = first - timedelta(seconds=seconds_ago - 30)
    post(item, token, score(learner, 0.5, timestamp=first.isoformat()))
    problem(post(item, token, score(learner, 0.25, timestamp=late.isoformat())), 409)
    assert Result.objects.get().score == 0.5


def test_progress_after_a_final_score_is_received_and_changes_nothing(
    item: LineItem, learner: Any, token_for: TokenFor
) -> None:
    token = token_for()
    post(item, token, score(learner, 1, seconds_ago=50, grading="FullyGraded"))
    before = Result.objects.values().get()
    for grading, given in (("Pending", 0.5), ("Failed", None), ("NotReady", None), ("PendingManual", 0)):
        answer = post(item, token, score(learner, given, seconds_ago=20, grading=grading))
        assert answer.status_code == 200
        assert Result.objects.values().get() == before


def test_a_new_final_score_replaces_a_final_one(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    token = token_for()
    post(item, token, score(learner, 0.5, seconds_ago=50, grading="FullyGraded"))
    post(item, token, score(learner, 1, seconds_ago=40, grading="FullyGraded"))
    assert Result.objects.get().score == 1
    post(item, token, score(learner, None, seconds_ago=30, grading="FullyGraded"))
    assert Result.objects.get().score is None
    assert get(path(item, "/results"), token).json() == []


def test_another_tools_line_item_is_closed(
    item: LineItem, learner: Any, token_for: TokenFor, make_tool: Callable[..., Tool], course: Course
) -> None:
    """CVE-2023-23611: a tool's token must not open the line item of another."""
    other = make_tool("tool-2")
    services.place(course, position=2, title="Ander", tool=other, target_link_uri=TARGET)
    token = token_for("tool-2")
    problem(post(item, token, score(learner)), 403)
    problem(get(path(item), token), 403)
    problem(get(path(item, "/results"), token), 403)
    assert get(f"/lti/platform/lineitems/{course.key}", token).json() == []
    assert not Result.objects.exists()


def test_a_course_without_the_tool_is_closed(
    item: LineItem, token_for: TokenFor, make_tool: Callable[..., Tool]
) -> None:
    make_tool("tool-2")
    problem(get(f"/lti/platform/lineitems/{item.course.key}", token_for("tool-2")), 403)


def test_a_line_item_under_another_course_is_not_there(
    item: LineItem, learner: Any, token_for: TokenFor, organisation: Any
) -> None:
    other = services.set_course(organisation, slug="andere", title="Andere")
    answer = get(f"/lti/platform/lineitems/{other.key}/{item.key}", token_for())
    problem(answer, 404)


@pytest.mark.parametrize(
    ("tail", "scope", "method"),
    [
        ("", services.RESULT_READ, "get"),
        ("", services.SCORE, "get"),
        ("/results", services.SCORE, "get"),
        ("/results", services.LINE_ITEM_READ, "get"),
        ("/scores", services.RESULT_READ, "post"),
        ("/scores", services.LINE_ITEM_READ, "post"),
    ],
)
def test_each_service_asks_its_own_scope(
    item: LineItem, learner: Any, token_for: TokenFor, tail: str, scope: str, method: str
) -> None:
    token = token_for("tool-1", scope)
    answer = get(path(item, tail), token) if method == "get" else post(item, token, score(learner))
    assert "lacks" in problem(answer, 403)
    assert "insufficient_scope" in answer["WWW-Authenticate"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic abc"])
def test_without_a_good_token_nothing_opens(item: LineItem, header: str) -> None:
    for tail in ("", "/results"):
        answer = Client(HTTP_HOST=LMS_HOST).get(path(item, tail), HTTP_AUTHORIZATION=header)
        problem(answer, 401)
        assert "invalid_token" in answer["WWW-Authenticate"]


def test_somebody_who_does_not_take_part_gets_no_score(item: LineItem, outsider: Any, token_for: TokenFor) -> None:
    problem(post(item, token_for(), score(outsider)), 400)
    assert not Result.objects.exists()


@pytest.mark.parametrize("user_id", ["1", "", "x\x00", "é" * 300, "{}", "00000000-0000-0000-0000-000000000000"])
def test_a_user_id_we_never_gave_out_gets_no_score(
    item: LineItem, learner: Any, token_for: TokenFor, user_id: str
) -> None:
    problem(post(item, token_for(), score(learner, userId=user_id)), 400)


def test_another_spelling_of_a_user_id_is_another_user_id(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    problem(post(item, token_for(), score(learner, userId=str(learner.pseudonym).upper())), 400)


def test_who_left_is_neither_scored_nor_shown(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    token = token_for()
    post(item, token, score(learner, seconds_ago=50))
    CourseMember.objects.filter(person=learner).delete()
    problem(post(item, token, score(learner)), 400)
    assert get(path(item, "/results"), token).json() == []


def test_who_is_suspended_is_not_scored(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    people.suspend(learner)
    problem(post(item, token_for(), score(learner)), 400)


@pytest.mark.parametrize(
    "body",
    [b" ", b"{", b"\xff\xfe\x00", b'{"scoreGiven": NaN}', b"[" * 10_000, b"[]", b"5", b'{"a": 1' + b"0" * 5000 + b"}"],
)
def test_what_is_no_json_score_is_a_bad_request(item: LineItem, token_for: TokenFor, body: bytes) -> None:
    problem(post(item, token_for(), body), 400)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_score_says_that_it_is_one(item: LineItem, learner: Any, token_for: TokenFor, content_type: str) -> None:
    problem(post(item, token_for(), json.dumps(score(learner)), content_type), 415)


def test_a_score_may_say_its_charset(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    assert post(item, token_for(), score(learner), grades.SCORE + "; charset=utf-8").status_code == 200


def test_a_body_that_is_too_large_is_not_read(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    body = score(learner, comment="x" * service.LARGEST_BODY)
    problem(post(item, token_for(), body), 413)


def test_a_comment_is_not_kept(item: LineItem, learner: Any, token_for: TokenFor) -> None:
    token = token_for()
    assert post(item, token, score(learner, comment="iets over deze mens")).status_code == 200
    assert "comment" not in get(path(item, "/results"), token).json()[0]


def test_a_tool_sees_its_line_items_with_what_they_belong_to(
    item: LineItem, placement: Placement, token_for: TokenFor
) -> None:
    token = token_for()
    one = get(path(item), token)
    assert one["Content-Type"] == grades.LINE_ITEM
    assert one.json() == {
        "id": endpoint("line-item", item.course.key, item.key),
        "scoreMaximum": 1.0,
        "label": "Dialoog is een werkwoord",
        "resourceLinkId": str(placement.key),
    }
    every = get(f"/lti/platform/lineitems/{item.course.key}", token)
    assert every["Content-Type"] == grades.LINE_ITEMS
    assert every.json() == [one.json()]


def test_line_items_are_filtered_and_come_by_page(
    item: LineItem, course: Course, tool: Tool, placement: Placement, token_for: TokenFor
) -> None:
    for number in range(4):
        LineItem.objects.create(
            course=course, tool=tool, label=f"Extra {number}", tag="extra & meer", resource_id=f"r{number}"
        )
    token, address = token_for(), f"/lti/platform/lineitems/{course.key}"
    assert len(get(address, token, tag="extra & meer").json()) == 4
    assert [one["label"] for one in get(address, token, resource_id="r2").json()] == ["Extra 2"]
    assert len(get(address, token, resource_link_id=str(placement.key)).json()) == 1
    assert get(address, token, resource_link_id="no-such-link").json() == []
    assert get(address, token, tag="extra\x00").json() == []
    seen, link = [], f"{address}?limit=3&tag=extra+%26+meer"
    while link:
        answer = get(link, token)
        seen += [one["label"] for one in answer.json()]
        link = answer.get("Link", "").removeprefix("<").removesuffix('>; rel="next"').removeprefix(f"http://{LMS_HOST}")
    assert seen == [f"Extra {number}" for number in range(4)]


@pytest.mark.parametrize(
    "wrong", [{"limit": "0"}, {"limit": "-1"}, {"limit": "x"}, {"page": "1.5"}, {"page": "٣"}, {"limit": ""}]
)
def test_a_wrong_page_is_a_bad_request(item: LineItem, token_for: TokenFor, wrong: dict[str, str]) -> None:
    problem(get(path(item, "/results"), token_for(), **wrong), 400)


def test_results_of_one_person_can_be_asked(item: LineItem, learner: Any, trainer: Any, token_for: TokenFor) -> None:
    token = token_for()
    for person in (learner, trainer):
        post(item, token, score(person))
    assert len(get(path(item, "/results"), token).json()) == 2
    assert len(get(path(item, "/results"), token, user_id=str(learner.pseudonym)).json()) == 1
    assert get(path(item, "/results"), token, user_id="x").json() == []


def test_results_take_a_fixed_number_of_queries(
    item: LineItem,
    course: Course,
    make_person: Callable[..., Any],
    token_for: TokenFor,
    django_assert_num_queries: Any,
) -> None:
    token = token_for()
    for number in range(5):
        person = make_person(f"person{number}")
        services.add_member(course, person=person, role="learner")
        post(item, token, score(person))
    with django_assert_num_queries(3):
        assert len(get(path(item, "/results"), token).json()) == 5
