"""What somebody sees who comes in: their own learning, or what their role brings them here."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from jobs import services as jobs
from learning.people.models import Person, Role
from learning.people.services import set_roles_from
from learning.tracks.models import Enrolment, ModuleEdition
from learning.tracks.services import set_track
from tests.factories import PersonFactory

HOME = "/leren/"


@pytest.fixture
def colleague(edition: ModuleEdition) -> Person:
    """Somebody whose organisation has a track, and who hasn't begun."""
    person = PersonFactory.create(name="Ruben Kuiper")
    set_track(person.organisation, slug="lijn", title="De leerlijn", modules=[edition.module])
    return person


def home_of(client: Client, person: Person, *roles: str) -> str:
    set_roles_from(person, organisation=person.organisation, source="local", roles=set(roles))
    client.force_login(person)
    return client.get(HOME).text


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.TRAINER, "cijferboek van je leeromgeving"),
        (Role.GESPREKSLEIDER, "geen tafel of wandeling"),
        (Role.GEBIEDSTEAM, "niets voor het gebiedsteam"),
        (Role.HR, "Jij ziet groepen, geen mensen"),
        (Role.OR, "wie van HR naar welke cijfers over groepen keek"),
        (Role.RAAD, "geen vraag bij de Raad van Inzicht"),
        (Role.REDACTEUR, "Lesstof schrijf je in bestanden"),
        (Role.BEHEER, "script/manage jobs"),
    ],
)
def test_who_comes_for_something_else_than_learning_reads_what_is_there(
    client: Client, colleague: Person, role: Role, words: str
) -> None:
    html = home_of(client, colleague, role)
    assert words in html
    assert "Welkom, Ruben Kuiper" in html
    assert "Jouw leerlijnen" not in html
    assert html.count("knop--verder") <= 1


def test_hr_is_offered_what_there_is_to_do_and_is_not_pressed_to_learn(client: Client, colleague: Person) -> None:
    html = home_of(client, colleague, Role.HR)
    assert 'href="/certificates/verify/"' in html
    assert "/begin/" not in html
    assert 'href="/leren/proefmodule/"' in html


@pytest.mark.parametrize("roles", [(), (Role.DEELNEMER,), (Role.GAST,)])
def test_a_learner_is_offered_the_first_module(client: Client, colleague: Person, roles: tuple[str, ...]) -> None:
    html = home_of(client, colleague, *roles)
    assert "Jouw leerlijnen" in html
    assert "Hier begin je" in html
    assert html.count("knop--verder") == 1


def test_a_trainer_who_learns_too_has_their_own_learning_first(
    client: Client, colleague: Person, edition: ModuleEdition
) -> None:
    html = home_of(client, colleague, Role.TRAINER, Role.DEELNEMER)
    assert html.index("Hier begin je") < html.index("cijferboek van je leeromgeving")
    assert html.count("knop--verder") == 1


def test_beheer_sees_how_much_waits_in_the_background(client: Client, colleague: Person) -> None:
    with transaction.atomic():
        jobs.record("lti.score", "een", {})
        jobs.record("lti.score", "twee", {})
    assert "<dt>Wacht</dt><dd>2</dd>" in home_of(client, colleague, Role.BEHEER)


def test_one_press_brings_a_learner_into_the_first_unit(client: Client, colleague: Person) -> None:
    html = home_of(client, colleague, Role.DEELNEMER)
    assert 'action="/leren/proefmodule/begin/"' in html
    assert client.post("/leren/proefmodule/begin/").headers["Location"] == "/leren/proefmodule/u1/"


def test_going_on_leads_straight_to_the_place_where_somebody_was(learner: Client, enrolment: Enrolment) -> None:
    assert learner.get("/leren/proefmodule/verder/").headers["Location"] == "/leren/proefmodule/u1/"
    Enrolment.objects.filter(pk=enrolment.pk).update(place="quiz-2-1")
    assert learner.get("/leren/proefmodule/verder/").headers["Location"] == "/leren/proefmodule/u2/"


def test_going_on_without_having_begun_leads_to_what_the_module_is(client: Client, colleague: Person) -> None:
    client.force_login(colleague)
    assert client.get("/leren/proefmodule/verder/").headers["Location"] == "/leren/proefmodule/"
