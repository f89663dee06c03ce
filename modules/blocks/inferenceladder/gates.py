"""When a ladder may be published (curriculum 3.e). Written for content as it arrives, whatever an author wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Problem
from modules.blocks.gates import check_choice, check_common, check_texts, entries
from modules.blocks.inferenceladder.rules import RUNGS
from modules.blocks.ownwork import check_private

GIVEN, OWN = "gegeven", "eigen"


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_choice(data, (), "vorm", (GIVEN, OWN))
    yield from _rungs(data)
    if data.get("vorm") == GIVEN:
        yield from _given(data)
    elif data.get("vorm") == OWN:
        yield from check_private(data)
        yield from check_texts(data, (), "tegen_namen")
        yield from _texts_of(data, "prompts", "incident", "handeling")


def _texts_of(data: Mapping[str, Any], name: str, *texts: str) -> Iterator[Problem]:
    value = data.get(name)
    if not isinstance(value, Mapping):
        yield Problem((name,) if name in data else (), f"'{name}' moet deze velden hebben: {', '.join(texts)}")
    else:
        yield from check_texts(value, (name,), *texts)


def _rungs(data: Mapping[str, Any]) -> Iterator[Problem]:
    rungs = data.get("sporten")
    if not isinstance(rungs, Mapping):
        yield Problem(("sporten",), "geef de zeven sporten: {1: {naam, toetsvraag}, … 7: …}")
        return
    for number in map(str, RUNGS):
        if not isinstance(rungs.get(number), Mapping):
            yield Problem(
                ("sporten", number) if number in rungs else ("sporten",), f"sport {number} mist naam en toetsvraag"
            )
        else:
            yield from check_texts(rungs[number], ("sporten", number), "naam", "toetsvraag")
            if "hulp" in rungs[number]:
                yield from check_texts(rungs[number], ("sporten", number), "hulp")
    for number in rungs:
        if number not in map(str, RUNGS):
            yield Problem(("sporten", str(number)), "er zijn zeven sporten, 1 tot en met 7")


def _given(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(data, (), "incident")
    yield from _texts_of(data, "handeling", "prompt", "model")
    cards, wrong = entries(data, "kaartjes", at_least=len(RUNGS))
    yield from wrong
    for path, card in cards:
        yield from check_texts(card, path, "tekst", "uitleg")
        if card.get("sport") not in RUNGS or isinstance(card.get("sport"), bool | float):
            yield Problem(
                (*path, "sport") if "sport" in card else path, "'sport' moet een getal van 1 tot en met 7 zijn"
            )
    used = {card.get("sport") for _, card in cards if isinstance(card.get("sport"), int)}
    if missing := [str(rung) for rung in RUNGS if rung not in used]:
        yield Problem(("kaartjes",), f"op deze sporten hoort geen enkel kaartje: {', '.join(missing)}")
    right = [card.get("sport") for _, card in cards]
    if len(right) > 1 and (right == sorted(right, key=str) or right == sorted(right, key=str, reverse=True)):
        yield Problem(("kaartjes",), "de kaartjes staan al op volgorde: schud ze")
