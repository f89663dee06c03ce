"""What an LRS gets to read: valid by the rules of xAPI 1.0.3, and nothing of who somebody is."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.tracks.content import Activity, Edition, Unit
from tests.xapi.rules import conforms, is_uuid
from xapi import vocabulary
from xapi.queries import Where, account
from xapi.statements import Told, duration, statements

AT = datetime(2026, 11, 30, 9, 15, 2, 250_000, tzinfo=UTC)
SEED = UUID("2f1d6f0e-8f39-4a43-9a8b-5f3c6c1d2e4f")
AUTHORED = {"taal": "nl", "competenties": [{"code": "C1", "gewicht": 1}, {"code": "C4", "gewicht": 0.5}]}


def where(type_: str = "quiz", *, own_page: bool = False, **authored: Any) -> Where:
    activity = Activity(
        "kennis", type_, "Wat weet je nu?", 5, True, own_page, "proef/kennis", {"authored": {**AUTHORED, **authored}}
    )
    unit = Unit("u1", "1.1", "Twee stromen", "", 30, (activity,))
    return Where(Edition("hash", "proef", "M1", "Dialoog", "", (unit,), MappingProxyType({})), unit, activity)


def told(*facts: dict[str, Any], usage: str = "proef/kennis") -> Told:
    return Told(SEED, 7, usage, AT, facts)


def one(fact: dict[str, Any], place: Where | None = None, **more: Any) -> dict[str, Any]:
    [statement] = statements(told(fact, **more), "rekening", place or where())
    conforms(statement)
    return statement


ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.é", min_size=1, max_size=30)
facts = st.fixed_dictionaries(
    {"verb": st.sampled_from(sorted(vocabulary.VERBS))},
    optional={
        "item": ids, "response": ids | st.text(max_size=200), "score": st.floats(0, 1), "success": st.booleans(),
        "duration": st.integers(0, 4 * 3600), "attempt": st.integers(1, 99),
        "stream": st.sampled_from(["onder", "boven", "beide"]),
    },
)  # fmt: skip


@given(facts=st.lists(facts, max_size=8), type_=st.sampled_from(["quiz", "lesson", "streamlens"]), known=st.booleans())
def test_whatever_happened_every_statement_conforms(facts: list[dict[str, Any]], type_: str, known: bool) -> None:
    found = statements(told(*facts), "rekening", where(type_) if known else None)
    assert len(found) == len(facts)
    for statement in found:
        conforms(statement)
        assert not re.search(r"\s", statement.get("result", {}).get("response", ""))
    assert len({statement["id"] for statement in found}) == len(found)


@given(facts=st.lists(facts, min_size=1, max_size=5))
def test_told_again_it_is_the_same_statement_and_told_anew_another(facts: list[dict[str, Any]]) -> None:
    first, again = (statements(told(*facts), "rekening", where()) for _ in range(2))
    assert first == again
    other = statements(Told(uuid4(), 7, "proef/kennis", AT, facts), "rekening", where())
    assert not {each["id"] for each in first} & {each["id"] for each in other}
    assert all(is_uuid(each["id"]) for each in first)


def test_an_answer_says_which_item_how_well_and_where(settings: Any) -> None:
    settings.BASE_URL, settings.XAPI_PROFILE = "https://leren.example.nl", "https://leren.example.nl/xapi/profile"
    statement = one({"verb": "answered", "item": "v1", "score": 0.5, "success": False, "attempt": 2, "stream": "onder"})
    base = "https://leren.example.nl/xapi/modules/proef"
    assert statement["actor"]["account"] == {"homePage": "https://leren.example.nl", "name": "rekening"}
    assert statement["verb"] == {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}}
    assert statement["object"]["id"] == f"{base}/activities/kennis/items/v1"
    assert statement["result"] == {"score": {"scaled": 0.5}, "success": False}
    around = statement["context"]["contextActivities"]
    assert [each["id"] for each in around["parent"]] == [f"{base}/units/u1"]
    assert [each["id"] for each in around["grouping"]] == [base, f"{base}/activities/kennis"]
    assert [each["id"] for each in around["category"]] == ["https://leren.example.nl/xapi/profile"]
    extensions = "https://leren.example.nl/xapi/profile/extensions"
    assert statement["context"]["extensions"] == {
        f"{extensions}/attempt": 2, f"{extensions}/stream": "onder", f"{extensions}/competencies": ["C1", "C4"],
    }  # fmt: skip
    assert (statement["context"]["platform"], statement["context"]["language"]) == ("Tussenruimte", "nl")
    assert statement["timestamp"] == "2026-11-30T09:15:02.250Z"


def test_what_is_complete_says_its_score_and_how_long_it_took() -> None:
    statement = one({"verb": "completed", "score": 0.75, "duration": 3725, "attempt": 1})
    assert statement["result"] == {"score": {"scaled": 0.75}, "completion": True, "duration": "PT1H2M5S"}
    assert statement["object"]["definition"]["name"] == {"nl": "Wat weet je nu?"}
    assert statement["object"]["definition"]["type"] == "http://adlnet.gov/expapi/activities/assessment"


def test_a_verb_without_a_word_of_adl_and_a_type_too_stand_under_the_profile(settings: Any) -> None:
    settings.XAPI_PROFILE = "https://profielen.example.nl/dialoog"
    statement = one({"verb": "placed", "item": "a01-m2"}, where("polarisationmap"))
    assert statement["verb"]["id"] == "https://profielen.example.nl/dialoog/verbs/placed"
    whole = one({"verb": "completed"}, where("polarisationmap"))
    kind = "https://profielen.example.nl/dialoog/activity-types/polarisationmap"
    assert whole["object"]["definition"]["type"] == kind


def test_more_information_is_the_page_on_which_it_stands(settings: Any) -> None:
    settings.BASE_URL = "https://leren.example.nl"
    beside, own = (one({"verb": "completed"}, where(own_page=own_page)) for own_page in (False, True))
    assert beside["object"]["definition"]["moreInfo"] == "https://leren.example.nl/leren/proef/u1/"
    assert own["object"]["definition"]["moreInfo"] == "https://leren.example.nl/leren/proef/u1/kennis/"


def test_a_journal_is_in_no_module(settings: Any) -> None:
    settings.BASE_URL = "https://leren.example.nl"
    [statement] = statements(told({"verb": "reflected"}, usage=""), "rekening", None)
    conforms(statement)
    assert statement["object"]["id"] == "https://leren.example.nl/xapi/journal"
    assert statement["context"]["contextActivities"].keys() == {"category"}
    assert "result" not in statement


@pytest.mark.parametrize("words", ["Ik voel me gehoord", "kraai\nveer", "kraai veer", "x" * 101, "", 7, None, ["v1"]])
def test_what_can_t_be_an_id_is_left_out(words: Any) -> None:
    statement = one({"verb": "answered", "item": words, "response": words})
    assert "result" not in statement
    assert statement["object"]["id"].endswith("/activities/kennis")


def test_a_verb_nobody_knows_and_a_fact_nobody_named_are_not_sent() -> None:
    assert statements(told({"verb": "spied-on"}), "rekening", where()) == []
    statement = one({"verb": "completed", "tekst": "Ik voel me gehoord", "answers": ["a"]})
    assert "gehoord" not in json.dumps(statement)


def test_an_id_of_an_author_is_escaped_in_an_address() -> None:
    assert one({"verb": "answered", "item": "a/b?c#é"})["object"]["id"].endswith("/items/a%2Fb%3Fc%23%C3%A9")


@given(st.integers(0, 10**6))
def test_a_duration_reads_back_as_what_it_was(seconds: int) -> None:
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", duration(seconds))
    assert found
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    assert hours * 3600 + minutes * 60 + rest == seconds
    assert minutes < 60 > rest


def test_the_account_is_the_lrs_s_own_and_can_t_be_worked_out_without_our_key(settings: Any) -> None:
    pseudonym, other = uuid4(), uuid4()
    assert account(pseudonym) == account(pseudonym) != account(other)
    assert str(pseudonym).replace("-", "") not in account(pseudonym)
    before = account(pseudonym)
    settings.SECRET_KEY = "een heel andere sleutel dan zojuist, en ook lang genoeg"
    assert account(pseudonym) != before
