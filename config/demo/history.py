"""What the demo's people learned before today, so that growth, a group's page and HR's figures have something to show.

Nothing of it is written down as a result. They do activities by the forms of those activities (`hands`) and have a talk
judged by a trainer (`practice`), on days that went by (`days`); what that comes to is worked out as it is for anybody.
The two who learn in the demo don't begin the first module by this: that is for who tries it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.demo import hands, practice
from config.demo.days import days_ago
from learning.competences.services import evidence
from learning.tracks import queries as tracks
from learning.tracks import services
from learning.tracks.content import Edition

if TYPE_CHECKING:
    from learning.people.models import Group, Person

FIRST, DISCONTENT = "dialoogprincipes", "ongenoegen"


@dataclass(frozen=True)
class Did:
    """An activity, so many days ago."""

    activity: str
    days: int


@dataclass(frozen=True)
class Life:
    """What somebody did in a module, and how often they found what is best. `talk`: the learning level at which their
    trainer judged a talk of theirs, "" where they had none."""

    module: str
    skill: float
    did: tuple[Did, ...]
    talk: str = ""


def _steps(module: str, *days: int) -> tuple[Did, ...]:
    """The activities of a module in their order, as many as there are days."""
    return tuple(Did(activity, ago) for activity, ago in zip(_IN_ORDER[module], days, strict=False))


_IN_ORDER = {
    FIRST: (
        "quiz-debat-of-dialoog", "fragment-streektafel", "drill-luisteren", "fragment-bij-het-hek",
        "sim-koffie-bij-ten-have",
    ),
    DISCONTENT: ("fragment-aan-de-balie", "sim-mail-vrijdagmiddag"),
}  # fmt: skip

LIVES: Mapping[str, Life] = {
    "deelnemer": Life(DISCONTENT, 0.95, _steps(DISCONTENT, 33, 24), talk="organisatorisch"),
    "deelnemer2": Life(DISCONTENT, 0.8, _steps(DISCONTENT, 20, 19)),
    "collega1": Life(FIRST, 1.0, _steps(FIRST, 40, 38, 36, 27, 20), talk="individueel"),
    "collega2": Life(FIRST, 0.9, _steps(FIRST, 39, 38, 31, 24, 22), talk="organisatorisch"),
    "collega3": Life(FIRST, 0.8, _steps(FIRST, 39, 37, 37, 36)),
    "collega4": Life(FIRST, 0.9, _steps(FIRST, 35, 34, 30)),
    "collega5": Life(FIRST, 0.5, _steps(FIRST, 35, 33)),
    "collega6": Life(FIRST, 0.9, _steps(FIRST, 30)),
    "collega7": Life(FIRST, 0.95, _steps(FIRST, 41, 40, 33, 30, 21), talk="interbestuurlijk"),
    "collega8": Life(FIRST, 0.85, _steps(FIRST, 38, 36, 29, 20, 18)),
    "collega9": Life(FIRST, 0.7, _steps(FIRST, 36, 35, 34)),
    "collega10": Life(FIRST, 0.9, _steps(FIRST, 32, 30)),
    "collega11": Life(FIRST, 0.6, _steps(FIRST, 29)),
    "collega13": Life(FIRST, 0.9, _steps(FIRST, 28, 27)),
}


def live(persons: Mapping[str, Person], group: Group, own: Group, trainer: Person) -> None:
    """Who did anything already stays as they are. `group`: in which the colleagues learn, `own`: the demo's two."""
    for username, life in LIVES.items():
        person, edition = persons[username], tracks.newest(life.module)
        if edition is None or person.enrolments.exists() or not _fits(life, edition):
            continue
        _learn(person, life, edition)
        if life.talk:
            seat = own if life.module == DISCONTENT else group
            case = f"{life.module}/{_CASES[life.module]}"
            practice.held_and_judged(person, seat, case=case, by=trainer, learning_level=life.talk)
        evidence.work_out(person.pk)


_CASES = {FIRST: "praktijkcase-m1", DISCONTENT: "praktijkcase-ongenoegen"}


def _fits(life: Life, edition: Edition) -> bool:
    """Whether the module that is published is the one of the house."""
    return all(each.activity in edition.by_key for each in life.did)


def _learn(person: Person, life: Life, edition: Edition) -> None:
    module = tracks.module(life.module)
    assert module is not None
    with days_ago(life.did[0].days + 1):
        services.enrol(person, module=module)
    for did in life.did:
        with days_ago(did.days):
            hands.do(person, edition, f"{life.module}/{did.activity}", skill=life.skill)
