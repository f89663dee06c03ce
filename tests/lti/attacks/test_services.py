"""An LMS that lies, floods or leads astray where we read its lists and columns."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Iterator, Sequence
from typing import Any
from unittest.mock import patch

import httpcore
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.models import Job, Receiver, Status
from learning.people.models import GroupMember, Organisation, Person
from learning.tracks.models import ModuleEdition
from lti import claims as words
from lti.tool import calls, paging, results, rosters
from lti.tool.models import Account, Context, LineItem, Participation
from tests.lti.conftest import Worker
from tests.lti.hostile import INSTRUCTOR, Asked, Lms, Reply, Server, connected

LIST, COLUMNS, RESULTS = "/members", "/line_items", "/line/results"
SCOPES = [words.AGS_SCORE_SCOPE, words.AGS_LINE_ITEM_SCOPE, words.AGS_RESULT_SCOPE]
TEACHER = {"user_id": "teacher", "name": "Trui", "roles": [INSTRUCTOR]}
MIB = 1024 * 1024


@pytest.fixture
def remote(organisation: Organisation, edition: ModuleEdition, server: Server) -> Lms:
    server.usual[COLUMNS] = Reply(body=[])
    return connected(organisation, issuer=server.url)


def launch(remote: Lms, server: Server, **changes: Any) -> None:
    """By a trainer, in a course with a class list and with columns."""
    services = {
        words.NRPS_SERVICE: {"context_memberships_url": f"{server.url}{LIST}", "service_versions": ["2.0"]},
        words.AGS_ENDPOINT: {"scope": SCOPES, "lineitems": f"{server.url}{COLUMNS}"},
    }
    claims = remote.claims(sub="teacher", name="Trui", **{words.ROLES: [INSTRUCTOR], **services, **changes})
    assert remote.launch(Client(), claims).status_code == 303


def lists(server: Server, members: Sequence[Any]) -> None:
    server.usual[LIST] = Reply(body={"members": list(members)})


def trouble() -> str:
    return Context.objects.get().roster_trouble


def test_who_fails_at_the_address_of_another_s_lms_gets_a_rest_itself(
    organisation: Organisation, remote: Lms, server: Server, worker: Worker
) -> None:
    """It may name what it likes as its column: the other one's scores don't wait for that."""
    attacker = connected(
        organisation, issuer="https://attacker.example", client_id="client-2", token_url=f"{server.url}/token"
    )
    server.usual["/line/scores"] = Reply(401)
    endpoint = {"scope": SCOPES, "lineitem": f"{server.url}/line"}
    attacker.launch(Client(), attacker.claims(**{words.AGS_ENDPOINT: endpoint}))
    worker.work(until=60.0)
    (resting,) = Receiver.objects.filter(paused_until__isnull=False)
    assert resting.name.startswith(f"{attacker.platform.pk} ")

    lists(server, [TEACHER])
    call = calls.Call("GET", f"{server.url}{LIST}", words.NRPS_SCOPE, 1000)
    assert calls.answer_to(call, remote.platform).status == 200


def test_the_longest_of_addresses_fits_in_what_is_kept_of_a_job(remote: Lms, worker: Worker) -> None:
    def resolve(host: str, port: int) -> str:
        if host.startswith("label"):
            raise httpcore.ConnectError("name not found")
        return host

    host = ".".join(["label"] * 40)
    endpoint = {"scope": SCOPES, "lineitem": f"https://{host}/line"}
    remote.launch(Client(), remote.claims(**{words.AGS_ENDPOINT: endpoint}))
    with patch("lti.outbound._resolve", resolve):
        worker.work(until=60.0)

    assert Job.objects.filter(receiver__contains="label.label", status=Status.WAITING).exists()
    assert max(len(name) for name in Job.objects.values_list("receiver", flat=True)) <= 200


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/line",
        "http://127.0.0.1:1/line",
        "https://10.0.0.1/line",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//evil.example/line",
        "/relative",
        "",
        7,
        None,
        "x" * 2000,
    ],
)
@pytest.mark.parametrize("made", [True, False])
def test_a_column_at_another_site_gets_no_scores(
    remote: Lms, server: Server, worker: Worker, address: Any, made: bool
) -> None:
    """The token goes along with a score: it is for this LMS only."""
    item = {"id": address, "resourceLinkId": "link-1", "resourceId": "proefmodule", "tag": "voortgang"}
    server.script[COLUMNS] += [Reply(body=[]), Reply(body=[]), Reply(201, body=item)] if made else [Reply(body=[item])]
    launch(remote, server)
    worker.work(until=600)

    assert not LineItem.objects.exists()
    assert {asked.route for asked in server.asked} <= {COLUMNS, LIST, "/token"}


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/members?p=2",
        "http://127.0.0.1:1/members",
        "https://[::ffff:10.0.0.1]/members",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "//evil.example/x",
        "http://user:secret@127.0.0.1/",
    ],
)
@pytest.mark.parametrize("path", [LIST, COLUMNS])
def test_a_next_page_at_another_site_is_not_asked_for(
    remote: Lms, server: Server, worker: Worker, address: str, path: str
) -> None:
    onward = {"Link": f'<{address}>; rel="next"'}
    server.usual[path] = Reply(body={"members": [TEACHER]} if path == LIST else [], headers=onward)
    launch(remote, server)
    worker.work(until=600)

    assert len(server.requests(path)) == 1
    assert Participation.objects.exists()
    assert not LineItem.objects.exists()


class Endless(Server):
    """Every page has a next one."""

    members: Sequence[Any] = ()

    def reply(self, asked: Asked) -> Reply:
        if asked.route == "/token":
            return super().reply(asked)
        number = int(asked.query.get("page", 0)) + 1
        body = {"members": list(self.members)} if asked.route == LIST else []
        return Reply(body=body, headers={"Link": f'<{self.url}{asked.route}?page={number}>; rel="next"'})


@pytest.fixture
def endless() -> Iterator[Endless]:
    from django.core.cache import cache  # noqa: PLC0415 beside its use

    cache.clear()
    endless = Endless()
    yield endless
    endless.close()


def test_lists_without_end_are_given_up(
    organisation: Organisation,
    edition: ModuleEdition,
    endless: Endless,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 20)
    remote = connected(organisation, issuer=endless.url)
    launch(remote, endless)
    worker.work(until=600)

    assert len(endless.requests(LIST)) == 20
    assert len(endless.requests(COLUMNS)) == 20
    assert trouble()
    assert Participation.objects.count() == 1


def test_lists_without_end_are_given_up_over_many_jobs_too(
    organisation: Organisation,
    edition: ModuleEdition,
    endless: Endless,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each job goes on where the last one stopped; the pages are counted all the same."""
    monkeypatch.setattr(paging, "MOST_PAGES", 10)
    monkeypatch.setattr(rosters, "SECONDS", 0.0)
    launch(connected(organisation, issuer=endless.url), endless)
    worker.work(until=600)

    assert len(endless.requests(LIST)) == 11
    assert trouble() == rosters.TOO_LONG


