"""NRPS 2.0: the class list is read in pages, and people, roles and groups follow it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from learning.people import services as people
from learning.people.models import Group, GroupMember, Organisation, Person, Role, RoleGrant
from learning.people.queries import roles_of
from learning.tracks.models import Enrolment, ModuleEdition
from lti import claims as words
from lti.tool import classlists, paging, rosters
from lti.tool.models import Account, Context, Participation, Platform, Seat
from tests.lti.conftest import Worker
from tests.lti.hostile import INSTRUCTOR, LEARNER, Claims, Lms, Reply, Server, connected

LIST = "/course/members"
TEACHER = {"user_id": "teacher", "name": "Trui", "roles": [INSTRUCTOR]}


@pytest.fixture
def remote(organisation: Organisation, edition: ModuleEdition, server: Server) -> Lms:
    lists(server, [TEACHER])
    return connected(organisation, issuer=server.url)


@pytest.fixture
def context(remote: Lms, server: Server) -> Context:
    """A trainer came in; the class list wasn't read yet."""
    assert remote.launch(Client(), claims(remote, server)).status_code == 303
    return Context.objects.get()


def claims(remote: Lms, server: Server, **changes: Any) -> Claims:
    """Of a trainer."""
    service = {"context_memberships_url": f"{server.url}{LIST}?Course=A%2Fb", "service_versions": ["2.0"]}
    of_trainer = {"sub": "teacher", "name": "Trui", "email": "", words.ROLES: [INSTRUCTOR]}
    return remote.claims(**{words.NRPS_SERVICE: service, **of_trainer, **changes})


def learner(number: int | str, **changes: Any) -> dict[str, Any]:
    return {"user_id": f"s{number}", "name": f"Naam {number}", "roles": ["Learner"], "status": "Active", **changes}


def body(members: Sequence[Any]) -> dict[str, Any]:
    return {"id": "https://lms.example/list", "context": {"id": "course-1"}, "members": list(members)}


def lists(server: Server, members: Sequence[Any], **changes: Any) -> None:
    server.usual[LIST] = Reply(body=body(members), headers={"Content-Type": words.NRPS_TYPE}, **changes)


def read(context: Context, worker: Worker) -> None:
    rosters.read(context)
    worker.work()
    context.refresh_from_db()


def names() -> set[str]:
    """Of who is in the group."""
    return set(GroupMember.objects.values_list("person__name", flat=True))


def test_a_trainer_s_launch_has_the_class_list_read(context: Context, server: Server, worker: Worker) -> None:
    """§2.4: the scope, the media type, and the address to the letter."""
    lists(server, [TEACHER, learner(1)])
    worker.work()

    (asked,) = server.requests(LIST)
    assert asked.headers["Accept"] == words.NRPS_TYPE
    assert asked.query == {"Course": "A/b", "limit": "500"}
    assert server.requests("/token")[0].form["scope"] == words.NRPS_SCOPE
    assert names() == {"Trui", "Naam 1"}
    context.refresh_from_db()
    assert context.roster_read_at
    assert not context.roster_trouble


def test_a_learner_s_launch_keeps_where_the_list_is_and_reads_nothing(
    remote: Lms, server: Server, worker: Worker
) -> None:
    remote.launch(Client(), claims(remote, server, **{words.ROLES: [LEARNER]}))
    worker.work()

    assert Context.objects.get().memberships_url == f"{server.url}{LIST}?Course=A%2Fb"
    assert not server.requests(LIST)


def test_a_launch_that_does_not_name_the_service_leaves_it(context: Context, remote: Lms, server: Server) -> None:
    """Some LMSes name it to trainers only."""
    remote.launch(Client(), remote.claims())

    assert Context.objects.get().memberships_url


@pytest.mark.parametrize(
    "service",
    [
        None,
        7,
        {},
        {"context_memberships_url": "https://lms.example/l"},
        {"context_memberships_url": "https://lms.example/l", "service_versions": ["1.0"]},
        {"context_memberships_url": "https://lms.example/l", "service_versions": "2.0"},
        {"context_memberships_url": "http://lms.example/l", "service_versions": ["2.0"]},
        {"context_memberships_url": "https://10.0.0.1/l", "service_versions": ["2.0"]},
        {"context_memberships_url": "file:///etc/passwd", "service_versions": ["2.0"]},
        {"context_memberships_url": 7, "service_versions": ["2.0"]},
        {"context_memberships_url": "https://lms.example/" + "x" * 2000, "service_versions": ["2.0"]},
    ],
)
def test_a_service_we_cannot_use_is_passed_over_and_the_launch_goes_on(
    remote: Lms, server: Server, service: Any
) -> None:
    assert remote.launch(Client(), claims(remote, server, **{words.NRPS_SERVICE: service})).status_code == 303
    assert not Context.objects.get().memberships_url
    assert not Job.objects.filter(kind="lti.roster").exists()


