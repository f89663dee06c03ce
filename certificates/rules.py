"""When a module is rond for its certificate, and what is still missing (curriculum 2.0). Facts in, an answer out.

Nobody fails: what isn't rond yet can be done again, with other items, as often as somebody likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modules.blocks.decisiontask.rules import END, ENOUGH, LATER

ENOUGH_KNOWN = 0.70


class Condition(StrEnum):
    """What a certificate asks, in the order in which it comes."""

    DONE = "gedaan"
    DECISION = "eindpunt"
    KNOWLEDGE = "kennis"
    RETURN = "herhaalmoment"
    PRACTICE = "praktijkcase"


@dataclass(frozen=True)
class Facts:
    """Of one person in one module. A score is the best there is, None where nothing was done.

    `done`: all that the module asks is done. `returned`: the Herhaalmoment is done. `practice`: whether the practice
    case is *voldoende*, None while nobody judged one.
    """

    done: bool
    decision: float | None
    knowledge: float | None
    returned: bool
    later: float | None
    practice: bool | None


def missing(facts: Facts) -> tuple[Condition, ...]:
    """What a certificate still asks; nothing when it is rond."""
    met = {
        Condition.DONE: facts.done,
        Condition.DECISION: _reaches(facts.decision, ENOUGH[END]),
        Condition.KNOWLEDGE: _reaches(facts.knowledge, ENOUGH_KNOWN),
        Condition.RETURN: facts.returned and _reaches(facts.later, ENOUGH[LATER]),
        Condition.PRACTICE: facts.practice is True,
    }
    return tuple(condition for condition in Condition if not met[condition])


def _reaches(score: float | None, enough: float) -> bool:
    return score is not None and score >= enough
