"""Criteria with four levels, as a rubric and a practice case have them (curriculum 3.h). Never raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Path, Problem
from modules.blocks.gates import COMPETENCES, check_choice, check_texts, entries
from modules.blocks.rubric.rules import LEVELS, says_behaviour, without_degree


def check_criteria(data: Mapping[str, Any], name: str, *, least: int, most: int) -> Iterator[Problem]:
    """The list `name`: [{id, naam, competentie, niveaus: [{label, gedrag} ×4]}], `least` to `most` of them."""
    criteria, wrong = entries(data, name, at_least=least)
    yield from wrong
    if len(criteria) > most:
        yield Problem((name,), f"er horen er hoogstens {most} te staan")
    for path, criterion in criteria:
        yield from check_texts(criterion, path, "naam")
        yield from check_choice(criterion, path, "competentie", sorted(COMPETENCES, key=lambda code: int(code[1:])))
        yield from _levels(criterion, path)


def _levels(criterion: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    levels = criterion.get("niveaus")
    at: Path = (*path, "niveaus") if "niveaus" in criterion else path
    if not (isinstance(levels, list) and len(levels) == len(LEVELS)):
        yield Problem(at, f"er horen precies {len(LEVELS)} niveaus te staan, van laag naar hoog")
        return
    for index, level in enumerate(levels):
        if not isinstance(level, Mapping):
            yield Problem((*at, index), "moet een label en gedrag hebben")
        else:
            wrong = list(check_texts(level, (*at, index), "label", "gedrag"))
            yield from wrong
            if not wrong and not says_behaviour(level["gedrag"]):
                yield Problem((*at, index, "gedrag"), "zegt niet wat iemand doet, alleen hoe goed of hoe vaak")
    told = [without_degree(str(level.get("gedrag"))) for level in levels if isinstance(level, Mapping)]
    if len(told) == len(LEVELS) and len(set(told)) < len(LEVELS):
        yield Problem(at, "twee niveaus beschrijven hetzelfde gedrag, op hoe goed of hoe vaak na")
