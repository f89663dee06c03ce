"""AGS 2.0, line items: the column a link names, and the one we find or make where it names none."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.test import Client

from jobs.models import Job
from learning.people.models import Organisation
from learning.tracks.models import ModuleEdition
from lti import claims as words
from lti.tool import entry
from lti.tool.models import LineItem, Platform, ResourceLink, Seat, new_stamp
from lti.tool.paging import next_address, with_query
from tests.lti.certification.test_ags import progress
from tests.lti.conftest import Worker
from tests.lti.hostile import INSTRUCTOR, Asked, Claims, Lms, Reply, Server, connected

LIST = "/course/line_items"
ALL = [words.AGS_SCORE_SCOPE, words.AGS_LINE_ITEM_SCOPE, words.AGS_LINE_ITEM_READ_SCOPE, words.AGS_RESULT_SCOPE]
READ_ONLY = [words.AGS_SCORE_SCOPE, words.AGS_LINE_ITEM_READ_SCOPE]


@pytest.fixture
def remote(organisation: Organisation, edition: ModuleEdition, server: Server) -> Lms:
    server.usual[LIST] = Reply(body=[])
    server.usual["/made/scores"] = Reply()
    return connected(organisation, issuer=server.url)


def claims(remote: Lms, server: Server, *, scope: Any = ALL, **changes: Any) -> Claims:
    endpoint = {"scope": scope, "lineitems": f"{server.url}{LIST}?type_id=3"}
    return remote.claims(**{words.AGS_ENDPOINT: endpoint, **changes})


def will_make(server: Server, address: str = "/made") -> None:
    """Not found twice, then made."""
    made = Reply(201, body={"id": f"{server.url}{address}", "label": "Proefmodule", "scoreMaximum": 1})
    server.script[LIST] += [Reply(body=[]), Reply(body=[]), made]


def posted(server: Server) -> list[Asked]:
    return [asked for asked in server.requests(LIST) if asked.method == "POST"]


def test_a_column_is_made_for_a_link_without_one(remote: Lms, server: Server, worker: Worker) -> None:
    """§3.2.4: label, maximum, resource and link; for the module, from 0 to 1."""
    will_make(server)
    remote.launch(Client(), claims(remote, server))
    worker.work()

    (asked,) = posted(server)
    assert asked.path == f"{LIST}?type_id=3"
    assert asked.headers["Content-Type"] == words.AGS_LINE_ITEM_TYPE
    assert asked.json == {
        "label": "Proefmodule",
        "scoreMaximum": 1,
        "resourceId": "proefmodule",
        "tag": "voortgang",
        "resourceLinkId": "link-1",
    }
    item = LineItem.objects.get()
    assert (item.url, item.made_here) == (f"{server.url}/made", True)
    assert [asked.json["scoreGiven"] for asked in server.requests("/made/scores")] == [0]


def test_every_token_is_asked_for_no_more_than_its_request_needs(remote: Lms, server: Server, worker: Worker) -> None:
    """Security Framework §4: to read the list, to make a column, to send a score."""
    will_make(server)
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert [asked.form["scope"] for asked in server.requests("/token")] == [
        words.AGS_LINE_ITEM_READ_SCOPE,
        words.AGS_LINE_ITEM_SCOPE,
        words.AGS_SCORE_SCOPE,
    ]


def test_progress_goes_to_the_column_that_was_made(remote: Lms, server: Server, worker: Worker) -> None:
    will_make(server)
    remote.launch(Client(), claims(remote, server))
    worker.work()
    progress(Seat.objects.get(), 4)
    worker.work()

    assert [asked.json["scoreGiven"] for asked in server.requests("/made/scores")] == [0, 1]


def test_the_next_launch_asks_nothing_and_writes_nothing(
    remote: Lms, server: Server, worker: Worker, django_assert_max_num_queries: Any
) -> None:
    will_make(server)
    browser, good = Client(), claims(remote, server)
    remote.launch(browser, good)
    worker.work()
    remote.launch(browser, good)
    asked = len(server.asked)
    again = Client()
    begun = remote.login(again)
    token = remote.sign({**good, "nonce": begun.nonce})
    with django_assert_max_num_queries(8):
        assert remote.post(again, token, begun.state).status_code == 303
    worker.work()

    assert len(server.asked) == asked


def test_several_first_launches_make_one_column_and_all_are_reported(
    remote: Lms, server: Server, worker: Worker
) -> None:
    will_make(server)
    for number in range(4):
        remote.launch(Client(), claims(remote, server, sub=f"person-{number}"))
    assert Job.objects.filter(kind="lti.line_item").count() == 1
    worker.work()

    assert len(posted(server)) == 1
    users = {asked.json["userId"] for asked in server.requests("/made/scores")}
    assert users == {f"person-{number}" for number in range(4)}


def test_who_comes_later_is_reported_at_once(remote: Lms, server: Server, worker: Worker) -> None:
    will_make(server)
    remote.launch(Client(), claims(remote, server))
    worker.work()
    remote.launch(Client(), claims(remote, server, sub="person-8"))
    worker.work()

    assert [asked.json["userId"] for asked in server.requests("/made/scores")] == ["person-7", "person-8"]
    assert len(posted(server)) == 1


def test_a_trainer_gets_a_column_made_but_no_score(remote: Lms, server: Server, worker: Worker) -> None:
    will_make(server)
    remote.launch(Client(), claims(remote, server, **{words.ROLES: [INSTRUCTOR]}))
    worker.work()

    assert LineItem.objects.exists()
    assert not server.requests("/made/scores")


def test_the_one_column_a_link_has_is_used_as_it_is(remote: Lms, server: Server, worker: Worker) -> None:
    """Whoever made it: the course designer, or the LMS itself."""
    there = {"id": f"{server.url}/made", "label": "Cijfer", "scoreMaximum": 100, "resourceLinkId": "link-1"}
    server.usual[LIST] = Reply(body=[there])
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert not posted(server)
    assert not LineItem.objects.get().made_here
    assert server.requests("/made/scores")


def test_of_several_columns_of_a_link_ours_is_taken(remote: Lms, server: Server, worker: Worker) -> None:
    both = [
        {"id": f"{server.url}/{name}", "resourceLinkId": "link-1", "resourceId": resource, "tag": tag}
        for name, resource, tag in (("a", "x", ""), ("made", "proefmodule", "voortgang"), ("b", "proefmodule", "toets"))
    ]
    server.usual[LIST] = Reply(body=both)
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert LineItem.objects.get().url == f"{server.url}/made"


def test_an_lms_that_shows_all_columns_whatever_is_asked_gets_no_second_one(
    remote: Lms, server: Server, worker: Worker
) -> None:
    ours = {"id": f"{server.url}/made", "resourceLinkId": "link-0", "resourceId": "proefmodule", "tag": "voortgang"}
    others = [{"id": f"{server.url}/{n}", "resourceLinkId": f"link-x{n}"} for n in range(3)]
    server.usual[LIST] = Reply(body=[*others, ours])
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert not posted(server)
    assert LineItem.objects.get().url == f"{server.url}/made"


def test_two_links_of_one_module_in_a_course_share_its_column(remote: Lms, server: Server, worker: Worker) -> None:
    """Curriculum 2.0: one line item a module."""
    will_make(server)
    remote.launch(Client(), claims(remote, server))
    worker.work()
    ours = {"id": f"{server.url}/made", "resourceLinkId": "link-1", "resourceId": "proefmodule", "tag": "voortgang"}
    server.usual[LIST] = Reply(body=[ours])
    remote.launch(Client(), claims(remote, server, **{words.RESOURCE_LINK: {"id": "link-2"}}))
    worker.work()

    assert len(posted(server)) == 1
    assert set(ResourceLink.objects.values_list("line_item__url", flat=True)) == {f"{server.url}/made"}
    assert len(server.requests("/made/scores")) == 1


def test_with_a_read_only_scope_a_column_is_only_looked_for(remote: Lms, server: Server, worker: Worker) -> None:
    remote.launch(Client(), claims(remote, server, scope=READ_ONLY))
    worker.work()

    assert server.requests(LIST)
    assert not posted(server)
    assert not LineItem.objects.exists()


def test_a_column_that_was_not_found_is_not_sought_at_every_launch(remote: Lms, server: Server, worker: Worker) -> None:
    for _ in range(3):
        remote.launch(Client(), claims(remote, server, scope=READ_ONLY))
        worker.work()
    asked = len(server.requests(LIST))
    worker.ahead += entry.SEEK_EVERY + 1
    remote.launch(Client(), claims(remote, server, scope=READ_ONLY))
    worker.work()

    assert asked == 2
    assert len(server.requests(LIST)) == 4


@pytest.mark.parametrize("scope", [[], [words.AGS_LINE_ITEM_SCOPE], [words.AGS_RESULT_SCOPE], ["x"]])
def test_without_the_scope_to_send_scores_nothing_is_asked(
    remote: Lms, server: Server, worker: Worker, scope: list[str]
) -> None:
    remote.launch(Client(), claims(remote, server, scope=scope))
    worker.work()

    assert not server.asked


def test_a_column_the_launch_names_stands(remote: Lms, server: Server, worker: Worker) -> None:
    """§3.1: `lineitem` is there when the link has exactly one."""
    server.usual["/named/scores"] = Reply()
    endpoint = {"scope": ALL, "lineitems": f"{server.url}{LIST}", "lineitem": f"{server.url}/named"}
    remote.launch(Client(), remote.claims(**{words.AGS_ENDPOINT: endpoint}))
    worker.work()

    assert not server.requests(LIST)
    assert server.requests("/named/scores")


def test_a_column_that_is_named_later_takes_the_place_of_the_one_we_made(
    remote: Lms, server: Server, worker: Worker
) -> None:
    will_make(server)
    browser = Client()
    remote.launch(browser, claims(remote, server))
    worker.work()
    server.usual["/named/scores"] = Reply()
    endpoint = {"scope": ALL, "lineitems": f"{server.url}{LIST}", "lineitem": f"{server.url}/named"}
    remote.launch(browser, remote.claims(**{words.AGS_ENDPOINT: endpoint}))
    worker.work()

    assert ResourceLink.objects.get().line_item.url == f"{server.url}/named"  # type: ignore[union-attr]
    assert len(server.requests("/named/scores")) == 1


def test_a_column_that_is_named_no_longer_is_sought(remote: Lms, server: Server, worker: Worker) -> None:
    server.usual["/named/scores"] = Reply()
    endpoint = {"scope": ALL, "lineitems": f"{server.url}{LIST}", "lineitem": f"{server.url}/named"}
    browser = Client()
    remote.launch(browser, remote.claims(**{words.AGS_ENDPOINT: endpoint}))
    worker.work()
    will_make(server)
    remote.launch(browser, claims(remote, server))
    worker.work()

    assert ResourceLink.objects.get().line_item.url == f"{server.url}/made"  # type: ignore[union-attr]
    assert Seat.objects.get().line_item.url == f"{server.url}/made"  # type: ignore[union-attr]


def test_a_column_that_was_removed_in_the_lms_is_made_anew_at_the_next_launch(
    remote: Lms, server: Server, worker: Worker
) -> None:
    will_make(server)
    browser = Client()
    remote.launch(browser, claims(remote, server))
    worker.work()
    server.usual["/made/scores"] = Reply(404)
    progress(Seat.objects.get(), 1)
    worker.work()
    assert worker.failed() == ["the LMS answered 404"]
    server.usual["/new/scores"] = Reply()
    will_make(server, "/new")
    remote.launch(browser, claims(remote, server))
    worker.work()

    assert [asked.json["scoreGiven"] for asked in server.requests("/new/scores")] == [0.25]


def test_a_link_that_opens_another_module_gets_another_column(
    remote: Lms, server: Server, worker: Worker, tmp_path: Any
) -> None:
    from tests.factories import published  # noqa: PLC0415 beside what it makes

    published(tmp_path / "andere", key="andere")
    will_make(server)
    browser = Client()
    remote.launch(browser, claims(remote, server))
    worker.work()
    will_make(server, "/other")
    server.usual["/other/scores"] = Reply()
    remote.launch(browser, claims(remote, server, **{words.CUSTOM: {"module": "andere"}}))
    worker.work()

    assert posted(server)[-1].json["resourceId"] == "andere"
    assert ResourceLink.objects.get().line_item.url == f"{server.url}/other"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "trouble", [Reply(503, headers={"Retry-After": "60"}), Reply(500), Reply(reset=True), Reply(429)]
)
def test_an_lms_that_is_not_well_gets_asked_later_and_makes_one_column(
    remote: Lms, server: Server, worker: Worker, trouble: Reply
) -> None:
    server.script[LIST] += [trouble, Reply(body=[]), trouble]
    will_make(server)
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert len(posted(server)) == 1
    assert server.requests("/made/scores")


def test_an_answer_that_got_lost_makes_no_second_column(remote: Lms, server: Server, worker: Worker) -> None:
    """It was made; we didn't hear so. The next try finds it by resource and tag."""
    ours = {"id": f"{server.url}/made", "resourceLinkId": "link-1", "resourceId": "proefmodule", "tag": "voortgang"}
    server.script[LIST] += [Reply(body=[]), Reply(body=[]), Reply(reset=True)]
    server.usual[LIST] = Reply(body=[ours])
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert len(posted(server)) == 1
    assert LineItem.objects.get().url == f"{server.url}/made"


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_an_lms_that_says_no_is_asked_once_and_the_module_opens(
    remote: Lms, server: Server, worker: Worker, status: int
) -> None:
    server.usual[LIST] = Reply(status)
    assert remote.launch(Client(), claims(remote, server)).status_code == 303
    worker.work(until=3600)

    assert len(server.requests(LIST)) == 1
    assert not LineItem.objects.exists()


