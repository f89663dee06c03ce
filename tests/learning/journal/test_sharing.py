"""Sharing: one entry, one named person, read-only, until a day, seen by its owner (curriculum 3.f)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from learning.journal import queries, services
from learning.journal.envelope import Entry
from learning.journal.models import JournalShare, JournalShareView
from learning.people.models import Person
from learning.people.services import create_person
from learning.tracks import services as tracks
from learning.tracks.models import Enrolment, ModuleEdition
from tests.factories import OrganisationFactory, PersonFactory, enrolled, published
from tests.learning.journal.conftest import SECRET, signed_in


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


# --- finding somebody


@pytest.fixture
def fellow(person: Person, edition: ModuleEdition, enrolment: Enrolment) -> Person:
    """A colleague in the same module."""
    fellow = PersonFactory.create(organisation=person.organisation, name="Lotte Vermeer", email="lotte@proef.example")
    enrolled(fellow, edition)
    return fellow


def test_a_name_finds_who_follows_the_same_module(person: Person, fellow: Person) -> None:
    assert queries.possible_readers(person, "  vermeer ") == [fellow]


def test_a_name_finds_who_follows_another_module_of_the_same_track(
    person: Person, edition: ModuleEdition, enrolment: Enrolment, tmp_path: Path
) -> None:
    other = published(tmp_path / "tweede", key="tweede")
    modules = [edition.module, other.module]
    tracks.set_track(person.organisation, slug="leerlijn", title="Leerlijn Proef", modules=modules)
    beside = PersonFactory.create(organisation=person.organisation, name="Anouk Bos")
    tracks.enrol(beside, module=other.module)
    assert queries.possible_readers(person, "anouk") == [beside]


def test_a_name_finds_nobody_who_learns_something_else(person: Person, enrolment: Enrolment) -> None:
    PersonFactory.create(organisation=person.organisation, name="Anouk Bos")
    assert queries.possible_readers(person, "Anouk") == []


def test_an_exact_address_finds_any_colleague(person: Person, reader: Person) -> None:
    assert queries.possible_readers(person, "MEHMET@proef.example") == [reader]


@pytest.mark.parametrize("words", ["mehmet@", "@proef.example", "%@%", "mehmet@proef.exampl", "@"])
def test_a_part_of_an_address_finds_nobody(person: Person, reader: Person, words: str) -> None:
    assert queries.possible_readers(person, words) == []


@pytest.mark.parametrize("words", ["", " ", "L", "%", "__", "%%"])
def test_nobody_leafs_through_the_organisation(person: Person, fellow: Person, words: str) -> None:
    assert queries.possible_readers(person, words) == []


@pytest.mark.parametrize("words", ["me\x00hmet", "\x00\x00\x00", "mehmet\x00@proef.example"])
def test_words_no_database_can_look_for_find_nobody(
    person: Person, fellow: Person, words: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert queries.possible_readers(person, words) == []


def test_whoever_left_another_organisation_and_oneself_are_never_found(
    person: Person, fellow: Person, edition: ModuleEdition
) -> None:
    stranger = PersonFactory.create(name="Lotte Vermeer", email="lotte@proef.example")
    enrolled(stranger, edition)
    Person.objects.filter(pk=person.pk).update(name="Lotte Vermeer", email="ik@proef.example")
    for words in ("Vermeer", "lotte@proef.example"):
        assert queries.possible_readers(person, words) == [fellow]
    assert queries.possible_readers(person, "ik@proef.example") == []
    Person.objects.filter(pk=fellow.pk).update(is_active=False)
    for words in ("Vermeer", "lotte@proef.example"):
        assert queries.possible_readers(person, words) == []


def test_more_than_eight_are_not_all_shown(learner: Client, entry: Entry, edition: ModuleEdition) -> None:
    organisation = Person.objects.get(pk=learner.session["_auth_user_id"]).organisation
    for n in range(9):
        enrolled(create_person(organisation, name=f"Jan Jansen {n}"), edition)
    response = learner.post(f"/journaal/{entry.id}/delen/", {"who": "jansen"})
    assert len(response.context["form"].found) == 8
    assert "Er zijn er meer." in response.text


def test_nobody_found_says_how_to_find(learner: Client, entry: Entry) -> None:
    response = learner.post(f"/journaal/{entry.id}/delen/", {"who": "niemand"})
    assert "Niemand gevonden" in response.text


# --- sharing


def test_once_a_text_is_shared_the_way_back_is_what_stands_out(
    learner: Client, entry: Entry, share: JournalShare
) -> None:
    page = learner.get(f"/journaal/{entry.id}/delen/").text
    [yellow] = re.findall(r"<(?:a|button)[^>]*knop--verder.*?</(?:a|button)>", page, re.S)
    assert "Terug naar je journaal" in yellow


def test_sharing_from_search_to_reading(learner: Client, entry: Entry, fellow: Person) -> None:
    found = learner.post(f"/journaal/{entry.id}/delen/", {"who": "lotte"})
    assert found.context["form"]["last_day"].initial == in_days(30)
    data = {"who": "lotte", "reader": str(fellow.pk), "last_day": in_days(7).isoformat()}
    assert learner.post(f"/journaal/{entry.id}/delen/met/", data).status_code == 302
    reading = signed_in(fellow)
    assert "Een tekst van" in reading.get("/journaal/gedeeld/").text
    share = JournalShare.objects.get()
    page = reading.get(f"/journaal/gedeeld/{share.pk}/").text
    assert SECRET in page
    assert "werk" not in page.split("<main")[1].split("</main")[0]
    assert "jij en Lotte Vermeer" in learner.get("/journaal/").text


def test_numbers_can_not_be_tried_out(learner: Client, entry: Entry, reader: Person) -> None:
    """Only who a search finds can be chosen, and a refusal shows nobody's name."""
    data = {"who": "", "reader": str(reader.pk), "last_day": in_days(7).isoformat()}
    response = learner.post(f"/journaal/{entry.id}/delen/met/", data)
    assert response.status_code == 422
    assert "Mehmet" not in response.text
    assert not JournalShare.objects.exists()


