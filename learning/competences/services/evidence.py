"""Keeping what was shown, and the level that follows from it.

Whatever happens only says that somebody's level is stale, in its own transaction; a job works out many at a time. So
an answer costs one small statement more, and a level is never half of what was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Mod
from django.utils import timezone

from jobs.services import record_after
from learning.competences import history, rules
from learning.competences.models import EvidenceItem, Reached, Stale
from learning.competences.rules import CODES, Item, LearningLevel, Source

KIND = "competences.work_out"
# How long somebody who just did something waits, so that one who does much is worked out once.
WAITS = timedelta(seconds=30)
AT_ONCE = 200
# Several rows of jobs, so that those who answer at once don't wait for one.
_LANES = 16

# Of each learning level its own letter: two begin with the same.
LETTERS = {
    LearningLevel.INDIVIDUAL: "i",
    LearningLevel.ORGANISATION: "o",
    LearningLevel.BETWEEN: "b",
    LearningLevel.SYSTEM: "s",
}
SERIES = {Source.SELF: "zelf", Source.PEER: "peer", Source.PRACTICE: "trainer"}
# What counts is never changed. What stands beside it follows what is there: a round can be taken back and handed in
# anew, and a trainer can hide what a colleague wrote.
BESIDE = frozenset(str(source) for source in Source if not rules.COUNTS_FOR[source])

_MARK = """
INSERT INTO learning_stale (person_id, since) VALUES (%s, CURRENT_TIMESTAMP)
ON CONFLICT (person_id) DO NOTHING RETURNING person_id
"""


def make_stale(person_id: int) -> None:
    """Somebody showed something. Inside the transaction of that, and of every answer: by hand, one statement (on SQLite
    two for the first in a while). What waits isn't put off by who comes after: each half minute has a job of its
    own."""
    lane, slot = person_id % _LANES, int(timezone.now().timestamp() // WAITS.total_seconds())
    due = datetime.fromtimestamp((slot + 1) * WAITS.total_seconds(), UTC)
    record_after(_MARK, [person_id], KIND, f"{KIND}:{lane}:{slot}", {"lane": lane}, due=due)


def work_out_stale(lane: int) -> int:
    """Everybody in this lane who is stale; how many were worked out. May run twice.

    Raises what went wrong with somebody, after all others: they stay stale, and hold nobody else up.
    """
    done, last, wrong = 0, 0, None
    while people := _some_stale(lane, after=last):
        for person_id in people:
            try:
                work_out(person_id)
                done += 1
            except Exception as error:
                wrong = error
        last = people[-1]
    if wrong:
        raise wrong
    return done


def _some_stale(lane: int, *, after: int) -> Sequence[int]:
    in_lane = Stale.objects.annotate(lane=Mod(F("person_id"), Value(_LANES))).filter(lane=lane, pk__gt=after)
    return list(in_lane.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def work_out(person_id: int) -> list[Reached]:
    """Keep what the history shows that wasn't kept yet, and the levels of all ten. A fixed number of statements."""
    Stale.objects.filter(person=person_id).delete()
    keep(person_id, history.of(person_id))
    items = items_of(person_id)
    reached = reached_by(person_id, items)
    Reached.objects.bulk_create(
        reached, update_conflicts=True, unique_fields=["person", "competence"],
        update_fields=["level", "learning_levels", "series", "rule_version", "worked_out_at"],
    )  # fmt: skip
    return reached


def keep(person_id: int, shown: Iterable[history.Shown]) -> None:
    """What is there already stays as it was, but for what stands beside a level (see BESIDE)."""
    told = {each.key: each for each in shown}
    rows = list(EvidenceItem.objects.filter(person=person_id).values_list("pk", "key", "source", "score"))
    gone = {
        key: pk for pk, key, source, score in rows if source in BESIDE and (key not in told or told[key].score != score)
    }
    if gone:
        EvidenceItem.objects.filter(pk__in=gone.values()).delete()
    there = {key for _pk, key, _source, _score in rows} - gone.keys()
    EvidenceItem.objects.bulk_create(
        [row_of(person_id, each) for key, each in told.items() if key not in there],
        ignore_conflicts=True, batch_size=500,
    )  # fmt: skip


def row_of(person_id: int, shown: history.Shown) -> EvidenceItem:
    """Not kept yet."""
    return EvidenceItem(person_id=person_id, made_at=timezone.now(), **facts_of(shown))


def facts_of(shown: history.Shown) -> dict[str, Any]:
    """All that a row says of what was shown."""
    return {
        "key": shown.key, "competence": shown.competence, "source": str(shown.source), "activity": shown.activity,
        "attempt": shown.attempt, "situation": shown.situation, "score": shown.score,
        "learning_level": str(shown.learning_level), "on": shown.on, "confirmed": shown.confirmed,
        "prior": shown.prior, "assessor_id": shown.assessor,
    }  # fmt: skip


def items_of(person_id: int) -> list[tuple[str, Item]]:
    """(competence, item) of all that counts; what a second assessor struck out doesn't. One query."""
    rows = EvidenceItem.objects.filter(person=person_id).exclude(objection__stands=False)
    return [(row.competence, item_of(row)) for row in rows]


def item_of(row: EvidenceItem) -> Item:
    return Item(
        key=row.key,
        source=Source(row.source),
        score=row.score,
        on=row.on,
        activity=row.activity,
        situation=row.situation,
        learning_level=LearningLevel(row.learning_level),
        confirmed=row.confirmed,
        prior=row.prior,
    )


def reached_by(person_id: int, items: Sequence[tuple[str, Item]]) -> list[Reached]:
    """The levels of all ten that follow from these items, not kept yet."""
    return [_reached(person_id, code, [item for c, item in items if c == code]) for code in CODES]


def _reached(person_id: int, competence: str, items: Sequence[Item]) -> Reached:
    level, breadth = rules.level_of(items, today=timezone.localdate()), rules.breadth(items)
    return Reached(
        person_id=person_id,
        competence=competence,
        level=level.level,
        learning_levels="".join(letter for each, letter in LETTERS.items() if each in breadth),
        series=series_of(items),
        rule_version=rules.VERSION,
        worked_out_at=timezone.now(),
    )


def series_of(items: Sequence[Item]) -> dict[str, float]:
    """The mean, from 1 to 4, of how somebody saw themselves, colleagues saw them and trainers did. Beside a level."""
    means = {}
    for source, name in SERIES.items():
        scores = [item.score * 4 for item in items if item.source is source]
        if scores:
            means[name] = round(sum(scores) / len(scores), 2)
    return means