def test_a_platform_that_wants_no_progress_gets_no_column(remote: Lms, server: Server, worker: Worker) -> None:
    Platform.objects.update(reports_progress=False, stamp=new_stamp())
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert not server.asked


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ('<https://lms.example/items?p=2>; rel="next"', "https://lms.example/items?p=2"),
        ("<https://lms.example/items?p=2>; rel=next", "https://lms.example/items?p=2"),
        ('</items?p=2>; rel="next"', "https://lms.example/items?p=2"),
        ('<?p=2>; title="a"; REL="Next"', "https://lms.example/items?p=2"),
        ('<https://lms.example/items?p=1>; rel="first", <https://lms.example/i?p=2,3>; rel="next last"', "https://lms.example/i?p=2,3"),
        ("<https://lms.example/items?a=1&amp;p=2>; rel=“next”", "https://lms.example/items?a=1&p=2"),
        ("<https://lms.example/items?p=2>; rel=" + "“next”".encode().decode("latin-1"), "https://lms.example/items?p=2"),
        ('<https://lms.example/Items?Cursor=AbCd%2B%3D>; rel="next"', "https://lms.example/Items?Cursor=AbCd%2B%3D"),
        ('<https://lms.example/items?p=2>; rel="prev"', ""),
        ('<https://lms.example/items?p=2>; rel="nextish"', ""),
        ("", ""),
        ("nonsense", ""),
        ("<>", ""),
    ],
)  # fmt: skip
def test_a_link_to_the_next_page_is_read_with_care(link: str, following: str) -> None:
    """RFC 8288, and what Moodle makes of it."""
    assert next_address({"link": link}, of="https://lms.example/items") == following


def test_what_an_address_asks_already_stays() -> None:
    assert with_query("https://lms.example/l?type_id=3&limit=1", limit=5) == "https://lms.example/l?type_id=3&limit=5"


@pytest.mark.django_db(transaction=True)
def test_four_first_launches_at_once_leave_one_job(remote: Lms, server: Server) -> None:
    browsers = [Client() for _ in range(4)]
    begun = [remote.login(browser) for browser in browsers]
    tokens = [
        remote.sign({**claims(remote, server, sub=f"person-{n}"), "nonce": each.nonce}) for n, each in enumerate(begun)
    ]
    statuses: list[int] = []

    def launch(number: int) -> None:
        from django.db import connections  # noqa: PLC0415 the thread's own

        statuses.append(remote.post(browsers[number], tokens[number], begun[number].state).status_code)
        connections.close_all()

    threads = [threading.Thread(target=launch, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [303] * 4
    assert Job.objects.filter(kind="lti.line_item").count() == 1
    assert Seat.objects.count() == 4
