"""The six types with own words in them, under whatever is posted to them in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.blocks.base import ActivityBlock
from modules.blocks.casevideo.block import CaseVideo
from modules.blocks.decisioncards.block import DecisionCards
from modules.blocks.imessage.block import IMessage
from modules.blocks.promisecheck.block import PromiseCheck
from modules.blocks.replydrill.block import ReplyDrill
from modules.blocks.rewrite.block import Rewrite
from tests.modules.blocks.test_casevideo import case
from tests.modules.blocks.test_decisioncards import cards
from tests.modules.blocks.test_imessage import authored
from tests.modules.blocks.test_promisecheck import promises
from tests.modules.blocks.test_replydrill import drill
from tests.modules.blocks.test_rewrite import task
from tests.modules.toy import Played

SECRET = "Vertrouwelijk, van Truus"
ORDER = ["niet_gestart", "bezig", "afgerond"]

TYPES: list[tuple[type[ActivityBlock], dict[str, Any], list[str]]] = [
    (ReplyDrill, drill(), ["answer", "own", "proceed", "again"]),
    (DecisionCards, cards(), ["answer", "retry", "proceed", "again"]),
    (PromiseCheck, promises(), ["choose_role", "answer", "rewrite", "proceed", "again"]),
    (Rewrite, task(), ["write", "onward", "open", "hand_in", "erase"]),
    (IMessage, authored(), ["write", "erase"]),
    (CaseVideo, case(), ["answer", "proceed", "again"]),
]

# Right often enough to get somewhere, wrong in every way besides.
values = st.sampled_from(
    [SECRET, "", " ", "1", "2", "3", "0", "-1", "²", "9" * 5000, "x" * 25_000, "melden", "luisteren", "doen", "niet",
     "adviseur", "ja", "nee", "\x00", "<b>", "None", "[]"]
)  # fmt: skip
fields = [
    "ronde", "plek", "item", "reactie", "tekst", "actie", "rol", "bak", "antwoord", "versie", "inleveren",
    "waarneming", "gevoel", "behoefte", "verzoek",
]  # fmt: skip


def right(block: Any) -> dict[str, str]:
    """What a form on the page would carry."""
    return {
        "ronde": str(getattr(block, "round_number", 1)), "plek": str(getattr(block, "place", 0)),
        "item": str(getattr(block, "current", "")), "versie": str(_version(block)),
    }  # fmt: skip


def _version(block: Any) -> int:
    if isinstance(block, Rewrite):
        return len(block.versions.get(block.current, []))
    return int(getattr(block, "version", 0))


# To the end by what is right, and from there anything.
def finished(cls: type[ActivityBlock], data: dict[str, Any]) -> Played:
    played = Played(cls, data, practice=object())
    steps = {
        ReplyDrill: [("answer", {"reactie": "1"}), ("own", {"tekst": SECRET}), ("proceed", {})],
        DecisionCards: [
            *((name, {"actie": each}) for each in ("begrenzen", "luisteren", "melden") for name in ("answer", "retry")),
            ("proceed", {}),
        ],
        PromiseCheck: [("choose_role", {"rol": "adviseur"}), ("answer", {"bak": "doen"}), ("proceed", {})],
        Rewrite: [("write", {"tekst": SECRET}), ("onward", {})],
        IMessage: [("write", dict.fromkeys(("waarneming", "gevoel", "behoefte", "verzoek"), SECRET))],
        CaseVideo: [("answer", {"antwoord": "1"}), ("proceed", {})],
    }[cls]
    for _ in range(9):
        for handler, form in steps:
            played.post(handler, **right(played.block), **form)
    assert played.block.status == "afgerond"
    return played


posts = st.lists(
    st.tuples(st.integers(0, 9), st.booleans(), st.dictionaries(st.sampled_from(fields), values)), max_size=14
)


@pytest.mark.parametrize(("cls", "data", "handlers"), TYPES, ids=lambda each: getattr(each, "block_type", ""))
@given(sent=posts, done=st.booleans())
@settings(max_examples=30, deadline=None)
def test_any_posts_leave_an_activity_that_can_be_drawn_and_goes_only_forward(
    cls: type[ActivityBlock], data: dict[str, Any], handlers: list[str], sent: list[Any], done: bool
) -> None:
    played = finished(cls, data) if done else Played(cls, data, practice=object())
    for number, sensible, form in sent:
        before = (played.block.status, played.block.attempts)
        fields = {**form, **right(played.block)} if sensible else form
        answer = played.post(handlers[number % len(handlers)], **fields)
        assert answer.status_int in (200, 422)
        assert ORDER.index(played.block.status) >= ORDER.index(before[0])
        assert played.block.attempts >= before[1]
        if answer.status_int == 422:
            assert (played.block.status, played.block.attempts) == before
            assert 'role="alert"' in answer.text
    assert "<section" in played.view()
    assert SECRET not in str(played.runtime.events)
    score = played.block.score
    assert score is None or 0 <= score <= 1


@pytest.mark.parametrize(("cls", "data", "handlers"), TYPES, ids=lambda each: getattr(each, "block_type", ""))
def test_looking_is_not_doing(cls: type[ActivityBlock], data: dict[str, Any], handlers: list[str]) -> None:
    played = Played(cls, data)
    before = dict(played.fields)
    played.view()
    assert played.fields == before
    assert not played.runtime.events