@pytest.mark.parametrize("last_day", ["", "gisteren", "2020-01-01", "9999-12-31"])
def test_a_wrong_end_is_refused_beside_its_field(learner: Client, entry: Entry, reader: Person, last_day: str) -> None:
    data = {"who": reader.email, "reader": str(reader.pk), "last_day": last_day}
    response = learner.post(f"/journaal/{entry.id}/delen/met/", data)
    assert response.status_code == 422
    assert response.context["form"].errors["last_day"]
    assert not JournalShare.objects.exists()


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (365, True), (366, False)])
def test_the_service_keeps_the_ends(person: Person, entry: Entry, reader: Person, days: int, allowed: bool) -> None:
    try:
        services.share(person, entry_id=entry.id, reader=reader, last_day=in_days(days))
    except services.EndsWrong:
        assert not allowed
    else:
        assert allowed


def test_the_database_keeps_a_share_from_ending_before_it_begins(share: JournalShare) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalShare.objects.update(last_day=in_days(-1))


def test_nobody_outside_the_organisation_inactive_or_oneself_can_be_let_in(person: Person, entry: Entry) -> None:
    inactive = PersonFactory.create(organisation=person.organisation, is_active=False)
    for nobody in (PersonFactory.create(), inactive, person):
        with pytest.raises(services.MayNotRead):
            services.share(person, entry_id=entry.id, reader=nobody, last_day=in_days(7))


def test_nobody_shares_what_is_not_theirs(entry: Entry, reader: Person) -> None:
    with pytest.raises(services.NotTheirs):
        services.share(reader, entry_id=entry.id, reader=PersonFactory.create(), last_day=in_days(7))


def test_sharing_again_sets_a_new_end_and_opens_what_was_withdrawn(
    person: Person, entry: Entry, reader: Person, share: JournalShare
) -> None:
    services.withdraw(person, entry_id=entry.id, share_id=share.pk)
    services.share(person, entry_id=entry.id, reader=reader, last_day=in_days(3))
    [shown] = queries.own_shares(person, entry.id)
    assert (shown.state, shown.last_day) == ("open", in_days(3))


# --- gevoelig


@pytest.fixture
def sensitive(person: Person, enrolment: Enrolment) -> Entry:
    services.write(person, text=SECRET, tags=["Gevoelig"], token="vorm-gev")
    return next(queries.entries(person))


def test_what_is_sensitive_has_one_reader_at_a_time(person: Person, sensitive: Entry, reader: Person) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    services.share(person, entry_id=sensitive.id, reader=reader, last_day=in_days(7))
    services.share(person, entry_id=sensitive.id, reader=reader, last_day=in_days(9))
    with pytest.raises(services.OneAtATime):
        services.share(person, entry_id=sensitive.id, reader=other, last_day=in_days(7))
    services.withdraw(person, entry_id=sensitive.id, share_id=JournalShare.objects.get().pk)
    services.share(person, entry_id=sensitive.id, reader=other, last_day=in_days(7))


def test_the_page_reminds_of_what_is_sensitive(learner: Client, sensitive: Entry, reader: Person) -> None:
    assert "Je noemde deze tekst gevoelig" in learner.get(f"/journaal/{sensitive.id}/delen/").text


# --- reading, and who looked


