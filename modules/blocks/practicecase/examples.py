"""Worked examples of a practice case, for who is going to read what people hand in (`voorbeelden` in its YAML).

A short text as somebody could hand it in, the level its writers gave it on each criterion, and why. It is made up, and
the levels are those of its writers, not of experts: the page says so. Optional; where they are, all of them is. Never
raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Path, Problem
from modules.blocks.gates import check_texts, entries
from modules.blocks.rubric.rules import LEVELS, is_sentence

FEWEST = 2
FEWEST_WORDS, MOST_WORDS = 120, 300


def check_examples(data: Mapping[str, Any]) -> Iterator[Problem]:
    """`voorbeelden`: [{id, tekst, niveaus: {criterion: {niveau, waarom}}}]"""
    if "voorbeelden" not in data:
        return
    examples, wrong = entries(data, "voorbeelden", at_least=FEWEST)
    yield from wrong
    criteria = _criteria(data)
    for path, example in examples:
        texts = list(check_texts(example, path, "tekst"))
        yield from texts
        if not texts and not FEWEST_WORDS <= len(example["tekst"].split()) <= MOST_WORDS:
            yield Problem((*path, "tekst"), f"is {FEWEST_WORDS} tot {MOST_WORDS} woorden lang")
        yield from _levels(example.get("niveaus"), (*path, "niveaus"), criteria)
    yield from _spread(examples)


def _criteria(data: Mapping[str, Any]) -> list[str]:
    rubric = data.get("rubric")
    rubric = rubric if isinstance(rubric, list) else []
    return [str(each["id"]) for each in rubric if isinstance(each, Mapping) and "id" in each]


def _levels(found: object, path: Path, criteria: list[str]) -> Iterator[Problem]:
    if not isinstance(found, Mapping):
        yield Problem(path, "moet per criterium een niveau en een waarom hebben")
        return
    for name in criteria:
        told, at = found.get(name), (*path, name)
        if not isinstance(told, Mapping):
            yield Problem(at if name in found else path, f"het criterium '{name}' heeft geen niveau en waarom")
            continue
        if not _is_level(told.get("niveau")):
            yield Problem((*at, "niveau"), f"moet een van deze zijn: {', '.join(map(str, LEVELS))}")
        why = list(check_texts(told, at, "waarom"))
        yield from why
        if not why and not is_sentence(told["waarom"]):
            yield Problem((*at, "waarom"), "zegt in een zin waaraan je dat ziet")
    for name in found:
        if name not in criteria:
            yield Problem((*path, str(name)), f"dit criterium bestaat niet: kies uit {', '.join(criteria)}")


def _is_level(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in LEVELS


def _spread(examples: list[tuple[Path, Mapping[str, Any]]]) -> Iterator[Problem]:
    """Two that say the same teach nothing."""
    levels = [
        tuple(told.get("niveau") for told in example["niveaus"].values() if isinstance(told, Mapping))
        for _, example in examples
        if isinstance(example.get("niveaus"), Mapping)
    ]
    if len(levels) > 1 and len({level for each in levels for level in each if _is_level(level)}) < FEWEST:
        yield Problem(("voorbeelden",), "alle voorbeelden staan op hetzelfde niveau")
