"""The few statements every answer costs, by hand.

This is the hot path: with the ORM these writes take six times the processor of what they do here (measured in
`script/bench answer`). Both databases understand the same statements.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.transaction import get_connection

from learning.moments import aware
from learning.runtime.blocks import State

_LOAD = """
SELECT e.id, e.edition_id, v.content_hash, v.required, e.done, e.completed_at, e.finished_at, e.touched_at, e.pace,
    p.status, p.score
FROM learning_enrolment e
JOIN learning_module m ON m.id = e.module_id
JOIN learning_moduleedition v ON v.id = e.edition_id
LEFT JOIN learning_activityprogress p ON p.enrolment_id = e.id AND p.activity = %s
WHERE e.person_id = %s AND m.slug = %s
"""
_STATE = "SELECT data, sealed, version FROM learning_blockstate WHERE person_id = %s AND usage = %s"
_FIRST_STATE = """
INSERT INTO learning_blockstate (person_id, usage, data, version, updated_at) VALUES (%s, %s, '{}', 0, %s)
ON CONFLICT (person_id, usage) DO NOTHING RETURNING version
"""
_SAVE_STATE = """
INSERT INTO learning_blockstate (person_id, usage, data, sealed, version, updated_at) VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT (person_id, usage) DO UPDATE SET
    data = excluded.data, sealed = excluded.sealed, version = learning_blockstate.version + 1,
    updated_at = excluded.updated_at
RETURNING version
"""
_SAVE_ATTEMPT = """
INSERT INTO learning_attempt (person_id, usage, edition_id, number, answers, score, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (person_id, usage, number) DO NOTHING RETURNING number
"""
_SAVE_PROGRESS = """
INSERT INTO learning_activityprogress (enrolment_id, activity, status, score, completed_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (enrolment_id, activity) DO UPDATE SET
    status = excluded.status, score = excluded.score,
    completed_at = COALESCE(learning_activityprogress.completed_at, excluded.completed_at)
RETURNING status
"""
_MOVE_ON = """
UPDATE learning_enrolment SET place = COALESCE(%s, place), touched_at = COALESCE(%s, touched_at),
    pace = %s, done = done + %s,
    completed_at = CASE WHEN completed_at IS NULL AND done + %s >= %s THEN %s ELSE completed_at END,
    finished_at = CASE WHEN finished_at IS NULL AND done + %s >= %s THEN %s ELSE finished_at END
WHERE id = %s RETURNING done
"""


class Gone(Exception):
    """They were enrolled when this began, and aren't any more: what they did was past its term, and went."""


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a module and one activity of it, as the database has it now."""

    enrolment_id: int
    edition_id: int
    content_hash: str
    required: int
    done: int
    completed_at: datetime | None
    finished_at: datetime | None
    touched_at: datetime | None
    pace: str
    status: str | None
    score: float | None

    @property
    def completed(self) -> bool:
        return self.completed_at is not None


@dataclass(frozen=True)
class Progress:
    """How far somebody is in an activity. `completed_at`: when it is done, now; of several moments the first stays."""

    status: str
    score: float | None
    completed_at: datetime | None


@dataclass(frozen=True)
class Kept:
    """`done`: required activities of the module that are done now. `attempts`: numbers that weren't there yet."""

    done: int
    attempts: frozenset[int]


def hold(person_id: int, usage: str, now: datetime) -> tuple[State, Standing | None]:
    """The state of an activity, held until the transaction ends: a second answer waits for the first.

    On SQLite the transaction itself is that lock. No Standing: they aren't enrolled in its module.
    """
    module, _, activity = usage.partition("/")
    load = (_LOAD, [activity, person_id, module])
    if get_connection().features.has_select_for_update:
        first = (_FIRST_STATE, [person_id, usage, _moment(now)])
        *_, row, standing = _together([first, (f"{_STATE} FOR UPDATE", [person_id, usage]), load])
    else:
        row, standing = _together([(_STATE, [person_id, usage]), load])
    state = state_of(person_id, usage, *row) if row else State(person_id, usage)
    return state, _standing(standing) if standing else None


def _standing(row: Sequence[Any]) -> Standing:
    values: list[Any] = [aware(value) if isinstance(value, datetime) else value for value in row]
    return Standing(*values)


def state_of(person_id: int, usage: str, data: str, sealed: Any, version: int) -> State:
    return State(person_id, usage, json.loads(data), bytes(sealed) if sealed is not None else None, version)


def keep(
    state: State,
    standing: Standing,
    *,
    progress: Progress | None,
    attempts: Sequence[Mapping[str, Any]],
    more_done: int,
    now: datetime,
    pace: str | None = None,
    came_by: bool = True,
) -> Kept:
    """Write what changed. `attempts`: {number, answers, score} of complete ones; a number there already stays.
    `pace`: how long they are busy now (`learning.tracks.pace`). Without `came_by` they weren't here: others said it.

    Raises Gone: what was written then must be undone."""
    activity, moment = state.usage.partition("/")[2], _moment(now)
    here = [activity, moment] if came_by else [None, None]
    values: list[Any] = [*here, standing.pace if pace is None else pace]
    reached = [more_done, standing.required, moment]
    values += [more_done, *reached, *reached, standing.enrolment_id]
    statements = [(_MOVE_ON, values)]
    for attempt in attempts:
        answers = json.dumps(attempt["answers"])
        values = [state.person_id, state.usage, standing.edition_id, attempt["number"], answers, attempt["score"]]
        statements.append((_SAVE_ATTEMPT, [*values, moment]))
    if state.changed:
        statements.append((_SAVE_STATE, [state.person_id, state.usage, *state.to_save(), moment]))
    if progress:
        values = [standing.enrolment_id, activity, progress.status, progress.score, _moment(progress.completed_at)]
        statements.append((_SAVE_PROGRESS, values))
    moved, *rows = _together(statements)
    if moved is None:
        raise Gone
    return Kept(moved[0], frozenset(row[0] for row in rows[: len(attempts)] if row))


def _together(statements: Sequence[tuple[str, list[Any]]]) -> list[Any]:
    """The first row of each statement, or None; each must be one that can give rows.

    PostgreSQL gets them in one message: there the round trip costs more than the statement.
    """
    database = get_connection()
    with database.cursor() as cursor:
        if database.vendor != "postgresql":
            return [cursor.execute(statement, values).fetchone() for statement, values in statements]
        cursor.execute(
            ";".join(statement for statement, _ in statements), [value for _, values in statements for value in values]
        )
        rows = [cursor.fetchone()]
        while cursor.nextset():
            rows.append(cursor.fetchone())
        return rows


def _moment(value: datetime | None) -> Any:
    return None if value is None else get_connection().ops.adapt_datetimefield_value(value)
