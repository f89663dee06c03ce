"""The demo: made once, set right as often as one likes, and only where it is on."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from config.demo import services
from config.demo.people import COLLEAGUES, PEOPLE
from learning.people.models import Group, GroupMember, Organisation, Person, Team
from learning.people.queries import person_by_username, roles_of
from learning.practice.models import Assessment, Part, State, Work
from learning.tracks import services as tracks
from learning.tracks.models import Track
from lti.platform.models import Course, CourseMember, LineItem, Placement, Tool
from lti.tool.models import Account, Platform
from tests.factories.practice import case_of

pytestmark = pytest.mark.django_db

TOOL, LMS = "localhost:8000", "127.0.0.1:8000"
TABLES = (
    Organisation,
    Team,
    Person,
    Group,
    GroupMember,
    Track,
    Tool,
    Course,
    CourseMember,
    Placement,
    LineItem,
    Platform,
    Account,
)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


EMPTY = {"module": {"key": "m", "number": "M", "title": "Leeg", "intro": ""}, "units": [], "assets": {}}


@pytest.fixture
def dialogue() -> None:
    tracks.publish_edition(
        key="dialoogprincipes", number="M1", title="Dialoog", content_hash="a" * 64, document=EMPTY, required=1
    )


def doors(client: Client) -> str:
    answer = client.get("/demo/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_everybody_of_the_demo_has_the_role_of_their_door() -> None:
    services.create_demo()
    for each in PEOPLE:
        person = person_by_username(each.username)
        assert person is not None
        assert roles_of(person) == {each.role}


def test_the_trainer_made_a_group_of_both_learners_by_hand() -> None:
    services.create_demo()
    members = GroupMember.objects.filter(group__name=services.GROUP, group__source="")
    assert dict(members.values_list("person__username", "is_trainer")) == {
        "trainer": True, "deelnemer": False, "deelnemer2": False,
    }  # fmt: skip


def test_colleagues_learn_in_another_group_and_have_no_door(client: Client) -> None:
    services.create_demo()
    members = GroupMember.objects.filter(group__name=services.COLLEAGUES_GROUP, is_trainer=False)
    assert set(members.values_list("person__username", flat=True)) == set(COLLEAGUES)
    for username, (name, _team) in COLLEAGUES.items():
        person = person_by_username(username)
        assert person is not None
        assert not person.has_usable_password()
        assert name not in doors(client)
        assert client.post("/demo/instappen/", {"username": username}).status_code == 404


def test_what_is_published_can_be_opened_and_the_rest_follows_later(dialogue: None) -> None:
    services.create_demo()
    assert [placement.tool is not None for placement in Placement.objects.all()] == [True, False, False, False]
    assert Placement.objects.all()[0].custom == {"module": "dialoogprincipes"}
    assert LineItem.objects.count() == 1


def test_making_it_twice_makes_nothing_twice(dialogue: None) -> None:
    services.create_demo()
    before = [(table, table._default_manager.count()) for table in TABLES]
    key = Placement.objects.all()[0].key
    services.create_demo()
    assert [(table, table._default_manager.count()) for table in TABLES] == before
    assert Placement.objects.all()[0].key == key


def test_practice_of_the_demo_is_on_its_way_and_stays_where_somebody_took_it() -> None:
    case_of(usage=services.CASE)
    for _ in range(2):
        services.create_demo()
        given_now = Work.objects.filter(assignment__group__name=services.GROUP)
        states = dict(given_now.values_list("person__username", "state"))
        assert states == {"deelnemer": State.HELD, "deelnemer2": State.HANDED_IN}
    asked = Assessment.objects.get(part=Part.PEER)
    assert asked.person is not None
    assert asked.person.username == "deelnemer"


def test_a_module_published_later_opens_after_the_next_start(dialogue: None) -> None:
    services.create_demo()
    tracks.publish_edition(
        key="ongenoegen", number="M3", title="Ongenoegen", content_hash="b" * 64, document=EMPTY, required=1
    )
    services.reconnect()
    assert [placement.tool is not None for placement in Placement.objects.all()] == [True, False, True, False]


def test_at_another_address_both_sides_know_each_other_again(settings: Any, dialogue: None) -> None:
    services.create_demo()
    settings.BASE_URL, settings.PLATFORM_URL = "http://localhost:9000", "http://127.0.0.1:9000"
    services.reconnect()
    assert Tool.objects.get().redirect_uris == ["http://localhost:9000/lti/launch"]
    newest = Platform.objects.order_by("-pk")[0]
    assert newest.issuer == "http://127.0.0.1:9000/lti/platform"
    people = Person.objects.filter(username__in=[each.username for each in PEOPLE])
    assert {str(person.pseudonym) for person in people} == set(
        Account.objects.filter(issuer=newest.issuer).values_list("subject", flat=True)
    )


def test_the_password_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    services.create_demo()
    word = services.password()
    assert services.password() == word
    assert (tmp_path / "demo-password").stat().st_mode & 0o777 == 0o600
    person = person_by_username("trainer")
    assert person is not None
    assert person.check_password(word)


def test_the_command_says_where_to_go_and_leaves_a_full_database_as_it_is() -> None:
    out = StringIO()
    call_command("demo", stdout=out)
    assert services.password() in out.getvalue()
    Person.objects.filter(username="trainer").update(name="Iemand anders")
    call_command("demo", if_empty=True, stdout=StringIO())
    assert Person.objects.get(username="trainer").name == "Iemand anders"


def test_without_the_demo_there_is_none(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo")
    client = Client(HTTP_HOST=TOOL)
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/instappen/", {"username": "trainer"}).status_code == 404
    assert not Person.objects.exists()


def test_the_doors_show_everybody_or_say_that_nobody_lives_here_yet() -> None:
    assert "Hier woont nog niemand" in doors(Client(HTTP_HOST=TOOL))
    services.create_demo()
    page = doors(Client(HTTP_HOST=TOOL))
    assert all(f"Stap in als {each.name}" in page for each in PEOPLE)


@pytest.mark.parametrize("username", [each.username for each in PEOPLE])
def test_one_press_signs_in_as_each_role(username: str) -> None:
    services.create_demo()
    client = Client(HTTP_HOST=TOOL, enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', doors(client))
    assert token
    answer = client.post("/demo/instappen/", {"username": username, "csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302
    person = person_by_username(username)
    assert person is not None
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("username", ["", "admin", "trainer\x00"])
def test_only_the_demos_own_people_come_in_that_way(username: str) -> None:
    services.create_demo()
    organisation = Organisation.objects.get()
    Person.objects.create(username="admin", organisation=organisation)
    client = Client(HTTP_HOST=TOOL)
    assert client.post("/demo/instappen/", {"username": username}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_door_leads_into_the_lms_on_the_other_host(dialogue: None) -> None:
    services.create_demo()
    page = Client(HTTP_HOST=TOOL).get("/demo/")
    assert "form-action 'self' http://127.0.0.1:8000" in page["Content-Security-Policy"]
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert ticket
    lms = Client(HTTP_HOST=LMS)
    assert lms.post("/instappen/", {"ticket": ticket[1]}).status_code == 302
    assert "Sanne de Wit" in lms.get("/").content.decode()
