"""Publish gates that several types share. They never raise, whatever an author wrote: what is wrong is a Problem."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from modules.authoring import Path, Problem

COMPETENCES = frozenset(f"C{n}" for n in range(1, 11))  # curriculum 4.1
ORIGINS = ("geconstrueerd", "echt met toestemming")  # curriculum 3.0

Entry = tuple[Path, Mapping[str, Any]]


def check_common(data: Mapping[str, Any]) -> Iterator[Problem]:
    """The fields of curriculum 3.0 that every exercise here has."""
    yield from check_texts(data, (), "id", "titel")
    if "herkomst" in data and data["herkomst"] not in ORIGINS:
        yield Problem(("herkomst",), f"moet een van deze zijn: {', '.join(ORIGINS)}")
    if "minuten" in data and not (is_number(data["minuten"]) and data["minuten"] > 0):
        yield Problem(("minuten",), "moet een aantal minuten zijn")
    if "drempel" in data and not (is_number(data["drempel"]) and 0 < data["drempel"] <= 1):
        yield Problem(("drempel",), "moet tussen 0 en 1 liggen")
    competences = data.get("competenties", [])
    if not isinstance(competences, list):
        yield Problem(("competenties",), "moet een lijst zijn")
        return
    for index, competence in enumerate(competences):
        path: Path = ("competenties", index)
        if not isinstance(competence, Mapping) or str(competence.get("code")) not in COMPETENCES:
            yield Problem(path, "de code moet C1 t/m C10 zijn")
        elif not (is_number(competence.get("gewicht")) and 0 < competence["gewicht"] <= 1):
            yield Problem(path, "het gewicht moet tussen 0 en 1 liggen")


def check_texts(data: Mapping[str, Any], path: Path, *names: str) -> Iterator[Problem]:
    """Each of `names` must hold words."""
    for name in names:
        if not (isinstance(data.get(name), str) and data[name].strip()):
            yield Problem((*path, name) if name in data else path, f"'{name}' ontbreekt of is geen tekst")


def check_choice(data: Mapping[str, Any], path: Path, name: str, choices: Collection[str]) -> Iterator[Problem]:
    """`name` must hold one of `choices`."""
    if not (isinstance(data.get(name), str) and data[name] in choices):
        yield Problem((*path, name) if name in data else path, f"'{name}' moet een van deze zijn: {', '.join(choices)}")


def entries(data: Mapping[str, Any], name: str, *, at_least: int = 1) -> tuple[list[Entry], list[Problem]]:
    """The mappings in the list `name`, each with its path, and what is wrong with the list or their ids."""
    values = data.get(name, [])
    if not isinstance(values, list):
        return [], [Problem((name,), "moet een lijst zijn")]
    found: list[Entry] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, value in enumerate(values):
        path: Path = (name, index)
        if not isinstance(value, Mapping):
            problems.append(Problem(path, "moet uit velden bestaan"))
            continue
        found.append((path, value))
        problems += check_texts(value, path, "id")
        if isinstance(value.get("id"), str):
            if value["id"] in seen:
                problems.append(Problem((*path, "id"), f"de id '{value['id']}' komt twee keer voor"))
            seen.add(value["id"])
    if len(values) < at_least:
        problems.append(Problem((name,), f"er horen er minstens {at_least} te staan"))
    return found, problems


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
