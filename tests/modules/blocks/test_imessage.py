"""Four sentences that become one message: curriculum 3.k and unit 1.6."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.base import MAX_TEXT
from modules.blocks.imessage.block import LONGEST, IMessage
from modules.blocks.imessage.rules import HINTS, STEPS, message
from modules.blocks.taal import RULES
from tests.modules.blocks.hostile import junk_of
from tests.modules.toy import Played

OWN = {
    "waarneming": "Ik zag dat Truus haar mail las toen ik sprak.", "gevoel": "Dat maakte me onzeker.",
    "behoefte": "Ik wil dat mijn verhaal aankomt.", "verzoek": "Heb je straks vijf minuten?",
}  # fmt: skip
JUDGING = {
    "waarneming": "Jij luistert nooit.", "gevoel": "Ik heb het gevoel dat jij mij niet ziet.",
    "behoefte": "Ik heb nodig dat jij luistert.", "verzoek": "Je moet je mail dichtdoen.",
}  # fmt: skip


def authored(**more: Any) -> dict[str, Any]:
    examples = [
        "Drie keer ging het van de agenda.",
        "Ik werd moedeloos.",
        "Ik heb duidelijkheid nodig.",
        "Vertel je het mij?",
    ]
    return {
        "id": "ik", "titel": "Ik-boodschap", "inleiding": "Vier stappen.", "situatie": "Je collega keek weg <b>.",
        "velden": {
            step: {"vraag": f"Vraag {step}", "voorbeeld": example}
            for step, example in zip(STEPS, examples, strict=True)
        },
        "mandaat": "Beloof niet waar je niet over gaat.",
        **more,
    }  # fmt: skip


def write(played: Played, texts: dict[str, str] = OWN, **more: str) -> Any:
    return played.post("write", **{"versie": str(played.block.version), **texts, **more})


# --- rules


@given(st.dictionaries(st.sampled_from(STEPS), st.text(max_size=30)))
def test_a_message_has_the_sentences_in_the_order_of_the_steps(texts: dict[str, str]) -> None:
    told = message(texts)
    at = 0
    for step in STEPS:
        text = texts.get(step, "").strip()
        if text:
            at = told.index(text[1:], at) + len(text[1:])
    assert told == "" or told[0] == told.strip()[0]


def test_a_sentence_without_an_end_gets_one() -> None:
    assert (
        message({"waarneming": "ik zag het", "gevoel": "Boos!", "verzoek": "Bel je me?”"})
        == "Ik zag het. Boos! Bel je me?”"
    )


def test_each_step_is_looked_at_with_rules_that_there_are() -> None:
    assert set(HINTS) == set(STEPS)
    assert {name for names in HINTS.values() for name in names} <= set(RULES)


# --- the flow


def test_the_model_comes_after_ones_own_message() -> None:
    played = Played(IMessage, authored())
    page = played.view()
    assert "Drie keer" not in page
    assert "Beloof niet" not in page
    page = write(played).text
    assert "Drie keer ging het van de agenda. Ik werd moedeloos. Ik heb duidelijkheid nodig. Vertel je het mij?" in page
    assert "Beloof niet waar je niet over gaat." in page
    assert " ".join(OWN.values()) in page


def test_each_field_says_what_it_asks() -> None:
    page = Played(IMessage, authored()).view()
    for number, step in enumerate(STEPS, 1):
        assert f"Vraag {step}" in page
        assert f"{number}. {step.capitalize()}" in page


def test_a_judgement_gets_a_hint_in_its_own_field_and_the_message_is_kept() -> None:
    played = Played(IMessage, authored())
    page = write(played, JUDGING).text
    for said in [
        "Hier zit een oordeel in", "Hierna komt een gedachte over de ander", "Hier staat de ander in jouw behoefte",
        "Hier kan de ander geen nee zeggen",
    ]:  # fmt: skip
        assert page.count(said) == 1
    assert played.block.texts == JUDGING
    assert "Hier zit een oordeel in" not in write(played).text


def test_four_sentences_are_done_without_a_score_or_an_attempt() -> None:
    played = Played(IMessage, authored())
    write(played, JUDGING)
    assert (played.block.status, played.block.score, played.block.attempts) == ("afgerond", None, 0)
    assert not played.published("attempt")
    assert not played.published("grade")
    write(played)
    assert len(played.published("completion")) == 1
    assert "Truus" not in str(played.runtime.events)


def test_what_is_written_is_private() -> None:
    assert IMessage.fields["texts"].runtime_options == {"private": True}


def test_a_message_can_be_wiped_and_stays_done() -> None:
    played = Played(IMessage, authored())
    write(played)
    page = played.post("erase", versie="1").text
    assert "Truus" not in page
    assert "Gewist" in page
    assert (played.block.texts, played.block.status) == ({}, "afgerond")


def test_in_english_all_around_the_content_is_english() -> None:
    played = Played(IMessage, authored(), language="en")
    page = played.view()
    assert "1. Observation" in page
    assert 'lang="nl">Vraag waarneming' in page
    assert "Your message" in write(played).text


def test_the_first_page_is_the_same_for_everybody() -> None:
    assert "student_view" in IMessage.same_at_first
    assert len({Played(IMessage, authored(), user=user).view() for user in "abcd"}) == 1


# --- what doesn't fit


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("text", ["", " \r\n", "x" * (LONGEST + 1), "x" * (MAX_TEXT + 1)])
def test_an_empty_or_endless_field_is_refused_and_the_others_are_still_there(step: str, text: str) -> None:
    played = Played(IMessage, authored())
    refused = write(played, {**OWN, step: text})
    assert refused.status_int == 422
    assert all(words in refused.text for other, words in OWN.items() if other != step)
    assert not played.block.texts
    assert played.block.status == "niet_gestart"


def test_a_field_that_is_missing_is_refused() -> None:
    played = Played(IMessage, authored())
    assert played.post("write", versie="0").status_int == 422
    assert not played.block.texts


def test_other_words_from_an_old_tab_are_handed_back_and_a_second_click_is_nothing() -> None:
    played = Played(IMessage, authored())
    write(played)
    before = deepcopy(played.fields)
    assert write(played, versie="0").status_int == 200
    refused = write(played, JUDGING, versie="0")
    assert refused.status_int == 422
    assert JUDGING["verzoek"] in refused.text
    played.post("erase", versie="0")
    assert played.fields == before


def test_html_stays_text() -> None:
    page = write(Played(IMessage, authored()), {**OWN, "gevoel": "<script>alert(1)</script>"}).text
    assert "Je collega keek weg &lt;b&gt;" in page
    assert "<script" not in page


# --- gates


def test_good_content_has_no_problems() -> None:
    assert IMessage.check(authored()) == []


def _broken(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = deepcopy(authored())
    at = data
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return dict(data)


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("situatie",), "", ("situatie",)),
        (("mandaat",), 3, ("mandaat",)),
        (("velden",), ["waarneming"], ("velden",)),
        (("velden",), {}, ("velden",)),
        (("velden", "gevoel"), "Wat voel je?", ("velden", "gevoel")),
        (("velden", "gevoel", "vraag"), "", ("velden", "gevoel", "vraag")),
        (("velden", "gevoel", "voorbeeld"), None, ("velden", "gevoel", "voorbeeld")),
        (("velden", "gevoel", "voorbeeld"), "Ik voel me genegeerd.", ("velden", "gevoel", "voorbeeld")),
        (("velden", "mening"), {"vraag": "x", "voorbeeld": "y"}, ("velden", "mening")),
    ],
)
def test_each_gate_names_the_place(place: tuple[Any, ...], value: Any, path: tuple[Any, ...]) -> None:
    assert path in [problem.path for problem in IMessage.check(_broken(place, value))]


@given(junk_of(*STEPS, "vraag", "voorbeeld"))
def test_whatever_an_author_wrote_is_answered_with_problems(value: Any) -> None:
    for name in ("velden", "situatie", "mandaat"):
        assert all(problem.reason for problem in IMessage.check({**authored(), name: value}))
    assert IMessage.check({"velden": dict.fromkeys(STEPS, value)})


@given(st.fixed_dictionaries({step: st.text(max_size=60) for step in STEPS}))
def test_any_four_texts_can_be_sent(texts: dict[str, str]) -> None:
    played = Played(IMessage, authored())
    assert write(played, {step: text.replace("\x00", "") for step, text in texts.items()}).status_int in (200, 422)
    assert played.view()
