"""Replying to a line, and asking a question of your own: curriculum 3.k and unit 1.3."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.base import MAX_TEXT
from modules.blocks.replydrill.block import LONGEST_OWN, ReplyDrill
from modules.blocks.replydrill.rules import longest_is_best, reply_points
from tests.modules.blocks.hostile import junk_of
from tests.modules.toy import Played

OWN = "Wat zou jou een uur schelen, vraag ik Truus?"


def line(n: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"LL{n}", "spreker": "fruitteler", "tekst": f"Zin {n} <b>",
        "reacties": [
            {"code": "inhoud", "tekst": f"Inhoud {n}", "waarde": 1, "uitleg": f"Uitleg inhoud {n} <i>"},
            {"code": "gevoel", "tekst": f"Gevoel {n}", "waarde": 0.5, "uitleg": f"Uitleg gevoel {n}"},
            {"code": "advies", "tekst": f"Een advies dat lang is {n}", "waarde": 0, "uitleg": f"Uitleg advies {n}"},
        ],
        "voorbeeld": f"Model {n}?",
        **more,
    }  # fmt: skip


def drill(**more: Any) -> dict[str, Any]:
    return {
        "id": "lsd", "titel": "Luisterlijnen", "inleiding": "Lees de zin.", "opdracht": "Typ je eigen open vraag.",
        "codes": {"inhoud": "Vat de inhoud samen", "gevoel": "Vat het gevoel samen", "advies": "Geeft advies"},
        "hints": ["gesloten_vraag"], "items": [line(1), line(2), line(3)],
        **more,
    }  # fmt: skip


def place(played: Played, item: str, position: int) -> str:
    """Where the reply with this authored position stands on the page."""
    places: dict[str, int] = played.block.shown(item)
    return next(place for place, at in places.items() if at == position)


def choose(played: Played, position: int, ronde: int = 1) -> Any:
    item = played.block.current
    return played.post("answer", ronde=str(ronde), item=item, reactie=place(played, item, position))


def one_line(played: Played, position: int = 0, ronde: int = 1, own: str = OWN) -> None:
    item = played.block.current
    choose(played, position, ronde)
    assert played.post("own", ronde=str(ronde), item=item, tekst=own).status_int == 200
    played.post("proceed", ronde=str(ronde), item=item)


# --- scoring


@given(st.integers(-5, 10))
def test_a_reply_is_worth_what_the_author_gave_and_one_that_is_not_there_nothing(chosen: int) -> None:
    assert reply_points(line(1), chosen) == {0: 1, 1: 0.5}.get(chosen, 0)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40)), max_size=8))
def test_the_share_in_which_the_best_reply_is_the_longest(lengths: list[tuple[int, int, int]]) -> None:
    items = [
        {"reacties": [{"tekst": "x" * n, "waarde": worth} for n, worth in zip(each, (1, 0.5, 0), strict=True)]}
        for each in lengths
    ]
    longest = sum(first > max(second, third) for first, second, third in lengths)
    assert longest_is_best(items) == (longest / len(items) if len(items) >= 3 else 0)


# --- the flow


def test_worth_reasons_and_model_are_not_on_the_page_before_an_answer() -> None:
    played = Played(ReplyDrill, drill())
    page = played.view()
    assert "Uitleg" not in page
    assert "Model" not in page
    assert "Vat de inhoud samen" not in page


def test_each_reply_gets_its_reason_at_once_and_the_model_waits_for_an_own_question() -> None:
    played = Played(ReplyDrill, drill())
    page = choose(played, 1).text
    assert page.count("Uitleg") == 3
    assert page.index("Uitleg gevoel") < page.index("Uitleg inhoud")
    assert "Dat kan ook." in page
    assert "Model 1?" not in page
    page = played.post("own", ronde="1", item="LL1", tekst=OWN).text
    assert "Model 1?" in page
    assert OWN in page


def test_a_closed_question_gets_a_hint_and_no_score() -> None:
    played = Played(ReplyDrill, drill())
    choose(played, 0)
    page = played.post("own", ronde="1", item="LL1", tekst="Vind je niet dat het anders kan?").text
    assert "Hier kan de ander alleen ja of nee zeggen" in page
    assert "<mark>Vind je niet</mark>" in page
    better = played.post("own", ronde="1", item="LL1", tekst=OWN).text
    assert "Hier kan de ander" not in better
    assert played.block.texts == {"LL1": OWN}
    assert played.block.score is None


def test_without_an_own_question_one_does_not_go_on() -> None:
    played = Played(ReplyDrill, drill())
    choose(played, 0)
    assert played.post("proceed", ronde="1", item="LL1").status_int == 200
    assert played.block.current == "LL1"


def test_all_lines_done_is_done_with_the_mean_of_what_the_replies_are_worth() -> None:
    played = Played(ReplyDrill, drill(let_op="Luisteren duurt korter dan je denkt."))
    for position in (0, 1, 2):
        assert played.block.status != "afgerond"
        one_line(played, position)
    assert (played.block.status, played.block.score) == ("afgerond", 0.5)
    page = played.view()
    assert "Luisteren duurt korter" in page
    assert page.count(OWN) == 3
    assert "Model 3?" in page


def test_an_attempt_says_what_was_chosen_and_nothing_of_what_was_typed() -> None:
    played = Played(ReplyDrill, drill())
    for position in (0, 1, 2):
        one_line(played, position)
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == {"LL1": [0, "inhoud", 1.0], "LL2": [1, "gevoel", 0.5], "LL3": [2, "advies", 0.0]}
    assert OWN not in str(played.runtime.events)
    figures = ReplyDrill.tally([attempt["answers"]])
    assert figures["LL2"] == {"n": 1, "p": 0.5, "gekozen": [{"1": 1}, {"gevoel": 1}]}


def test_the_own_questions_are_private() -> None:
    assert ReplyDrill.fields["texts"].runtime_options == {"private": True}


def test_once_more_keeps_what_was_typed_and_asks_it_again() -> None:
    played = Played(ReplyDrill, drill())
    for _ in range(3):
        one_line(played)
    played.post("again", ronde="1")
    assert OWN not in played.view()
    page = choose(played, 1, 2).text
    assert OWN in page
    assert "Model" not in page
    assert played.block.status == "afgerond"


def test_the_replies_stand_in_an_order_of_ones_own_that_stays() -> None:
    items = [line(n) for n in range(12)]
    played = Played(ReplyDrill, drill(items=items))
    orders = [list(played.block.shown(item["id"]).values()) for item in items]
    assert orders == [list(played.block.shown(item["id"]).values()) for item in items]
    assert len({order[0] for order in orders}) == 3


def test_a_line_may_be_heard_as_well_as_read() -> None:
    data = drill(items=[line(1, audio={"opus": "static/ll1.opus", "mp3": "static/ll1.mp3"})])
    assert ReplyDrill.check(data) == []
    assert ReplyDrill.assets(data) == ["static/ll1.opus", "static/ll1.mp3"]
    assert "/static/ll1.opus" in Played(ReplyDrill, data).view()
    assert "<audio" not in Played(ReplyDrill, drill()).view()


def test_in_english_all_around_the_lines_is_english() -> None:
    played = Played(ReplyDrill, drill(), language="en")
    page = played.view() + choose(played, 2).text
    assert "Something else fits better here." in page
    assert '<blockquote class="stem" lang="nl">Zin 1' in page


# --- what doesn't fit


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"reactie": "4"}, "Kies een reactie."),
        ({"reactie": "0"}, "Kies een reactie."),
        ({}, "Kies een reactie."),
        ({"item": "LL9", "reactie": "1"}, "Deze vraag hoort niet bij deze oefening."),
        ({"ronde": "²", "reactie": "1"}, "Laad de pagina opnieuw."),
        ({"reactie": "1" * (MAX_TEXT + 1)}, "Dit is te lang of geen tekst."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(form: dict[str, str], said: str) -> None:
    played = Played(ReplyDrill, drill())
    refused = played.post("answer", **{"ronde": "1", "item": "LL1", **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert not played.block.answers


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST_OWN + 1)])
def test_an_empty_or_endless_question_is_refused_and_still_there(text: str) -> None:
    played = Played(ReplyDrill, drill())
    choose(played, 0)
    refused = played.post("own", ronde="1", item="LL1", tekst=text)
    assert refused.status_int == 422
    assert text in refused.text
    assert not played.block.texts


def test_a_second_click_a_stale_tab_and_a_line_that_is_not_due_change_nothing() -> None:
    played = Played(ReplyDrill, drill())
    for handler, form in [
        ("own", {"ronde": "1", "item": "LL1", "tekst": OWN}), ("answer", {"ronde": "1", "item": "LL2", "reactie": "1"}),
        ("proceed", {"ronde": "1", "item": "LL1"}), ("again", {"ronde": "1"}),
    ]:  # fmt: skip
        before = dict(played.fields)
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, handler
    one_line(played)
    before = dict(played.fields)
    for handler, form in [
        ("answer", {"ronde": "1", "item": "LL1", "reactie": "1"}), ("own", {"ronde": "1", "item": "LL1", "tekst": "x"}),
        ("answer", {"ronde": "2", "item": "LL2", "reactie": "1"}), ("again", {"ronde": "1"}),
    ]:  # fmt: skip
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, handler


def test_html_stays_text() -> None:
    played = Played(ReplyDrill, drill())
    choose(played, 0)
    page = played.post("own", ronde="1", item="LL1", tekst="Hoe <script>alert(1)</script>?").text
    assert "Zin 1 &lt;b&gt;" in page
    assert "Uitleg inhoud 1 &lt;i&gt;" in page
    assert "<script" not in page


# --- gates


def test_good_content_has_no_problems() -> None:
    assert ReplyDrill.check(drill()) == []


def _broken(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data = deepcopy(drill())
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("opdracht",), "", ("opdracht",)),
        (("codes",), ["inhoud"], ("codes",)),
        (("codes",), {}, ("codes",)),
        (("hints",), "gesloten_vraag", ("hints",)),
        (("hints",), ["spelling"], ("hints", 0)),
        (("hints",), [["lijdend"]], ("hints", 0)),
        (("items",), [], ("items",)),
        (("items",), {"LL1": {}}, ("items",)),
        (("items", 0), "zin", ("items", 0)),
        (("items", 1, "id"), "LL1", ("items", 1, "id")),
        (("items", 0, "voorbeeld"), " ", ("items", 0, "voorbeeld")),
        (("items", 0, "reacties"), [], ("items", 0, "reacties")),
        (("items", 0, "reacties"), [1, 2, 3], ("items", 0, "reacties")),
        (("items", 0, "reacties", 0, "waarde"), 0.5, ("items", 0, "reacties")),
        (("items", 0, "reacties", 1, "waarde"), 0.7, ("items", 0, "reacties", 1, "waarde")),
        (("items", 0, "reacties", 1, "waarde"), True, ("items", 0, "reacties", 1, "waarde")),
        (("items", 0, "reacties", 2, "code"), "troost", ("items", 0, "reacties", 2, "code")),
        (("items", 0, "reacties", 2, "uitleg"), 3, ("items", 0, "reacties", 2, "uitleg")),
        (("items", 0, "audio"), "a.mp3", ("items", 0, "audio")),
        (("items", 0, "audio"), {"opus": "a.opus"}, ("items", 0, "audio")),
        (("minuten",), -1, ("minuten",)),
    ],
)
def test_each_gate_names_the_place(place: tuple[Any, ...], value: Any, path: tuple[Any, ...]) -> None:
    assert path in [problem.path for problem in ReplyDrill.check(_broken(place, value))]


def test_a_best_reply_that_is_always_the_longest_gives_itself_away() -> None:
    items = [line(n) for n in range(3)]
    for item in items:
        item["reacties"][0]["tekst"] = "De beste reactie is hier telkens ook verreweg de langste."
    assert [problem.path for problem in ReplyDrill.check(drill(items=items))] == [("items",)]


@given(junk_of("items", "reacties", "codes", "waarde", "audio", "id"))
def test_whatever_an_author_wrote_is_answered_with_problems(value: Any) -> None:
    for name in ("items", "codes", "hints"):
        assert all(problem.reason for problem in ReplyDrill.check({**drill(), name: value}))
    assert ReplyDrill.check({"items": [{"id": "x", "reacties": [value] * 3}]})
