"""A trainer makes a group, says who is in it and who trains it, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning.notices.models import Notice
from learning.people import events, groups, services
from learning.people.models import Group, GroupMember, Organisation, Person, Role
from learning.tracks import additions
from learning.tracks.additions import Column
from learning.tracks.groups import queries
from tests.factories import PersonFactory
from tests.learning.groups.conftest import colleague, signed_in

TODAY = timezone.localdate


def in_it(group: Group) -> dict[str, bool]:
    """{name: whether as its trainer}"""
    return dict(GroupMember.objects.filter(group=group).values_list("person__name", "is_trainer"))


def test_a_trainer_makes_a_group_and_trains_it(maker: Person, desk: Client) -> None:
    response = desk.post("/groepen/nieuw/", {"name": "  Leergroep najaar ", "ends_on": ""})
    group = Group.objects.get()
    assert response["Location"] == f"/groepen/{group.pk}/mensen/"
    assert (group.name, group.source, group.ends_on) == ("Leergroep najaar", "", None)
    assert in_it(group) == {"Tineke": True}
    assert "Leergroep najaar" in desk.get("/groepen/").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " ", "ends_on": ""}, "Geef de groep een naam."),
        ({"name": "x" * 201, "ends_on": ""}, "Houd het bij 200 tekens."),
        ({"name": "Groep", "ends_on": "morgen"}, "Dit is geen datum."),
        ({"name": "Groep", "ends_on": "2020-01-01"}, "Deze dag is al voorbij."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(given: dict[str, str], words: str, desk: Client) -> None:
    response = desk.post("/groepen/nieuw/", given)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert given["name"].strip() in response.content.decode()
    assert not Group.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TRAINER])
def test_nobody_else_makes_one(role: Role, organisation: Organisation) -> None:
    person = colleague(organisation, "Bo")
    services.set_roles_from(person, organisation=organisation, source="local", roles=[role])
    client = signed_in(person)
    assert client.get("/groepen/nieuw/").status_code == 404
    assert client.post("/groepen/nieuw/", {"name": "Groep", "ends_on": ""}).status_code == 404
    assert "Maak een groep" not in client.get("/groepen/").content.decode()


# --- who learn in it


def test_a_colleague_comes_in_by_their_whole_address_and_hears_of_it(handmade: Group, desk: Client) -> None:
    person = colleague(handmade.organisation, "Bo Aap")
    desk.post(f"/groepen/{handmade.pk}/mensen/", {"email": "BO.aap@waterschap.example"})
    assert in_it(handmade) == {"Tineke": True, "Bo Aap": False}
    learner = signed_in(person)
    assert "Je leert nu in de groep “Leergroep voorjaar”." in learner.get("/berichten/").content.decode()
    page = learner.get("/groepen/").content.decode()
    assert "Leergroep voorjaar" in page
    assert "Tineke" in page
    assert learner.get(f"/groepen/{handmade.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["bo", "bo@waterschap.exampl", "o.aap@waterschap.example", "%@waterschap.example"])
def test_a_part_of_an_address_finds_nobody(address: str, handmade: Group, desk: Client) -> None:
    colleague(handmade.organisation, "Bo Aap")
    response = desk.post(f"/groepen/{handmade.pk}/mensen/", {"email": address})
    assert response.status_code == 422
    assert "Bo Aap" not in response.content.decode()
    assert in_it(handmade) == {"Tineke": True}


def test_who_is_elsewhere_or_suspended_isnt_found(handmade: Group, desk: Client) -> None:
    PersonFactory.create(name="Vreemd", email="vreemd@waterschap.example")
    services.suspend(colleague(handmade.organisation, "Weg"))
    for name in ("vreemd", "weg"):
        response = desk.post(f"/groepen/{handmade.pk}/mensen/", {"email": f"{name}@waterschap.example"})
        assert "Dit adres kennen we niet in je organisatie." in response.content.decode()
    assert in_it(handmade) == {"Tineke": True}


def test_two_people_at_one_address_arent_guessed_between(handmade: Group, desk: Client) -> None:
    for _ in range(2):
        colleague(handmade.organisation, "Bo")
    response = desk.post(f"/groepen/{handmade.pk}/mensen/", {"email": "bo@waterschap.example"})
    assert "horen meer mensen" in response.content.decode()


def test_people_are_chosen_from_another_group_of_the_trainer_and_from_no_other(
    handmade: Group, maker: Person, desk: Client
) -> None:
    other = groups.make_group(maker, name="Andere", ends_on=None)
    strange = groups.make_group(colleague(handmade.organisation, "Ander", trains=True), name="Vreemd", ends_on=None)
    bo, an = (colleague(handmade.organisation, name) for name in ("Bo", "An"))
    hidden = colleague(handmade.organisation, "Verborgen")
    groups.add_people(other, [bo, an])
    groups.add_people(strange, [hidden])
    address = f"/groepen/{handmade.pk}/mensen/uit-een-groep/"
    assert "Bo" in desk.get(address, {"groep": other.pk}).content.decode()
    assert desk.get(address, {"groep": strange.pk}).status_code == 404
    assert desk.post(address, {"groep": other.pk}).status_code == 422
    desk.post(address, {"groep": other.pk, "wie": [bo.pk, hidden.pk, "x", "9" * 30]})
    assert in_it(handmade) == {"Tineke": True, "Bo": False}
    page = desk.get(address, {"groep": other.pk}).content.decode().split("<fieldset")[1]
    assert "An" in page
    assert "Bo" not in page


def test_who_is_taken_out_keeps_what_they_did_and_the_rooms_hear_of_it(handmade: Group, desk: Client) -> None:
    bo = colleague(handmade.organisation, "Bo")
    groups.add_people(handmade, [bo])
    heard: list[Any] = []

    def hear(sender: Any, **news: Any) -> None:
        heard.append((news["group_id"], news["person_ids"]))

    events.left_group.connect(hear)
    try:
        address = f"/groepen/{handmade.pk}/mensen/{bo.pk}/weg/"
        assert "Bo uit de groep halen?" in desk.get(address).content.decode()
        assert in_it(handmade) == {"Tineke": True, "Bo": False}
        desk.post(address)
        assert desk.post(address).status_code == 404
    finally:
        events.left_group.disconnect(hear)
    assert in_it(handmade) == {"Tineke": True}
    assert heard == [(handmade.pk, [bo.pk])]
    bo.refresh_from_db()


def test_who_left_the_class_list_of_an_lms_is_heard_of_too(organisation: Organisation) -> None:
    number = services.follow_group(organisation, source="lti:1", name="Klas")
    bo = colleague(organisation, "Bo")
    services.place_in_group(number, trainers={bo.pk: False})
    heard: list[Any] = []

    def hear(sender: Any, **news: Any) -> None:
        heard.append((news["group_id"], news["person_ids"]))

    events.left_group.connect(hear)
    try:
        for _ in range(2):
            services.leave_group(organisation, source="lti:1", people=[bo.pk])
    finally:
        events.left_group.disconnect(hear)
    assert heard == [(number, [bo.pk])]


# --- who train it


def test_a_colleague_trains_along_from_then_on(handmade: Group, desk: Client) -> None:
    other = colleague(handmade.organisation, "Ander", trains=True)
    desk.post(f"/groepen/{handmade.pk}/instellingen/trainer/", {"email": other.email, "until": ""})
    assert signed_in(other).get(f"/groepen/{handmade.pk}/").status_code == 200
    assert Notice.objects.get(person=other).kind == "groep.traint"


def test_who_stands_in_does_so_until_their_last_day_and_it_can_be_moved(handmade: Group, desk: Client) -> None:
    other = colleague(handmade.organisation, "Ander", trains=True)
    address = f"/groepen/{handmade.pk}/instellingen/trainer/"
    for days in (3, 5):
        last = TODAY() + timedelta(days=days)
        desk.post(address, {"email": other.email, "until": last.isoformat()})
        assert GroupMember.objects.get(person=other).until == last
    response = desk.post(address, {"email": other.email, "until": "2020-01-01"})
    assert response.status_code == 422
    assert "al voorbij" in response.content.decode()


@pytest.mark.parametrize(
    ("trains", "learns", "words"),
    [(False, False, "niet de rol van trainer"), (True, True, "leert in deze groep"), (False, True, "niet de rol")],
)
def test_who_may_not_train_it_doesnt(*, trains: bool, learns: bool, words: str, handmade: Group, desk: Client) -> None:
    other = colleague(handmade.organisation, "Ander", trains=trains)
    if learns:
        groups.add_people(handmade, [other])
    response = desk.post(f"/groepen/{handmade.pk}/instellingen/trainer/", {"email": other.email, "until": ""})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert queries.group_of(other, handmade.pk) is None


def test_the_last_trainer_stays(handmade: Group, maker: Person, desk: Client) -> None:
    sub = colleague(handmade.organisation, "Invaller", trains=True)
    groups.add_trainer(handmade, sub, until=TODAY())
    response = desk.post(f"/groepen/{handmade.pk}/mensen/{maker.pk}/weg/")
    assert response.status_code == 409
    assert "geen trainer meer" in response.content.decode()
    groups.add_trainer(handmade, colleague(handmade.organisation, "Ander", trains=True), until=None)
    assert desk.post(f"/groepen/{handmade.pk}/mensen/{maker.pk}/weg/")["Location"] == "/groepen/"
    assert desk.get(f"/groepen/{handmade.pk}/").status_code == 404


def test_who_lost_the_role_is_no_trainer_to_leave_it_to(handmade: Group, maker: Person) -> None:
    other = colleague(handmade.organisation, "Ander", trains=True)
    groups.add_trainer(handmade, other, until=None)
    services.set_roles_from(other, organisation=handmade.organisation, source="local", roles=[])
    with pytest.raises(groups.LastTrainer):
        groups.take_out(handmade, maker)


# --- its name and its end


def test_name_and_last_day_are_changed(handmade: Group, desk: Client) -> None:
    desk.post(f"/groepen/{handmade.pk}/instellingen/", {"name": "Anders", "ends_on": "2020-01-01"})
    handmade.refresh_from_db()
    assert (handmade.name, handmade.ends_on.isoformat() if handmade.ends_on else "") == ("Anders", "2020-01-01")
    assert "Afgelopen op 1 januari 2020." in desk.get(f"/groepen/{handmade.pk}/").content.decode()


def test_a_closed_group_is_over_and_still_seen(handmade: Group, desk: Client) -> None:
    desk.post(f"/groepen/{handmade.pk}/sluiten/")
    handmade.refresh_from_db()
    assert handmade.ends_on == TODAY() - timedelta(days=1)
    page = desk.get("/groepen/").content.decode()
    assert page.index("Afgelopen") < page.index("Leergroep voorjaar")
    assert desk.get(f"/groepen/{handmade.pk}/").status_code == 200


# --- a group that follows an LMS


@pytest.fixture
def followed(maker: Person) -> Group:
    number = services.follow_group(maker.organisation, source="lti:1", name="Klas van het LMS")
    services.place_in_group(number, trainers={maker.pk: True})
    return Group.objects.get(pk=number)


def test_who_is_in_it_and_its_name_are_decided_there(followed: Group, maker: Person, desk: Client) -> None:
    bo = colleague(followed.organisation, "Bo")
    services.place_in_group(followed.pk, trainers={bo.pk: False})
    for page in ("mensen/", "mensen/uit-een-groep/", "inlezen/"):
        assert desk.get(f"/groepen/{followed.pk}/{page}").status_code == 404
    assert desk.post(f"/groepen/{followed.pk}/sluiten/").status_code == 404
    assert desk.post(f"/groepen/{followed.pk}/mensen/{bo.pk}/weg/").status_code == 409
    desk.post(f"/groepen/{followed.pk}/instellingen/", {"name": "Anders", "ends_on": "2030-01-02"})
    followed.refresh_from_db()
    assert followed.name == "Klas van het LMS"
    assert followed.ends_on is not None
    with pytest.raises(groups.Follows):
        groups.add_people(followed, [colleague(followed.organisation, "An")])


def test_but_somebody_may_stand_in_there_and_leave_again(followed: Group, desk: Client) -> None:
    sub = colleague(followed.organisation, "Invaller", trains=True)
    address = f"/groepen/{followed.pk}/instellingen/trainer/"
    assert desk.post(address, {"email": sub.email, "until": ""}).status_code == 422
    desk.post(address, {"email": sub.email, "until": TODAY().isoformat()})
    assert queries.group_of(sub, followed.pk)
    desk.post(f"/groepen/{followed.pk}/mensen/{sub.pk}/weg/")
    assert queries.group_of(sub, followed.pk) is None


# --- whose it isn't


PAGES = ("", "instellingen/", "mensen/", "mensen/uit-een-groep/", "inlezen/")
DEEDS = ("instellingen/", "instellingen/trainer/", "sluiten/", "mensen/", "mensen/{}/weg/", "inlezen/bevestig/")


def test_a_trainer_of_another_group_or_organisation_finds_nothing_of_it(handmade: Group, maker: Person) -> None:
    before = in_it(handmade)
    for stranger in (
        colleague(handmade.organisation, "Ander", trains=True),
        colleague(PersonFactory.create().organisation, "Vreemd", trains=True),
    ):
        client = signed_in(stranger)
        for page in PAGES:
            assert client.get(f"/groepen/{handmade.pk}/{page}").status_code == 404
        for deed in DEEDS:
            address = f"/groepen/{handmade.pk}/{deed.format(maker.pk)}"
            assert client.post(address, {"name": "x", "ends_on": "", "email": stranger.email}).status_code == 404
    assert in_it(handmade) == before


def test_who_only_learns_in_it_neither(handmade: Group) -> None:
    bo = colleague(handmade.organisation, "Bo")
    groups.add_people(handmade, [bo])
    for page in PAGES:
        assert signed_in(bo).get(f"/groepen/{handmade.pk}/{page}").status_code == 404


@pytest.mark.parametrize(
    ("page", "most"), [("", 8), ("mensen/", 5), ("instellingen/", 4), ("mensen/uit-een-groep/", 4)]
)
def test_pages_ask_as_much_for_three_hundred_people_as_for_three(
    page: str, most: int, handmade: Group, desk: Client, django_assert_num_queries: Any
) -> None:
    for amount in (3, 300):
        people = Person.objects.bulk_create(
            [Person(organisation=handmade.organisation, name=f"Naam {n}") for n in range(amount)]
        )
        groups.add_people(handmade, people)
        desk.get(f"/groepen/{handmade.pk}/{page}")
        with django_assert_num_queries(most):
            desk.get(f"/groepen/{handmade.pk}/{page}")


def test_a_room_adds_a_column_beside_the_learners_on_the_page(
    handmade: Group, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups.add_people(handmade, [colleague(handmade.organisation, name) for name in ("Bo", "An")])

    def waiting(group: Group, people: Sequence[Person]) -> Column:
        return Column("Wacht op jou", {person.pk: "ronde 2 <nu>" for person in people if person.name == "Bo"})

    monkeypatch.setattr(additions, "_columns", {"waiting": waiting, "silent": lambda group, people: None})
    page = desk.get(f"/groepen/{handmade.pk}/").content.decode()
    assert page.count('<th scope="col">Wacht op jou</th>') == 1
    assert page.count("<td>ronde 2 &lt;nu&gt;</td>") == 1
