"""One talk that went otherwise, three months later: curriculum 6.2, tier 7. Or none, which is as good an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.authoring import Path
from modules.blocks.lookback.block import LookBack
from modules.blocks.lookback.rules import LONGEST
from tests.modules.toy import Played

SECRET = "Ik belde Truus <b> en zweeg."


def authored(**more: Any) -> dict[str, Any]:
    return {
        "id": "tb", "titel": "Eén gesprek", "vraag": "Noem één gesprek dat anders ging", "hulp": "Kort mag.",
        "geen": "Zo’n gesprek was er niet, of nog niet.", **more,
    }  # fmt: skip


@pytest.fixture
def played() -> Played:
    return Played(LookBack, authored())


def test_a_few_words_are_kept_for_who_wrote_them(played: Played) -> None:
    page = played.post("answer", gesprek=f"  {SECRET}\r\nEn toen? ").text
    assert "Ik belde Truus &lt;b&gt; en zweeg.\nEn toen?" in page
    assert "Bewaard, alleen voor jou" in page
    assert (played.block.status, played.block.score) == ("afgerond", None)
    assert [attempt["answers"] for attempt in played.published("attempt")] == [{"anders": True}]


def test_a_tick_that_there_was_none_is_as_good(played: Played) -> None:
    page = played.post("answer", geen="ja").text
    assert "Zo’n gesprek was er niet, of nog niet." in page
    assert played.block.status == "afgerond"
    assert [attempt["answers"] for attempt in played.published("attempt")] == [{"anders": False}]


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({}, "gesprek", "Schrijf een paar woorden, of zet het vinkje."),
        ({"gesprek": "   "}, "gesprek", "Schrijf een paar woorden, of zet het vinkje."),
        ({"geen": "nee"}, "gesprek", "Schrijf een paar woorden, of zet het vinkje."),
        ({"gesprek": SECRET, "geen": "ja"}, "geen", "Je schreef ook iets op."),
        ({"gesprek": "x" * (LONGEST + 1)}, "gesprek", f"Houd het bij {LONGEST} tekens."),
    ],
)
def test_what_isnt_one_of_the_two_is_said_beside_the_field_and_nothing_is_lost(
    played: Played, form: dict[str, str], field: str, words: str
) -> None:
    answer = played.post("answer", **form)
    assert answer.status_code == 422
    assert f'id="{played.block.anchor}-{field}-fout"' in answer.text
    assert words in answer.text
    assert form.get("gesprek", "").strip().partition(" <")[0] in answer.text
    assert (" checked" in answer.text) == (form.get("geen") == "ja")
    assert (played.block.status, played.block.given, played.runtime.events) == ("niet_gestart", {}, [])


def test_a_second_click_or_an_old_tab_changes_nothing(played: Played) -> None:
    played.post("answer", gesprek=SECRET)
    played.post("answer", geen="ja")
    assert played.block.given == {"gesprek": SECRET}
    assert len(played.published("attempt")) == 1


def test_words_are_private_and_leave_with_no_event(played: Played) -> None:
    assert LookBack.fields["given"].runtime_options.get("private") is True
    assert LookBack.sealed_attempts is True
    played.post("autosave", half="gesprek", gesprek=SECRET)
    played.post("answer", half="gesprek", gesprek=SECRET)
    assert "Truus" not in json.dumps(played.runtime.events)
    assert [event for event in played.published("told") if event != {"verb": "completed"}] == []


def test_what_is_half_written_stays_until_it_is_sent(played: Played) -> None:
    assert played.post("autosave", half="gesprek", gesprek="Ik belde").json["said"].startswith("Bewaard om ")
    assert "Ik belde</textarea>" in played.view()
    assert "Wis mijn antwoorden" in played.view()
    played.post("answer", half="gesprek", gesprek=SECRET)
    assert played.block.half == {}
    assert "Nog niet bewaard" in played.post("autosave", half="gesprek", gesprek="Later").json["said"]


def test_it_can_be_taken_back_whole_after_asking_twice(played: Played) -> None:
    played.post("answer", gesprek=SECRET)
    assert played.post("erase").status_code == 422
    page = played.post("erase", zeker="ja").text
    assert "Je antwoorden zijn gewist." in page
    assert "Truus" not in page
    assert (played.block.given, played.block.attempts, played.block.status) == ({}, 0, "afgerond")
    assert played.published("erase") == [{}]
    played.post("answer", geen="ja")
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 1]


def test_it_speaks_english_around_the_dutch() -> None:
    page = Played(LookBack, authored(), language="en").view()
    assert "Nobody reads what you write." in page
    assert 'lang="nl">Noem één gesprek dat anders ging</label>' in page


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"titel": ""}, ("titel",)),
        ({"vraag": ""}, ("vraag",)),
        ({"geen": 3}, ("geen",)),
        ({"hulp": ""}, ("hulp",)),
        ({"privacyklasse": "B"}, ("privacyklasse",)),
        ({"competenties": [{"code": "C1", "gewicht": 1}]}, ("competenties",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in LookBack.check(authored(**change))]


def test_good_content_may_be_published() -> None:
    assert LookBack.check(authored(privacyklasse="C")) == []
