"""What a practice case must hold (curriculum 3.g), in a module or made by a trainer. Never raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Path, Problem
from modules.blocks.gates import check_texts
from modules.blocks.practicecase.rules import (
    DAYS_MAX,
    DEFAULTS,
    FEWEST_AFTER,
    FORMS,
    MINUTES_MAX,
    PARTS,
    PEERS_MAX,
    ROUNDS_MAX,
)
from modules.blocks.rubric.gates import check_criteria

LEAST_CRITERIA, MOST_CRITERIA = 3, 5


def check_case(data: Mapping[str, Any]) -> Iterator[Problem]:
    """All but what every exercise has (`check_common`)."""
    yield from check_texts(data, (), "opdracht", "doel", "inleveren", "voldoende")
    for part, name in PARTS.items():
        yield from _part(data, part, name)
    questions = [question for part in ("voorbereiding", "na") for question in _questions(data.get(part))]
    if len(set(questions)) < len(questions):
        yield Problem(("na", "vragen"), "dezelfde vraag staat er twee keer")
    yield from _sentences(data, (), "veiligheidscheck")
    yield from _forms(data)
    yield from check_criteria(data, "rubric", least=LEAST_CRITERIA, most=MOST_CRITERIA)
    yield from _settings({**DEFAULTS, **data})
    yield from _variants({**DEFAULTS, **data})


def _part(data: Mapping[str, Any], part: str, name: str) -> Iterator[Problem]:
    value = data.get(part)
    if not isinstance(value, Mapping):
        yield Problem((part,) if part in data else (), f"'{part}' moet minuten en {name} hebben")
        return
    if not _is_whole(value.get("minuten"), 1, MINUTES_MAX):
        yield Problem((part, "minuten"), "moet een heel aantal minuten zijn")
    yield from _sentences(value, (part,), name, least=FEWEST_AFTER if part == "na" else 1)


def _sentences(data: Mapping[str, Any], path: Path, name: str, *, least: int = 1) -> Iterator[Problem]:
    value = data.get(name)
    if not (isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)):
        yield Problem((*path, name), "moet een lijst van zinnen zijn")
    elif len(value) < least:
        yield Problem((*path, name), f"er horen er minstens {least} te staan")


def _questions(part: object) -> list[str]:
    value = part.get("vragen") if isinstance(part, Mapping) else None
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _forms(data: Mapping[str, Any]) -> Iterator[Problem]:
    value = data.get("bewijsvormen")
    if not (isinstance(value, list) and value and all(isinstance(each, str) and each in FORMS for each in value)):
        yield Problem(("bewijsvormen",), f"moet een lijst zijn van: {', '.join(FORMS)}")
    elif len(set(value)) < len(value):
        yield Problem(("bewijsvormen",), "dezelfde vorm staat er twee keer")


def _settings(data: Mapping[str, Any]) -> Iterator[Problem]:
    for name, least, most in (("termijn_dagen", 1, DAYS_MAX), ("rondes_max", 1, ROUNDS_MAX), ("peers", 0, PEERS_MAX)):
        if not _is_whole(data[name], least, most):
            yield Problem((name,), f"moet een heel getal van {least} tot en met {most} zijn")
    if not isinstance(data["tweede_lezer"], bool):
        yield Problem(("tweede_lezer",), "moet ja of nee zijn")
    if not isinstance(data["gebied"], str):
        yield Problem(("gebied",), "moet tekst zijn")


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _variants(data: Mapping[str, Any]) -> Iterator[Problem]:
    variants = data["varianten"]
    if not isinstance(variants, list):
        yield Problem(("varianten",), "moet een lijst zijn")
        return
    names: set[str] = set()
    for index, variant in enumerate(variants):
        path: Path = ("varianten", index)
        if not isinstance(variant, Mapping):
            yield Problem(path, "moet een naam en een opdracht hebben")
            continue
        yield from check_texts(variant, path, "naam", "opdracht")
        if isinstance(variant.get("naam"), str):
            if variant["naam"] in names:
                yield Problem((*path, "naam"), "deze naam komt twee keer voor")
            names.add(variant["naam"])
