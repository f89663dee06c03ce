"""What a case must hold, in words for whoever fills in the form. Curriculum 3.g, 3.h, 5.4."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.practice import documents
from learning.practice.models import Form
from learning.practice.rules import score, verdict_allowed
from modules.blocks.practicecase.block import PracticeCase
from modules.blocks.practicecase.rules import FORMS
from modules.olx import checked_module, module_folders
from tests.factories.practice import DOCUMENT, LEVELS
from tests.modules.blocks.hostile import junk

TEXT = documents.complete(DOCUMENT)


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    text = copy.deepcopy(TEXT)
    inner: Any = text
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return text


def told(text: Any) -> dict[tuple[str | int, ...], str]:
    return {problem.path: problem.reason for problem in documents.problems(text)}


def test_a_whole_case_has_nothing_to_mend_and_reads_as_data() -> None:
    assert told(TEXT) == {}
    case = documents.read(TEXT)
    assert case.after.lines == ("Wat gebeurde er?", "Wat deed jij?", "Wat deed dat?", "Wat nu?")
    assert [level.label for level in case.rubric[0].levels] == ["Nog niet zichtbaar", "Begin", "Voldoet", "Sterk"]
    assert (case.days, case.rounds_max, case.peers, case.second_reader) == (28, 3, 0, False)


def test_a_variant_has_a_task_of_its_own() -> None:
    case = documents.read({**TEXT, "varianten": [{"naam": "Kust", "opdracht": "Ga naar zee."}]})
    assert (case.task_of("Kust"), case.task_of("")) == ("Ga naar zee.", TEXT["opdracht"])


def test_the_forms_of_evidence_are_the_same_in_a_module_and_here() -> None:
    assert list(FORMS) == list(Form)


@pytest.mark.parametrize("folder", module_folders(), ids=lambda folder: folder.name)
def test_the_case_of_each_module_can_be_given_out(folder: Any) -> None:
    module, _ = checked_module(folder)
    assert module
    (case,) = [each for each in module.activities() if each.block is PracticeCase]
    assert told(case.authored.data) == {}
    assert len(documents.read(case.authored.data).rubric) == 4


@pytest.mark.parametrize(
    ("path", "value", "at", "words"),
    [
        (("titel",), " ", ("titel",), "titel"),
        (("titel",), "x" * 201, ("titel",), "200 tekens"),
        (("opdracht",), "", ("opdracht",), "gaat doen"),
        (("inleiding",), 4, ("inleiding",), "tekst"),
        (("inleiding",), "x" * 5001, ("inleiding",), "5000 tekens"),
        (("voorbereiding", "minuten"), "kort", ("voorbereiding", "minuten"), "minuten"),
        (("voorbereiding", "vragen"), [], ("voorbereiding", "vragen"), "één vraag"),
        (("voorbereiding", "vragen"), ["x" * 1001], ("voorbereiding", "vragen", 0), "1000 tekens"),
        (("na", "vragen"), ["Wat gebeurde er?"], ("na", "vragen"), "vier vragen"),
        (("veiligheidscheck",), [], ("veiligheidscheck",), "veiligheidscheck"),
        (("veiligheidscheck",), ["Veilig?"] * 21, ("veiligheidscheck",), "20"),
        (("bewijsvormen",), [], ("bewijsvormen",), "minstens één manier"),
        (("rubric",), TEXT["rubric"][:2], ("rubric",), "drie tot vijf"),
        (("rubric", 0, "naam"), "", ("rubric", 0, "naam"), "criterium"),
        (("rubric", 0, "competentie"), "C11", ("rubric", 0, "competentie"), "competentie"),
        (("rubric", 0, "niveaus", 1, "label"), "", ("rubric", 0, "niveaus", 1, "label"), "niveau"),
        (("rubric", 0, "niveaus", 1, "gedrag"), "Luistert heel goed", ("rubric", 0, "niveaus", 1, "gedrag"), "doen"),
        (("rubric", 0, "niveaus"), [LEVELS[0]] * 4, ("rubric", 0, "niveaus"), "zeggen hetzelfde"),
        (("termijn_dagen",), 0, ("termijn_dagen",), "365"),
        (("rondes_max",), 9, ("rondes_max",), "rondes"),
        (("peers",), 3, ("peers",), "twee"),
        (("varianten",), [{"naam": "", "opdracht": "Ga."}], ("varianten", 0, "naam"), "variant"),
    ],
)
def test_each_thing_to_mend_is_said_where_it_is(
    path: tuple[str | int, ...], value: Any, at: tuple[str | int, ...], words: str
) -> None:
    assert words in told(changed(*path, to=value))[at]


PLACES = [(name,) for name in documents.EMPTY] + [("rubric", 0), ("rubric", 1, "niveaus"), ("na", "vragen")]


@given(junk, st.sampled_from(PLACES))
def test_whatever_stands_in_a_draft_it_is_told_and_nothing_breaks(value: Any, path: tuple[str | int, ...]) -> None:
    text = changed(*path, to=value)
    if not told(text):
        documents.read(text)
    documents.tidy(text)


@given(junk)
def test_a_text_keeps_its_mark_and_tidying_twice_is_tidying_once(value: Any) -> None:
    tidied = documents.tidy(value)
    assert documents.tidy(tidied) == tidied
    assert documents.hash_of(TEXT) == documents.hash_of({**TEXT, "iets anders": 1})


levels = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 4), min_size=3)


@given(levels)
def test_voldoende_takes_a_mean_of_two_and_a_half_and_no_one(given_levels: dict[str, int]) -> None:
    mean = sum(given_levels.values()) / len(given_levels)
    assert verdict_allowed(given_levels) == (mean >= 2.5 and 1 not in given_levels.values())
    assert score(given_levels) == pytest.approx(mean / 4)


def test_nothing_rated_is_not_voldoende() -> None:
    assert not verdict_allowed({})


def test_who_writes_on_in_an_empty_case_writes_in_their_own() -> None:
    mine = documents.complete({})
    mine["varianten"].append({})
    mine["na"]["vragen"].append("Wat nu?")
    assert documents.complete({})["varianten"] == []
    assert documents.complete({})["na"]["vragen"] == []
