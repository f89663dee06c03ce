"""Situations with actions to choose from: curriculum 3.k, units 3.4, 4.3 and 4.4."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.decisioncards.block import DecisionCards
from modules.blocks.decisioncards.rules import action_points, is_safe
from tests.modules.blocks.hostile import junk_of
from tests.modules.toy import Played

ACTIONS = {"luisteren": "Doorgaan met luisteren", "begrenzen": "Begrenzen", "melden": "Stoppen en melden"}


def situation(n: int, key: dict[str, float], **more: Any) -> dict[str, Any]:
    told = {action: f"Uitleg {action} {n} <i>" for action in more.get("acties", ACTIONS)}
    return {"id": f"g{n}", "thema": f"thema {n}", "tekst": f"Situatie {n} <b>", "sleutel": key, "uitleg": told, **more}


def cards(**more: Any) -> dict[str, Any]:
    return {
        "id": "grenzen", "titel": "Grenzen", "inleiding": "Wat doe jij?", "acties": ACTIONS,
        "items": [
            situation(1, {"luisteren": 1, "begrenzen": 0.5}),
            situation(2, {"melden": 1, "begrenzen": 0.5}, sleutelsituatie=True),
            situation(3, {"begrenzen": 1}),
        ],
        **more,
    }  # fmt: skip


def own_actions() -> dict[str, Any]:
    items = [
        situation(n, {"a": 1, "c": 0.5}, acties={"a": "Stilte laten vallen", "b": "Doorpraten", "c": "Vragen"})
        for n in range(3)
    ]
    data = cards(items=items)
    del data["acties"]
    return data


def choose(played: Played, action: str, ronde: int = 1) -> str:
    page = played.post("answer", ronde=str(ronde), item=played.block.current, actie=action)
    assert page.status_int == 200
    return str(page.text)


def onward(played: Played, ronde: int = 1) -> None:
    played.post("proceed", ronde=str(ronde), item=played.block.current)


# --- points


@given(st.sampled_from([*ACTIONS, "weglopen", ""]))
def test_an_action_is_worth_what_the_key_gives_and_else_nothing(action: str) -> None:
    assert action_points(cards()["items"][0], action) == {"luisteren": 1, "begrenzen": 0.5}.get(action, 0)


@given(st.lists(st.sampled_from(list(ACTIONS)), max_size=4))
def test_only_a_key_situation_holds_one_back_until_it_is_right(chosen: list[str]) -> None:
    ordinary, key, _ = cards()["items"]
    assert is_safe(ordinary, chosen)
    assert is_safe(key, chosen) == ("melden" in chosen)


# --- the flow


def test_what_is_right_and_why_is_not_on_the_page_before_the_answer() -> None:
    page = Played(DecisionCards, cards()).view()
    assert "Uitleg" not in page
    assert "past" not in page


def test_after_a_choice_every_action_is_explained_the_chosen_one_first() -> None:
    page = choose(Played(DecisionCards, cards()), "melden")
    assert page.count("Uitleg") == 3
    assert page.index("Uitleg melden") < page.index("Uitleg luisteren")
    assert "Wij zien het anders." in page


def test_half_right_is_said_without_a_grade() -> None:
    assert "Dat kan ook." in choose(Played(DecisionCards, cards()), "begrenzen")


def test_a_key_situation_explains_at_once_and_asks_again_without_giving_the_answer_away() -> None:
    played = Played(DecisionCards, cards())
    choose(played, "luisteren")
    onward(played)
    assert "sleutelsituatie" not in played.view()
    page = choose(played, "luisteren")
    assert "sleutelsituatie" in page
    assert "Hier is iets anders nodig." in page
    assert "Uitleg luisteren 2" in page
    assert "Uitleg melden" not in page
    onward(played)
    assert played.block.current == "g2"
    page = played.post("retry", ronde="1", item="g2", actie="begrenzen").text
    assert "Uitleg begrenzen 2" in page
    assert "Uitleg melden" not in page
    page = played.post("retry", ronde="1", item="g2", actie="melden").text
    assert "Ja, dit is hier nodig." in page
    assert page.count("Uitleg") == 3
    onward(played)
    assert played.block.current == "g3"


def test_the_first_choice_at_a_key_situation_counts_for_the_score() -> None:
    played = Played(DecisionCards, cards())
    choose(played, "luisteren")
    onward(played)
    choose(played, "begrenzen")
    played.post("retry", ronde="1", item="g2", actie="melden")
    onward(played)
    choose(played, "begrenzen")
    assert played.block.score == pytest.approx(2.5 / 3, abs=1e-4)
    (attempt,) = played.published("attempt")
    assert attempt["answers"]["g2"] == ["begrenzen", 0.5]
    assert DecisionCards.tally([attempt["answers"]])["g2"] == {"n": 1, "p": 0.5, "gekozen": [{"begrenzen": 1}]}


def test_it_is_done_when_the_last_key_situation_is_right_also_when_that_comes_last() -> None:
    items = [cards()["items"][0], cards()["items"][1]]
    played = Played(DecisionCards, cards(items=items))
    choose(played, "melden")
    onward(played)
    choose(played, "luisteren")
    assert (played.block.status, len(played.published("attempt"))) == ("bezig", 1)
    played.post("retry", ronde="1", item="g2", actie="melden")
    assert played.block.status == "afgerond"
    assert "Je koos eerst:" in _result(played)


def _result(played: Played) -> str:
    onward(played)
    return played.view()


def test_ordinary_situations_may_be_wrong_and_it_is_done() -> None:
    played = Played(DecisionCards, cards(let_op="Bel bij gevaar eerst."))
    choose(played, "melden")
    onward(played)
    choose(played, "melden")
    onward(played)
    choose(played, "luisteren")
    assert (played.block.status, played.block.score) == ("afgerond", pytest.approx(1 / 3, abs=1e-4))
    page = _result(played)
    assert "Bij 1 van de 3 situaties koos je meteen zoals wij." in page
    assert "Bel bij gevaar eerst." in page


def test_once_more_mixes_the_situations_and_stays_done() -> None:
    played = Played(DecisionCards, cards())
    for action in ("luisteren", "melden", "begrenzen"):
        choose(played, action)
        onward(played)
    played.post("again", ronde="1")
    assert (played.block.round_number, played.block.answers, played.block.status) == (2, {}, "afgerond")
    assert sorted(played.block.order()) == ["g1", "g2", "g3"]


def test_situations_with_actions_of_their_own_show_those_mixed() -> None:
    data = own_actions()
    assert DecisionCards.check(data) == []
    played = Played(DecisionCards, data)
    orders = [list(Played(DecisionCards, data, user=user).block.actions("g0")) for user in "abcdefgh"]
    assert {order[0] for order in orders} == {"a", "b", "c"}
    assert "Zo zien wij het ook." in choose(played, "a")


def test_in_english_all_around_the_situations_is_english() -> None:
    played = Played(DecisionCards, cards(), language="en")
    page = played.view()
    assert "What do you do?" in page
    assert 'lang="nl">Situatie 1' in page


# --- what doesn't fit


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"actie": "weglopen"}, "Kies wat jij zou doen."),
        ({}, "Kies wat jij zou doen."),
        ({"item": "g9", "actie": "melden"}, "Deze vraag hoort niet bij deze oefening."),
        ({"ronde": "x", "actie": "melden"}, "Laad de pagina opnieuw."),
        ({"actie": "m" * 30_000}, "Dit is te lang of geen tekst."),
        ({"actie": "melden\x00"}, "Dit is te lang of geen tekst."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(form: dict[str, str], said: str) -> None:
    played = Played(DecisionCards, cards())
    refused = played.post("answer", **{"ronde": "1", "item": "g1", **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert not played.block.answers


def test_a_second_click_a_stale_tab_and_a_situation_that_is_not_due_change_nothing() -> None:
    played = Played(DecisionCards, cards())
    choose(played, "luisteren")
    before = deepcopy(played.fields)
    for handler, form in [
        ("answer", {"ronde": "1", "item": "g1", "actie": "melden"}), ("again", {"ronde": "1"}),
        ("retry", {"ronde": "1", "item": "g1", "actie": "melden"}), ("proceed", {"ronde": "2", "item": "g1"}),
        ("answer", {"ronde": "1", "item": "g2", "actie": "melden"}),
        ("retry", {"ronde": "1", "item": "g2", "actie": "melden"}),
        ("proceed", {"ronde": "1", "item": "g2"}),
    ]:  # fmt: skip
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, handler


def test_the_same_wrong_choice_twice_is_one() -> None:
    played = Played(DecisionCards, cards())
    choose(played, "luisteren")
    onward(played)
    choose(played, "begrenzen")
    for action in ("begrenzen", "luisteren", "luisteren"):
        played.post("retry", ronde="1", item="g2", actie=action)
    assert played.block.chosen("g2") == ["begrenzen", "luisteren"]
    assert played.post("retry", ronde="1", item="g2", actie="weglopen").status_int == 422


def test_html_stays_text() -> None:
    page = choose(Played(DecisionCards, cards()), "luisteren")
    assert "Situatie 1 &lt;b&gt;" in page
    assert "Uitleg luisteren 1 &lt;i&gt;" in page
    assert "<i>" not in page


# --- gates


def test_good_content_has_no_problems() -> None:
    assert DecisionCards.check(cards()) == []


def _broken(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = deepcopy(cards())
    at = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return dict(data)


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("acties",), {"melden": "Melden"}, ("acties",)),
        (("acties",), ["melden", "luisteren"], ("acties",)),
        (("acties", "melden"), " ", ("acties", "melden")),
        (("items",), [], ("items",)),
        (("items", 0), 3, ("items", 0)),
        (("items", 0, "tekst"), "", ("items", 0, "tekst")),
        (("items", 0, "thema"), 4, ("items", 0, "thema")),
        (("items", 0, "sleutel"), "melden", ("items", 0, "sleutel")),
        (("items", 0, "sleutel"), {}, ("items", 0, "sleutel")),
        (("items", 0, "sleutel"), {"melden": 0.5}, ("items", 0, "sleutel")),
        (("items", 0, "sleutel"), {"melden": 2, "luisteren": 1}, ("items", 0, "sleutel", "melden")),
        (("items", 0, "sleutel"), {"weg": 1}, ("items", 0, "sleutel", "weg")),
        (("items", 0, "sleutelsituatie"), "ja", ("items", 0, "sleutelsituatie")),
        (("items", 0, "uitleg"), "omdat", ("items", 0, "uitleg")),
        (("items", 0, "uitleg", "melden"), "", ("items", 0, "uitleg", "melden")),
        (("items", 0, "uitleg"), {"luisteren": "x", "begrenzen": "y"}, ("items", 0, "uitleg")),
        (("items", 0, "uitleg", "weg"), "x", ("items", 0, "uitleg", "weg")),
        (("items", 0, "acties"), {"a": "A"}, ("items", 0, "acties")),
    ],
)
def test_each_gate_names_the_place(place: tuple[Any, ...], value: Any, path: tuple[Any, ...]) -> None:
    assert path in [problem.path for problem in DecisionCards.check(_broken(place, value))]


def test_without_actions_anywhere_there_is_nothing_to_choose() -> None:
    data = cards()
    del data["acties"]
    assert ("items", 0) in [problem.path for problem in DecisionCards.check(data)]


def test_the_same_action_may_not_be_right_almost_always() -> None:
    items = [situation(n, {"melden": 1}) for n in range(5)]
    assert [problem.path for problem in DecisionCards.check(cards(items=items))] == [("items",)]
    items[0]["sleutel"], items[1]["sleutel"] = {"luisteren": 1}, {"begrenzen": 1}
    assert DecisionCards.check(cards(items=items)) == []


def test_the_right_one_of_own_actions_may_not_be_the_longest_almost_always() -> None:
    own = {"a": "Vragen wat er speelt, en dan wachten", "b": "Weg", "c": "Door"}
    items = [situation(n, {"a": 1}, acties=own) for n in range(5)]
    assert [problem.path for problem in DecisionCards.check(cards(items=items))] == [("items",)]


@given(junk_of("items", "acties", "sleutel", "uitleg", "id", "melden"))
def test_whatever_an_author_wrote_is_answered_with_problems(value: Any) -> None:
    for name in ("items", "acties"):
        assert all(problem.reason for problem in DecisionCards.check({**cards(), name: value}))
    assert DecisionCards.check({"items": [{"id": "x", "acties": value, "sleutel": value, "uitleg": value}]})
