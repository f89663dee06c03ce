"""Line items that a tool makes, changes and deletes itself (LTI AGS 2.0, 3.2): its own only, where it stands only."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lti.platform import services
from lti.platform.models import Course, LineItem, Placement, Result, Tool
from lti.platform.views import grades
from tests.lti.platform.conftest import LMS_HOST, TARGET
from tests.lti.platform.test_grades import get, path, post, problem, score

pytestmark = pytest.mark.django_db

type TokenFor = Callable[..., str]
GOOD = {"label": "Toets", "scoreMaximum": 10}


@pytest.fixture
def writer(tool: Tool, placement: Placement, token_for: TokenFor) -> str:
    """A token of a tool that may make line items."""
    services.allow(tool, scopes=services.SCOPES, shares_name=False, shares_email=False)
    return token_for()


def ask(method: str, address: str, token: str, body: Any = None, content_type: str = grades.LINE_ITEM) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return Client(HTTP_HOST=LMS_HOST).generic(
        method, address, data, content_type=content_type, HTTP_AUTHORIZATION=f"Bearer {token}"
    )


def container(course: Course) -> str:
    return f"/lti/platform/lineitems/{course.key}"


def make(course: Course, token: str, **changed: Any) -> Any:
    return ask("POST", container(course), token, {**GOOD, **changed})


def test_a_tool_makes_a_line_item_and_finds_it_back(course: Course, placement: Placement, writer: str) -> None:
    made = make(
        course,
        writer,
        resourceId="r1",
        tag="t1",
        resourceLinkId=str(placement.key),
        startDateTime="2026-03-04T09:00:00+01:00",
        endDateTime="2026-04-04T09:00:00Z",
    )
    assert made.status_code == 201
    told = made.json()
    assert made["Location"] == told["id"]
    assert told == {
        "id": told["id"],
        "label": "Toets",
        "scoreMaximum": 10.0,
        "resourceId": "r1",
        "tag": "t1",
        "resourceLinkId": str(placement.key),
        "startDateTime": "2026-03-04T08:00:00+00:00",
        "endDateTime": "2026-04-04T09:00:00+00:00",
    }
    assert get(told["id"], writer).json() == told
    assert get(container(course), writer).json() == [told]


def test_a_tool_changes_its_line_item(course: Course, item: LineItem, writer: str, learner: Any) -> None:
    post(item, writer, score(learner, 1, scoreMaximum=2))
    changed = ask("PUT", path(item), writer, {"label": "Nieuw", "scoreMaximum": 4, "tag": "t"})
    assert changed.status_code == 200
    assert changed.json()["label"] == "Nieuw"
    assert get(path(item, "/results"), writer).json()[0]["resultScore"] == 2
    problem(ask("PUT", path(item), writer, {**GOOD, "resourceLinkId": str(uuid.uuid4())}), 400)


def test_a_tool_deletes_what_it_made_and_nothing_else(
    course: Course, item: LineItem, writer: str, learner: Any
) -> None:
    """Moodle lets a tool delete the column of its activity, and every grade with it."""
    post(item, writer, score(learner))
    problem(ask("DELETE", path(item), writer), 403)
    assert Result.objects.exists()
    own = make(course, writer).json()["id"]
    assert ask("DELETE", own, writer).status_code == 204
    problem(get(own, writer), 404)
    assert list(LineItem.objects.all()) == [item]


def test_another_tools_line_item_can_not_be_changed_or_deleted(
    course: Course, item: LineItem, make_tool: Callable[..., Tool], token_for: TokenFor
) -> None:
    other = make_tool("tool-2", scopes=services.SCOPES)
    services.place(course, position=2, title="Ander", tool=other, target_link_uri=TARGET)
    token = token_for("tool-2")
    problem(ask("PUT", path(item), token, GOOD), 403)
    problem(ask("DELETE", path(item), token), 403)
    link = make(course, token, resourceLinkId=str(item.placement.key))  # type: ignore[union-attr]
    assert "no place of this tool" in problem(link, 400)
    assert LineItem.objects.get().label == item.label


def test_in_a_course_without_the_tool_nothing_is_made(
    course: Course, make_tool: Callable[..., Tool], token_for: TokenFor, organisation: Any
) -> None:
    make_tool("tool-2", scopes=services.SCOPES)
    problem(make(course, token_for("tool-2")), 403)
    problem(ask("POST", f"/lti/platform/lineitems/{uuid.uuid4()}", token_for("tool-2"), GOOD), 404)
    assert not LineItem.objects.exists()


def test_who_may_only_read_makes_nothing(course: Course, item: LineItem, token_for: TokenFor, tool: Tool) -> None:
    """research/lti.md: at lti1p3platform a result.readonly token posts scores and deletes line items."""
    services.allow(tool, scopes=services.SCOPES, shares_name=False, shares_email=False)
    for scope in (services.LINE_ITEM_READ, services.RESULT_READ, services.SCORE, services.MEMBERS_READ):
        token = token_for("tool-1", scope)
        for answer in (
            make(course, token),
            ask("PUT", path(item), token, GOOD),
            ask("DELETE", path(item), token),
        ):
            assert "lacks" in problem(answer, 403)
    assert LineItem.objects.count() == 1


def test_who_may_write_may_read_too(course: Course, item: LineItem, token_for: TokenFor, tool: Tool) -> None:
    services.allow(tool, scopes=[services.LINE_ITEM], shares_name=False, shares_email=False)
    assert len(get(container(course), token_for("tool-1", services.LINE_ITEM)).json()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": None},
        {"label": 5},
        {"label": "x" * 201},
        {"label": "a\x00"},
        {"scoreMaximum": 0},
        {"scoreMaximum": -1},
        {"scoreMaximum": "10"},
        {"scoreMaximum": True},
        {"scoreMaximum": None},
        {"scoreMaximum": 1e300},
        {"tag": []},
        {"resourceId": "r" * 201},
        {"resourceLinkId": "x"},
        {"resourceLinkId": 5},
        {"startDateTime": "morgen"},
        {"startDateTime": "2026-03-04T09:00:00"},
        {"startDateTime": "2026-03-04T09:00:00Z", "endDateTime": "2026-03-03T09:00:00Z"},
    ],
)
def test_a_line_item_that_says_something_wrong_is_not_made(course: Course, writer: str, wrong: dict[str, Any]) -> None:
    problem(make(course, writer, **wrong), 400)
    assert not LineItem.objects.exists()


@pytest.mark.parametrize("body", [b" ", b"[", b"[]", b"5", b"[" * 9000, b'{"scoreMaximum": NaN}'])
def test_what_is_no_json_object_makes_nothing(course: Course, writer: str, body: bytes) -> None:
    problem(ask("POST", container(course), writer, body), 400)


def test_a_line_item_says_that_it_is_one(course: Course, writer: str) -> None:
    problem(ask("POST", container(course), writer, GOOD, "application/json"), 415)
    problem(ask("POST", container(course), writer, {**GOOD, "more": "x" * 20_000}), 413)


def test_a_tool_can_not_fill_the_database(course: Course, writer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_LINE_ITEMS", 2)
    answers = [make(course, writer).status_code for _ in range(3)]
    assert answers == [201, 201, 403]


def test_a_method_that_is_not_there_is_said_to_be_so(item: LineItem, writer: str) -> None:
    answer = ask("PATCH", path(item), writer, GOOD)
    problem(answer, 405)
    assert answer["Allow"] == "GET, PUT, DELETE"


def test_a_next_page_keeps_what_was_asked_for_and_one_page_has_no_link(
    course: Course, placement: Placement, writer: str
) -> None:
    for number in range(3):
        make(course, writer, label=f"Toets {number}", tag="a&b", resourceLinkId=str(placement.key))
    first = get(f"{container(course)}?limit=2&tag=a%26b&resource_link_id={placement.key}", writer)
    link = first["Link"]
    assert link.startswith(f"<http://{LMS_HOST}{container(course)}?")
    assert link.endswith('>; rel="next"')
    second = get(link.removeprefix("<").partition(">")[0], writer)
    assert [one["label"] for one in first.json() + second.json()] == ["Toets 0", "Toets 1", "Toets 2"]
    assert "Link" not in second


def test_making_one_takes_a_fixed_number_of_queries(
    course: Course, placement: Placement, writer: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        make(course, writer, resourceLinkId=str(placement.key))