def test_launches_ask_for_the_list_once_in_ten_minutes(
    context: Context, remote: Lms, server: Server, worker: Worker
) -> None:
    for _ in range(3):
        remote.launch(Client(), claims(remote, server))
        worker.work()
    first = len(server.requests(LIST))
    worker.ahead += rosters.EVERY + 1
    remote.launch(Client(), claims(remote, server))
    worker.work()

    assert (first, len(server.requests(LIST))) == (1, 2)


def test_the_launch_that_asks_stays_within_eight_queries(
    context: Context, remote: Lms, server: Server, worker: Worker, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    worker.work()
    worker.ahead += rosters.EVERY + 24 * 3600
    client = Client()
    begun = remote.login(client)
    now = begun.parameters
    assert now
    token = remote.sign({**claims(remote, server), "nonce": begun.nonce})
    with django_assert_max_num_queries(10):  # two are the savepoint of the test
        assert remote.post(client, token, begun.state).status_code == 303
    assert Job.objects.filter(kind="lti.roster", status="waiting").exists()


def test_pages_are_followed_to_the_letter(context: Context, server: Server, worker: Worker) -> None:
    """§2.4.2: rel="next"; a cursor has capitals in it."""
    onward = {"Link": f'<{server.url}{LIST}?Cursor=AbC%2B%3D>; rel="next"'}
    server.script[LIST] += [Reply(body=body([TEACHER, learner(1)]), headers=onward), Reply(body=body([learner(2)]))]
    worker.work()

    assert [asked.path for asked in server.requests(LIST)][1] == f"{LIST}?Cursor=AbC%2B%3D"
    assert names() == {"Trui", "Naam 1", "Naam 2"}


@pytest.mark.parametrize("written", ["https://lms.example:443/m?c=AbC", "https://LMS.example/m?c=AbC", "m?c=AbC"])
def test_the_same_site_may_be_written_in_other_ways(written: str) -> None:
    """An LMS behind a proxy may name the port that goes without saying."""
    found = paging.next_address({"link": f'<{written}>; rel="next"'}, of="https://lms.example/m")

    assert found.endswith("/m?c=AbC")


def test_a_list_that_takes_longer_than_a_job_may_is_gone_on_with(
    context: Context, server: Server, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "SECONDS", 0.0)
    for page in range(4):
        onward = {"Link": f'<{server.url}{LIST}?page={page + 1}>; rel="next"'} if page < 3 else {}
        server.script[LIST].append(Reply(body=body([TEACHER, learner(page)]), headers=onward))
    worker.work()

    assert len(server.requests(LIST)) == 4
    assert names() == {"Trui", *(f"Naam {page}" for page in range(4))}
    assert Context.objects.get().roster_run == 1


def test_people_get_an_account_with_or_without_a_name(context: Context, server: Server, worker: Worker) -> None:
    nameless = {"user_id": "s2", "roles": ["Learner"]}
    parts = {
        "user_id": "s3",
        "roles": ["Learner"],
        "given_name": "Bo",
        "family_name": "Zwart",
        "email": "bo@example.org",
    }
    lists(server, [TEACHER, learner(1), nameless, parts])
    worker.work()

    found = {account.subject: account.person for account in Account.objects.select_related("person")}
    assert {subject: person.name for subject, person in found.items()} == {
        "teacher": "Trui",
        "s1": "Naam 1",
        "s2": "",
        "s3": "Bo Zwart",
    }
    assert found["s3"].email == "bo@example.org"
    assert not found["s1"].has_usable_password()


def test_nobody_is_found_by_e_mail(
    context: Context, organisation: Organisation, server: Server, worker: Worker
) -> None:
    """Anybody can type an address into an LMS."""
    mine = people.create_person(organisation, name="Beheerder", email="beheer@example.org")
    lists(server, [TEACHER, learner(1, email="beheer@example.org")])
    worker.work()

    assert Account.objects.get(subject="s1").person_id != mine.pk
    assert not roles_of(mine)


def test_who_launched_before_is_the_same_person(context: Context, remote: Lms, server: Server, worker: Worker) -> None:
    remote.launch(Client(), remote.claims(sub="s1", name="Oude naam"))
    lists(server, [TEACHER, learner(1, name="Nieuwe naam")])
    worker.work()

    assert Account.objects.filter(subject="s1").count() == 1
    assert Account.objects.get(subject="s1").person.name == "Nieuwe naam"
    assert Seat.objects.filter(account__subject="s1").exists()


def test_a_name_that_is_kept_back_now_stays_known(context: Context, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, learner(1)])
    worker.work()
    lists(server, [TEACHER, {"user_id": "s1", "roles": ["Learner"]}])
    read(context, worker)

    assert Account.objects.get(subject="s1").person.name == "Naam 1"


