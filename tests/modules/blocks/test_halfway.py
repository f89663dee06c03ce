"""What somebody typed survives a closed laptop, in every form that holds only when it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from xblock.core import XBlock

from modules.blocks import days, halfway
from modules.blocks.layermap.block import LayerMap
from modules.blocks.polarisationmap import block as polarisationmap
from modules.blocks.polarisationmap.block import PolarisationMap
from modules.blocks.selfcheck.block import SelfCheck
from modules.blocks.storycollection import block as storycollection
from modules.blocks.storycollection.block import StoryCollection
from tests.modules.blocks import test_layermap, test_polarisationmap, test_selfcheck, test_storycollection
from tests.modules.blocks.hostile import VALUES, secrets_are_private, send
from tests.modules.toy import Played

SECRET = "een vreemd woord over de dijk"


@dataclass(frozen=True)
class Kind:
    """`half`: what is typed so far. `whole`: (handler, form) that sends it for real."""

    cls: type[XBlock]
    data: Mapping[str, Any]
    half: Mapping[str, str]
    handler: str
    whole: Mapping[str, str]

    def played(self) -> Played:
        return Played(self.cls, self.data)


KINDS = {
    "map": Kind(
        PolarisationMap, test_polarisationmap.own(), {"kwestie": SECRET, "naam-3": "een buur", "rol-3": "joiner"},
        "draw", {"versie": "0", "kwestie": SECRET, "links": "Blijf", "rechts": "Geef", **test_polarisationmap.PEOPLE},
    ),
    "layers": Kind(
        LayerMap, test_layermap.own(), {"gedrag": SECRET},
        "write", {"versie": "0", "gedrag": SECRET, "emotie": "boos", "behoefte": "rust", "antwoord": "Ja?"},
    ),
    "statements": Kind(
        SelfCheck, test_selfcheck.authored(), {"z3": "2"}, "answer", {"keer": "start", **test_selfcheck.alike("4")},
    ),
    "story": Kind(
        StoryCollection, test_storycollection.authored(), {"tekst": SECRET, "schuilnaam": "Lies"},
        "add", {"token": "token-000001", **test_storycollection.STORY},
    ),
}  # fmt: skip


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, datetime(2027, 3, 1, 13, 2, tzinfo=UTC))


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in (days, halfway):
        monkeypatch.setattr(module, "now", lambda: moment)
    for module in (polarisationmap, storycollection):
        monkeypatch.setattr(module, "today", moment.date)


def form_of(played: Played) -> str:
    return str(next(iter(played.block.half_forms())))


def shows(kind: Kind, page: str) -> bool:
    """Whether the page has what was typed so far, in its fields."""
    return ('value="2" checked' in page) if kind.cls is SelfCheck else (SECRET in page)


def test_what_is_typed_is_kept_and_says_so_without_being_judged(kind: Kind) -> None:
    played = kind.played()
    answer = played.post("autosave", half=form_of(played), **kind.half)
    assert (answer.status_code, answer.json["said"]) == (200, "Bewaard om 14.02")
    page = played.view()
    assert shows(kind, page)
    assert "Bewaard om 14.02" in page
    assert "foutregel" not in page
    assert played.block.status == "bezig"
    assert not played.published("attempt")
    assert not played.published("completion")


def test_without_script_a_button_does_the_same(kind: Kind) -> None:
    played = kind.played()
    page = played.post("save_half", half=form_of(played), **kind.half).text
    assert shows(kind, page)
    assert "Bewaard om 14.02" in page


def test_it_goes_when_the_form_is_sent(kind: Kind) -> None:
    played = kind.played()
    form = form_of(played)
    played.post("autosave", half=form, **kind.half)
    sent = played.post(kind.handler, half=form, **kind.whole)
    assert sent.status_code == 200, sent.text
    assert (played.block.half, played.block.half_at) == ({}, "")
    assert "Bewaard om 14.02" not in sent.text


def test_a_refused_form_shows_what_was_just_sent(kind: Kind) -> None:
    played = kind.played()
    form = form_of(played)
    played.post("autosave", half=form, **kind.half)
    other = {name: "1" if value == "2" else f"{value} en meer" for name, value in kind.half.items()}
    refused = played.post(kind.handler, half=form, **{"keer": "start", "versie": "0", "token": "token-000001", **other})
    assert refused.status_code == 422
    assert ('value="2" checked' if kind.cls is SelfCheck else f"{SECRET}<") not in refused.text
    assert ('value="1" id' if kind.cls is SelfCheck else f"{SECRET} en meer") in refused.text


def test_it_can_be_thrown_away(kind: Kind) -> None:
    played = kind.played()
    form = form_of(played)
    played.post("autosave", half=form, **kind.half)
    assert "Gooi dit kladje weg" in played.view()
    page = played.post("drop_half", half=form, **kind.half).text
    assert not shows(kind, page)
    assert played.block.half == {}


def test_a_tab_that_was_forgotten_keeps_nothing(kind: Kind) -> None:
    played = kind.played()
    before = dict(played.fields)
    answer = played.post("autosave", half="eigen-99", **kind.half)
    assert "in een ander venster" in answer.json["said"]
    refused = played.post("save_half", half="eigen-99", **kind.half)
    assert refused.status_code == 422
    assert "in een ander venster" in refused.text
    assert played.fields == before


def test_an_empty_form_is_not_a_beginning(kind: Kind) -> None:
    played = kind.played()
    played.post("autosave", half=form_of(played), **dict.fromkeys(kind.half, ""))
    assert (played.block.status, played.block.half) == ("niet_gestart", {})


def test_only_fields_of_the_form_are_kept(kind: Kind) -> None:
    played = kind.played()
    form = form_of(played)
    pairs = [("half", form), *kind.half.items(), ("verzonnen", "x"), *[(name, "z") for name in kind.half] * 200]
    assert send(played, "autosave", pairs) == 200
    kept = played.block.half[form]
    assert {name for name, _ in kept} == set(kind.half)
    assert len(kept) <= halfway.MOST_VALUES * len(kind.half)


def test_what_no_page_sends_changes_nothing(kind: Kind) -> None:
    played = kind.played()
    form = form_of(played)
    before = dict(played.fields)
    name = next(iter(kind.half))
    assert send(played, "autosave", [], "GET") == 405
    assert send(played, "autosave", b"\xff\xfe%zz&&&=") == 200
    for value in VALUES:
        assert send(played, "autosave", [("half", value), (name, "x")]) == 200
    for value in ("\x00", "ja" * 1_000_000):
        assert send(played, "autosave", [("half", form), (name, value)]) == 200
        assert send(played, "save_half", [("half", form), (name, value)]) == 422
    assert played.fields == before


def test_it_is_private() -> None:
    for kind in KINDS.values():
        if kind.cls is not SelfCheck:
            played = kind.played()
            played.post("autosave", half=form_of(played), **kind.half)
            secrets_are_private(played, SECRET)


# --- each its own way


def test_half_an_own_map_has_its_day_too(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS["map"]
    played = kind.played()
    played.post("autosave", half=form_of(played), **kind.half)
    assert played.block.wipe_on == (date(2027, 3, 1) + timedelta(days=90)).isoformat()
    at(monkeypatch, datetime(2027, 5, 31, 13, 2, tzinfo=UTC))
    assert SECRET not in played.view()
    played.post("autosave", half=form_of(played), kwestie="Iets nieuws")
    assert SECRET not in str(played.fields)
    assert "Iets nieuws" in played.view()
    played.post("drop_half", half=form_of(played))
    assert played.block.wipe_on == ""


def test_taking_back_the_statements_takes_the_half_too() -> None:
    kind = KINDS["statements"]
    played = kind.played()
    played.post("autosave", half="start", **kind.half)
    played.post("erase", zeker="ja")
    assert (played.block.half, len(played.published("erase"))) == ({}, 1)


def test_half_a_story_goes_after_a_month_and_never_holds_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS["story"]
    played = kind.played()
    played.post("autosave", half="nieuw", goedgekeurd="ja", **kind.half)
    assert "goedgekeurd" not in str(played.block.half)
    assert played.block.expires_on == "2027-03-31"
    fields = {name: value for name, value in played.fields.items() if name != "authored"}
    StoryCollection.expired(fields, date(2027, 3, 30))
    assert (SECRET in str(fields), fields["expires_on"]) == (True, "2027-03-31")
    StoryCollection.expired(fields, date(2027, 3, 31))
    assert (SECRET in str(fields), fields["expires_on"]) == (False, "")
    at(monkeypatch, datetime(2027, 3, 31, 13, 2, tzinfo=UTC))
    assert SECRET not in played.view()  # where nobody came by to take it away


def test_what_was_half_changed_goes_with_its_story() -> None:
    kind = KINDS["story"]
    played = kind.played()
    played.post("add", **kind.whole)
    (story,) = played.block.stories
    form = next(name for name in played.block.half_forms() if name.startswith(story["id"]))
    played.post("autosave", half=form, **{f"tekst-{story['id']}": SECRET})
    assert SECRET in played.view()
    played.post("withdraw", id=story["id"])
    assert SECRET not in str(played.fields)


def test_words_of_two_forms_are_kept_beside_each_other() -> None:
    kind = KINDS["story"]
    played = kind.played()
    played.post("autosave", half="nieuw", **kind.half)
    meaning = next(name for name in played.block.half_forms() if name.startswith("betekenis"))
    played.post("autosave", half=meaning, betekenis="Ze missen elkaar")
    page = played.post("add", half="nieuw", **kind.whole).text
    assert SECRET not in page
    assert "Ze missen elkaar" in page