def test_a_class_of_a_million_is_not_believed(
    organisation: Organisation,
    edition: ModuleEdition,
    endless: Endless,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was read of it before stays; nobody is taken out."""
    monkeypatch.setattr(rosters, "MOST_MEMBERS", 100)
    endless.members = [{"user_id": f"s{n}", "roles": ["Learner"]} for n in range(30)]
    launch(connected(organisation, issuer=endless.url), endless)
    worker.work(until=600)

    assert len(endless.requests(LIST)) == 4
    assert trouble() == rosters.TOO_LONG
    assert Participation.objects.count() == 31


def test_pages_that_go_round_are_noticed(remote: Lms, server: Server, worker: Worker) -> None:
    server.usual[LIST] = Reply(body={"members": [TEACHER]}, headers={"Link": f'<{server.url}{LIST}?p=1>; rel="next"'})
    launch(remote, server)
    worker.work(until=600)

    assert len(server.requests(LIST)) == 2
    assert trouble()


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_of_thirty_megabytes_is_not_read_to_its_end(
    remote: Lms, server: Server, worker: Worker, packed: bool
) -> None:
    """Nor one of thirty kilobytes that unpacks to it."""
    content = b'{"members": []}' + b" " * (30 * MIB)
    body = gzip.compress(content, mtime=0) if packed else content
    server.usual[LIST] = Reply(body=body, headers={"Content-Encoding": "gzip"} if packed else {})
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    tracemalloc.start()
    worker.work(until=30)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert trouble() == rosters.UNREACHABLE
    # What the server of this test holds itself is in the same process, and was there before.
    assert most < 4 * rosters.LARGEST


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_a_packing_we_did_not_ask_is_not_unpacked(remote: Lms, server: Server, worker: Worker, encoding: str) -> None:
    server.usual[LIST] = Reply(body=b"\x00\x01", headers={"Content-Encoding": encoding})
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    worker.work(until=30)

    assert trouble() == rosters.UNREACHABLE


@pytest.mark.parametrize("body", [b"\x1f\x8b\x08\x00nonsense", gzip.compress(b'{"members": []}', mtime=0)[:-9]])
def test_a_packed_page_that_is_not_whole_is_no_page(remote: Lms, server: Server, worker: Worker, body: bytes) -> None:
    server.usual[LIST] = Reply(body=body, headers={"Content-Encoding": "gzip"})
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    worker.work(until=30)

    assert trouble() == rosters.UNREACHABLE


def test_a_packed_page_is_read(remote: Lms, server: Server, worker: Worker) -> None:
    body = gzip.compress(json.dumps({"members": [TEACHER, {"user_id": "s1", "roles": []}]}).encode(), mtime=0)
    server.usual[LIST] = Reply(body=body, headers={"Content-Encoding": "gzip"})
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    worker.work()

    assert Participation.objects.count() == 2


NASTY = [
    "<script>alert(1)</script>",
    "naam\x00met nul",
    "half \ud800 teken",
    "n" * 100_000,
    "\u202eachterstevoren",
    "' OR 1=1 --",
    "{{ 7*7 }}",
]


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("member", ["name", "email", "given_name"])
def test_an_odd_name_is_made_fit_and_the_list_goes_on(
    remote: Lms, server: Server, worker: Worker, name: str, member: str
) -> None:
    lists(server, [TEACHER, {"user_id": "s1", "roles": ["Learner"], member: name}, {"user_id": "s2", "roles": []}])
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    worker.work()

    assert {account.subject for account in Account.objects.all()} == {"teacher", "s1", "s2"}
    person = Account.objects.get(subject="s1").person
    assert len(person.name) <= 200
    assert person.name.isprintable() or "\u202e" in person.name
    browser = Client()
    browser.force_login(Account.objects.get(subject="teacher").person)
    page = browser.get(f"/groepen/{GroupMember.objects.all()[0].group_id}/")
    assert page.status_code == 200
    assert b"<script>alert(1)" not in page.content


@pytest.mark.parametrize("subject", [None, "", 7, "a\x00b", "\ud800", "x" * 256, ["s1"], {"id": 1}, "a\nb"])
def test_a_person_without_a_usable_id_is_passed_over(remote: Lms, server: Server, worker: Worker, subject: Any) -> None:
    lists(server, [TEACHER, {"user_id": subject, "name": "Wie", "roles": ["Learner"]}, {"user_id": "s2", "roles": []}])
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    worker.work()

    assert {account.subject for account in Account.objects.all()} == {"teacher", "s2"}


def test_somebody_who_is_listed_twice_is_one_person(remote: Lms, server: Server, worker: Worker) -> None:
    """In one batch, in the next, and on another page."""
    doubles = [{"user_id": f"s{n % 3}", "name": f"Naam {n}", "roles": ["Learner"]} for n in range(600)]
    server.script[LIST] += [
        Reply(body={"members": [TEACHER, *doubles]}, headers={"Link": f'<{server.url}{LIST}?p=2>; rel="next"'}),
        Reply(body={"members": doubles}),
    ]
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    worker.work()

    assert Account.objects.count() == Person.objects.count() == GroupMember.objects.count() == 4


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"7", b'"members"', b'{"members": null}', b'{"members": {}}', b"<html>", b"\xff\xfe",
        b"[" * 100_000, b'{"members": ' + b"[" * 100_000, b'{"members": [' + b"9" * 5000 + b"]}",
    ],
)  # fmt: skip
def test_what_is_no_list_changes_nothing(remote: Lms, server: Server, worker: Worker, body: bytes) -> None:
    server.usual[LIST] = Reply(body=body)
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    worker.work(until=30)

    assert Account.objects.count() == 1
    assert trouble()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(NASTY[:3]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
result = st.fixed_dictionaries({}, optional=dict.fromkeys(("userId", "resultScore", "resultMaximum"), anything))
members = st.lists(
    anything
    | st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("user_id", "name", "email", "roles", "status", "given_name"), anything),
    ),
    max_size=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=members)
def test_whatever_a_list_holds_it_is_applied_or_passed_over(remote: Lms, server: Server, listed: list[Any]) -> None:
    lists(server, [TEACHER, {"user_id": "s1", "roles": ["Learner"]}, *listed])
    launch(remote, server, **{words.AGS_ENDPOINT: None})
    rosters.update({"context": Context.objects.get().pk})

    assert Participation.objects.filter(account__subject__in=["teacher", "s1"]).count() == 2
    assert not trouble()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=st.lists(anything | result, max_size=5))
def test_whatever_results_hold_they_are_compared_or_passed_over(remote: Lms, server: Server, listed: list[Any]) -> None:
    server.usual[RESULTS] = Reply(body=json.dumps(listed).encode())
    item, _ = LineItem.objects.get_or_create(
        platform=remote.platform, url=f"{server.url}/line", defaults={"scopes": words.AGS_RESULT_SCOPE}
    )
    results.read_back(item.pk, again=True)

    item.refresh_from_db()
    assert item.compared == {"same": 0, "other": 0, "missing": 0}


def test_no_name_and_no_address_is_in_a_job_or_its_reason(remote: Lms, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, {"user_id": "s1", "name": "Geheim Persoontje", "email": "geheim@example.org", "roles": []}])
    server.script[LIST].append(Reply(body={"members": "Geheim Persoontje"}))
    launch(remote, server)
    worker.work(until=600)

    assert "eheim" not in str(list(Job.objects.values_list("payload", "key", "serial", "last_reason")))
