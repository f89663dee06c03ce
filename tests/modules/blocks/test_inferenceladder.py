"""The ladder of inference: curriculum 3.e, unit 1.4."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.authoring import read_yaml
from modules.blocks.inferenceladder.block import InferenceLadder
from modules.blocks.inferenceladder.rules import RUNGS, rung_points
from tests.modules.blocks.hostile import junk, secrets_are_private, withstands
from tests.modules.toy import Played

SHUFFLED = [4, 1, 7, 3, 6, 2, 5]
rungs = st.sampled_from(RUNGS)


def steps() -> dict[str, Any]:
    return {str(n): {"naam": f"Naam {n} <b>", "toetsvraag": f"Toets {n}?"} for n in RUNGS}


def incident(**more: Any) -> dict[str, Any]:
    return {
        "id": "stoel", "titel": "De lege stoel", "vorm": "gegeven", "incident": "De stoel bleef leeg <i>",
        "sporten": steps(), "let_op": "Ook dat weet je pas als je het vraagt.",
        "kaartjes": [{"id": f"k{n}", "tekst": f"Kaart {n}", "sport": n, "uitleg": f"Reden {n}"} for n in SHUFFLED],
        "handeling": {"prompt": "Wat doe je nu?", "model": "Modelhandeling"}, **more,
    }  # fmt: skip


def own(**more: Any) -> dict[str, Any]:
    return {
        "id": "eigen", "titel": "Jouw ladder", "vorm": "eigen", "sporten": steps(), "tegen_namen": "Geen namen, graag.",
        "prompts": {"incident": "Neem een moment dat schuurde.", "handeling": "Wat zou je nu doen?"}, **more,
    }  # fmt: skip


@pytest.fixture
def played() -> Played:
    return Played(InferenceLadder, incident())


@pytest.fixture
def mine() -> Played:
    return Played(InferenceLadder, own())


def place(played: Played, off: int = 0, round_number: int = 1, **other: Any) -> Any:
    """Each card `off` rungs too high, as far as the ladder goes."""
    form = {f"sport-k{n}": str(min(7, n + off)) for n in RUNGS}
    return played.post("place", **{"ronde": str(round_number), **form, **other})


def now(played: Played) -> str:
    return str(played.block.version)


def finish_given(played: Played) -> Any:
    place(played)
    played.post("question", ronde="1", versie=now(played), wankel="4", vraag="Wat speelde er bij jou?")
    return played.post("act", versie=now(played), handeling="Ik bel morgen")


def climb(mine: Played) -> Any:
    mine.post("write", versie=now(mine), s1="De deur ging dicht", s4="Hij wil niet", s7="Ik liep weg")
    mine.post("descend", versie=now(mine), v4="Wat wilde hij zeggen?")
    return mine.post("act", versie=now(mine), handeling="Ik vraag het hem")


# --- scoring


@given(rungs, rungs)
def test_exact_counts_whole_one_rung_off_half_and_further_nothing(right: int, chosen: int) -> None:
    assert rung_points(right, chosen) == {0: 1, 1: 0.5}.get(abs(right - chosen), 0)
    assert rung_points(right, chosen) == rung_points(chosen, right)


# --- a given incident


def test_the_key_and_the_models_are_not_on_the_page_before_their_time(played: Played) -> None:
    page = played.view()
    assert "Kaart 4" in page
    assert not any(secret in page for secret in ("Reden", "Toets", "Modelhandeling"))
    page = place(played).text
    assert "Reden 4" in page
    assert not any(secret in page for secret in ("Toets", "Modelhandeling"))
    page = played.post("question", ronde="1", versie=now(played), wankel="4", vraag="Wat speelde er?").text
    assert "Toets 4?" in page
    assert "Toets 5?" not in page
    assert "Modelhandeling" not in page
    assert "Modelhandeling" in played.post("act", versie=now(played), handeling="Ik bel").text


def test_cards_don_t_lie_in_the_order_of_the_key(played: Played) -> None:
    assert [played.block.cards[id_]["sport"] for id_ in played.block.order()] != sorted(RUNGS)


def test_it_is_done_when_one_has_climbed_down(played: Played) -> None:
    place(played, off=1)
    assert (played.block.status, played.block.score) == ("bezig", pytest.approx((6 * 0.5 + 1) / 7, abs=1e-4))
    played.post("question", ronde="1", versie=now(played), wankel="4", vraag="Wat speelde er?")
    assert played.block.status == "bezig"
    played.post("act", versie=now(played), handeling="Ik bel")
    assert played.block.status == "afgerond"
    assert len(played.published("completion")) == 1


def test_each_card_says_how_near_it_was(played: Played) -> None:
    other: dict[str, Any] = {"sport-k1": "2", "sport-k2": "5"}
    page = place(played, **other).text
    assert "5 kaartjes van 7 lagen op dezelfde sport als bij ons" in page
    assert "Jij koos sport 2. Wij één sport ernaast, 1:" in page
    assert "Jij koos sport 5, wij sport 2:" in page


def test_an_attempt_holds_rungs_and_points_and_counts_for_the_group(played: Played) -> None:
    place(played)
    (attempt,) = played.published("attempt")
    assert attempt["answers"]["k4"] == [4, 1.0]
    assert InferenceLadder.tally([attempt["answers"]] * 5)["k4"] == {"n": 5, "p": 1.0, "gekozen": [{"4": 5}]}


def test_what_one_writes_at_a_given_ladder_is_private_too(played: Played) -> None:
    finish_given(played)
    secrets_are_private(played, "Wat speelde er bij jou?", "Ik bel morgen")


def test_one_may_lay_the_cards_again_and_stays_done(played: Played) -> None:
    finish_given(played)
    played.post("again", ronde="1")
    assert not any(secret in played.view() for secret in ("Reden", "Toets", "Ik bel morgen"))
    place(played, round_number=2)
    assert played.block.status == "afgerond"
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]


@pytest.mark.parametrize("rung", ["", "0", "8", "²", "4.0", "vier"])
def test_a_rung_that_isn_t_there_is_refused_and_the_rest_stays_chosen(played: Played, rung: str) -> None:
    other: dict[str, Any] = {"sport-k4": rung}
    refused = place(played, **other)
    assert refused.status_int == 422
    assert "Kies een sport voor kaartje " in refused.text
    assert refused.text.count(" selected") == 6
    assert not played.published("attempt")


@pytest.mark.parametrize("form", [{"wankel": "9", "vraag": "x"}, {"wankel": "4", "vraag": " "}, {"vraag": "x" * 1001}])
def test_a_question_needs_a_rung_and_words(played: Played, form: dict[str, str]) -> None:
    place(played)
    assert played.post("question", ronde="1", versie="0", **form).status_int == 422
    assert not played.block.written


def test_double_clicks_and_stale_tabs_change_nothing(played: Played) -> None:
    place(played)
    form = {"ronde": "1", "versie": now(played), "wankel": "4", "vraag": "Wat speelde er?"}
    played.post("question", **form)
    before = copy.deepcopy(played.fields)
    assert played.post("question", **form).status_int == 200
    assert place(played, off=2).status_int == 200
    assert place(played, round_number=2).status_int == 200
    assert played.post("write", versie=now(played), s1="x", s7="y").status_int == 200
    assert played.fields == before
    assert len(played.published("attempt")) == 1


def test_new_words_from_a_stale_tab_come_back_instead_of_being_lost(played: Played) -> None:
    place(played)
    form = {"ronde": "1", "versie": now(played), "wankel": "4"}
    played.post("question", **form, vraag="Eerste")
    refused = played.post("question", **form, vraag="Tweede")
    assert refused.status_int == 422
    assert "In een ander venster" in refused.text
    assert "Tweede</textarea>" in refused.text
    assert played.block.written["vraag"] == "Eerste"


def test_new_words_from_a_stale_tab_come_back_at_their_own_step(mine: Played) -> None:
    climb(mine)
    refused = mine.post("write", versie="0", s1="Iets heel anders", s7="Ik bleef")
    assert refused.status_int == 422
    assert "Iets heel anders</textarea>" in refused.text
    assert mine.block.step == "geheel"
    assert "Iets heel anders" not in mine.view()
    assert mine.post("write", versie=now(mine), s1="Iets heel anders", s7="Ik bleef").status_int == 200
    assert mine.block.written["s1"] == "Iets heel anders"


# --- an own incident


def test_an_own_ladder_goes_up_and_down_and_then_it_is_done(mine: Played) -> None:
    assert "Geen namen, graag." in mine.view()
    page = climb(mine).text
    assert mine.block.status == "afgerond"
    assert all(words in page for words in ("De deur ging dicht", "Wat wilde hij zeggen?", "Ik vraag het hem"))
    assert (mine.published("attempt"), mine.block.score) == ([], None)


def test_an_own_ladder_is_private_whole(mine: Played) -> None:
    climb(mine)
    secrets_are_private(mine, "De deur ging dicht", "Wat wilde hij zeggen?", "Ik vraag het hem")
    assert {kind for kind, _ in mine.runtime.events} == {"progress", "completion", "told"}
    assert mine.published("told") == [{"verb": "completed"}, {"verb": "reflected"}]


def test_only_the_first_and_last_rung_are_needed(mine: Played) -> None:
    refused = mine.post("write", versie="0", s1="", s7="", s3="Betekenis")
    assert refused.status_int == 422
    assert "wat had een camera gezien?" in refused.text
    assert "Betekenis</textarea>" in refused.text
    page = mine.post("write", versie="0", s1="Gezien", s7="Gedaan").text
    assert "Toets 1?" in page
    assert "Toets 3?" not in page


def test_climbing_down_needs_one_question(mine: Played) -> None:
    mine.post("write", versie="0", s1="Gezien", s7="Gedaan")
    assert mine.post("descend", versie="1", v1=" ", v3="Op een lege sport").status_int == 422
    assert mine.post("descend", versie="1", v7="Wat had ik nodig?").status_int == 200
    assert mine.block.step == "handeling"


def test_one_can_go_back_and_write_it_differently(mine: Played) -> None:
    climb(mine)
    mine.post("back", versie=now(mine), stap="omhoog")
    page = mine.view()
    assert "De deur ging dicht</textarea>" in page
    mine.post("write", versie=now(mine), s1="De deur ging open", s4="", s7="Ik bleef")
    assert mine.block.written == {
        "s1": "De deur ging open", "s7": "Ik bleef", "handeling": "Ik vraag het hem",
    }  # fmt: skip
    assert mine.block.status == "afgerond"


def test_an_own_ladder_can_be_wiped(mine: Played) -> None:
    climb(mine)
    stale = mine.post("erase", versie="0")
    assert stale.status_int == 200
    assert mine.block.written
    page = mine.post("erase", versie=now(mine)).text
    assert "De deur" not in page
    assert (mine.block.written, mine.block.status) == ({}, "afgerond")


def test_an_own_ladder_is_not_wiped_by_what_belongs_to_a_given_one(mine: Played) -> None:
    climb(mine)
    before = copy.deepcopy(mine.fields)
    for form in ({"ronde": "1"}, {"ronde": "2"}):
        assert mine.post("again", **form).status_int == 200
        assert mine.post("place", **form).status_int == 200
    assert mine.fields == before


# --- both


HANDLERS = ["place", "question", "write", "descend", "act", "back", "erase", "again", "proceed"]
NAMES = ["ronde", "versie", "item", "wankel", "vraag", "handeling", "stap", "s1", "s7", "v1", "sport-k1"]


@pytest.mark.parametrize("data", [incident(), own()], ids=["gegeven", "eigen"])
def test_hostile_posts_change_nothing(data: dict[str, Any]) -> None:
    played = Played(InferenceLadder, data)
    withstands(played, [name for name in HANDLERS if name != "write"], NAMES)
    (climb if data["vorm"] == "eigen" else finish_given)(played)
    played.fields["version"] = 5  # so that no value is the version by chance
    withstands(played, HANDLERS, NAMES)


def test_html_of_an_author_and_of_a_learner_stays_text(played: Played, mine: Played) -> None:
    page = played.view() + mine.view() + mine.post("write", versie="0", s1="<u>x", s7="y").text
    assert all(words in page for words in ("leeg &lt;i&gt;", "Naam 4 &lt;b&gt;", "&lt;u&gt;x"))
    assert "<u>" not in page


def test_the_ladder_is_drawn_with_a_piece_for_every_rung_and_can_be_read_as_a_list(
    played: Played, mine: Played
) -> None:
    down = mine.post("write", versie="0", **{f"s{rung}": f"Tekst {rung}" for rung in RUNGS}).text
    for page in (played.view(), place(played).text, down):
        assert page.count('class="ladder__sport"') == 7
        assert re.findall(r'<li value="(.)"', page) == list("7654321")


def test_only_an_own_ladder_is_the_same_for_everybody_at_first() -> None:
    first = {kind: {Played(InferenceLadder, data, user=user).view() for user in "abcdefgh"}
             for kind, data in (("own", own()), ("given", incident()))}  # fmt: skip
    assert len(first["own"]) == 1 < len(first["given"])
    assert Played(InferenceLadder, own()).block.is_same_at_first("student_view")
    assert not Played(InferenceLadder, incident()).block.is_same_at_first("student_view")


def test_an_own_ladder_is_written_from_below(mine: Played) -> None:
    assert re.findall(r'<li value="(.)"', mine.view()) == list("1234567")


def test_every_state_can_be_read_in_english() -> None:
    played = Played(InferenceLadder, incident(), language="en")
    assert "Choose a rung" in played.view()
    assert "This exercise is complete" in finish_given(played).text
    mine = Played(InferenceLadder, own(), language="en")
    assert "Down the ladder" in mine.view()
    assert "up the ladder and down again" in climb(mine).text


# --- gates


def test_the_numbers_of_rungs_may_be_numbers() -> None:
    text = "ladder: {sporten: {1: {naam: a, toetsvraag: b}}, titel: x}"
    assert InferenceLadder.read(text).data["sporten"] == {"1": {"naam": "a", "toetsvraag": "b"}}
    assert InferenceLadder.read(text).line(("sporten", "1")) == 1
    assert read_yaml(text).data["sporten"] != InferenceLadder.read(text).data["sporten"]


def test_good_content_has_no_problems() -> None:
    assert InferenceLadder.check(incident()) == []
    assert InferenceLadder.check(own()) == []


def cards(index: int, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = copy.deepcopy(incident()["kaartjes"])
    found[index] |= more
    return found


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"vorm": "half"}, ("vorm",)),
        ({"incident": " "}, ("incident",)),
        ({"sporten": [1]}, ("sporten",)),
        ({"sporten": {**steps(), "4": None}}, ("sporten", "4")),
        ({"sporten": {**steps(), "4": {"naam": "x"}}}, ("sporten", "4")),
        ({"sporten": {**steps(), "4": {"naam": "x", "toetsvraag": "y", "hulp": 3}}}, ("sporten", "4", "hulp")),
        ({"sporten": {**steps(), "8": {"naam": "x", "toetsvraag": "y"}}}, ("sporten", "8")),
        ({"sporten": {n: rung for n, rung in steps().items() if n != "3"}}, ("sporten",)),
        ({"handeling": "bel"}, ("handeling",)),
        ({"handeling": {"prompt": "Wat doe je?"}}, ("handeling",)),
        ({"kaartjes": "x"}, ("kaartjes",)),
        ({"kaartjes": cards(0)[:6]}, ("kaartjes",)),
        ({"kaartjes": cards(0, id="k1")}, ("kaartjes", 1, "id")),
        ({"kaartjes": cards(0, tekst="")}, ("kaartjes", 0, "tekst")),
        ({"kaartjes": cards(0, sport=8)}, ("kaartjes", 0, "sport")),
        ({"kaartjes": cards(1, sport=True)}, ("kaartjes", 1, "sport")),
        ({"kaartjes": cards(1, sport=1.0)}, ("kaartjes", 1, "sport")),
        ({"kaartjes": cards(1, sport=2)}, ("kaartjes",)),
        ({"kaartjes": sorted(cards(0), key=lambda card: int(card["sport"]))}, ("kaartjes",)),
        ({"competenties": "C2"}, ("competenties",)),
    ],
)
def test_each_gate_of_a_given_ladder_names_the_place_and_a_remedy(
    broken: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    found = {problem.path: problem.reason for problem in InferenceLadder.check(incident(**broken))}
    assert found.get(path)


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"prompts": None}, ("prompts",)),
        ({"prompts": {"incident": "x"}}, ("prompts",)),
        ({"prompts": {"incident": "x", "handeling": ""}}, ("prompts", "handeling")),
        ({"tegen_namen": ""}, ("tegen_namen",)),
        ({"privacyklasse": "B"}, ("privacyklasse",)),
        ({"sporten": {}}, ("sporten",)),
    ],
)
def test_each_gate_of_an_own_ladder_names_the_place_and_a_remedy(
    broken: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    found = {problem.path: problem.reason for problem in InferenceLadder.check(own(**broken))}
    assert found.get(path)


@given(junk, st.sampled_from(["kaartjes", "sporten", "handeling", "prompts", "vorm"]), st.sampled_from([incident, own]))
def test_no_content_makes_the_gate_fall_over(value: Any, name: str, good: Any) -> None:
    assert isinstance(InferenceLadder.check(good(**{name: value})), list)
