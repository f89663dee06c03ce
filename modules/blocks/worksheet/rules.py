"""When a part of a worksheet is filled in, and which parts are still needed (curriculum 2.4, 2.5, 3.5, 3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modules.blocks.formfields import Value


def choice(part_id: str) -> str:
    """The name of the field of a part's choice."""
    return f"kies_{part_id}"


def question(question_id: str) -> str:
    """The name of a question's field."""
    return f"vraag_{question_id}"


def filled(part: Mapping[str, Any], values: Mapping[str, Value]) -> bool:
    """Its choice made and its required questions answered; without either, any of its questions."""
    questions = part.get("vragen", [])
    required = [q["id"] for q in questions if q.get("verplicht")]
    if part.get("kies") and not values.get(choice(part["id"])):
        return False
    if required or part.get("kies"):
        return all(values.get(question(id_)) for id_ in required)
    return any(values.get(question(q["id"])) for q in questions)


def counted(data: Mapping[str, Any]) -> tuple[int, list[str]]:
    """(how many, of which parts): the rule of the author, or every part."""
    every = [part["id"] for part in data["delen"]]
    rule = data.get("regel") or {}
    among = [id_ for id_ in every if id_ in rule.get("van", every)]
    return min(rule.get("minstens", len(among)), len(among)), among


def short(data: Mapping[str, Any], values: Mapping[str, Value]) -> tuple[int, list[str]]:
    """(how many parts are still needed, the parts that could be those) of the rule's, and of the others those that ask
    for something."""
    needed, among = counted(data)
    open_ = [part["id"] for part in data["delen"] if part["id"] in among and not filled(part, values)]
    return max(0, needed - (len(among) - len(open_))), open_


def open_besides(data: Mapping[str, Any], values: Mapping[str, Value]) -> list[str]:
    """Parts outside the rule with a required question that has no answer."""
    among = counted(data)[1]
    asking = [p for p in data["delen"] if p["id"] not in among and any(q.get("verplicht") for q in p["vragen"])]
    return [part["id"] for part in asking if not filled(part, values)]
