"""Hands that do an activity as its page would: every form of it, one after the other, with the answers of somebody who
is more or less good at it. What comes of it is for the activity to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from webob import Request

from learning.people.models import Person
from learning.runtime import services as runtime
from learning.runtime.blocks import State
from learning.tracks.content import Edition
from modules.blocks.conversationsim import rules as talk

Form = tuple[str, Mapping[str, str]]
"""(handler, fields)"""


class Refused(Exception):
    """The activity asks something else than these hands know."""


def do(person: Person, edition: Edition, usage: str, *, skill: float) -> None:
    """All of one activity, by somebody who began its module and not yet this. `skill`: how often they find what is
    best, from 0 to 1. Raises Refused."""
    _unit, activity = edition.by_key[usage.partition("/")[2]]
    block = runtime.runtime_with_all(person, edition).block(activity, State(person.pk, usage))
    chance = Random(f"{person.username} {usage}")  # noqa: S311 the same in every demo
    for handler, fields in _FORMS[activity.type](block, lambda: chance.random() < skill):
        answered = runtime.answer(person, usage=usage, handler=handler, request=Request.blank("/", POST=dict(fields)))
        if answered.response.status_int >= 400:
            raise Refused(usage)


def _quiz(block: Any, finds: Callable[[], bool]) -> Iterator[Form]:
    """Questions with one good answer."""
    for item in block.order():
        options = block.items[item]["opties"]
        places = {bool(options[at].get("goed")): place for place, at in block.shown(item).items()}
        yield "answer", {"ronde": "1", "item": item, "antwoord": places[finds()]}
        yield "proceed", {"ronde": "1", "item": item}


def _replies(block: Any, finds: Callable[[], bool]) -> Iterator[Form]:
    for item in block.order():
        replies = block.items[item]["reacties"]
        ranked = sorted(block.shown(item).items(), key=lambda place: -float(replies[place[1]]["waarde"]))
        here = {"ronde": "1", "item": item}
        yield "answer", {**here, "reactie": ranked[0][0] if finds() else ranked[-1][0]}
        yield "own", {**here, "tekst": "Wat maakt dit zo belangrijk voor je?"}
        yield "proceed", here


def _fragment(block: Any, finds: Callable[[], bool]) -> Iterator[Form]:
    """Every turn marked, as most experts do or as some."""
    marks = {}
    for turn, shares in block.key.items():
        ranked = sorted(shares, key=lambda code: -shares[code])
        marks[f"merk-{turn}"] = ranked[0] if finds() else ranked[-1]
    yield "reveal", {**marks, "doel": "onthul"}


def _talk(block: Any, finds: Callable[[], bool]) -> Iterator[Form]:
    """One conversation, until it ends."""
    yield "start", {"play": "1"}
    block.play, state, step = 1, talk.begin(block.simulation), 0
    while isinstance(block.simulation.nodes[state.node], talk.Turn):
        offered = block.offered(state, step)
        choice = _moved(offered, dialogue=finds())
        place = str(offered.index(choice) + 1)
        yield "choose", {"play": "1", "step": str(step), "node": state.node, "choice": place}
        state, step = talk.choose(block.simulation, state, choice.id).after, step + 1


def _moved(offered: Sequence[talk.Choice], *, dialogue: bool) -> talk.Choice:
    return next((each for each in offered if each.is_dialogue is dialogue), offered[0])


_FORMS: dict[str, Callable[[Any, Callable[[], bool]], Iterator[Form]]] = {
    "quiz": _quiz, "replydrill": _replies, "dialoguefragment": _fragment, "conversationsim": _talk,
}  # fmt: skip
