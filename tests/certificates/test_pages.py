from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from certificates import services, store
from certificates.models import Certificate
from jobs import runner
from learning.people import guesses
from learning.people.models import Person
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
MINE = "/certificates/"


@pytest.fixture(autouse=True)
def no_misses() -> None:
    cache.clear()


@pytest.fixture
def owner(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def other(*, organisation: Any = None) -> Client:
    client = Client()
    client.force_login(PersonFactory.create(**({"organisation": organisation} if organisation else {})))
    return client


def test_somebody_without_a_document_hears_when_there_will_be_one(owner: Client) -> None:
    page = owner.get(MINE)
    assert page.status_code == 200
    assert "Je hebt nog geen bewijzen" in page.content.decode()


def test_progress_is_seen_and_survives_a_reload(owner: Client, done: Enrolment) -> None:
    with transaction.atomic():
        services.ask_for(done.pk)
    for _ in range(2):
        page = owner.get(MINE).content.decode()
        assert "We maken je bewijs" in page
        assert "waiting.js" in page
    runner.drain(limit=1)
    assert "We maken je bewijs" in owner.get(MINE).content.decode()
    runner.drain()
    page = owner.get(MINE).content.decode()
    assert "We maken je bewijs" not in page
    assert "waiting.js" not in page
    assert "Download de PDF" in page
    assert page.count("knop--verder") == 1


def test_a_module_that_is_done_but_was_never_followed_by_a_document_can_have_one(
    owner: Client, done: Enrolment
) -> None:
    assert "Maak mijn bewijs" in owner.get(MINE).content.decode()
    assert owner.post(f"/certificates/again/{done.module.slug}").status_code == 302
    runner.drain()
    assert "Download de PDF" in owner.get(MINE).content.decode()


def test_asking_again_for_what_is_there_changes_nothing(owner: Client, issued: Certificate) -> None:
    before = issued.digest
    assert owner.post(f"/certificates/again/{issued.subject}").status_code == 302
    assert runner.drain() <= 1
    issued.refresh_from_db()
    assert issued.digest == before
    assert Certificate.objects.count() == 1


def test_asking_for_a_module_that_is_not_done_finds_nothing(owner: Client, enrolment: Enrolment) -> None:
    assert owner.post(f"/certificates/again/{enrolment.module.slug}").status_code == 404
    assert owner.get(f"/certificates/again/{enrolment.module.slug}").status_code == 405


def test_the_owner_downloads_the_file(owner: Client, issued: Certificate) -> None:
    response = owner.get(f"/certificates/{issued.code}/pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="bewijs-van-deelname-proefmodule.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"%PDF-")


def test_a_code_with_what_no_database_holds_is_nobody_s(owner: Client) -> None:
    """PostgreSQL refuses to look for a NUL, so it isn't asked."""
    with CaptureQueriesContext(connection) as asked:
        assert owner.get("/certificates/a%00b/pdf").status_code == 404
    assert not any('"certificates_certificate"."code" =' in query["sql"] for query in asked)


def test_a_file_that_is_gone_sends_the_owner_to_where_it_is_being_made(owner: Client, issued: Certificate) -> None:
    store.path_of(issued.code).unlink()
    response = owner.get(f"/certificates/{issued.code}/pdf")
    assert (response.status_code, response["Location"]) == (302, MINE)
    assert "We maken je bewijs" in owner.get(MINE).content.decode()


def test_nobody_else_gets_it_not_even_a_colleague(issued: Certificate, person: Person) -> None:
    for client in (other(organisation=person.organisation), other()):
        assert client.get(f"/certificates/{issued.code}/pdf").status_code == 404
        assert issued.code not in client.get(MINE).content.decode()
        assert client.post(f"/certificates/again/{issued.subject}").status_code == 404


def test_who_is_not_signed_in_gets_nothing_but_the_check(issued: Certificate) -> None:
    anonymous = Client()
    for address in (MINE, f"/certificates/{issued.code}/pdf"):
        response = anonymous.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("people:sign-in"))
    assert anonymous.post(f"/certificates/again/{issued.subject}").status_code == 302
    assert anonymous.get(f"/certificates/verify/{issued.code}").status_code == 200


def test_a_file_that_does_not_exist_is_not_found(owner: Client) -> None:
    assert owner.get("/certificates/K7XF-49MD-X4TG/pdf").status_code == 404
    assert owner.get("/certificates/../../etc/pdf").status_code == 404


def test_anybody_with_the_code_sees_what_is_printed_and_that_it_holds(issued: Certificate) -> None:
    response = Client().get(f"/certificates/verify/{issued.code}")
    page = response.content.decode()
    for expected in ("Dit bewijs is echt", issued.facts["name"], "Proefmodule", "20 minuten", issued.code):
        assert expected in page
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_a_code_typed_in_small_letters_and_spaces_leads_to_the_document(issued: Certificate) -> None:
    typed = issued.code.lower().replace("-", " ")
    response = Client().get("/certificates/verify/", {"code": typed})
    assert (response.status_code, response["Location"]) == (302, f"/certificates/verify/{issued.code}")
    response = Client().get(f"/certificates/verify/{typed}")
    assert (response.status_code, response["Location"]) == (302, f"/certificates/verify/{issued.code}")


def test_the_name_on_the_check_is_the_one_that_was_printed(issued: Certificate, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(name="Een Andere Naam")
    page = Client().get(f"/certificates/verify/{issued.code}").content.decode()
    assert issued.facts["name"] in page
    assert "Een Andere Naam" not in page


def test_a_revoked_document_says_so_to_everybody(owner: Client, issued: Certificate) -> None:
    services.revoke(issued, reason="Op verzoek van de organisatie.")
    page = Client().get(f"/certificates/verify/{issued.code}").content.decode()
    assert "Dit bewijs geldt niet meer" in page
    assert "Op verzoek van de organisatie." in page
    assert "Dit bewijs is echt" not in page
    assert "Ingetrokken op" in owner.get(MINE).content.decode()
    assert owner.get(f"/certificates/{issued.code}/pdf").status_code == 404


@pytest.mark.parametrize("code", ["K7XF-49MD-X4TG", "nonsense", "%00", "🙂", "a" * 500])
def test_an_unknown_code_is_unknown(code: str) -> None:
    response = Client().get(f"/certificates/verify/{code}")
    assert response.status_code == 404
    assert "Deze code kennen we niet" in response.content.decode()
    assert escape(code) in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"


def test_the_form_says_what_a_code_looks_like() -> None:
    assert Client().get("/certificates/verify/").status_code == 200
    for typed, sentence in (("", "Vul de code in"), ("abc", "Dit is geen controlecode")):
        response = Client().get("/certificates/verify/", {"code": typed})
        assert response.status_code == 400
        assert sentence in response.content.decode()


def test_guessing_is_slowed_down_and_a_real_check_from_elsewhere_is_not(issued: Certificate) -> None:
    guesser = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(guesses.MISSES):
        assert guesser.get("/certificates/verify/K7XF-49MD-X4TG").status_code == 404
    response = guesser.get(f"/certificates/verify/{issued.code}")
    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    assert Client(REMOTE_ADDR="192.0.2.2").get(f"/certificates/verify/{issued.code}").status_code == 200


def test_who_has_real_codes_is_never_slowed_down(issued: Certificate) -> None:
    checker = Client()
    for _ in range(guesses.MISSES + 5):
        assert checker.get(f"/certificates/verify/{issued.code}").status_code == 200
