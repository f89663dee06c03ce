"""When a map may be published (curriculum 3.d). Written for content as it arrives, whatever an author wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Path, Problem
from modules.blocks.gates import check_choice, check_common, check_texts, entries
from modules.blocks.ownwork import check_private
from modules.blocks.polarisationmap.rules import KEPT_DAYS, POLES, ROLES, SIDED
from modules.blocks.shares import check_experts, check_shares, modal_codes

CASE, OWN = "case", "eigen"
PROMPTS = ("kwestie", "links", "rechts", "actor")
# "met wie ga je praten, waarover, vanaf welke plek, op welke toon?"
KNOBS = ("wie", "waarover", "vanaf", "toon")
MOMENTS = 3
FEWEST, MOST = 3, 20
_ID = re.compile(r"[A-Za-z0-9]+")


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_choice(data, (), "vorm", (CASE, OWN))
    yield from check_texts(data, (), "tekst_vooraf")
    if data.get("vorm") == CASE:
        yield from _case(data)
    elif data.get("vorm") == OWN:
        yield from _own(data)


def _own(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_private(data)
    if isinstance(data.get("prompts"), Mapping):
        yield from check_texts(data["prompts"], ("prompts",), *PROMPTS)
    else:
        yield Problem(("prompts",), f"geef een vraag bij elk veld: {', '.join(PROMPTS)}")
    if not _whole(data.get("min_actoren", FEWEST), 1, MOST):
        yield Problem(("min_actoren",), f"moet een aantal van 1 tot en met {MOST} zijn")
    if not _whole(data.get("bewaren_dagen", KEPT_DAYS), 1, KEPT_DAYS):
        yield Problem(("bewaren_dagen",), f"moet een aantal dagen zijn, hoogstens {KEPT_DAYS}")


def _whole(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _case(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(data, (), "kwestie")
    poles = data.get("polen")
    if not (
        isinstance(poles, list) and len(poles) == 2 and all(isinstance(pole, str) and pole.strip() for pole in poles)
    ):
        yield Problem(("polen",), "geef twee polen: eerst die van links, dan die van rechts")
    yield from check_experts(data)
    moments, wrong = entries(data, "momenten", at_least=0)
    yield from wrong
    if len(moments) not in (0, MOMENTS):
        yield Problem(("momenten",), f"een kaart heeft geen momenten, of {MOMENTS}")
    for path, moment in moments:
        yield from check_texts(moment, path, "titel", "tekst")
        yield from _plain_id(moment, path)
    actors, wrong = entries(data, "actoren", at_least=FEWEST)
    yield from wrong
    if len(actors) > MOST:
        yield Problem(("actoren",), f"er passen hoogstens {MOST} mensen op de kaart")
    ids = [str(moment.get("id")) for _, moment in moments]
    for path, actor in actors:
        yield from check_texts(actor, path, "naam", "portret")
        yield from _plain_id(actor, path)
        if "uitleg" in actor:
            yield from check_texts(actor, path, "uitleg")
        yield from _quotes(actor, path, ids)
        yield from _placing(actor, path, ids)
    yield from _knobs(data, {str(actor.get("id")) for _, actor in actors})


def _plain_id(entry: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    if isinstance(entry.get("id"), str) and not _ID.fullmatch(entry["id"]):
        yield Problem((*path, "id"), "een id bestaat uit letters en cijfers")


def _quotes(actor: Mapping[str, Any], path: Path, moments: list[str]) -> Iterator[Problem]:
    quotes = actor.get("citaten")
    if moments:
        if not isinstance(quotes, Mapping):
            yield Problem((*path, "citaten"), f"geef een citaat per moment: {', '.join(moments)}")
        else:
            yield from check_texts(quotes, (*path, "citaten"), *moments)
    elif not (isinstance(quotes, list) and quotes and all(isinstance(each, str) and each.strip() for each in quotes)):
        yield Problem((*path, "citaten"), "geef een lijst met minstens één citaat")


def _placing(actor: Mapping[str, Any], path: Path, moments: list[str]) -> Iterator[Problem]:
    """The key and the pole, per moment where there are moments. Who stands on a side needs a side."""
    key, poles = actor.get("sleutel"), actor.get("pool", "geen")
    if moments and not isinstance(key, Mapping):
        yield Problem((*path, "sleutel"), f"geef de rollen per moment: {', '.join(moments)}")
        return
    for moment in moments or [""]:
        shares = key.get(moment) if moments and isinstance(key, Mapping) else key
        at: Path = (*path, "sleutel", moment) if moment else (*path, "sleutel")
        wrong = list(check_shares(shares, at, ROLES))
        yield from wrong
        pole = poles.get(moment, "geen") if isinstance(poles, Mapping) else poles
        if pole not in POLES:
            yield Problem((*path, "pool"), f"een pool moet een van deze zijn: {', '.join(POLES)}")
        elif not wrong and isinstance(shares, Mapping) and pole == "geen" and modal_codes(shares) & set(SIDED):
            yield Problem((*path, "pool"), "wie pusher of joiner is, staat links of rechts")


def _knobs(data: Mapping[str, Any], actors: set[str]) -> Iterator[Problem]:
    knobs = data.get("knoppen")
    if not isinstance(knobs, Mapping):
        yield Problem(("knoppen",), f"geef keuzes bij elke knop: {', '.join(KNOBS)}")
        return
    for name in KNOBS:
        choices = knobs.get(name)
        path: Path = ("knoppen", name)
        if not (isinstance(choices, list) and len(choices) >= 2 and all(isinstance(each, Mapping) for each in choices)):
            yield Problem(
                path if name in knobs else ("knoppen",), f"'{name}' heeft minstens twee keuzes, elk met feedback"
            )
            continue
        seen = set()
        for index, choice in enumerate(choices):
            at: Path = (*path, index)
            yield from check_texts(choice, at, "feedback")
            if name == "wie":
                yield from check_choice(choice, at, "actor", sorted(actors))
            else:
                yield from check_texts(choice, at, "id", "tekst")
            id_ = str(choice.get("actor" if name == "wie" else "id"))
            if id_ in seen:
                yield Problem(at, f"'{id_}' staat er twee keer")
            seen.add(id_)
