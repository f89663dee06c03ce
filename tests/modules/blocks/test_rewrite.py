"""Saying it anew, in rounds: curriculum 3.k, units 2.3 and 3.5."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.base import MAX_TEXT
from modules.blocks.rewrite.block import LONGEST, Rewrite
from modules.blocks.rewrite.rules import needed, rounds_left
from tests.modules.blocks.hostile import junk_of
from tests.modules.toy import Played

OWN = "Wat hebben jullie nodig om dit jaar te kunnen zaaien, vroeg Truus."


def source(n: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"r{n}", "van": f"Kop {n}", "tekst": f"Boeren willen niet {n} <b>", "opdracht": f"Vraag het {n}",
        "hints": ["identiteit", "zinslengte"],
        "modellen": [{"naam": "Kort", "tekst": f"Model {n} een"}, {"naam": "Warm", "tekst": f"Model {n} twee <i>"}],
        **more,
    }  # fmt: skip


def task(**more: Any) -> dict[str, Any]:
    return {
        "id": "koppen", "titel": "Andersom", "inleiding": "Koppen uit de krant.", "minstens": 2,
        "items": [source(1), source(2), source(3, let_op="Wie zat er niet in de zin?")],
        **more,
    }  # fmt: skip


def write(played: Played, text: str = OWN, item: str = "", versie: str | None = None) -> Any:
    item = item or played.block.current
    number = str(len(played.block.versions.get(item, []))) if versie is None else versie
    return played.post("write", item=item, versie=number, tekst=text)


def onward(played: Played) -> Any:
    return played.post("onward", item=played.block.current)


def all_written(**services: Any) -> Played:
    played = Played(Rewrite, task(), **services)
    for _ in range(3):
        write(played)
        onward(played)
    return played


# --- rules


@given(st.integers(1, 3), st.lists(st.text(), max_size=6))
def test_rounds_run_out_and_never_below_none(turns: int, versions: list[str]) -> None:
    assert rounds_left({"rondes": turns}, versions) == max(0, turns - len(versions))
    assert rounds_left({}, versions) == max(0, 3 - len(versions))


@given(st.integers(1, 9), st.integers(1, 9))
def test_what_is_needed_is_never_more_than_there_is(total: int, least: int) -> None:
    assert needed({"items": [0] * total, "minstens": least}) == min(total, least)
    assert needed({"items": [0] * total}) == total


# --- the flow


def test_the_models_come_after_the_first_version_of_ones_own() -> None:
    played = Played(Rewrite, task())
    assert "Model" not in played.view()
    page = write(played).text
    assert "Model 1 een" in page
    assert "Model 1 twee" in page
    assert OWN in page
    assert "Model 2" not in page


def test_hints_point_at_words_and_change_with_the_next_version() -> None:
    played = Played(Rewrite, task())
    page = write(played, "Boeren willen niet praten.").text
    assert "<mark>Boeren willen niet</mark>" in page
    assert "Dit gaat over een hele groep" in page
    assert "Je kunt hem nog 2 keer aanpassen." in page
    page = write(played).text
    assert "Dit gaat over een hele groep" not in page
    assert "Versie 1" in page
    assert "Boeren willen niet praten." in page


def test_after_the_last_round_there_is_no_field_any_more() -> None:
    played = Played(Rewrite, task(items=[source(1, rondes=2)], minstens=1))
    write(played, "Een.")
    assert "<textarea" in played.view()
    assert "<textarea" not in write(played, "Twee.").text
    write(played, "Drie.")
    assert played.block.versions == {"r1": ["Een.", "Twee."]}


def test_enough_first_versions_is_done_and_the_rest_may_be_left() -> None:
    played = Played(Rewrite, task(let_op="Lees het hardop."))
    write(played)
    onward(played)
    assert played.block.status == "bezig"
    onward(played)
    write(played)
    assert (played.block.status, played.block.score) == ("afgerond", None)
    page = onward(played).text
    assert "Lees het hardop." in page
    assert "Herschrijf deze" in page


def test_too_few_says_how_many_are_waiting_and_any_may_be_chosen() -> None:
    played = Played(Rewrite, task())
    for _ in range(3):
        onward(played)
    page = played.view()
    assert "Herschrijf nog 2 teksten." in page
    played.post("open", item="r2")
    assert played.block.current == "r2"
    write(played)
    assert "Herschrijf nog 1 tekst." in onward(played).text


def test_an_attempt_says_how_often_was_written_and_nothing_of_the_words() -> None:
    played = Played(Rewrite, task())
    write(played, "Boeren willen niet.")
    write(played)
    onward(played)
    write(played)
    assert [attempt["answers"] for attempt in played.published("attempt")] == [{"r1": 2, "r2": 1}]
    assert not played.published("grade")
    assert OWN not in str(played.runtime.events)
    assert Rewrite.fields["versions"].runtime_options == {"private": True}
    onward(played)
    write(played)
    assert len(played.published("attempt")) == 1


def test_the_overview_holds_own_words_beside_a_model_and_opens_each_again() -> None:
    played = all_written()
    page = played.view()
    assert page.count(OWN) == 3
    assert "Model 3 een" in page
    page = played.post("open", item="r3").text
    assert "Wie zat er niet in de zin?" in page
    assert "Je kunt hem nog 2 keer aanpassen." in page


def test_one_text_alone_has_no_count_of_texts() -> None:
    page = Played(Rewrite, task(items=[source(1)], minstens=1)).view()
    assert "<progress" not in page


# --- handing in


def test_without_a_trainer_there_is_no_button_and_nothing_is_handed_in() -> None:
    played = all_written()
    assert "Lever in" not in played.view()
    played.post("hand_in", inleveren="ja")
    assert played.block.handed_in == {}
    assert "alleen voor jou" in played.view()


def test_what_is_handed_in_is_what_stands_there_and_can_be_taken_back() -> None:
    played = all_written(practice=object())
    assert played.block.handed_in == {}
    page = played.post("hand_in", inleveren="ja").text
    assert played.block.handed_in == {"r1": OWN, "r2": OWN, "r3": OWN}
    assert "jij en je trainer" in page
    played.post("open", item="r1")
    write(played, "Later geschreven.")
    page = onward(played).text
    assert "Je trainer ziet nog wat je eerder inleverde." in page
    assert played.block.handed_in["r1"] == OWN
    assert played.post("hand_in", inleveren="nee").status_int == 200
    assert played.block.handed_in == {}


def test_what_is_wiped_is_gone_everywhere_and_stays_done() -> None:
    played = all_written(practice=object())
    played.post("hand_in", inleveren="ja")
    page = played.post("erase", item="r2", versie="1").text
    assert "r2" not in played.block.versions
    assert played.block.handed_in == {"r1": OWN, "r3": OWN}
    assert played.block.status == "afgerond"
    assert "Gewist" in page
    assert "r2" in played.block.items


def test_the_first_page_is_the_same_for_everybody() -> None:
    assert "student_view" in Rewrite.same_at_first
    assert len({Played(Rewrite, task(), user=user, practice=object()).view() for user in "abcd"}) == 1


# --- what doesn't fit


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"tekst": ""}, "Schrijf eerst je eigen versie."),
        ({"tekst": " \r\n "}, "Schrijf eerst je eigen versie."),
        ({}, "Schrijf eerst je eigen versie."),
        ({"tekst": "x" * (LONGEST + 1)}, "Houd het bij 4000 tekens."),
        ({"tekst": "x" * (MAX_TEXT + 1)}, "Dit is te lang of geen tekst."),
        ({"tekst": OWN, "item": "r9"}, "Deze tekst hoort niet bij deze oefening."),
        ({"tekst": OWN, "versie": "7"}, "In een ander venster is deze tekst intussen veranderd."),
    ],
)
def test_what_is_no_version_is_refused_and_still_there(form: dict[str, str], said: str) -> None:
    played = Played(Rewrite, task())
    refused = played.post("write", **{"item": "r1", "versie": "0", **form})
    assert refused.status_int == 422
    assert said in refused.text
    assert form.get("tekst", "").strip() in refused.text
    assert not played.block.versions


def test_a_new_text_from_an_old_tab_is_handed_back_and_a_second_click_is_nothing() -> None:
    played = Played(Rewrite, task())
    write(played, versie="0")
    before = deepcopy(played.fields)
    assert write(played, versie="0").status_int == 200
    refused = write(played, "Uit een oude tab.", versie="0")
    assert refused.status_int == 422
    assert "Uit een oude tab." in refused.text
    assert played.fields == before


def test_posts_from_elsewhere_change_nothing() -> None:
    played = Played(Rewrite, task())
    write(played)
    before = deepcopy(played.fields)
    for handler, form in [
        ("write", {"item": "r2", "versie": "0", "tekst": "x"}), ("onward", {"item": "r2"}), ("open", {"item": "r3"}),
        ("erase", {"item": "r1", "versie": "0"}), ("erase", {"item": "r2", "versie": "0"}),
        ("hand_in", {"inleveren": "ja"}), ("hand_in", {"inleveren": "misschien"}),
    ]:  # fmt: skip
        assert played.post(handler, **form).status_int == 200
        assert played.fields == before, handler


def test_html_stays_text() -> None:
    page = write(Played(Rewrite, task()), "<script>alert(1)</script>").text
    assert "Boeren willen niet 1 &lt;b&gt;" in page
    assert "Model 1 twee &lt;i&gt;" in page
    assert "<script" not in page


def test_in_english_all_around_the_texts_is_english() -> None:
    played = Played(Rewrite, task(), language="en")
    page = played.view() + write(played).text
    assert "Your version" in page
    assert '<blockquote lang="nl">Boeren' in page


# --- gates


def test_good_content_has_no_problems() -> None:
    assert Rewrite.check(task()) == []
    assert Rewrite.check({**task(), "items": [source(1)], "minstens": 1}) == []


def _broken(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = deepcopy(task())
    at = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return dict(data)


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("minstens",), 4, ("minstens",)),
        (("minstens",), 0, ("minstens",)),
        (("minstens",), True, ("minstens",)),
        (("items",), [], ("items",)),
        (("items", 0), "tekst", ("items", 0)),
        (("items", 1, "id"), "r1", ("items", 1, "id")),
        (("items", 0, "opdracht"), "", ("items", 0, "opdracht")),
        (("items", 0, "van"), 3, ("items", 0, "van")),
        (("items", 0, "let_op"), "", ("items", 0, "let_op")),
        (("items", 0, "hints"), "lijdend", ("items", 0, "hints")),
        (("items", 0, "hints"), ["spelling"], ("items", 0, "hints", 0)),
        (("items", 0, "rondes"), 4, ("items", 0, "rondes")),
        (("items", 0, "rondes"), True, ("items", 0, "rondes")),
        (("items", 0, "modellen"), [], ("items", 0, "modellen")),
        (("items", 0, "modellen"), "Model", ("items", 0, "modellen")),
        (("items", 0, "modellen", 1), "Model", ("items", 0, "modellen", 1)),
        (("items", 0, "modellen", 1, "naam"), "", ("items", 0, "modellen", 1, "naam")),
    ],
)
def test_each_gate_names_the_place(place: tuple[Any, ...], value: Any, path: tuple[Any, ...]) -> None:
    assert path in [problem.path for problem in Rewrite.check(_broken(place, value))]


@given(junk_of("items", "modellen", "hints", "naam", "id", "rondes"))
def test_whatever_an_author_wrote_is_answered_with_problems(value: Any) -> None:
    for name in ("items", "minstens"):
        assert all(problem.reason for problem in Rewrite.check({**task(), name: value}))
    assert Rewrite.check({"items": [{"id": "x", "modellen": value, "hints": value, "rondes": value}]})


@given(st.text(max_size=300))
def test_any_text_can_be_written(text: str) -> None:
    played = Played(Rewrite, task())
    answer = write(played, text.replace("\x00", ""))
    assert answer.status_int in (200, 422)
    assert played.view()
