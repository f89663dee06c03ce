"""Who gets in where, and where the words of a journal never turn up (curriculum 3.0 class C, 4.5)."""

from __future__ import annotations

import logging

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from jobs.models import Job
from jobs.runner import drain
from learning.journal import queries, services
from learning.journal.envelope import Entry
from learning.journal.models import JournalEntry, JournalShare
from learning.people.models import Person, Role
from tests.factories import PersonFactory
from tests.learning.journal.conftest import SECRET, signed_in, with_role

OWN = ["/journaal/{entry}/", "/journaal/{entry}/wissen/", "/journaal/{entry}/delen/"]
SHARED = "/journaal/gedeeld/{share}/"
FOR_ANYBODY = [
    "/journaal/",
    "/journaal/nieuw/",
    "/journaal/bewaren/",
    "/journaal/bewaren/journaal.json",
    "/journaal/gedeeld/",
]
CHANGES = [
    "/journaal/{entry}/",
    "/journaal/{entry}/wissen/",
    "/journaal/{entry}/delen/",
    "/journaal/{entry}/delen/met/",
    "/journaal/{entry}/delen/{share}/intrekken/",
]
EVERYBODY = ["owner", "reader", "colleague", "stranger", "trainer", "hr", "beheer"]


@pytest.fixture
def people(person: Person, reader: Person) -> dict[str, Person]:
    """Everybody in the house, and a stranger."""
    own = {
        role: PersonFactory.create(organisation=person.organisation)
        for role in ("colleague", "trainer", "hr", "beheer")
    }
    for role in ("trainer", "hr", "beheer"):
        with_role(own[role], Role(role))
    return {"owner": person, "reader": reader, "stranger": PersonFactory.create(), **own}


def filled(address: str, entry: Entry, share: JournalShare) -> str:
    return address.format(entry=entry.id, share=share.pk)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("address", [*OWN, SHARED])
def test_only_the_owner_and_who_was_let_in_read_an_entry(
    people: dict[str, Person], entry: Entry, share: JournalShare, who: str, address: str
) -> None:
    response = signed_in(people[who]).get(filled(address, entry, share))
    let_in = who == ("reader" if address == SHARED else "owner")
    assert response.status_code == (200 if let_in else 404)
    assert (SECRET in response.text) == let_in


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("address", FOR_ANYBODY)
def test_everybody_has_a_journal_of_their_own_and_sees_no_other(
    people: dict[str, Person], entry: Entry, share: JournalShare, who: str, address: str
) -> None:
    response = signed_in(people[who]).get(address)
    assert response.status_code == 200
    holds_it = who == "owner" and address in {"/journaal/", "/journaal/bewaren/journaal.json"}
    assert (SECRET in response.getvalue().decode()) == holds_it


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who != "owner"])
@pytest.mark.parametrize("address", CHANGES)
def test_nobody_else_changes_deletes_shares_or_withdraws(
    people: dict[str, Person], entry: Entry, share: JournalShare, who: str, address: str
) -> None:
    before = list(JournalEntry.objects.values()), list(JournalShare.objects.values())
    data = {
        "text": "Overschreven.",
        "labels": "",
        "token": "vorm-vreemd",
        "who": people["colleague"].name,
        "reader": str(people[who].pk),
        "last_day": timezone.localdate().isoformat(),
    }
    response = signed_in(people[who]).post(filled(address, entry, share), data)
    assert response.status_code == (302 if "wissen" in address else 404)
    assert SECRET not in response.text
    assert (list(JournalEntry.objects.values()), list(JournalShare.objects.values())) == before


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who != "owner"])
def test_nobody_elses_search_finds_it(people: dict[str, Person], entry: Entry, share: JournalShare, who: str) -> None:
    assert SECRET not in signed_in(people[who]).post("/journaal/zoeken/", {"words": "enorm"}).text


@pytest.mark.parametrize("address", [*OWN, SHARED, *FOR_ANYBODY, "/journaal/zoeken/", "/journaal/bewaren/journaal.pdf"])
def test_without_signing_in_there_is_nothing(client: Client, entry: Entry, share: JournalShare, address: str) -> None:
    address = filled(address, entry, share)
    for response in (client.get(address), client.post(address, {"text": SECRET})):
        assert response.status_code in {302, 405}
        assert response.status_code == 405 or response.headers["Location"] == f"/inloggen/?next={address}"


@pytest.mark.parametrize("address", [*OWN, SHARED, *FOR_ANYBODY])
def test_no_page_is_kept_by_a_cache(people: dict[str, Person], entry: Entry, share: JournalShare, address: str) -> None:
    who = people["reader" if address == SHARED else "owner"]
    kept = signed_in(who).get(filled(address, entry, share)).headers["Cache-Control"]
    assert {"no-store", "private"} <= set(kept.split(", "))


@pytest.mark.parametrize("number", ["0", "999999999999999999999999", "-1", "1e3"])
def test_an_impossible_number_is_not_there(learner: Client, number: str) -> None:
    for address in (f"/journaal/{number}/", f"/journaal/gedeeld/{number}/"):
        assert learner.get(address).status_code == 404


def test_the_words_turn_up_nowhere_but_on_their_own_pages(
    learner: Client, person: Person, reader: Person, entry: Entry, share: JournalShare, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in a log, an address, a session, a job or any row of any table."""
    caplog.set_level(logging.DEBUG)
    answers = [
        learner.post("/journaal/nieuw/", {"text": SECRET, "labels": "Olifantenpaadje", "token": "vorm-9999"}),
        learner.post("/journaal/nieuw/", {"text": SECRET, "labels": "x" * 41, "token": "vorm-9998"}),
        learner.post("/journaal/zoeken/", {"words": SECRET}),
        learner.get("/journaal/"),
        learner.post("/journaal/bewaren/"),
        signed_in(reader).get(f"/journaal/gedeeld/{share.pk}/"),
        signed_in(reader).get(f"/journaal/{entry.id}/"),
    ]
    drain()
    assert queries.export_state(person).status == "klaar"
    answers += [learner.get("/journaal/bewaren/journaal.pdf"), learner.post(f"/journaal/{entry.id}/wissen/")]
    rows = [str(list(model._default_manager.values())) for model in apps.get_models()]
    told = [str(dict(answer.headers)) for answer in answers]
    session = str(dict(learner.session.items()))
    logged = [
        f"{record.getMessage()} {record.args}" for record in caplog.records if not record.name.startswith("django.db")
    ]
    for place in [*rows, *told, session, *logged, *map(str, Job.objects.values())]:
        assert "enorm" not in place
        assert "Olifantenpaadje" not in place


def test_a_page_with_labels_has_addresses_without_their_words(learner: Client, person: Person) -> None:
    services.write(person, text="Iets.", tags=["Olifantenpaadje"], token="vorm-0003")
    page = learner.get("/journaal/").text
    addresses = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert not [address for address in addresses if "lifant" in address]
