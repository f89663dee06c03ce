"""What somebody said in private, at the end of a module and three months later: answers that are kept sealed, and only
counted (curriculum 6.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from learning.tracks.content import Activity
from modules.blocks.exitcard.rules import CHOICES, MARK, RECOMMENDATION, SKIPPED, USED, WEIGHT
from modules.blocks.lookback.rules import OTHERWISE
from modules.blocks.selfcheck import rules as selfcheck

_SKIPS = 0.05
_DOESNT_APPLY = 0.04
_USED, _WEIGHT = (0.6, 0.15, 0.25), (0.15, 0.7, 0.15)
"""How often each of the choices is made, in their order."""

Answers = dict[str, Any]


def answers_to(activity: Activity, random: Random, skill: float) -> Answers | None:
    """As the block hands them in; None of an activity that asks nothing like it. Who can do more, likes it more."""
    say = _SAY.get(activity.type)
    return say(activity.fields["authored"], random, skill) if say else None


def _exit_card(_authored: Mapping[str, Any], random: Random, skill: float) -> Answers:
    mark = _between(random.gauss(6.8 + 2 * skill, 1), 4, 10)
    said = {
        MARK: str(mark),
        RECOMMENDATION: str(_between(mark + random.gauss(0, 1), 0, 10)),
        USED: random.choices(CHOICES[USED], _USED)[0],
        WEIGHT: random.choices(CHOICES[WEIGHT], _WEIGHT)[0],
    }
    return {question: SKIPPED if random.random() < _SKIPS else answer for question, answer in said.items()}


def _look_back(_authored: Mapping[str, Any], random: Random, skill: float) -> Answers:
    return {OTHERWISE: random.random() < 0.5 + skill / 3}


def _self_check(authored: Mapping[str, Any], random: Random, skill: float) -> Answers | None:
    """Three months later; what is said of oneself before that counts nowhere here."""
    if authored["moment"] != selfcheck.LATER:
        return None
    statements = authored["stellingen"]
    said = {each["id"]: _worth(each, random, skill) for each in statements}
    return {selfcheck.LATER: selfcheck.scores(statements, said), selfcheck.WORTHS: selfcheck.worths(said)}


def _worth(statement: Mapping[str, Any], random: Random, skill: float) -> str:
    if random.random() < _DOESNT_APPLY:
        return selfcheck.NOT
    worth = _between(random.gauss(2.4 + 2 * skill, 0.9), 1, 5)
    return str(6 - worth if statement.get("omgekeerd") else worth)


def _between(value: float, least: int, most: int) -> int:
    return min(most, max(least, round(value)))


_SAY: Mapping[str, Callable[[Mapping[str, Any], Random, float], Answers | None]] = {
    "exitcard": _exit_card, "lookback": _look_back, "selfcheck": _self_check,
}  # fmt: skip
