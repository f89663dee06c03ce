"""When a layer map may be published (curriculum 3.o). Written for content as it arrives, whatever an author wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Problem
from modules.blocks.gates import check_choice, check_common, check_texts, entries
from modules.blocks.layermap.rules import LAYERS
from modules.blocks.ownwork import check_private
from modules.blocks.shares import check_experts, check_shares

CASE, OWN = "case", "eigen"


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_choice(data, (), "vorm", (CASE, OWN))
    if data.get("vorm") == CASE:
        yield from _case(data)
    elif data.get("vorm") == OWN:
        yield from check_private(data)
        if isinstance(data.get("prompts"), Mapping):
            yield from check_texts(data["prompts"], ("prompts",), *LAYERS, "antwoord")
        else:
            yield Problem(
                ("prompts",), f"geef een vraag per laag en een voor het antwoord: {', '.join(LAYERS)}, antwoord"
            )


def _case(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(data, (), "situatie")
    if "fragment" in data:
        yield from check_texts(data, (), "fragment")
    yield from check_experts(data)
    quotes, wrong = entries(data, "citaten", at_least=3)
    yield from wrong
    for path, quote in quotes:
        yield from check_texts(quote, path, "tekst", "uitleg")
        if "spreker" in quote:
            yield from check_texts(quote, path, "spreker")
        yield from check_shares(quote.get("sleutel"), (*path, "sleutel"), LAYERS)
    replies, wrong = entries(data, "antwoorden", at_least=len(LAYERS))
    yield from wrong
    for path, reply in replies:
        yield from check_choice(reply, path, "laag", LAYERS)
        yield from check_texts(reply, path, "tekst", "opent", "sluit")
    aimed = [reply.get("laag") for _, reply in replies]
    if missing := [layer for layer in LAYERS if layer not in aimed]:
        yield Problem(("antwoorden",), f"er is geen antwoord op: {', '.join(missing)}")
