"""The lens: curriculum 3.a."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.streamlens.block import Streamlens
from modules.blocks.streamlens.rules import DIMENSIONS, MODES, STREAMS, Item, bars, points
from tests.modules.toy import Played


def sentence(number: int, stroom: str = "onder", dimensie: str = "Taal", **more: Any) -> dict[str, Any]:
    item = {"id": f"L{number}", "tekst": f"Zin {number} <b>", "stroom": stroom, "dimensie": dimensie,
            "uitleg": f"Sleuteluitleg {number} <i>", **more}  # fmt: skip
    return item if stroom == "beide" else {**item, "andersom": f"Omgekeerd {number} <u>"}


def lens(**more: Any) -> dict[str, Any]:
    return {
        "id": "lens", "titel": "De lens", "herkomst": "geconstrueerd", "competenties": [{"code": "C4", "gewicht": 1}],
        "items": [sentence(1), sentence(2, "boven", "Doel", tweede_dimensie="Tempo"),
                  sentence(3, "beide", "Resultaat")],
        "hertaal": [{"id": "H1", "tekst": "Bronzin", "naar": "onder", "modellen": ["Model <a>", "Model twee"]},
                    {"id": "H2", "tekst": "Bronzin 2", "naar": "boven", "modellen": ["Derde", "Vierde"]}],
        **more,
    }  # fmt: skip


@pytest.fixture
def played() -> Played:
    return Played(Streamlens, lens())


def listen(played: Played, round_number: int = 1, stroom: str = "onder", dimensie: str = "Taal") -> None:
    while item := played.block.current:
        assert (
            played.post("answer", ronde=str(round_number), item=item, stroom=stroom, dimensie=dimensie).status_int
            == 200
        )
        played.post("proceed", ronde=str(round_number), item=item)


items = st.builds(
    Item, id=st.just("x"), tekst=st.just(""), spreker=st.just(""), stroom=st.sampled_from(STREAMS),
    dimensie=st.sampled_from(DIMENSIONS), tweede_dimensie=st.sampled_from(["", *DIMENSIONS]), uitleg=st.just(""),
    andersom=st.just(""),
)  # fmt: skip


# --- scoring


@given(items, st.sampled_from(STREAMS), st.sampled_from(DIMENSIONS), st.sampled_from(MODES))
def test_points_stay_between_nothing_and_one(item: Item, stream: str, dimension: str, mode: str) -> None:
    assert 0 <= points(item, stream, dimension, mode) <= 1


@given(items, st.sampled_from(MODES))
def test_hearing_what_the_author_heard_earns_everything(item: Item, mode: str) -> None:
    assert points(item, item.stroom, item.dimensie, mode) == 1


@given(items, st.sampled_from(STREAMS), st.sampled_from(DIMENSIONS))
def test_another_answer_never_earns_more_than_the_author_s(item: Item, stream: str, dimension: str) -> None:
    assert points(item, stream, dimension) < 1 or (stream, dimension) == (item.stroom, item.dimensie)


@given(items, st.sampled_from(STREAMS), st.sampled_from(DIMENSIONS))
def test_turning_the_streams_round_changes_no_score(item: Item, stream: str, dimension: str) -> None:
    """House rule 1: neither stream is better."""
    other = {"onder": "boven", "boven": "onder", "beide": "beide"}
    turned = Item(**{**item.__dict__, "stroom": other[item.stroom]})
    assert points(item, stream, dimension) == points(turned, other[stream], dimension)


@pytest.mark.parametrize(
    ("key", "second", "answer", "earned"),
    [
        (("onder", "Taal"), "", ("onder", "Doel"), 0.6),
        (("onder", "Taal"), "", ("boven", "Taal"), 0.4),
        (("onder", "Taal"), "Doel", ("boven", "Doel"), 0.2),
        (("onder", "Taal"), "Doel", ("onder", "Doel"), 0.8),
        (("beide", "Taal"), "", ("boven", "Doel"), 0.3),
        (("beide", "Taal"), "", ("onder", "Taal"), 0.7),
        (("onder", "Taal"), "", ("beide", "Doel"), 0.0),
    ],
)
def test_weights_are_the_curriculum_s(
    key: tuple[str, str], second: str, answer: tuple[str, str], earned: float
) -> None:
    item = Item("x", "", "", key[0], key[1], second, "", "")
    assert points(item, *answer) == earned


def test_a_bar_counts_only_the_sentences_of_its_stream_and_dimension() -> None:
    read = [Item.read(item) for item in lens()["items"]]
    found = bars(read, {"L1": ["onder", "Taal"], "L3": ["onder", "Resultaat"]})
    assert (found["Taal"]["onder"].share, found["Taal"]["boven"].share) == (1, None)
    assert found["Resultaat"]["onder"] == found["Resultaat"]["boven"]
    assert found["Doel"]["boven"].n == 0


# --- the way through


def test_the_key_and_its_reason_are_not_on_the_page_before_the_answer(played: Played) -> None:
    page = played.view()
    assert "Zin 1" in page
    assert not any(secret in page for secret in ("Sleuteluitleg", "Omgekeerd", "Model", "andersom"))


def test_the_model_versions_are_not_on_the_page_before_one_wrote_something(played: Played) -> None:
    listen(played)
    page = played.post("onward", ronde="1").text
    assert "Bronzin" in page
    assert "Model" not in page
    assert "Model" in played.post("rewrite", item="H1", tekst="Mijn zin").text


def test_it_is_done_after_all_sentences_and_all_rewrites(played: Played) -> None:
    listen(played)
    assert played.block.status == "bezig"
    for rewrite in ("H1", "H2"):
        played.post("rewrite", item=rewrite, tekst="Mijn zin")
        played.post("compared", item=rewrite, herkent="deels")
    assert played.block.status == "afgerond"
    assert len(played.published("completion")) == 1


def test_without_rewrites_it_is_done_after_the_last_sentence() -> None:
    played = Played(Streamlens, lens(hertaal=[]))
    listen(played)
    assert played.block.status == "afgerond"


def test_an_attempt_holds_choices_and_points_and_no_words_of_the_learner(played: Played) -> None:
    listen(played)
    played.post("rewrite", item="H1", tekst="Iets van mij alleen")
    (attempt,) = played.published("attempt")
    assert attempt["answers"] == {
        "L1": ["onder", "Taal", 1.0], "L2": ["onder", "Taal", 0.0], "L3": ["onder", "Taal", 0.3],
    }  # fmt: skip
    assert attempt["score"] == pytest.approx(1.3 / 3, abs=1e-4)
    assert "Iets van mij" not in repr(played.runtime.events)


def test_own_sentences_are_stored_as_private_fields() -> None:
    assert Streamlens.fields["rewrites"].runtime_options["private"]
    assert Streamlens.fields["recognised"].runtime_options["private"]


def test_listening_again_keeps_what_is_done_and_gives_a_second_attempt(played: Played) -> None:
    listen(played)
    for rewrite in ("H1", "H2"):
        played.post("rewrite", item=rewrite, tekst="Mijn zin")
        played.post("compared", item=rewrite)
    played.post("again", ronde="1")
    assert (played.block.status, played.block.answered) == ("afgerond", 0)
    listen(played, 2, "boven", "Doel")
    assert [attempt["number"] for attempt in played.published("attempt")] == [1, 2]
    assert len(played.published("completion")) == 1
    assert "Mijn zin" in played.view()


@pytest.mark.parametrize(
    ("mode", "asked", "not_asked"),
    [("alleen_stroom", 'name="stroom"', 'name="dimensie"'), ("alleen_dimensie", 'name="dimensie"', 'name="stroom"')],
)
def test_a_mode_asks_one_thing_and_scores_that_alone(mode: str, asked: str, not_asked: str) -> None:
    played = Played(Streamlens, lens(mode=mode, items=[sentence(1)]))
    assert asked in played.view()
    assert not_asked not in played.view()
    assert played.post("answer", ronde="1", item="L1", stroom="onder", dimensie="Taal").status_int == 200
    assert played.block.score == 1


# --- posts that aren't what they should be


def test_a_sentence_that_is_gone_in_a_new_edition_holds_nothing_up(played: Played) -> None:
    listen(played)
    played.fields["authored"] = lens(items=[sentence(7)])
    assert "Hertalen" not in played.view()
    listen(played)
    assert played.block.attempts == 2


def test_a_second_click_changes_nothing(played: Played) -> None:
    played.post("answer", ronde="1", item="L1", stroom="onder", dimensie="Taal")
    before = dict(played.fields)
    again = played.post("answer", ronde="1", item="L1", stroom="boven", dimensie="Doel")
    assert again.status_int == 200
    assert "Sleuteluitleg 1" in again.text
    assert played.fields == before


def test_a_post_from_a_tab_left_behind_changes_nothing(played: Played) -> None:
    listen(played)
    played.post("again", ronde="1")
    before = dict(played.fields)
    for handler, form in [
        ("answer", {"ronde": "1", "item": "L1", "stroom": "onder", "dimensie": "Taal"}),
        ("answer", {"ronde": "2", "item": "nog niet", "stroom": "onder", "dimensie": "Taal"}),
        ("proceed", {"ronde": "1", "item": "L1"}), ("again", {"ronde": "1"}), ("onward", {"ronde": "1"}),
        ("rewrite", {"item": "H1", "tekst": "te vroeg"}), ("compared", {"item": "H1", "herkent": "ja"}),
    ]:  # fmt: skip
        played.post(handler, **form)
        assert played.fields == before, handler


def test_a_rewrite_sent_twice_keeps_the_first(played: Played) -> None:
    listen(played)
    played.post("rewrite", item="H1", tekst="De eerste")
    played.post("rewrite", item="H1", tekst="De tweede")
    assert played.block.rewrites == {"H1": "De eerste"}


@pytest.mark.parametrize(
    ("form", "sentence_for"),
    [
        ({"stroom": "links", "dimensie": "Taal"}, "Kies de stroom die je hoort."),
        ({"stroom": "onder", "dimensie": "Geur"}, "Kies waaraan je dat hoort."),
        ({"stroom": "onder"}, "Kies waaraan je dat hoort."),
        ({"item": "L99", "stroom": "onder", "dimensie": "Taal"}, "Deze vraag hoort niet bij deze oefening."),
        ({"ronde": "een", "stroom": "onder", "dimensie": "Taal"}, "Laad de pagina opnieuw."),
        ({"ronde": "9" * 5000, "stroom": "onder", "dimensie": "Taal"}, "Laad de pagina opnieuw."),
        ({"stroom": "o" * 30_000, "dimensie": "Taal"}, "Dit is te lang of geen tekst."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(played: Played, form: dict[str, str], sentence_for: str) -> None:
    refused = played.post("answer", **{"ronde": "1", "item": "L1", **form})
    assert refused.status_int == 422
    assert sentence_for in refused.text
    assert not played.block.answers


def test_a_refused_form_keeps_the_choice_that_was_right(played: Played) -> None:
    refused = played.post("answer", ronde="1", item="L1", stroom="boven")
    assert 'value="boven" checked' in refused.text
    assert "data-focus" in refused.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"item": "H1", "tekst": "  "}, "Schrijf eerst je eigen zin."),
        ({"item": "H1", "tekst": "a" * 501}, "Maak je zin korter"),
        ({"item": "H9", "tekst": "Mijn zin"}, "Deze zin hoort niet bij deze oefening."),
    ],
)
def test_a_rewrite_that_is_none_is_refused_and_still_there(played: Played, form: dict[str, str], said: str) -> None:
    listen(played)
    played.post("onward", ronde="1")
    refused = played.post("rewrite", **form)
    assert refused.status_int == 422
    assert said in refused.text
    assert form["tekst"].strip() in refused.text
    assert not played.block.rewrites


def test_what_one_makes_of_ones_own_sentence_may_stay_open_but_not_be_made_up(played: Played) -> None:
    listen(played)
    played.post("onward", ronde="1")
    played.post("rewrite", item="H1", tekst="Mijn zin")
    assert played.post("compared", item="H1", herkent="misschien").status_int == 422
    assert played.post("compared", item="H1").status_int == 200
    assert played.block.recognised == {}


def test_html_of_author_and_learner_stays_text(played: Played) -> None:
    listen(played)
    played.post("onward", ronde="1")
    page = played.post("rewrite", item="H1", tekst="<script>alert(1)</script>").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "Model &lt;a&gt;" in page


# --- words, group, gates


def test_learning_content_says_it_is_dutch_on_an_english_page(played: Played) -> None:
    assert 'lang="nl">Zin 1' in Played(Streamlens, lens(), language="en").view()
    assert 'lang="nl"' not in played.view()


def test_figures_of_a_group_are_p_values_and_what_was_chosen() -> None:
    attempts = [{"L1": ["onder", "Taal", 1.0]}, {"L1": ["boven", "Taal", 0.4]}, None]
    assert Streamlens.tally(attempts) == {"L1": {"n": 2, "p": 0.7, "gekozen": [{"onder": 1, "boven": 1}, {"Taal": 2}]}}


def test_good_content_has_no_problems() -> None:
    assert Streamlens.check(lens()) == []


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"titel": " "}, ("titel",)),
        ({"mode": "allebei"}, ("mode",)),
        ({"herkomst": "verzonnen"}, ("herkomst",)),
        ({"competenties": [{"code": "C11", "gewicht": 1}]}, ("competenties", 0)),
        ({"competenties": [{"code": "C1", "gewicht": 2}]}, ("competenties", 0)),
        ({"items": []}, ("items",)),
        ({"items": "zin"}, ("items",)),
        ({"items": ["zin"]}, ("items", 0)),
        ({"items": [sentence(1), sentence(1)]}, ("items", 1, "id")),
        ({"items": [sentence(1, "midden")]}, ("items", 0, "stroom")),
        ({"items": [sentence(1, dimensie="Kleur")]}, ("items", 0, "dimensie")),
        ({"items": [sentence(1, tweede_dimensie="Taal")]}, ("items", 0, "tweede_dimensie")),
        ({"items": [sentence(1, uitleg="")]}, ("items", 0, "uitleg")),
        ({"items": [{**sentence(1), "andersom": ""}]}, ("items", 0, "andersom")),
        ({"hertaal": [{"id": "H1", "tekst": "x", "naar": "beide", "modellen": ["a", "b"]}]}, ("hertaal", 0, "naar")),
        ({"hertaal": [{"id": "H1", "tekst": "x", "naar": "onder", "modellen": ["a"]}]}, ("hertaal", 0, "modellen")),
    ],
)
def test_each_gate_names_the_place(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    assert path in [problem.path for problem in Streamlens.check(lens(**broken))]
