"""An agreement for a table: curriculum 3.j and 4.3."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Path
from modules.blocks.agreement import rules
from modules.blocks.agreement.block import Agreement
from tests.modules.blocks.drafting import HEAD, keep, words
from tests.modules.toy import Played

BLOCKS = [
    {"id": "a", "groep": "Wat blijft hier", "tekst": "Wie het zei blijft hier.", "toelichting": "Zo kan iedereen."},
    {"id": "b", "groep": "Wat blijft hier", "tekst": "Geen opname."},
    {"id": "c", "groep": "Hoe we praten", "tekst": "Ieder spreekt voor zich."},
]
RULE = {"tekst": "Wat gezegd is mag je gebruiken.", "bron": "Chatham House"}


def agreement(**more: Any) -> dict[str, Any]:
    blocks = {"blokken": BLOCKS, "moet": ["a"], "chathamhouse": RULE}
    return {**HEAD, **blocks, **words(rules.FIELDS, rules.CHECKS), **more}


@given(st.sets(st.sampled_from(["a", "b", "c"])), st.sampled_from(["", "Wij eten eerst."]))
def test_the_checks_follow_from_what_is_chosen(chosen: set[str], own: str) -> None:
    outcome = rules.outcome(agreement(), {**{rules.box(id_): "ja" for id_ in chosen}, "eigen": own})
    assert outcome == {
        "moet": "goed" if "a" in chosen else "let_op",
        "elke_groep": "goed" if chosen & {"a", "b"} and "c" in chosen else "let_op",
        "eigen": "goed" if own else "let_op",
    }


def test_a_draft_is_something_chosen_and_a_sentence_of_ones_own() -> None:
    played = Played(Agreement, agreement())
    page = keep(played, {"blok_b": "ja"}).text
    assert (played.block.status, "Vraag eigen?</a>" in page) == ("bezig", True)
    keep(played, {"blok_b": "ja", "eigen": "Wij eten eerst."})
    assert (played.block.status, played.block.score) == ("afgerond", pytest.approx(1 / 3, abs=1e-4))
    keep(played, {"blok_a": "ja", "blok_c": "ja"})
    assert (played.block.score, "Wij eten" in json.dumps(played.runtime.events)) == (1.0, False)


def test_a_sentence_alone_is_no_agreement() -> None:
    played = Played(Agreement, agreement())
    assert "Kies minstens één regel" in keep(played, {"eigen": "Wij eten eerst."}).text
    assert played.block.status == "bezig"


def test_the_agreement_is_there_to_read_aloud() -> None:
    card = keep(Played(Agreement, agreement()), {"blok_a": "ja", "eigen": "Wij eten eerst."}).text.split(
        "Jullie afspraak"
    )[1]
    assert "Wie het zei blijft hier." in card
    assert "Wij eten eerst." in card
    assert "Geen opname." not in card


def test_the_rule_comes_with_its_source() -> None:
    page = Played(Agreement, agreement()).view()
    assert RULE["tekst"] in page
    assert "Bron: Chatham House" in page


def test_a_block_that_isnt_there_is_left_alone() -> None:
    played = Played(Agreement, agreement())
    keep(played, {"blok_z": "ja", "blok_a": "ja"})
    assert played.block.values == {"blok_a": "ja"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"blokken": []}, ("blokken",)),
        ({"blokken": [{"id": "a", "groep": "x"}, BLOCKS[1]]}, ("blokken", 0)),
        ({"blokken": [{"id": "a", "groep": "", "tekst": "x"}, BLOCKS[1]]}, ("blokken", 0, "groep")),
        ({"blokken": [BLOCKS[0], BLOCKS[0]]}, ("blokken", 1, "id")),
        ({"blokken": [{**BLOCKS[0], "toelichting": 3}, BLOCKS[1]]}, ("blokken", 0, "toelichting")),
        ({"moet": ["weg"]}, ("moet",)),
        ({"moet": [["a"]]}, ("moet",)),
        ({"moet": "a"}, ("moet",)),
        ({"chathamhouse": "x"}, ("chathamhouse",)),
        ({"chathamhouse": {"tekst": "x"}}, ("chathamhouse",)),
        ({"velden": {}}, ("velden",)),
        ({"tips": {}}, ("tips",)),
    ],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in Agreement.check(agreement(**change))]


def test_good_content_may_be_published() -> None:
    assert Agreement.check(agreement()) == []
