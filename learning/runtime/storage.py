"""The few statements every answer costs, by hand.

This is the hot path: with the ORM these writes take six times the processor of what they do here (measured in
`script/bench answer`). Both databases understand the same statements.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from learning.runtime.blocks import State

_LOAD = """
SELECT e.id, e.edition_id, v.content_hash, v.required, e.done, e.completed_at IS NOT NULL, p.status, p.score
FROM learning_enrolment e
JOIN learning_module m ON m.id = e.module_id
JOIN learning_moduleedition v ON v.id = e.edition_id
LEFT JOIN learning_activityprogress p ON p.enrolment_id = e.id AND p.activity = %s
WHERE e.person_id = %s AND m.slug = %s
"""
_STATE = "SELECT data, sealed, version FROM learning_blockstate WHERE person_id = %s AND usage = %s"
_FIRST_STATE = """
INSERT INTO learning_blockstate (person_id, usage, data, version, updated_at) VALUES (%s, %s, '{}', 0, %s)
ON CONFLICT (person_id, usage) DO NOTHING
"""
_SAVE_STATE = """
INSERT INTO learning_blockstate (person_id, usage, data, sealed, version, updated_at) VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT (person_id, usage) DO UPDATE SET
    data = excluded.data, sealed = excluded.sealed, version = learning_blockstate.version + 1,
    updated_at = excluded.updated_at
"""
_SAVE_ATTEMPT = """
INSERT INTO learning_attempt (person_id, usage, edition_id, number, answers, score, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (person_id, usage, number) DO NOTHING
"""
_SAVE_PROGRESS = """
INSERT INTO learning_activityprogress (enrolment_id, activity, status, score, completed_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (enrolment_id, activity) DO UPDATE SET
    status = excluded.status, score = excluded.score,
    completed_at = COALESCE(learning_activityprogress.completed_at, excluded.completed_at)
"""
_MOVE_ON = """
UPDATE learning_enrolment SET place = %s, touched_at = %s, done = done + %s,
    completed_at = CASE WHEN completed_at IS NULL AND done + %s >= %s THEN %s ELSE completed_at END
WHERE id = %s RETURNING done
"""


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a module and one activity of it, as the database has it now."""

    enrolment_id: int
    edition_id: int
    content_hash: str
    required: int
    done: int
    completed: bool
    status: str | None
    score: float | None


def load_standing(person_id: int, module: str, activity: str) -> Standing | None:
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, [activity, person_id, module])
        row = cursor.fetchone()
    return Standing(*row) if row else None


def lock_state(person_id: int, usage: str, now: datetime) -> State:
    """The state of an activity, held until the transaction ends: a second answer waits for the first.

    On SQLite the transaction itself is that lock.
    """
    with connection.cursor() as cursor:
        if connection.features.has_select_for_update:
            cursor.execute(_FIRST_STATE, [person_id, usage, _moment(now)])
            cursor.execute(f"{_STATE} FOR UPDATE", [person_id, usage])
        else:
            cursor.execute(_STATE, [person_id, usage])
        row = cursor.fetchone()
    return state_of(person_id, usage, *row) if row else State(person_id, usage)


def state_of(person_id: int, usage: str, data: str, sealed: Any, version: int) -> State:
    return State(person_id, usage, json.loads(data), bytes(sealed) if sealed is not None else None, version)


def save_state(state: State, now: datetime) -> None:
    data, sealed = state.to_save()
    with connection.cursor() as cursor:
        cursor.execute(_SAVE_STATE, [state.person_id, state.usage, data, sealed, _moment(now)])


def save_attempt(
    state: State, edition_id: int, *, number: int, answers: Any, score: float | None, now: datetime
) -> bool:
    """Keep a complete attempt. False when that number is there already."""
    values = [state.person_id, state.usage, edition_id, number, json.dumps(answers), score, _moment(now)]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE_ATTEMPT, values)
        return bool(cursor.rowcount)


def save_progress(
    enrolment_id: int, activity: str, *, status: str, score: float | None, completed_at: datetime | None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SAVE_PROGRESS, [enrolment_id, activity, status, score, _moment(completed_at)])


def move_on(standing: Standing, activity: str, *, more_done: int, now: datetime) -> int:
    """Set where they are and how much is done; the new `done`."""
    moment = _moment(now)
    values = [activity, moment, more_done, more_done, standing.required, moment, standing.enrolment_id]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_ON, values)
        (done,) = cursor.fetchone()
    return int(done)


def _moment(value: datetime | None) -> Any:
    return None if value is None else connection.ops.adapt_datetimefield_value(value)
