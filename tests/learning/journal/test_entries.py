"""The learner's own pages: reading back, searching, writing, changing, deleting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from learning.journal import queries, services
from learning.journal.envelope import Entry
from learning.journal.models import JournalEntry, JournalShare, SpentJournalForm
from learning.people.models import Person
from learning.sealing import WontOpen
from learning.tracks.models import Enrolment
from tests.factories import PersonFactory
from tests.learning.journal.conftest import SECRET, signed_in

NEW = {"text": "Een nieuwe tekst.", "labels": "thuis, #Werk", "token": "vorm-nieuw-1"}


def test_a_journal_shows_the_newest_first_with_where_it_was_written(learner: Client, entry: Entry) -> None:
    learner.post("/journaal/nieuw/", NEW)
    page = learner.get("/journaal/").text
    assert page.index("Een nieuwe tekst.") < page.index(SECRET)
    assert '<a href="/leren/proefmodule/u1/#stil" lang="nl">Even stil</a>' in page


def test_an_entry_of_an_activity_that_is_gone_is_still_there(learner: Client, person: Person) -> None:
    services.write(person, text="Van vroeger.", tags=[], token="t-oud-01", usage="verdwenen/stil")
    assert "Van vroeger." in learner.get("/journaal/").text


def test_the_same_form_sent_twice_is_one_entry(learner: Client, person: Person) -> None:
    for _ in range(2):
        assert learner.post("/journaal/nieuw/", NEW).headers["Location"] == "/journaal/"
    [entry] = queries.entries(person)
    assert (entry.text, entry.tags, entry.usage) == ("Een nieuwe tekst.", ("thuis", "Werk"), "")


def test_a_form_whose_entry_was_deleted_does_not_bring_it_back(learner: Client, person: Person) -> None:
    learner.post("/journaal/nieuw/", NEW)
    learner.post(f"/journaal/{next(queries.entries(person)).id}/wissen/")
    learner.post("/journaal/nieuw/", NEW)
    assert not list(queries.entries(person))


def test_spent_forms_are_forgotten_after_two_days(person: Person, entry: Entry) -> None:
    services.delete(person, entry_id=entry.id)
    SpentJournalForm.objects.update(spent_at=timezone.now() - timedelta(days=2, minutes=1))
    services.write(person, text="Iets anders.", tags=[], token="vorm-0002")
    assert not SpentJournalForm.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "  \n "}, "Schrijf iets."),
        ({"text": "a" * 20_001}, "Houd het bij 20000 tekens."),
        ({"labels": ",".join(f"label-{n}" for n in range(11))}, "Hoogstens 10 labels"),
        ({"labels": "x" * 41}, "van 40 tekens"),
        ({"token": "<script>"}, "klopt nog niet"),
    ],
)
def test_a_refused_text_stays_in_its_field(
    learner: Client, person: Person, changes: dict[str, str], words: str
) -> None:
    response = learner.post("/journaal/nieuw/", NEW | changes)
    assert response.status_code == 422
    assert words in response.text
    assert changes.get("text", NEW["text"]).strip() in response.text
    assert not list(queries.entries(person))


def test_a_text_of_exactly_the_limit_with_line_breaks_is_kept(learner: Client, person: Person) -> None:
    """A browser sends each line break as two characters and counts it as one."""
    learner.post("/journaal/nieuw/", NEW | {"text": "a\r\n" * 9_999 + "bc"})
    assert len(next(queries.entries(person)).text) == 20_000


def test_script_is_told_where_to_go_on(learner: Client) -> None:
    response = learner.post("/journaal/nieuw/", NEW, headers={"X-Fragment": "1"})
    assert (response.status_code, response.headers["X-Location"]) == (204, "/journaal/")


def test_changing_replaces_the_words_for_good(learner: Client, person: Person, entry: Entry) -> None:
    form = learner.get(f"/journaal/{entry.id}/").context["form"]
    data = form.initial | {"text": "Het viel mee.", "labels": ""}
    response = learner.post(f"/journaal/{entry.id}/", data)
    assert response.headers["Location"] == f"/journaal/#notitie-{entry.id}"
    changed = next(queries.entries(person))
    assert (changed.text, changed.tags, changed.is_changed) == ("Het viel mee.", (), True)


def test_a_stale_tab_is_asked_once_before_it_wins(learner: Client, person: Person, entry: Entry) -> None:
    stale = dict(learner.get(f"/journaal/{entry.id}/").context["form"].initial)
    services.replace(person, entry_id=entry.id, text="Uit een ander venster.", tags=[])
    refused = learner.post(f"/journaal/{entry.id}/", stale | {"text": "Uit dit venster."})
    assert refused.status_code == 422
    assert "Uit dit venster." in refused.text
    assert next(queries.entries(person)).text == "Uit een ander venster."
    again = {name: refused.context["form"].data[name] for name in ("text", "labels", "token", "seen")}
    assert learner.post(f"/journaal/{entry.id}/", again).status_code == 302
    assert next(queries.entries(person)).text == "Uit dit venster."


def test_deleting_asks_once_and_takes_everything_along(
    learner: Client, entry: Entry, share: JournalShare, reader: Person
) -> None:
    signed_in(reader).get(f"/journaal/gedeeld/{share.pk}/")
    asked = learner.get(f"/journaal/{entry.id}/wissen/")
    assert "Ook Mehmet Aydın kan hem dan niet meer openen." in asked.text
    assert JournalEntry.objects.exists()
    for _ in range(2):
        assert learner.post(f"/journaal/{entry.id}/wissen/").headers["Location"] == "/journaal/"
    assert not JournalEntry.objects.exists()
    assert not JournalShare.objects.exists()


@pytest.mark.parametrize("words", ["tegen", "GESPREK enorm", "énorm", "werk"])
def test_searching_finds_words_anywhere_whatever_their_case_or_accents(
    learner: Client, entry: Entry, words: str
) -> None:
    response = learner.post("/journaal/zoeken/", {"words": words})
    assert SECRET in response.text
    assert "Eén tekst gevonden." in response.text


def test_searching_for_what_is_not_there_says_so(learner: Client, entry: Entry) -> None:
    response = learner.post("/journaal/zoeken/", {"words": "tegen olifant"})
    assert SECRET not in response.text
    assert "Niets gevonden" in response.text


def test_an_empty_search_is_refused_and_a_reloaded_one_goes_home(learner: Client, entry: Entry) -> None:
    assert learner.post("/journaal/zoeken/", {"words": " "}).status_code == 422
    assert learner.get("/journaal/zoeken/").headers["Location"] == "/journaal/"


@given(st.text(min_size=1), st.text())
def test_what_somebody_wrote_is_found_by_any_part_of_it(part: str, rest: str) -> None:
    now = timezone.now()
    assert Entry(1, "", rest + part + rest, (), now, now).has_words([part])


def test_a_label_filters_without_its_word_in_the_address(learner: Client, person: Person, entry: Entry) -> None:
    services.write(person, text="Zonder label.", tags=[], token="t-zonder")
    [label] = queries.labels(person, queries.entries(person))
    assert "werk" not in label.code
    page = learner.get(f"/journaal/?label={label.code}").text
    assert SECRET in page
    assert "Zonder label." not in page
    assert learner.get("/journaal/?label=0123456789abcdef").headers["Location"] == "/journaal/"


def test_a_label_has_another_code_for_another_person(person: Person) -> None:
    assert queries.label_code(person, "werk") != queries.label_code(PersonFactory.create(), "werk")


def test_a_long_journal_is_paged(learner: Client, person: Person) -> None:
    for n in range(21):
        services.write(person, text=f"Tekst {n}.", tags=[], token=f"vorm-{n:04}")
    first, second = learner.get("/journaal/").text, learner.get("/journaal/?page=2").text
    assert "Tekst 0." not in first
    assert "Tekst 0." in second
    assert "Tekst 20." in first


@pytest.mark.parametrize("many", [1, 15])
def test_a_page_takes_as_many_queries_with_one_entry_as_with_fifteen(
    learner: Client, person: Person, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, count, page, readers, places, the newest (their sizes, themselves), what is shared with me."""
    for n in range(many):
        services.write(person, text="Iets.", tags=["a"], token=f"vorm-{n:04}", usage="proefmodule/stil")
    learner.get("/journaal/")
    with django_assert_num_queries(9):
        learner.get("/journaal/")
    with django_assert_num_queries(9):
        learner.post("/journaal/zoeken/", {"words": "iets"})


