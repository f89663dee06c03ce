"""Practice cases with their readers: a talk that somebody held, handed in round after round, until a trainer found it
enough. Of some rounds another trainer gave levels too. Nobody wrote anything in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from learning.competences.rules import LearningLevel
from learning.practice import documents
from learning.practice.models import CaseVersion, Part
from learning.practice.queries.evidence import OWN, Judged
from learning.practice.rules import LEVELS, score, verdict_allowed

Levels = Mapping[str, int]
"""{criterion: 1 to 4}"""

_ENOUGH_AT_ONCE = 0.3
_WAS_LOWER = 0.6
_SEES_THE_SAME = 0.75
_SEES_IT_OTHERWISE = 0.4


@dataclass(frozen=True)
class Case:
    """Of a module, in its newest version (`version`: primary key). `criteria`: {criterion: its competence}."""

    usage: str
    version: int
    criteria: Mapping[str, str]


@dataclass(frozen=True)
class Round:
    """`own`: how somebody saw themselves. `second`: what another trainer gave, None where nobody was drawn. `handed_in`
    and `judged`: days."""

    own: Levels
    levels: Levels
    second: Levels | None
    handed_in: int
    judged: int


@dataclass(frozen=True)
class Talk:
    """`given`: the day they got the case. Of the rounds the last was enough, and those before it came back."""

    case: Case
    learning_level: LearningLevel
    given: int
    rounds: tuple[Round, ...]

    @property
    def ends(self) -> int:
        return self.rounds[-1].judged

    @property
    def score(self) -> float:
        return score(self.rounds[-1].levels)


def cases() -> dict[str, Case]:
    """{usage: the case of that activity}, where the library follows its module."""
    found = CaseVersion.objects.filter(case__organisation=None).order_by("number").select_related("case")
    return {
        each.case.usage: Case(
            each.case.usage,
            each.pk,
            {criterion.id: criterion.competence for criterion in documents.read(each.document).rubric},
        )
        for each in found
    }


def held(case: Case, random: Random, *, skill: float, given: int, twice: float) -> Talk:
    """`twice`: how often a round is read by a second trainer too."""
    enough, day = _enough(case, random, skill), given
    came_back = [] if random.random() < _ENOUGH_AT_ONCE else [_not_yet(enough, random)]
    rounds = []
    for levels in (*came_back, enough):
        handed_in = day + random.randint(3, 14)
        day = handed_in + random.randint(1, 6)
        own = {each: _near(level, random, _SEES_IT_OTHERWISE) for each, level in levels.items()}
        drawn = random.random() < twice
        second = {each: _near(level, random, 1 - _SEES_THE_SAME) for each, level in levels.items()} if drawn else None
        rounds.append(Round(own, levels, second, handed_in, day))
    learning_level = random.choice((LearningLevel.INDIVIDUAL, LearningLevel.INDIVIDUAL, LearningLevel.ORGANISATION))
    return Talk(case, learning_level, given, tuple(rounds))


def _enough(case: Case, random: Random, skill: float) -> dict[str, int]:
    """Levels with which a case is voldoende."""
    levels = {each: 2 + (random.random() < skill) + (random.random() < skill / 3) for each in case.criteria}
    for each in levels:
        if not verdict_allowed(levels):
            levels[each] = 3
    return levels


def _not_yet(enough: Levels, random: Random) -> dict[str, int]:
    """What some of it was in a round that came back with a question."""
    return {each: max(1, level - (random.random() < _WAS_LOWER)) for each, level in enough.items()}


def _near(level: int, random: Random, chance: float) -> int:
    """The level beside it, as often as `chance` says."""
    apart = random.choice((-1, 1)) if random.random() < chance else 0
    return min(LEVELS[-1], max(LEVELS[0], level + apart))


def judged(
    talk: Talk, at: Callable[[int], datetime], *, work: int, readings: Sequence[int], trainer: int | None
) -> Iterator[Judged]:
    """What `learning.practice.queries.evidence` finds of it. `at`: the moment of a day; `readings`: the numbers of what
    the trainer gave, one for each round."""
    for number, (kept, reading) in enumerate(zip(talk.rounds, readings, strict=True), 1):
        for part, levels, day, by, who in (
            (OWN, kept.own, kept.handed_in, 0, None),
            (Part.TRAINER, kept.levels, kept.judged, reading, trainer),
        ):
            for criterion, competence in talk.case.criteria.items():
                yield Judged(
                    part=str(part),
                    work=work,
                    round=number,
                    reading=by,
                    activity=talk.case.usage,
                    competence=competence,
                    level=levels[criterion],
                    learning_level=talk.learning_level if by else "",
                    at=at(day),
                    assessor=who,
                    prior=False,
                )