@pytest.mark.parametrize(
    ("roles", "ours"),
    [
        (["Learner"], {"deelnemer"}),
        ([LEARNER], {"deelnemer"}),
        (["Instructor"], {"trainer"}),
        ([INSTRUCTOR, LEARNER], {"deelnemer", "trainer"}),
        ([words.MEMBERSHIP + "/Instructor#TeachingAssistant"], {"trainer"}),
        (["ContentDeveloper"], {"deelnemer"}),
        ([], {"deelnemer"}),
        (["Onbekend", 7, None], {"deelnemer"}),
        (None, {"deelnemer"}),
        ("Instructor", {"deelnemer"}),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"], {"deelnemer"}),
    ],
)
def test_roles_are_those_of_the_course(
    context: Context, server: Server, worker: Worker, roles: Any, ours: set[str]
) -> None:
    """§2.2 and Core §A.2: short or whole, several at once; who runs the LMS runs nothing here."""
    lists(server, [TEACHER, learner(1, roles=roles)])
    worker.work()

    assert roles_of(Account.objects.get(subject="s1").person) == ours
    assert GroupMember.objects.get(person__name="Naam 1").is_trainer == ("trainer" in ours)


def test_a_role_that_changed_is_withdrawn(context: Context, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, learner(1, roles=["Instructor"])])
    worker.work()
    lists(server, [TEACHER, learner(1)])
    read(context, worker)

    assert roles_of(Account.objects.get(subject="s1").person) == {"deelnemer"}
    assert not GroupMember.objects.get(person__name="Naam 1").is_trainer


def test_roles_from_elsewhere_stay(
    context: Context, organisation: Organisation, server: Server, worker: Worker
) -> None:
    lists(server, [TEACHER, learner(1)])
    worker.work()
    person = Account.objects.get(subject="s1").person
    people.set_roles_from(person, organisation=organisation, source="local", roles=[Role.REDACTEUR])
    lists(server, [TEACHER])
    read(context, worker)

    assert roles_of(person) == {"redacteur"}


@pytest.mark.parametrize("left", [[], [learner(1, status="Inactive")], [learner(1, status="Deleted")]])
def test_who_left_is_out_of_course_roles_and_group_and_keeps_what_they_did(
    context: Context, remote: Lms, server: Server, worker: Worker, left: list[Any]
) -> None:
    """§2.2: Inactive, Deleted, or simply not there."""
    remote.launch(Client(), remote.claims(sub="s1", name="Naam 1"))
    lists(server, [TEACHER, learner(1), learner(2)])
    worker.work()
    lists(server, [TEACHER, learner(2), *left])
    read(context, worker)

    person = Account.objects.get(subject="s1").person
    assert not Participation.objects.filter(account__subject="s1").exists()
    assert not roles_of(person)
    assert names() == {"Trui", "Naam 2"}
    assert Enrolment.objects.filter(person=person).exists()


def test_who_launched_and_is_on_no_list_leaves_too(
    context: Context, remote: Lms, server: Server, worker: Worker
) -> None:
    remote.launch(Client(), remote.claims(sub="gone", name="Weg"))
    lists(server, [TEACHER, learner(1)])
    worker.work()

    assert names() == {"Trui", "Naam 1"}


def test_who_runs_the_lms_and_looks_around_stays(context: Context, server: Server, worker: Worker) -> None:
    """Moodle lets its administrators in as teachers and lists only who is enrolled."""
    lists(server, [learner(1)])
    worker.work()

    assert names() == {"Trui", "Naam 1"}
    assert roles_of(Account.objects.get(subject="teacher").person) == {"trainer"}


def test_a_trainer_who_was_listed_and_left_is_out(context: Context, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, learner(1)])
    worker.work()
    lists(server, [learner(1)])
    read(context, worker)

    assert names() == {"Naam 1"}
    assert not roles_of(Account.objects.get(subject="teacher").person)


