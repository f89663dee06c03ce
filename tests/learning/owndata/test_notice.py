"""The notice says all there is and nothing that isn't: it is held against the register, the terms and the settings."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from learning.competences.services import hr
from learning.journal.models import JournalEntry
from learning.owndata import layers
from learning.people import personal, retention
from learning.people.models import Person, Role
from learning.people.personal import Held
from learning.people.services import set_roles_from
from tests.factories import PersonFactory

MINE = "/mijn-gegevens/"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_that_is_kept_has_its_group_and_words(mine: Client, language: str) -> None:
    page = unescape(mine.get(MINE, headers={"Accept-Language": language}).text)
    with translation.override(language):
        for held in personal.all_held():
            assert layers.group_of(held) in layers.GROUPS, held.title
            row = re.search(rf'<th scope="row">{re.escape(str(held.title))}</th><td>(.+?)</td><td>(.+?)</td>', page)
            assert row, held.title
            assert row[1] == retention.term_of(held.model), held.title
            assert (str(held.stays) or ("Gaat weg" if language == "nl" else "Goes")) in row[2], held.title
        for group in layers.GROUPS:
            assert f'id="{group.key}"' in page
            assert str(group.why) in page
            assert str(group.seen_by) in page
            assert str(group.short).casefold() in page.casefold()


def test_no_group_is_empty_and_nothing_is_told_twice() -> None:
    parts = layers.parts()
    assert all(part.kinds for part in parts)
    assert sum(len(part.kinds) for part in parts) == len(personal.all_held())


def test_a_room_that_nobody_thought_of_stops_the_page() -> None:
    elsewhere = type("Elders", (), {"__module__": "learning.nieuw.models"})
    held = Held(elsewhere, "person", "Iets nieuws", None)
    with pytest.raises(LookupError):
        layers.group_of(held)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Wat je in je journaal schreef", "journaal"),
        ("Je praktijkwerk", "praktijk"),
        ("Wat jij van het werk van anderen vond", "anderen"),
        ("Je eigen zinnen", "anderen"),
        ("Je bewijzen en certificaten", "groei"),
        ("Wie je bent in je leeromgeving", "wie"),
    ],
)
def test_what_is_ones_own_and_what_one_did_for_others_stand_apart(title: str, key: str, settings: Any) -> None:
    settings.CERTIFICATES_SURVIVE_ERASURE = True
    [held] = [each for each in personal.all_held() if str(each.title) == title]
    assert layers.group_of(held).key == key


def test_who_else_has_something_follows_from_the_settings(mine: Client, settings: Any) -> None:
    settings.XAPI_URL = settings.STORAGE_URL = settings.MAIL_FROM = ""
    assert [str(each.who) for each in layers.elsewhere()] == [
        "Je leeromgeving (LMS)", "Gereedschap van anderen", "Reservekopieën",
    ]  # fmt: skip
    settings.XAPI_URL, settings.MAIL_FROM = "https://lrs.example.nl/xapi", "leren@post.example.nl"
    settings.STORAGE_URL = "s3://sleutel:geheim@opslag.example.nl:9000/emmer"
    page = mine.get(MINE).text
    for host in ("lrs.example.nl", "opslag.example.nl", "post.example.nl"):
        assert host in page
    assert "geheim" not in page
    assert "sleutel:" not in page


def test_what_hr_sees_and_on_what_that_rests_is_as_beheer_recorded_it(mine: Client, me: Person, settings: Any) -> None:
    settings.FIGURES_K = 7
    assert "HR ziet geen cijfers" in mine.get(MINE).text
    today = timezone.localdate()
    hr.record_basis(me, legal_basis="Artikel 6, lid 1, onder e", dpia_on=today, agreement_on=today)
    page = mine.get(MINE).text
    assert "Artikel 6, lid 1, onder e" in page
    assert "HR ziet cijfers over minstens 7 mensen" in page
    other = Client()
    other.force_login(PersonFactory.create())
    assert "Artikel 6, lid 1" not in other.get(MINE).text
    hr.withdraw_basis(me.organisation_id)
    assert "HR ziet geen cijfers" in mine.get(MINE).text


def test_whom_to_ask_is_who_looks_after_this_organisation(mine: Client, me: Person) -> None:
    assert "wie daar over privacy gaat" in mine.get(MINE).text
    other = PersonFactory.create(name="Van Elders")
    here = PersonFactory.create(organisation=me.organisation, name="Bea Beheer")
    for each in (other, here):
        set_roles_from(each, organisation=each.organisation, source="local", roles=[Role.BEHEER])
    page = mine.get(MINE).text
    assert f"{me.organisation.name} beslist" in page
    assert "Vraag het aan Bea Beheer." in page
    assert "Van Elders" not in page


def test_how_long_is_said_as_it_is_wiped(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "SILENT", replace(retention.SILENT, setting="", said="na een jaar stilte"))
    assert "Alles gaat vanzelf weg, na een jaar stilte" in mine.get(MINE).text
    with monkeypatch.context() as told:
        told.setattr(retention, "term_of", lambda model: "voor altijd en een dag" if model is JournalEntry else "")
        assert "voor altijd en een dag" in mine.get(MINE).text


def test_a_person_finds_it_at_the_foot_of_every_page(mine: Client) -> None:
    assert 'href="/mijn-gegevens/"' in mine.get("/berichten/").text
    assert 'href="/mijn-gegevens/"' not in Client().get("/").text
