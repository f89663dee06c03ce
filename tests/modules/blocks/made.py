"""Attempts at what an author wrote, made up in the form in which each type records them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from modules.blocks.conversationsim import rules
from modules.blocks.conversationsim.block import simulation_of
from modules.blocks.exitcard.rules import CHOICES, SKIPPED
from modules.blocks.polarisationmap.rules import ROLES
from modules.blocks.streamlens.rules import DIMENSIONS

type Data = Mapping[str, Any]


def attempt(block_type: str, data: Data, seed: int) -> Any:
    """The same for the same seed."""
    return _MAKERS[block_type](data, random.Random(seed))


def _worth(dice: random.Random) -> float:
    return dice.choice((0.0, 0.5, 1.0))


def _lens(data: Data, dice: random.Random) -> Any:
    return {
        item["id"]: [dice.choice(("onder", "boven")), dice.choice(DIMENSIONS), _worth(dice)] for item in data["items"]
    }


def _quiz(data: Data, dice: random.Random) -> Any:
    many = data.get("trekking") or len(data["items"])
    return {item["id"]: [_to_question(item, dice), _worth(dice)] for item in dice.sample(data["items"], many)}


def _to_question(item: Data, dice: random.Random) -> Any:
    places = list(range(len(item["opties"])))
    match item.get("soort", "enkel"):
        case "meer":
            return dice.sample(places, 2)
        case "volgorde":
            return dice.sample(places, len(places))
        case "kort":
            return dice.choice((-1, *places))
    return dice.choice(places)


def _cards(data: Data, dice: random.Random) -> Any:
    bins = list(data.get("bakken", ()))
    places = dice.sample(range(1, len(data["items"]) + 1), len(data["items"]))
    chosen = places if data.get("vorm") == "volgorde" else [dice.choice(bins) for _ in data["items"]]
    return {item["id"]: [answer, _worth(dice)] for item, answer in zip(data["items"], chosen, strict=True)}


def _decisions(data: Data, dice: random.Random) -> Any:
    return {
        item["id"]: [dice.choice(list(item.get("acties", data.get("acties")))), _worth(dice)] for item in data["items"]
    }


def _promises(data: Data, dice: random.Random) -> Any:
    role = dice.choice(list(data["rollen"]))
    return {item["id"]: [role, dice.choice(list(data["bakken"])), _worth(dice)] for item in data["items"]}


def _replies(data: Data, dice: random.Random) -> Any:
    chosen = {item["id"]: dice.randrange(len(item["reacties"])) for item in data["items"]}
    return {
        item["id"]: [chosen[item["id"]], item["reacties"][chosen[item["id"]]]["code"], _worth(dice)]
        for item in data["items"]
    }


def _conditions(data: Data, dice: random.Random) -> Any:
    return {
        item["id"]: [*(dice.choice(data["schaal"]) for _ in data["voorwaarden"]), _worth(dice)]
        for item in data["items"]
    }


def _stops(data: Data, dice: random.Random) -> Any:
    single = [stop for stop in data["stops"] if stop["soort"] == "enkel"]
    return {
        stop["id"]: [
            dice.randrange(len(stop["opties"])),
            float(dice.random() < 0.5) if any(option.get("goed") for option in stop["opties"]) else None,
        ]
        for stop in single
    }


def _marks(data: Data, dice: random.Random) -> Any:
    return {turn: dice.choice(("D1", "D2", "B1", "B6", "N0")) for turn in data["sleutel"]}


def _roles(data: Data, dice: random.Random) -> Any:
    moments = [moment["id"] for moment in data.get("momenten") or [{"id": ""}]]
    return {
        f"{actor['id']}-{moment}" if moment else actor["id"]: [dice.choice(ROLES), "", _worth(dice)]
        for actor in data["actoren"]
        for moment in moments
    }


def _rungs(data: Data, dice: random.Random) -> Any:
    return {card["id"]: [dice.randint(1, 7), _worth(dice)] for card in data["kaartjes"]}


def _layers(data: Data, dice: random.Random) -> Any:
    return {quote["id"]: [dice.choice(("gedrag", "emotie", "behoefte")), _worth(dice)] for quote in data["citaten"]}


def conversation(data: Data, dice: random.Random) -> Any:
    simulation = simulation_of(data)
    state, choices = rules.begin(simulation), []
    while ways := rules.ways(simulation, state):
        choice, after = dice.choice(ways)
        choices.append([state.node, choice.id])
        state = after
    return {"start": None, "choices": choices, "einde": state.node}


def _task(data: Data, dice: random.Random) -> Any:
    task = dice.choice(data["taken"])
    return {"taak": task["id"], "moment": data["moment"], "eerste": True, **conversation(task, dice)}


def _card(data: Data, dice: random.Random) -> Any:
    return {question: dice.choice((*CHOICES[question], SKIPPED)) for question in data["vragen"]}


_MAKERS: Mapping[str, Callable[[Data, random.Random], Any]] = {
    "streamlens": _lens, "quiz": _quiz, "cardsort": _cards, "decisioncards": _decisions, "promisecheck": _promises,
    "replydrill": _replies, "conditioncheck": _conditions, "casevideo": _stops, "dialoguefragment": _marks,
    "polarisationmap": _roles, "inferenceladder": _rungs, "layermap": _layers, "conversationsim": conversation,
    "decisiontask": _task, "exitcard": _card,
}  # fmt: skip
MADE = frozenset(_MAKERS)
