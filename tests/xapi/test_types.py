"""Every type of activity, played with a word in each field that may never be met again: which verbs it tells
(curriculum 3.u), and that nothing else leaves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jobs.models import Job
from learning.runtime.blocks import load_block
from learning.tracks.models import ModuleEdition
from tests.playing import player
from tests.playing.conftest import editions
from tests.playing.places import PLACES, Place, somebody
from tests.playing.plain import Plain
from tests.playing.player import Play
from tests.xapi.lrs import verb_of
from tests.xapi.rules import conforms
from xapi import vocabulary
from xapi.delivery import built
from xapi.services import KIND

__all__ = ["editions"]

MARK = "kraaienveer"

# Curriculum 3.u, and the line "xAPI" of the section where that says more. Types without a row there: a lesson is read,
# a worksheet filled in, a table and an agreement are designed: `completed`.
MATRIX: dict[str, set[str]] = {
    "streamlens": {"answered", "completed"},
    # A sentence that was shared may be taken back: who told the one tells the other (3.0).
    "dialoguefragment": {"experienced", "answered", "shared-with", "withdrew"},
    "conversationsim": {"initialized", "progressed", "answered", "replayed", "completed"},
    "decisiontask": {"initialized", "progressed", "answered", "completed"},
    "polarisationmap": {"placed", "completed"},
    "inferenceladder": {"answered", "completed", "reflected"},
    "journal": {"reflected"},
    # Of the standard forms only those that can be failed are passed (3.k).
    "quiz": {"answered", "passed", "completed"},
    "cardsort": {"answered", "passed", "completed"},
    "decisioncards": {"answered", "passed", "completed"},
    "casevideo": {"answered", "completed"},
    "replydrill": {"answered", "completed"},
    "rewrite": {"answered", "completed"},
    "imessage": {"completed"},
    "conditioncheck": {"answered", "completed"},
    "promisecheck": {"answered", "completed"},
    "walkplanner": {"attended", "harvested"},
    "storycollection": {"harvested"},
    "layermap": {"placed", "answered"},
    "longline": {"completed"},
    "qualityplanner": {"completed", "returned"},
    "selfcheck": {"completed"},
    # Of 6.2, as 3.t has it.
    "exitcard": {"completed"},
    "lookback": {"completed"},
    "lesson": {"completed"},
    "worksheet": {"completed"},
    "tabledesign": {"completed"},
    "agreement": {"completed"},
}
# These are told by the room of practice, where somebody else takes part too.
BY_PRACTICE = {"practicecase", "rubric"}
# With a trainer, or by going back in a conversation: `test_dialoguefragment` and `test_conversationsim` do that.
NOT_PLAYED = {"dialoguefragment": {"shared-with", "withdrew"}, "conversationsim": {"replayed"}}
PRIVATE = ("C", "D")


def variants(type_: str) -> list[Place]:
    """One place for each way in which content of this type differs: a case or one's own, of which class."""
    ways: dict[tuple[str | None, str | None], Place] = {}
    for place in sorted(PLACES, key=lambda place: place.days_later):
        if place.type == type_:
            ways.setdefault((place.data.get("vorm"), place.data.get("privacyklasse")), place)
    return list(ways.values())


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "SENTENCE", f"Ik zeg {MARK}, dan vraag ik naar {MARK}.")
    monkeypatch.setattr(player, "SOMEBODY", f"een {MARK}")


def played(edition: ModuleEdition, place: Place) -> list[dict[str, Any]]:
    """The statements of somebody who does all of it, rightly."""
    client, person = somebody(edition, place)
    Plain(client, place.page, place.key, in_place=True).play(Play(place.type, place.data))
    payloads = [json.loads(job.payload) for job in Job.objects.filter(kind=KIND).order_by("turn")]
    assert MARK not in json.dumps(payloads)
    assert {payload["person"] for payload in payloads} <= {person.pk}
    found = [statement for several in built(payloads) for statement in several]
    said = json.dumps(found, ensure_ascii=False)
    assert not any(word in said for word in (MARK, person.name, str(person.pseudonym), str(person.username)))
    Job.objects.filter(kind=KIND).delete()
    return found


def test_each_type_has_its_verbs_and_no_other() -> None:
    types = {place.type for place in PLACES}
    assert types == MATRIX.keys() | BY_PRACTICE
    assert {type_: set(load_block(type_).verbs) for type_ in types} == MATRIX | {key: set() for key in BY_PRACTICE}


def test_each_verb_of_the_curriculum_has_its_address() -> None:
    assert set().union(*MATRIX.values()) <= vocabulary.VERBS
    assert not vocabulary.ADL_VERBS & vocabulary.PROJECT_VERBS


@pytest.mark.parametrize("type_", sorted(MATRIX))
def test_who_plays_it_is_told_by_its_verbs_and_never_by_their_words(
    db: None, editions: dict[str, ModuleEdition], on: None, marked: None, type_: str
) -> None:
    told = set()
    for place in variants(type_):
        statements = played(editions[place.module], place)
        told |= {verb_of(statement) for statement in statements}
        for statement in statements:
            conforms(statement)
            if place.data.get("privacyklasse") in PRIVATE:
                assert "result" not in statement or statement["result"] == {"completion": True}
                assert statement["object"]["id"].endswith(f"/activities/{place.key}")
    assert told == MATRIX[type_] - NOT_PLAYED.get(type_, set())