def test_who_comes_back_is_in_again(context: Context, remote: Lms, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, learner(1), learner(2)])
    worker.work()
    lists(server, [TEACHER, learner(2)])
    read(context, worker)
    assert remote.launch(Client(), remote.claims(sub="s1", name="Naam 1")).status_code == 303

    assert roles_of(Account.objects.get(subject="s1").person) == {"deelnemer"}
    assert "Naam 1" in names()


@pytest.mark.parametrize("reply", [Reply(500), Reply(reset=True), Reply(403), Reply(body=b"<html>"), Reply(body={})])
def test_a_list_that_breaks_off_half_way_takes_nobody_out(
    context: Context, server: Server, worker: Worker, reply: Reply
) -> None:
    everybody = [TEACHER, *(learner(n) for n in range(4))]
    lists(server, everybody)
    worker.work()
    onward = {"Link": f'<{server.url}{LIST}?page=2>; rel="next"'}
    server.usual[LIST] = reply
    server.script[LIST].append(Reply(body=body([TEACHER, learner(9)]), headers=onward))
    rosters.read(context)
    worker.work(until=60)
    context.refresh_from_db()

    assert names() == {"Trui", "Naam 9", *(f"Naam {n}" for n in range(4))}
    assert classlists.trouble_in_words(context.roster_trouble)


def test_a_list_that_breaks_off_is_read_whole_later(context: Context, server: Server, worker: Worker) -> None:
    onward = {"Link": f'<{server.url}{LIST}?page=2>; rel="next"'}
    server.script[LIST] += [Reply(body=body([TEACHER, learner(1)]), headers=onward), Reply(503)]
    lists(server, [TEACHER, learner(2)])
    worker.work()

    assert names() == {"Trui", "Naam 2"}
    assert not Context.objects.get().roster_trouble


def test_an_empty_list_is_not_believed_at_once(context: Context, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, learner(1)])
    worker.work()
    lists(server, [])
    read(context, worker)
    before, trouble = names(), context.roster_trouble
    read(context, worker)

    assert (before, trouble) == ({"Trui", "Naam 1"}, rosters.EMPTY)
    assert not names()
    assert not context.roster_trouble


def test_a_list_without_most_of_a_class_is_believed_when_it_says_so_again(
    context: Context, server: Server, worker: Worker
) -> None:
    lists(server, [TEACHER, *(learner(n) for n in range(12))])
    worker.work()
    few = [TEACHER, *(learner(n) for n in range(3))]
    lists(server, few)
    read(context, worker)
    assert (len(names()), context.roster_trouble) == (13, rosters.MANY_LEFT)
    read(context, worker)

    assert (len(names()), context.roster_trouble) == (4, "")


def test_a_doubted_list_is_forgotten_when_the_next_is_whole(context: Context, server: Server, worker: Worker) -> None:
    everybody = [TEACHER, *(learner(n) for n in range(12))]
    for members in (everybody, [TEACHER], everybody, [TEACHER]):
        lists(server, members)
        read(context, worker)

    assert (len(names()), context.roster_trouble) == (13, rosters.MANY_LEFT)


def test_half_of_a_small_class_may_leave(context: Context, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, *(learner(n) for n in range(5))])
    worker.work()
    lists(server, [TEACHER])
    read(context, worker)

    assert names() == {"Trui"}


def test_who_is_suspended_here_stays_so(context: Context, remote: Lms, server: Server, worker: Worker) -> None:
    lists(server, [TEACHER, learner(1)])
    worker.work()
    person = Account.objects.get(subject="s1").person
    people.suspend(person)
    read(context, worker)

    assert not Person.objects.get(pk=person.pk).is_active
    assert remote.launch(Client(), remote.claims(sub="s1")).status_code == 403