@pytest.fixture
def seven(person: Person, enrolment: Enrolment) -> list[int]:
    """The numbers of texts 0 to 6, the oldest first; the even ones have a label."""
    for n in range(7):
        services.write(person, text=f"Tekst {n}.", tags=[] if n % 2 else ["even"], token=f"vorm-{n:04}")
    return [entry.id for entry in queries.entries(person)][::-1]


@pytest.mark.parametrize(("most", "most_bytes"), [(3, 4_000_000), (500, 300)])
def test_what_one_request_opens_is_bounded_in_number_and_in_size(
    person: Person, seven: list[int], most: int, most_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SEARCHED", most)
    monkeypatch.setattr(queries, "SEARCHED_BYTES", most_bytes)
    found, before = [], None
    for _ in range(7):
        stretch = queries.stretch(person, before=before)
        assert 1 <= len(stretch.entries) <= 4
        found += stretch.entries
        before = stretch.older
        if before is None:
            break
    assert [entry.id for entry in found] == seven[::-1]


def test_a_text_larger_than_the_bound_is_searched_all_the_same(
    person: Person, seven: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SEARCHED_BYTES", 1)
    assert [entry.text for entry in queries.stretch(person).entries] == ["Tekst 6."]


def test_a_search_goes_on_in_older_texts_until_there_are_none(
    learner: Client, seven: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SEARCHED", 4)
    first = learner.post("/journaal/zoeken/", {"words": "tekst"})
    assert "4 teksten gevonden. Er zijn nog oudere teksten om in te zoeken." in first.text
    assert f'name="voor" value="{seven[3]}"' in first.text
    last = learner.post("/journaal/zoeken/", {"words": "tekst", "voor": seven[3]})
    assert [line.entry.id for line in last.context["lines"]] == seven[2::-1]
    assert "3 teksten gevonden." in last.text
    assert "Zoek verder" not in last.text


def test_more_than_a_page_can_show_goes_on_where_it_stopped(
    learner: Client, seven: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_SHOWN", 2)
    first = learner.post("/journaal/zoeken/", {"words": "even"})
    second = learner.post("/journaal/zoeken/", {"words": "even", "voor": first.context["older"]})
    shown = [line.entry.id for page in (first, second) for line in page.context["lines"]]
    assert shown == [seven[n] for n in (6, 4, 2, 0)]
    assert second.context["older"] is None


def test_a_label_of_older_texts_is_found_by_going_on(
    learner: Client, person: Person, seven: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SEARCHED", 1)
    services.write(person, text="Nieuw.", tags=[], token="vorm-nieuw")
    address = f"/journaal/?label={queries.label_code(person, 'even')}"
    first = learner.get(address)
    assert "Met dit label: 0 teksten. Er zijn nog oudere teksten" in " ".join(first.text.split()).replace("</span>", "")
    assert "nog leeg" not in first.text
    assert "Tekst 6." in learner.get(f"{address}&voor={first.context['older']}").text


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30, "\x00"])
def test_a_place_that_is_none_searches_from_the_newest(learner: Client, seven: list[int], before: str) -> None:
    response = learner.post("/journaal/zoeken/", {"words": "tekst", "voor": before})
    assert len(response.context["lines"]) == 7


def test_one_goes_on_in_nobody_elses_texts(seven: list[int], person: Person) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    assert queries.stretch(other, before=seven[-1]).entries == []


def test_an_entry_is_not_readable_in_its_row(entry: Entry) -> None:
    sealed = bytes(JournalEntry.objects.get().sealed)
    assert b"enorm" not in sealed
    assert b"werk" not in sealed


def test_an_entry_moved_to_another_person_does_not_open(person: Person, entry: Entry) -> None:
    other = PersonFactory.create(organisation=person.organisation)
    JournalEntry.objects.update(person=other)
    with pytest.raises(WontOpen):
        list(queries.entries(other))


def test_a_journal_leaves_with_its_person(person: Person, entry: Entry, share: JournalShare) -> None:
    person.enrolments.all().delete()
    person.delete()
    assert not JournalEntry.objects.exists()
    assert not JournalShare.objects.exists()
