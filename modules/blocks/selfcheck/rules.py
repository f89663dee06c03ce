"""What twelve answers about oneself say, without a grade (curriculum 3.t, 5.6).

A moment is one time through the statements: {"soort": START, NOW, BACK or LATER, "op": date in ISO 8601, "antwoorden":
{statement: "1".."5" or NOT}}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean
from typing import Any

Moment = dict[str, Any]
Scores = dict[str, float | None]

START, NOW, BACK, LATER = "start", "nu", "terug", "later"
SCALE = ("1", "2", "3", "4", "5")
NOT = "nvt"
STATEMENTS = [f"z{n}" for n in range(1, 13)]
# In an attempt of LATER: the statements themselves.
WORTHS = "zinnen"

# "once per 90 days": within it nothing changed that a month's memory could tell.
AGAIN_AFTER = timedelta(days=90)
# Lines of earlier moments that can still be told apart.
MOST_EARLIER = 2
# Curriculum 4.5: fewer people, no figure; and no figure sharper than 5 % of the scale.
K, STEP = 5, 0.2


def recent(moments: Iterable[Moment], today: date) -> Moment | None:
    """The newest moment that is less than 90 days old; looking back isn't one."""
    found = [m for m in moments if m["soort"] != BACK and today - date.fromisoformat(m["op"]) < AGAIN_AFTER]
    return max(found, key=lambda moment: moment["op"], default=None)


def competences(statements: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each once, C1 to C10."""
    found = {code for statement in statements for code in statement["competenties"]}
    return sorted(found, key=lambda code: int(code[1:]))


def scores(statements: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> Scores:
    """{competence: the mean of its answers, 1..5, or None where none applied}. A reversed one counts the other way."""
    found: dict[str, list[int]] = {code: [] for code in competences(statements)}
    for statement in statements:
        answer = answers.get(statement["id"], NOT)
        if answer in SCALE:
            worth = 6 - int(answer) if statement.get("omgekeerd") else int(answer)
            for code in statement["competenties"]:
                found[code].append(worth)
    return {code: fmean(worths) if worths else None for code, worths in found.items()}


def worths(answers: Mapping[str, str]) -> dict[str, int | None]:
    """{statement: 1..5 as it was said, or None where it didn't apply}"""
    return {id_: int(answer) if answer in SCALE else None for id_, answer in answers.items()}


def extremes(found: Scores) -> tuple[str, str] | None:
    """(the competence of the most, of the least), the first of equals; None when there is no difference to tell."""
    known = {code: score for code, score in found.items() if score is not None}
    if not known or min(known.values()) == max(known.values()):
        return None
    return max(known, key=known.__getitem__), min(known, key=known.__getitem__)


def in_words(score: float | None, scale: Mapping[str, str], none: str) -> str:
    """The word of the scale that lies nearest; halves go up."""
    return none if score is None else scale[str(int(score + 0.5))]


def tally(per_person: Iterable[Mapping[str, float | None]]) -> dict[str, dict[str, float]]:
    """{competence: {"n", "gemiddeld"}} where at least K people said something, rounded so that nobody stands out."""
    found: dict[str, list[float]] = {}
    for person in per_person:
        for code, score in person.items():
            if score is not None:
                found.setdefault(code, []).append(score)
    return {
        code: {"n": len(values), "gemiddeld": round(round(fmean(values) / STEP) * STEP, 1)}
        for code, values in found.items()
        if len(values) >= K
    }
