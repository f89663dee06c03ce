"""The style of a text of our own: figures and findings for whoever checks content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.taal.stijl import (
    GENDERED,
    JARGON,
    check_style,
    gendered,
    jargon,
    long_sentences,
    passive_share,
    sentence_lengths,
)

PLAIN = "Jan zet koffie. Hij vraagt hoe het gaat. Ik vertel wat ik zag. Hij knikt. Dan is het stil."
STIFF = (
    "De aanvraag wordt behandeld. Er is contact opgenomen. De tekening werd beoordeeld. De brief is verstuurd. "
    "Wij bellen u."
)


def test_each_sentence_has_a_length_in_words() -> None:
    assert sentence_lengths("Dat kan. Ik bel je morgen, of mail.") == [2, 6]
    assert sentence_lengths("") == []


def test_the_share_of_sentences_in_which_nobody_does_it() -> None:
    assert passive_share(STIFF) == 0.8
    assert passive_share(PLAIN) == passive_share("") == 0


@pytest.mark.parametrize(
    ("text", "word", "instead"),
    [
        ("We gaan dit implementeren.", "implementeren", "invoeren"),
        ("Met alle Stakeholders.", "Stakeholders", "betrokkenen"),
        ("U dient te betalen.", "dient te", "moet"),
        ("Dit is in het  kader van de wet.", "in het  kader van", "voor"),
        ("Men denkt dat.", "Men", "we of mensen"),
        ("Tevens bellen wij u.", "Tevens", "ook"),
        ("Naar aanleiding van uw brief", "Naar aanleiding van", "na"),
    ],
)
def test_jargon_is_found_with_what_people_say(text: str, word: str, instead: str) -> None:
    assert [(found.words, found.instead) for found in jargon(text)] == [(word, instead)]


@pytest.mark.parametrize(
    "text",
    ["Een mens is geen stakeholderanalyse.", "Mensen noemen dat.", "De dienst komt.", "Vermen.", "Het inzaken", ""],
)
def test_a_word_that_only_contains_jargon_is_left_alone(text: str) -> None:
    assert jargon(text) == []


@pytest.mark.parametrize(
    ("text", "word", "instead"),
    [
        ("Als hij of zij belt", "hij of zij", "die"),
        ("Als hij/zij belt", "hij/zij", "die"),
        ("met zijn of haar buurman", "zijn of haar", "diens"),
        ("Dames en heren, welkom", "Dames en heren", "beste mensen"),
        ("Een vakman lost het op.", "vakman", "vakmens"),
        ("De wethoudster kwam.", "wethoudster", "wethouder"),
    ],
)
def test_a_word_for_one_sex_is_found_with_one_for_all(text: str, word: str, instead: str) -> None:
    assert [(found.words, found.instead) for found in gendered(text)] == [(word, instead)]


@pytest.mark.parametrize(
    "text", ["Hij belt haar.", "Zij lacht.", "De buurman zwaait.", "Een boerin en een boer.", "Herman"]
)
def test_one_person_keeps_what_that_person_is(text: str) -> None:
    assert gendered(text) == []


def test_a_place_in_the_text_is_where_the_words_stand() -> None:
    text = "Wij gaan dit, middels een vakman, doen. " + " ".join(["woord"] * 26) + "."
    for found in check_style(text):
        assert text[found.start : found.end] == found.words
    assert [found.kind for found in check_style(text)] == ["jargon", "geslacht", "lange_zin"]


def test_plain_text_has_no_findings_and_stiff_text_says_why() -> None:
    assert check_style(PLAIN) == []
    assert [(found.kind, found.words) for found in check_style(STIFF)] == [("lijdend", "80%")]


def test_sentences_that_are_long_on_the_whole_are_one_finding() -> None:
    text = ("Dit is een zin van zestien woorden die nog net niet te lang is voor mij. " * 5).strip()
    assert [(found.kind, found.words) for found in check_style(text)] == [("gemiddelde", "16,0")]
    assert check_style(text, mean=16) == []


def test_the_limits_are_for_whoever_asks() -> None:
    assert long_sentences("Een twee drie vier.", longest=4) == []
    assert [found.words for found in long_sentences("Een twee drie vier.", longest=3)] == ["Een twee drie vier."]
    assert check_style(STIFF, passive=0.9) == []


@pytest.mark.parametrize("words", [JARGON, GENDERED])
def test_what_to_write_instead_is_not_in_the_list_itself(words: dict[str, str]) -> None:
    assert not {instead for instead in words.values() if instead in words}


@given(st.text(alphabet="men hij/zijof.implementeren \n", max_size=200) | st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    for found in check_style(text):
        assert 0 <= found.start <= found.end <= len(text)
    assert 0 <= passive_share(text) <= 1