def test_who_comes_in_while_the_list_is_read_is_not_taken_out(
    context: Context, remote: Lms, server: Server, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They weren't on the list yet when its page was made."""
    monkeypatch.setattr(rosters, "SECONDS", 0.0)
    onward = {"Link": f'<{server.url}{LIST}?page=2>; rel="next"'}
    server.script[LIST] += [Reply(body=body([TEACHER]), headers=onward), Reply(body=body([learner(1)]))]
    from jobs import runner  # noqa: PLC0415 one round only

    runner.drain(limit=1)
    remote.launch(Client(), remote.claims(sub="new", name="Net binnen"))
    worker.work()

    assert names() == {"Trui", "Naam 1", "Net binnen"}


def test_the_group_is_called_as_the_course_and_follows_it(
    context: Context, remote: Lms, server: Server, worker: Worker
) -> None:
    title = {words.CONTEXT: {"id": "course-1", "title": "Ruimte in het najaar"}}
    remote.launch(Client(), claims(remote, server, **title))

    group = Group.objects.get()
    assert (group.name, group.source) == ("Ruimte in het najaar", f"lti:{context.pk}")


def test_a_launch_without_a_course_makes_no_group(remote: Lms, server: Server) -> None:
    remote.launch(Client(), claims(remote, server, **{words.CONTEXT: None}))

    assert not Group.objects.exists()


def test_two_courses_each_have_their_own_roles(context: Context, remote: Lms, server: Server, worker: Worker) -> None:
    """Who leaves one course stays in the other."""
    lists(server, [TEACHER, learner(1), learner(2)])
    worker.work()
    remote.launch(Client(), remote.claims(sub="s1", **{words.CONTEXT: {"id": "course-2"}, words.ROLES: [LEARNER]}))
    lists(server, [TEACHER, learner(2)])
    read(context, worker)

    person = Account.objects.get(subject="s1").person
    assert roles_of(person) == {"deelnemer"}
    assert RoleGrant.objects.filter(person=person).count() == 1


def test_a_platform_that_was_switched_off_is_not_asked(context: Context, server: Server, worker: Worker) -> None:
    Platform.objects.update(active=False)
    worker.work()

    assert not server.requests(LIST)


def test_lists_of_courses_in_use_are_read_every_day(context: Context, server: Server, worker: Worker) -> None:
    worker.work()
    asked = len(server.requests(LIST))
    rosters.ask_all_recent()
    worker.work()
    Context.objects.update(launched_at=1)
    rosters.ask_all_recent()
    worker.work()

    assert (asked, len(server.requests(LIST))) == (1, 2)


def test_a_batch_takes_as_many_statements_with_two_hundred_as_with_ten(
    context: Context, server: Server, worker: Worker
) -> None:
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 this test only

    counts = []
    for many in (10, 200):
        lists(server, [TEACHER, *(learner(f"{many}-{n}") for n in range(many))])
        with CaptureQueriesContext(connections["default"]) as captured:
            rosters.update({"context": context.pk})
        counts.append(len(captured))

    assert counts[1] <= counts[0] + 6


def test_the_trainer_sees_the_list_s_trouble_and_can_have_it_read(
    context: Context, remote: Lms, server: Server, worker: Worker
) -> None:
    server.usual[LIST] = Reply(403)
    worker.work()
    browser = Client()
    remote.launch(browser, claims(remote, server))
    group = Group.objects.get()
    page = browser.get(f"/groepen/{group.pk}/").content.decode()
    assert "Je leeromgeving geeft ons de lijst niet" in page
    lists(server, [TEACHER, learner(1)])
    answer = browser.post(f"/lti/deelnemers/{context.pk}/")
    worker.work()

    assert answer.headers["Location"] == f"/groepen/{group.pk}/"
    page = browser.get(f"/groepen/{group.pk}/").content.decode()
    assert "Naam 1" in page
    assert "Voor het laatst helemaal gelezen" in page


def test_nobody_else_can_have_the_list_read(context: Context, remote: Lms, server: Server, worker: Worker) -> None:
    worker.work()
    browser = Client()
    remote.launch(browser, remote.claims())

    assert browser.post(f"/lti/deelnemers/{context.pk}/").status_code == 404
    assert browser.get(f"/lti/deelnemers/{context.pk}/").status_code == 405
    assert Client().post(f"/lti/deelnemers/{context.pk}/").status_code == 302
    assert not Job.objects.filter(kind="lti.roster", status="waiting").exists()


@pytest.mark.django_db(transaction=True)
def test_first_launches_while_the_list_is_read_end_well(remote: Lms, server: Server) -> None:
    """Four people come in for the first time in the moment that a list with all of them is applied."""
    remote.launch(Client(), claims(remote, server))
    context = Context.objects.get()
    lists(server, [TEACHER, *(learner(n) for n in range(40))])
    browsers = [Client() for _ in range(4)]
    begun = [remote.login(browser) for browser in browsers]
    tokens = [remote.sign(remote.claims(sub=f"s{n}", nonce=each.nonce)) for n, each in enumerate(begun)]
    statuses: list[int] = []

    def launch(number: int) -> None:
        statuses.append(remote.post(browsers[number], tokens[number], begun[number].state).status_code)
        connections.close_all()

    def roster() -> None:
        rosters.update({"context": context.pk})
        connections.close_all()

    threads = [threading.Thread(target=roster), *(threading.Thread(target=launch, args=[n]) for n in range(4))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [303] * 4
    assert Account.objects.count() == 41
    assert Person.objects.count() == 41
    assert Participation.objects.count() == 41
    assert GroupMember.objects.count() == 41