def test_its_owner_sees_who_looked_and_when(
    learner: Client, person: Person, entry: Entry, reader: Person, share: JournalShare
) -> None:
    assert "Nog niet bekeken." in learner.get(f"/journaal/{entry.id}/delen/").text
    reading = signed_in(reader)
    reading.get("/journaal/gedeeld/")
    assert queries.own_shares(person, entry.id)[0].view_count == 0
    for _ in range(2):
        reading.get(f"/journaal/gedeeld/{share.pk}/")
    [shown] = queries.own_shares(person, entry.id)
    assert shown.views == tuple(JournalShareView.objects.values_list("seen_at", flat=True))
    assert "2 keer bekeken" in learner.get(f"/journaal/{entry.id}/delen/").text


def test_a_reader_sees_the_entry_as_it_is_now(person: Person, entry: Entry, reader: Person, share: Any) -> None:
    services.replace(person, entry_id=entry.id, text="Het viel mee.", tags=[])
    page = signed_in(reader).get(f"/journaal/gedeeld/{share.pk}/").text
    assert "Het viel mee." in page
    assert SECRET not in page


def _expire(share: JournalShare) -> None:
    JournalShare.objects.update(first_day=in_days(-9), last_day=in_days(-1))


def _withdraw(share: JournalShare) -> None:
    JournalShare.objects.update(withdrawn_at=timezone.now())


def _reader_moves(share: JournalShare) -> None:
    Person.objects.filter(pk=share.reader_id).update(organisation=OrganisationFactory.create())


def _owner_leaves(share: JournalShare) -> None:
    Person.objects.filter(pk=share.entry.person_id).update(is_active=False)


@pytest.mark.parametrize("end", [_expire, _withdraw, _reader_moves, _owner_leaves])
def test_what_is_over_is_not_there_and_leaves_no_view(reader: Person, share: JournalShare, end: Any) -> None:
    reading = signed_in(reader)
    end(share)
    assert reading.get(f"/journaal/gedeeld/{share.pk}/").status_code == 404
    assert f"/journaal/gedeeld/{share.pk}/" not in reading.get("/journaal/gedeeld/").text
    assert not JournalShareView.objects.exists()


def test_the_last_day_itself_still_counts(reader: Person, share: JournalShare) -> None:
    JournalShare.objects.update(last_day=timezone.localdate())
    assert signed_in(reader).get(f"/journaal/gedeeld/{share.pk}/").status_code == 200


def test_withdrawing_is_one_click_and_may_be_clicked_twice(
    learner: Client, entry: Entry, reader: Person, share: JournalShare
) -> None:
    address = f"/journaal/{entry.id}/delen/{share.pk}/intrekken/"
    for _ in range(2):
        assert learner.post(address).status_code == 302
    assert signed_in(reader).get(f"/journaal/gedeeld/{share.pk}/").status_code == 404
    assert "ingetrokken" in learner.get(f"/journaal/{entry.id}/delen/").text


def test_numbers_larger_than_any_there_is_withdraw_nothing(learner: Client, share: JournalShare) -> None:
    for entry, number in ((9**30, share.pk), (share.entry_id, 9**30)):
        assert learner.post(f"/journaal/{entry}/delen/{number}/intrekken/").status_code == 404
    share.refresh_from_db()
    assert share.withdrawn_at is None


def test_changing_a_shared_text_says_who_reads_along(learner: Client, entry: Entry, share: JournalShare) -> None:
    page = learner.get(f"/journaal/{entry.id}/").text
    assert "Mehmet Aydın leest deze tekst" in page
    assert "alleen voor jou" not in page


def test_somebody_without_a_name_is_called_by_their_address(person: Person, entry: Entry) -> None:
    nameless = PersonFactory.create(organisation=person.organisation, name="", email="x@proef.example")
    services.share(person, entry_id=entry.id, reader=nameless, last_day=in_days(1))
    assert queries.own_shares(person, entry.id)[0].reader == "x@proef.example"


@pytest.mark.parametrize("many", [1, 6])
def test_the_pages_take_as_many_queries_with_one_share_as_with_six(
    learner: Client, person: Person, entry: Entry, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader = PersonFactory.create(organisation=person.organisation)
    for n in range(many):
        services.share(
            person,
            entry_id=entry.id,
            last_day=in_days(1),
            reader=PersonFactory.create(organisation=person.organisation),
        )
        services.write(person, text="Nog een.", tags=[], token=f"vorm-{n}-x")
        services.share(person, entry_id=next(queries.entries(person)).id, reader=reader, last_day=in_days(1))
    address = f"/journaal/{entry.id}/delen/"
    learner.get(address)
    with django_assert_num_queries(6):
        learner.get(address)
    reading = signed_in(reader)
    reading.get("/journaal/gedeeld/")
    with django_assert_num_queries(3):
        reading.get("/journaal/gedeeld/")
