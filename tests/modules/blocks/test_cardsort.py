"""Sorting cards: curriculum 3.k."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.cardsort.block import Cardsort
from modules.blocks.cardsort.rules import bin_points, moved, place_points, sequence_score
from tests.modules.toy import Played

CARDS = [f"k{n}" for n in range(1, 6)]
orders = st.permutations(CARDS)


def bins(**more: Any) -> dict[str, Any]:
    return {
        "id": "nu-later", "titel": "Nu of later", "vorm": "bakken",
        "bakken": {"nu": "Helpt nu", "later": "Helpt later", "nooit": "Nooit"},
        "items": [
            {"id": "k1", "tekst": "Kaart een <b>", "bak": "nu", "half": {"later": 0.5}, "uitleg": "Reden een <i>"},
            {"id": "k2", "tekst": "Kaart twee", "bak": "later", "uitleg": "Reden twee"},
            {"id": "k3", "tekst": "Kaart drie", "bak": "nooit", "uitleg": "Reden drie"},
        ],
        **more,
    }  # fmt: skip


def sequence(**more: Any) -> dict[str, Any]:
    cards = [{"id": card, "tekst": f"Sport {card}", "uitleg": f"Reden {card}"} for card in CARDS]
    return {"id": "ladder", "titel": "De ladder", "vorm": "volgorde", "items": cards, **more}


def sort_all(played: Played, chosen: dict[str, str], round_number: int = 1) -> None:
    while card := played.block.current:
        assert played.post("answer", ronde=str(round_number), item=card, bak=chosen[card]).status_int == 200
        played.post("proceed", ronde=str(round_number), item=card)


def places(order: list[str]) -> dict[str, str]:
    return {f"plek-{card}": str(place) for place, card in enumerate(order, 1)}


# --- scoring


@given(st.sampled_from(["nu", "later", "nooit"]))
def test_a_card_earns_most_in_its_own_bin(chosen: str) -> None:
    card = bins()["items"][0]
    assert bin_points(card, chosen) == {"nu": 1, "later": 0.5, "nooit": 0}[chosen]


@given(orders, st.sampled_from(CARDS))
def test_one_place_off_counts_as_right_and_two_does_not(order: list[str], card: str) -> None:
    off = abs(CARDS.index(card) - order.index(card))
    assert place_points(CARDS, order, card) == (1 if off <= 1 else 0)


@given(orders)
def test_a_sequence_scores_the_share_of_cards_in_place(order: list[str]) -> None:
    assert 0 <= sequence_score(CARDS, order) <= 1
    assert sequence_score(order, order) == 1


@given(orders, st.sampled_from(CARDS), st.sampled_from([-1, 1]))
def test_moving_a_card_keeps_all_cards_and_the_order_of_the_others(order: list[str], card: str, step: int) -> None:
    result = moved(order, card, step)
    assert [each for each in result if each != card] == [each for each in order if each != card]
    assert result.index(card) == min(max(order.index(card) + step, 0), len(order) - 1)


# --- bins


def test_the_bin_and_the_reason_are_not_on_the_page_before_the_answer() -> None:
    played = Played(Cardsort, bins())
    assert "Reden" not in played.view()
    card = played.block.current
    page = played.post("answer", ronde="1", item=card, bak="nu").text
    assert page.count("Reden") == 1


def test_sorting_well_enough_is_done() -> None:
    played = Played(Cardsort, bins())
    sort_all(played, {"k1": "nu", "k2": "later", "k3": "nu"})
    assert (played.block.status, played.block.score) == ("afgerond", pytest.approx(2 / 3, abs=1e-4))


def test_below_the_threshold_one_may_sort_again_as_often_as_one_likes() -> None:
    played = Played(Cardsort, bins(drempel=0.9))
    sort_all(played, {"k1": "later", "k2": "later", "k3": "nooit"})
    assert (played.block.status, played.block.score) == ("bezig", pytest.approx(2.5 / 3, abs=1e-4))
    assert "Nog niet rond" in played.view()
    played.post("again", ronde="1")
    sort_all(played, {"k1": "nu", "k2": "later", "k3": "nooit"}, 2)
    assert played.block.status == "afgerond"
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]


def test_an_attempt_says_per_card_what_was_chosen_and_earned() -> None:
    played = Played(Cardsort, bins())
    sort_all(played, {"k1": "later", "k2": "later", "k3": "nu"})
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == {"k1": ["later", 0.5], "k2": ["later", 1.0], "k3": ["nu", 0.0]}
    assert Cardsort.tally([attempt["answers"]])["k1"] == {"n": 1, "p": 0.5, "gekozen": [{"later": 1}]}


def test_bins_may_be_a_plain_list_of_names() -> None:
    data = bins(bakken=["nu", "later", "nooit"])
    assert Cardsort.check(data) == []
    assert 'value="later"' in Played(Cardsort, data).view()


def test_each_round_has_an_order_of_its_own_that_stays() -> None:
    cards = [{"id": f"k{n}", "tekst": "x", "bak": "nu", "uitleg": "y"} for n in range(12)]
    played = Played(Cardsort, bins(items=cards))
    first = played.block.order()
    assert first == played.block.order()
    played.fields["round_number"] = 2
    assert played.block.order() != first
    assert sorted(played.block.order()) == sorted(first)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"bak": "kelder"}, "Kies waar dit kaartje hoort."),
        ({}, "Kies waar dit kaartje hoort."),
        ({"item": "k9", "bak": "nu"}, "Deze vraag hoort niet bij deze oefening."),
        ({"ronde": "-1", "bak": "nu"}, "Laad de pagina opnieuw."),
        ({"bak": "n" * 30_000}, "Dit is te lang of geen tekst."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(form: dict[str, str], said: str) -> None:
    played = Played(Cardsort, bins())
    refused = played.post("answer", **{"ronde": "1", "item": played.block.current, **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert not played.block.answers


def test_a_second_click_and_a_stale_tab_change_nothing() -> None:
    played = Played(Cardsort, bins())
    card = played.block.current
    played.post("answer", ronde="1", item=card, bak="nu")
    before = dict(played.fields)
    for handler, form in [
        ("answer", {"ronde": "1", "item": card, "bak": "later"}), ("again", {"ronde": "1"}),
        ("answer", {"ronde": "2", "item": card, "bak": "later"}), ("proceed", {"ronde": "2", "item": card}),
        ("arrange", {"ronde": "1", **places(CARDS)}), ("move", {"ronde": "1", "stap": "k1:omhoog"}),
    ]:  # fmt: skip
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, handler


def test_html_on_a_card_stays_text() -> None:
    played = Played(Cardsort, bins(items=[bins()["items"][0]]))
    page = played.view() + played.post("answer", ronde="1", item="k1", bak="nu").text
    assert "Kaart een &lt;b&gt;" in page
    assert "Reden een &lt;i&gt;" in page
    assert "<i>" not in page


# --- a sequence


def test_the_right_order_and_the_reasons_are_not_on_the_page_before_the_answer() -> None:
    played = Played(Cardsort, sequence())
    assert "Reden" not in played.view()
    assert played.block.arranged != CARDS


def test_a_sequence_within_one_place_everywhere_is_right() -> None:
    played = Played(Cardsort, sequence())
    assert played.post("arrange", ronde="1", **places(["k2", "k1", "k4", "k3", "k5"])).status_int == 200
    assert (played.block.status, played.block.score) == ("afgerond", 1)
    assert played.published("attempt")[0]["answers"]["k1"] == [2, 1.0]


def test_a_sequence_turned_round_may_be_laid_again() -> None:
    played = Played(Cardsort, sequence())
    page = played.post("arrange", ronde="1", **places(CARDS[::-1])).text
    assert (played.block.status, played.block.score) == ("bezig", 0.2)
    assert "Nog niet rond" in page
    played.post("again", ronde="1")
    assert "Reden" not in played.view()
    played.post("arrange", ronde="2", **places(CARDS))
    assert played.block.status == "afgerond"


def test_a_button_moves_a_card_one_place_and_keeps_the_keyboard_there() -> None:
    played = Played(Cardsort, sequence())
    start = played.block.arranged
    page = played.post("move", ronde="1", stap=f"{start[2]}:omhoog", **places(start)).text
    assert played.block.arranged == moved(start, start[2], -1)
    focused = page.split("data-focus")[0].rsplit("<button", 1)[1]
    assert f'value="{start[2]}:omhoog"' in focused
    assert not played.published("attempt")


def test_the_same_move_sent_twice_moves_once() -> None:
    """The form says where the cards lay, so a repeated post lands in the same place."""
    played = Played(Cardsort, sequence())
    form = {"ronde": "1", "stap": f"{played.block.arranged[0]}:omlaag", **places(played.block.arranged)}
    played.post("move", **form)
    once = played.block.arranged
    played.post("move", **form)
    assert played.block.arranged == once


def test_places_chosen_in_the_lists_are_kept_when_a_button_is_pressed() -> None:
    played = Played(Cardsort, sequence())
    played.post("move", ronde="1", stap="k1:omhoog", **places(CARDS[::-1]))
    assert played.block.arranged == ["k5", "k4", "k3", "k1", "k2"]


def test_a_sequence_sent_twice_is_one_attempt() -> None:
    played = Played(Cardsort, sequence())
    for _ in range(2):
        assert played.post("arrange", ronde="1", **places(CARDS)).status_int == 200
    assert len(played.published("attempt")) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"plek-k2": "1"}, "Plek 1 is twee keer gekozen."),
        ({"plek-k2": "6"}, "Kies een plek voor elk kaartje."),
        ({"plek-k2": ""}, "Kies een plek voor elk kaartje."),
        ({"plek-k2": "²"}, "Kies een plek voor elk kaartje."),
    ],
)
def test_places_that_cannot_be_are_refused_and_still_chosen(wrong: dict[str, str], said: str) -> None:
    played = Played(Cardsort, sequence())
    refused = played.post("arrange", ronde="1", **{**places(CARDS), **wrong})
    assert refused.status_int == 422
    assert said in refused.text
    assert not played.published("attempt")
    assert refused.text.count("selected") >= 4


@pytest.mark.parametrize("step", ["k1:zijwaarts", "k9:omhoog", "k1", ""])
def test_a_move_that_does_not_exist_is_refused(step: str) -> None:
    played = Played(Cardsort, sequence())
    assert played.post("move", ronde="1", stap=step, **places(CARDS)).status_int == 422
    assert not played.block.draft


# --- gates


def test_good_content_has_no_problems() -> None:
    assert Cardsort.check(bins()) == []
    assert Cardsort.check(sequence()) == []


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"vorm": "stapel"}, ("vorm",)),
        ({"drempel": 0}, ("drempel",)),
        ({"drempel": True}, ("drempel",)),
        ({"bakken": "nu"}, ("bakken",)),
        ({"bakken": {"nu": "Nu"}}, ("bakken",)),
        ({"bakken": {"nu": "Nu", "later": "Later", "nooit": "Nooit", "leeg": "Leeg"}}, ("bakken",)),
        ({"items": [{"id": "k1", "tekst": "x", "bak": "elders", "uitleg": "y"}]}, ("items", 0, "bak")),
        ({"items": [{"id": "k1", "tekst": "x", "bak": ["nu"], "uitleg": "y"}]}, ("items", 0, "bak")),
        ({"items": [{"id": "k1", "tekst": "x", "bak": "nu", "uitleg": ""}]}, ("items", 0, "uitleg")),
        (
            {"items": [{"id": "k1", "tekst": "x", "bak": "nu", "uitleg": "y", "half": {"nu": 0.5}}]},
            ("items", 0, "half", "nu"),
        ),
        (
            {"items": [{"id": "k1", "tekst": "x", "bak": "nu", "uitleg": "y", "half": {"later": 2}}]},
            ("items", 0, "half", "later"),
        ),
        ({"items": [{"id": "k1", "tekst": "x", "bak": "nu", "uitleg": "y", "half": 0.5}]}, ("items", 0, "half")),
    ],
)
def test_each_gate_names_the_place(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    assert path in [problem.path for problem in Cardsort.check(bins(**broken))]


def test_a_sequence_of_two_is_no_sequence() -> None:
    assert [problem.path for problem in Cardsort.check(sequence(items=sequence()["items"][:2]))] == [("items",)]
