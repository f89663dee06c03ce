"""Designing a reflection table: the mix check of curriculum 4.2."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import Path
from modules.blocks.tabledesign import rules
from modules.blocks.tabledesign.block import TableDesign
from tests.modules.blocks.drafting import HEAD, keep, words
from tests.modules.toy import Played

LAYERS = ["rijk", "provincie", "gemeente", "landbouw"]


def guests(n: int, practice: int, layers: int = 4) -> dict[str, str]:
    found = {f"deelnemers-{i}-functie": f"functie {i}" for i in range(n)}
    found |= {f"deelnemers-{i}-laag": LAYERS[i % layers] for i in range(n)}
    return found | {f"deelnemers-{i}-praktijk": "ja" for i in range(practice)}


def rounds(*minutes: int, still: int = 0) -> dict[str, str]:
    """Open ones; then one of `still` minutes in which one person speaks."""
    found = {f"rondes-{i}-naam": f"ronde {i}" for i in range(len(minutes))}
    found |= {f"rondes-{i}-minuten": str(n) for i, n in enumerate(minutes)}
    found |= {f"rondes-{i}-open": "ja" for i in range(len(minutes))}
    place = len(minutes)
    return found | ({f"rondes-{place}-naam": "keynote", f"rondes-{place}-minuten": str(still)} if still else {})


GOOD = {
    **{name: f"Iets over {name}" for name in rules.NEEDED},
    "keynote_minuten": "20", "leidinggevende_paar": "nee",
    **guests(8, 2), **rounds(15, 20, still=35),
}  # fmt: skip


def design(**more: Any) -> dict[str, Any]:
    return {**HEAD, **words(rules.FIELDS, rules.CHECKS), **more}


def minded(values: dict[str, str]) -> list[str]:
    return [check for check, verdict in rules.outcome(values).items() if verdict == "let_op"]


def test_a_mixed_table_is_good() -> None:
    assert minded(GOOD) == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (guests(8, 2, layers=2), "lagen"),
        ({"deelnemers-1-praktijk": ""}, "praktijk"),
        ({"leidinggevende_paar": "ja"}, "geen_leidinggevende"),
        ({"leidinggevende_paar": ""}, "geen_leidinggevende"),
        ({"keynote_minuten": "21"}, "keynote"),
        ({"keynote_minuten": ""}, "keynote"),
        ({"rondes-2-minuten": "36"}, "open_rondes"),
        (guests(15, 4), "aantal"),
        ({"deelnemers-7-functie": "", "deelnemers-7-laag": ""}, "aantal"),
    ],
)
def test_each_check_minds_one_thing(change: dict[str, str], check: str) -> None:
    assert minded({**GOOD, **change}) == [check]


@given(st.integers(0, rules.GUEST_ROWS), st.data())
def test_a_quarter_comes_from_practice(n: int, data: st.DataObject) -> None:
    practice = data.draw(st.integers(0, n))
    outcome = rules.outcome(guests(n, practice))
    assert (outcome["praktijk"] == "goed") == (n > 0 and 4 * practice >= n)
    assert (outcome["aantal"] == "goed") == (8 <= n <= 14)


@given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 120))
def test_half_of_the_time_is_open(minutes: list[int], still: int) -> None:
    total = sum(minutes) + still
    outcome = rules.outcome(rounds(*minutes, still=still))
    assert (outcome["open_rondes"] == "goed") == (total > 0 and 2 * sum(minutes) >= total)


def test_a_box_alone_is_nobody() -> None:
    assert rules.guests({"deelnemers-3-praktijk": "ja"}) == []


# --- the flow


def test_a_table_that_isnt_mixed_yet_counts_but_isnt_done() -> None:
    played = Played(TableDesign, design())
    page = keep(played, {**GOOD, "keynote_minuten": "40"}).text
    assert (played.block.status, played.block.score) == ("bezig", pytest.approx(5 / 6, abs=1e-4))
    assert page.count("Kijk nog eens: keynote.") == 2  # in the list of checks and in what is still to do
    keep(played, GOOD)
    assert (played.block.status, played.block.score) == ("afgerond", 1.0)
    assert "Iets over" not in json.dumps(played.runtime.events)


def test_a_design_with_holes_in_it_is_no_attempt() -> None:
    played = Played(TableDesign, design())
    page = keep(played, {**GOOD, "thema": ""}).text
    assert (played.published("attempt"), "Vraag thema?</a>" in page) == ([], True)


def test_the_run_sheet_holds_the_roles_the_guests_and_the_rounds() -> None:
    card = keep(Played(TableDesign, design()), GOOD).text.split("Je draaiboek")[1]
    for words_ in ("Iets over gastheer", "functie 0 · Rijk · praktijk", "ronde 1", "iedereen"):
        assert words_ in card


def test_no_chair_is_lost_when_somebody_writes_more_than_is_wise() -> None:
    played = Played(TableDesign, design())
    keep(played, {**GOOD, **guests(18, 9)})
    assert len(rules.guests(played.block.values)) == 18


@pytest.mark.parametrize(
    "form", [{"deelnemers-0-laag": "mars"}, {"keynote_minuten": "x"}, {"leidinggevende_paar": "?"}]
)
def test_what_isnt_an_answer_is_refused(form: dict[str, str]) -> None:
    played = Played(TableDesign, design())
    assert (keep(played, form).status_code, played.block.values) == (422, {})


@pytest.mark.parametrize(
    ("change", "path"),
    [({"velden": {}}, ("velden",)), ({"tips": 3}, ("tips",)), ({"herkomst": "x"}, ("herkomst",))],
)
def test_check_names_the_place_of_each_fault(change: dict[str, Any], path: Path) -> None:
    assert path in [problem.path for problem in TableDesign.check(design(**change))]


def test_good_content_may_be_published() -> None:
    assert TableDesign.check(design()) == []
