"""Levels by oneself: curriculum 3.h, unit 2.4."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.blocks.rubric.block import Rubric
from modules.blocks.rubric.rules import FEWEST_WORDS, is_sentence, says_behaviour
from tests.modules.blocks.hostile import junk, secrets_are_private, withstands
from tests.modules.toy import Played

PROOF = "Ik vroeg wat zij daar zag"


def criterion(id_: str = "vraag", **more: Any) -> dict[str, Any]:
    levels = [{"label": f"{n} Stap", "gedrag": f"Doet {id_} op wijze {n} <b>"} for n in (1, 2, 3, 4)]
    return {"id": id_, "naam": f"Kwaliteit van de {id_}", "competentie": "C5", "niveaus": levels, **more}


def rubric(**more: Any) -> dict[str, Any]:
    return {"id": "r", "titel": "Kijk naar je vraag", "vorm": "zelf", "bewijs": "Haal aan wat je zei.",
            "criteria": [criterion(), criterion("stilte")], **more}  # fmt: skip


@pytest.fixture
def played() -> Played:
    return Played(Rubric, rubric())


def assess(played: Played, **other: str) -> Any:
    form = {name.replace("_", "-"): value for name, value in other.items()}
    filled = {
        "niveau-vraag": "3",
        "bewijs-vraag": PROOF,
        "niveau-stilte": "1",
        "bewijs-stilte": "Ik praatte er overheen",
    }
    return played.post("assess", **{"versie": str(played.block.version), **filled, **form})


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=9))
def test_a_sentence_has_a_few_words(words: list[str]) -> None:
    assert is_sentence(" ".join(words)) == (len(words) >= FEWEST_WORDS)


@pytest.mark.parametrize("text", ["", "  ", "...", "- - - - -", "goed gedaan", "!?! 3"])
def test_a_word_or_some_signs_are_no_sentence(text: str) -> None:
    assert not is_sentence(text)


def test_it_is_done_with_a_level_and_a_sentence_per_criterion_and_gives_no_score(played: Played) -> None:
    page = assess(played).text
    assert (played.block.status, played.block.score, played.published("attempt")) == ("afgerond", None, [])
    assert page.count("dit koos jij") == 2
    assert PROOF in page
    assert len(played.published("completion")) == 1


def test_levels_and_sentences_are_private(played: Played) -> None:
    assess(played)
    secrets_are_private(played, PROOF, "Ik praatte er overheen", "niveau")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"niveau_vraag": ""}, "Kies wat het meest op jou lijkt."),
        ({"niveau_vraag": "5"}, "Kies wat het meest op jou lijkt."),
        ({"bewijs_stilte": "Goed"}, "Haal minstens één zin aan"),
        ({"bewijs_stilte": "woord " * 200}, "Houd het bij 1000 tekens."),
    ],
)
def test_half_an_answer_is_refused_and_still_there(played: Played, other: dict[str, str], said: str) -> None:
    refused = assess(played, **other)
    assert refused.status_int == 422
    assert said in refused.text
    assert f"{PROOF}</textarea>" in refused.text
    assert not played.block.written


def test_without_a_trainer_there_is_nobody_to_share_with(played: Played) -> None:
    assert "Deel met mijn trainer" not in assess(played).text
    played.post("hand_in", versie="1", inleveren="ja")
    assert played.block.handed_in == {}


def test_a_trainer_sees_it_when_it_is_shared_and_until_it_is_taken_back_or_changed() -> None:
    played = Played(Rubric, rubric(), practice=object())
    assert "Deel met mijn trainer" in assess(played).text
    assert played.block.handed_in == {}
    assert "Je trainer kan dit lezen" in played.post("hand_in", versie="1", inleveren="ja").text
    assert played.block.handed_in["vraag"] == {"niveau": 3, "bewijs": PROOF}
    played.post("hand_in", versie="1", inleveren="nee")
    assert played.block.handed_in == {}
    played.post("hand_in", versie="1", inleveren="ja")
    played.post("change", versie="1")
    assess(played, niveau_vraag="2")
    assert played.block.handed_in == {}


def test_it_can_be_changed_and_wiped(played: Played) -> None:
    assess(played)
    page = played.post("change", versie="1").text
    assert f"{PROOF}</textarea>" in page
    assert page.count(" checked") == 2
    assess(played, bewijs_vraag="Ik vroeg het nog een keer")
    played.post("erase", versie="1")
    assert played.block.written
    played.post("erase", versie="2")
    assert (played.block.written, played.block.status) == ({}, "afgerond")


def test_a_double_click_and_a_forgotten_tab_change_nothing(played: Played) -> None:
    assess(played)
    before = copy.deepcopy(played.fields)
    assert assess(played, versie="0").status_int == 200
    refused = assess(played, versie="0", bewijs_vraag="Iets uit een oud venster")
    assert refused.status_int == 422
    assert "Iets uit een oud venster</textarea>" in refused.text
    assert played.fields == before


def test_a_new_criterion_of_a_newer_edition_is_asked_for(played: Played) -> None:
    assess(played)
    played.fields["authored"] = rubric(criteria=[criterion(), criterion("toon")])
    assert 'name="niveau-toon"' in played.view()


def test_hostile_posts_change_nothing(played: Played) -> None:
    handlers = ["assess", "change", "hand_in", "erase"]
    names = ["versie", "inleveren", "niveau-vraag", "bewijs-vraag", "niveau-stilte", "bewijs-stilte"]
    withstands(played, handlers, names)
    assess(played)
    played.fields["version"] = 5  # so that no value is the version by chance
    withstands(played, handlers, names)


def test_html_of_an_author_and_of_a_learner_stays_text(played: Played) -> None:
    page = played.view() + assess(played, bewijs_vraag="<u>Ik vroeg wat zij zag</u>").text
    assert "op wijze 3 &lt;b&gt;" in page
    assert "&lt;u&gt;Ik vroeg" in page


def test_every_state_can_be_read_in_english() -> None:
    played = Played(Rubric, rubric(), language="en")
    assert "This is no mark." in played.view()
    assert "Your picture has been saved" in assess(played).text


def test_good_content_has_no_problems() -> None:
    assert Rubric.check(rubric()) == []


def levels(index: int, value: Any) -> dict[str, Any]:
    found: list[Any] = criterion()["niveaus"]
    found[index] = value
    return {"criteria": [criterion(niveaus=found)]}


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"vorm": "peer"}, ("vorm",)),
        ({"bewijs": ""}, ("bewijs",)),
        ({"criteria": []}, ("criteria",)),
        ({"criteria": "C5"}, ("criteria",)),
        ({"criteria": [criterion(f"c{n}") for n in range(6)]}, ("criteria",)),
        ({"criteria": [criterion(), criterion()]}, ("criteria", 1, "id")),
        ({"criteria": [criterion(naam=" ")]}, ("criteria", 0, "naam")),
        ({"criteria": [criterion(competentie="C11")]}, ("criteria", 0, "competentie")),
        ({"criteria": [criterion(niveaus="hoog")]}, ("criteria", 0, "niveaus")),
        ({"criteria": [criterion(niveaus=criterion()["niveaus"][:3])]}, ("criteria", 0, "niveaus")),
        (levels(2, "hoog"), ("criteria", 0, "niveaus", 2)),
        (levels(2, {"label": "3", "gedrag": ""}), ("criteria", 0, "niveaus", 2, "gedrag")),
        (levels(2, {"label": 3, "gedrag": "Doet iets"}), ("criteria", 0, "niveaus", 2, "label")),
        (levels(2, criterion()["niveaus"][1]), ("criteria", 0, "niveaus")),
    ],
)
def test_each_gate_names_the_place_and_a_remedy(broken: dict[str, Any], path: tuple[str | int, ...]) -> None:
    found = {problem.path: problem.reason for problem in Rubric.check(rubric(**broken))}
    assert found.get(path)


@given(junk)
def test_no_content_makes_the_gate_fall_over(value: Any) -> None:
    assert isinstance(Rubric.check(rubric(criteria=value)), list)
    assert isinstance(Rubric.check(rubric(criteria=[criterion(niveaus=value)])), list)


@pytest.mark.parametrize("words", ["Goed", "Luistert heel goed", "Stelt vaak vragen", "Voldoende en zeer helder"])
def test_how_well_and_how_often_is_no_behaviour(words: str) -> None:
    assert not says_behaviour(words)


def test_levels_that_differ_in_how_often_only_are_the_same_behaviour() -> None:
    levels = [{"label": word, "gedrag": f"Stelt {word} een open vraag"} for word in ("nooit", "soms", "vaak", "altijd")]
    found = {problem.path for problem in Rubric.check(rubric(criteria=[criterion(niveaus=levels)]))}
    assert ("criteria", 0, "niveaus") in found
