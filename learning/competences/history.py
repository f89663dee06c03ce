"""What somebody's history is evidence of (curriculum 4.3, 4.4): attempts, and practice that others judged.

A room that has another source registers it; the same history always gives the same items:

    @source
    def of_tables(person_id: int) -> list[Shown]: …
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from learning.competences.models import EvidenceItem
from learning.competences.rules import LearningLevel, Source
from learning.practice.queries.evidence import Judged, judged_of
from learning.runtime.queries import Tried, tries_of
from learning.tracks.content import Activity, Kind
from learning.tracks.queries import edition
from modules import coverage


@dataclass(frozen=True)
class Shown:
    """An item of evidence before it is kept; see `learning.competences.models.EvidenceItem`."""

    key: str
    competence: str
    source: Source
    activity: str
    attempt: int
    score: float
    on: date
    situation: str = ""
    learning_level: LearningLevel = LearningLevel.INDIVIDUAL
    confirmed: bool = False
    prior: bool = False
    assessor: int | None = None


# Of nobody anything is wiped sooner after they did it: the least of RETENTION_ANALYTICS_MONTHS.
_WIPED_AFTER = timedelta(days=180)

Tell = Callable[[int], list[Shown]]
_sources: dict[str, Tell] = {}


def source(tell: Tell) -> Tell:
    return _sources.setdefault(f"{tell.__module__}.{tell.__qualname__}", tell)


def of(person_id: int) -> list[Shown]:
    """All that somebody's history is evidence of, now. A query or two a source, and one."""
    return _beside_what_was_wiped(person_id, [shown for tell in _sources.values() for shown in tell(person_id)])


def _beside_what_was_wiped(person_id: int, told: list[Shown]) -> list[Shown]:
    """Whoever does an activity again after what they did there was wiped, begins again at attempt 1. What they showed
    then stays as it was; what they show now stands beside it, under a key with its day."""
    kept = dict(EvidenceItem.objects.filter(person=person_id).values_list("key", "on"))
    return [
        replace(each, key=f"{each.key}:{each.on.isoformat()}")
        if each.key in kept and each.on - kept[each.key] >= _WIPED_AFTER
        else each
        for each in told
    ]


@source
def of_attempts(person_id: int) -> list[Shown]:
    """Of decisions the first complete attempt, of each task of its own; of knowledge each that was better than before
    (curriculum 3.0). What was done at a Startpunt says where somebody stood, and counts for nothing."""
    best: dict[str, float] = {}
    found: list[Shown] = []
    for tried in tries_of(person_id):
        place = edition(tried.edition, tried.content_hash).by_key.get(tried.usage.partition("/")[2])
        if place is None or place[0].kind is Kind.START or tried.score is None:
            continue
        activity = place[1]
        counted = coverage.source_of_type(activity.type, _authored(activity))
        if counted is None or not _counts(counted, tried, best.get(tried.usage)):
            continue
        best[tried.usage] = max(tried.score, best.get(tried.usage, 0.0))
        found.extend(_of_attempt(tried, activity, Source(counted.value)))
    return found


def _counts(counted: coverage.Source, tried: Tried, best: float | None) -> bool:
    if counted is coverage.Source.KNOWLEDGE:
        return best is None or (tried.score or 0.0) > best
    if counted is coverage.Source.DECISION:
        own_task = tried.answers.get("eerste") if isinstance(tried.answers, dict) else None
        return tried.number == 1 if own_task is None else bool(own_task)
    return False


def _of_attempt(tried: Tried, activity: Activity, source: Source) -> Iterator[Shown]:
    authored = _authored(activity)
    levels = authored.get("leerniveaus") or [LearningLevel.INDIVIDUAL]
    for competence in sorted(coverage.yielded_by(activity.type, authored)):
        yield Shown(
            key=f"{source}:{tried.usage}:{tried.number}:{competence}",
            competence=competence,
            source=source,
            activity=tried.usage,
            attempt=tried.number,
            score=tried.score or 0.0,
            on=timezone.localdate(tried.created_at),
            learning_level=LearningLevel(levels[0]),
        )


def _authored(activity: Activity) -> Mapping[str, Any]:
    authored: Mapping[str, Any] = activity.fields["authored"]
    return authored


_SOURCE_OF = {"zelf": Source.SELF, "peer": Source.PEER, "trainer": Source.PRACTICE, "bezwaar": Source.PRACTICE}


@source
def of_practice(person_id: int) -> list[Shown]:
    """Of what was handed in and judged."""
    return shown_in(judged_of(person_id))


def shown_in(all_judged: Iterable[Judged]) -> list[Shown]:
    """A criterion's level / 4, of each reader and of the learner, at the learning level that a trainer confirmed
    (curriculum 4.2): what the learner proposed, and nobody confirmed, counts as of themselves. A second reader who was
    drawn to compare counts for nothing: two people who look at the same aren't two situations."""
    return [
        Shown(
            key=f"{judged.part}:{judged.work}:{judged.round}:{judged.reading}:{judged.competence}",
            competence=judged.competence,
            source=_SOURCE_OF[judged.part],
            activity=judged.activity,
            attempt=judged.round,
            score=judged.level / 4,
            on=timezone.localdate(judged.at),
            situation=f"praktijk:{judged.work}",
            learning_level=LearningLevel(judged.learning_level or LearningLevel.INDIVIDUAL),
            confirmed=_SOURCE_OF[judged.part] is Source.PRACTICE,
            prior=judged.prior,
            assessor=judged.assessor,
        )
        for judged in _last_criteria(all_judged)
        if judged.part in _SOURCE_OF
    ]


def _last_criteria(judged: Iterable[Judged]) -> list[Judged]:
    """Two criteria of one rubric can be of one competence: the lower of them stands for it."""
    lowest: dict[tuple[Any, ...], Judged] = {}
    for each in judged:
        place = (each.part, each.work, each.round, each.reading, each.competence)
        if place not in lowest or each.level < lowest[place].level:
            lowest[place] = each
    return list(lowest.values())
