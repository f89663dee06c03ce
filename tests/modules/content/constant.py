"""Answering without reading: always the first, always the same label, always the longest (or the shortest) words.

Per type of activity, what each such way earns, 0 to 1, by the rules that the type itself scores with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from statistics import fmean
from typing import Any

from modules.blocks.cardsort.rules import bin_points
from modules.blocks.conditioncheck.rules import item_points
from modules.blocks.conversationsim import rules as conversation
from modules.blocks.conversationsim.block import simulation_of
from modules.blocks.decisioncards.rules import action_points
from modules.blocks.dialoguefragment.rules import CODES, fragment_score
from modules.blocks.inferenceladder.rules import RUNGS, rung_points
from modules.blocks.layermap.rules import LAYERS, quote_points
from modules.blocks.polarisationmap import rules as roles
from modules.blocks.promisecheck.rules import promise_points
from modules.blocks.quiz import rules as quiz
from modules.blocks.replydrill.rules import reply_points
from modules.blocks.streamlens.rules import DIMENSIONS, STREAMS, Item, points

type Data = Mapping[str, Any]
type Way = tuple[str, float]
type Pick = Callable[[Sequence[str]], int]

# By where they stand as the author wrote them, and by what they look like.
PICKS: Mapping[str, Pick] = {
    "first": lambda _: 0,
    "last": lambda texts: len(texts) - 1,
    "longest": lambda texts: max(range(len(texts)), key=lambda place: len(texts[place])),
    "shortest": lambda texts: min(range(len(texts)), key=lambda place: len(texts[place])),
}


def ways(block_type: str, data: Data) -> Iterator[Way]:
    """(what one always does, what it earns)"""
    if data.get("vorm") != "eigen" and block_type in _WAYS:
        yield from _WAYS[block_type](data)


def _quiz(data: Data) -> Iterator[Way]:
    for name, pick in PICKS.items():
        yield name, fmean(_question(item, pick) for item in data["items"])
    several = [item for item in data["items"] if item.get("soort") == quiz.MULTIPLE]
    if several:
        everything = [quiz.multiple_points(item["opties"], range(len(item["opties"]))) for item in several]
        yield "all that can be ticked", sum(everything) / len(data["items"])


def _question(item: Data, pick: Pick) -> float:
    """One who doesn't read puts nothing in order and writes nothing."""
    place = pick([option["tekst"] for option in item["opties"]])
    match item.get("soort", quiz.SINGLE):
        case quiz.SINGLE:
            return quiz.single_points(item["opties"], place)
        case quiz.MULTIPLE:
            return quiz.multiple_points(item["opties"], [place])
    return 0.0


def _cards(data: Data) -> Iterator[Way]:
    for label in data.get("bakken", ()):
        yield label, fmean(bin_points(card, label) for card in data["items"])


def _lens(data: Data) -> Iterator[Way]:
    items = [Item.read(each) for each in data["items"]]
    for stream, dimension in product(STREAMS, DIMENSIONS):
        mode = data.get("mode", "alles")
        yield f"{stream}, {dimension}", fmean(points(item, stream, dimension, mode) for item in items)


def _decisions(data: Data) -> Iterator[Way]:
    own = [item.get("acties") or data["acties"] for item in data["items"]]
    for action in dict.fromkeys(name for actions in own for name in actions):
        yield action, fmean(action_points(item, action) for item in data["items"])
    for name, pick in PICKS.items():
        chosen = [list(actions)[pick(list(actions.values()))] for actions in own]
        yield name, fmean(action_points(item, action) for item, action in zip(data["items"], chosen, strict=True))


def _promises(data: Data) -> Iterator[Way]:
    bins = list(data["bakken"])
    for role, label in product(data["rollen"], bins):
        yield f"{label}, as {role}", fmean(promise_points(bins, item["sleutel"][role], label) for item in data["items"])


def _conditions(data: Data) -> Iterator[Way]:
    keys = [item["sleutel"] for item in data["items"]]
    for word in data["schaal"]:
        yield word, fmean(item_points(data["schaal"], key, dict.fromkeys(key, word)) for key in keys)


def _replies(data: Data) -> Iterator[Way]:
    for name, pick in PICKS.items():
        yield name, fmean(reply_points(item, pick([r["tekst"] for r in item["reacties"]])) for item in data["items"])
    codes = {reply["code"] for item in data["items"] for reply in item["reacties"]}
    for code in sorted(codes):
        worth = [
            max((reply["waarde"] for reply in item["reacties"] if reply["code"] == code), default=0)
            for item in data["items"]
        ]
        yield code, fmean(worth)


def _stops(data: Data) -> Iterator[Way]:
    keyed = [stop["opties"] for stop in data["stops"] if any(option.get("goed") for option in stop.get("opties", ()))]
    for name, pick in PICKS.items() if keyed else ():
        yield name, fmean(float(bool(o[pick([each["tekst"] for each in o])].get("goed"))) for o in keyed)


def _marks(data: Data) -> Iterator[Way]:
    for code in CODES:
        yield code, fragment_score(data["sleutel"], dict.fromkeys(data["sleutel"], code)) or 0.0


def _roles(data: Data) -> Iterator[Way]:
    key = {
        f"{actor['id']}-{moment}": shares
        for actor in data["actoren"]
        for moment, shares in (actor["sleutel"] if data.get("momenten") else {"": actor["sleutel"]}).items()
    }
    for role in roles.ROLES:
        yield role, roles.map_score(key, dict.fromkeys(key, role))


def _rungs(data: Data) -> Iterator[Way]:
    for rung in RUNGS:
        yield str(rung), fmean(rung_points(card["sport"], rung) for card in data["kaartjes"])


def _layers(data: Data) -> Iterator[Way]:
    for layer in LAYERS:
        yield layer, fmean(quote_points(quote["sleutel"], layer) for quote in data["citaten"])


def _conversation(data: Data) -> Iterator[Way]:
    """Choices are mixed at each turn, and what kind of move one is isn't told: only what it looks like is left."""
    simulation = simulation_of(data)
    for name in ("longest", "shortest"):
        yield name, _played(simulation, PICKS[name])


def _played(simulation: conversation.Simulation, pick: Pick) -> float:
    state, steps = conversation.begin(simulation), list[conversation.Step]()
    while found := conversation.ways(simulation, state):
        choice, after = found[pick([each.text for each, _ in found])]
        steps.append(conversation.Step(state, choice, after))
        state = after
    return conversation.score(simulation, steps)


def _tasks(data: Data) -> Iterator[Way]:
    for task in data["taken"]:
        for name, worth in _conversation(task):
            yield f"{task['id']}: {name}", worth


_WAYS: Mapping[str, Callable[[Data], Iterator[Way]]] = {
    "quiz": _quiz, "cardsort": _cards, "streamlens": _lens, "decisioncards": _decisions, "promisecheck": _promises,
    "conditioncheck": _conditions, "replydrill": _replies, "casevideo": _stops, "dialoguefragment": _marks,
    "polarisationmap": _roles, "inferenceladder": _rungs, "layermap": _layers, "conversationsim": _conversation,
    "decisiontask": _tasks,
}  # fmt: skip
KNOWN = frozenset(_WAYS)
