"""The rules of a score (LTI AGS 2.0, 3.4), as plain functions.

A score is kept when its timestamp is newer, in whole seconds, than that of the score kept before; else it is stale.
A final score (`FullyGraded`) stays: a later one that isn't final changes nothing, whatever it says. It is answered
as received, for the tool has nothing to correct; its timestamp is not kept either, so a new final score may still
follow. A later final score replaces a final score, and takes the grade away when it brings none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

FINAL = "FullyGraded"
ACTIVITY_PROGRESS = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS = frozenset({FINAL, "Pending", "PendingManual", "Failed", "NotReady"})
# A tool's clock may run ahead this much. More would block every true score that follows until the clock gets there.
CLOCK_LEEWAY = timedelta(seconds=60)
# A float holds every whole number up to here; a grade beyond it is a mistake.
LARGEST = 2.0**53


class BadScore(Exception):
    """`field` of the score is wrong; `reason` is for the tool's developer."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")


class Verdict(Enum):
    REPLACE = "replace"
    KEEP = "keep"
    STALE = "stale"


class Stage(Enum):
    """How far somebody is, by what a score says of it."""

    BUSY = "busy"
    HANDED_IN = "handed in"
    DONE = "done"


@dataclass(frozen=True)
class Score:
    """`score` out of `maximum`, both None when there is no grade (yet). `stamped_at` in whole seconds, UTC."""

    user_id: str
    score: float | None
    maximum: float | None
    activity_progress: str
    grading_progress: str
    stamped_at: datetime


def parse(payload: Any, *, now: datetime) -> Score:
    """Raises BadScore. Fields this platform doesn't keep (comment, submission) are let be."""
    if not isinstance(payload, dict):
        raise BadScore("body", "must be a JSON object")
    user_id = payload.get("userId")
    if not isinstance(user_id, str) or not user_id:
        raise BadScore("userId", "must be a text that isn't empty")
    score = _number(payload, "scoreGiven")
    maximum = _number(payload, "scoreMaximum")
    if maximum == 0:
        raise BadScore("scoreMaximum", "must be more than 0")
    if score is not None and maximum is None:
        raise BadScore("scoreMaximum", "is required with scoreGiven")
    return Score(
        user_id,
        score,
        maximum,
        _word(payload, "activityProgress", ACTIVITY_PROGRESS),
        _word(payload, "gradingProgress", GRADING_PROGRESS),
        _stamp(payload.get("timestamp"), now),
    )


def decide(score: Score, *, kept_at: datetime | None, kept_is_final: bool) -> Verdict:
    """What to do with `score`, given when the kept one was stamped (None: there is none) and whether it is final."""
    if kept_at is not None and score.stamped_at <= kept_at:
        return Verdict.STALE
    if kept_is_final and score.grading_progress != FINAL:
        return Verdict.KEEP
    return Verdict.REPLACE


def stage(activity_progress: str, grading_progress: str) -> Stage:
    """Done is what has its final grade, and what is completed and gets none (AGS 2.0, 3.4.7 and 3.4.8)."""
    if grading_progress == FINAL or (activity_progress == "Completed" and grading_progress == "NotReady"):
        return Stage.DONE
    if activity_progress in ("Submitted", "Completed"):
        return Stage.HANDED_IN
    return Stage.BUSY


def _number(payload: Mapping[str, Any], field: str) -> float | None:
    value = payload.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadScore(field, "must be a number")
    if not 0 <= value <= LARGEST:  # not for NaN either
        raise BadScore(field, f"must be from 0 to {LARGEST:.0f}")
    return float(value)


def _word(payload: Mapping[str, Any], field: str, words: frozenset[str]) -> str:
    value = payload.get(field)
    if not isinstance(value, str) or value not in words:
        raise BadScore(field, "must be one of " + ", ".join(sorted(words)))
    return value


def _stamp(value: Any, now: datetime) -> datetime:
    try:
        stamp = datetime.fromisoformat(value)
        if stamp.tzinfo is None:
            raise ValueError
        stamp = stamp.astimezone(UTC).replace(microsecond=0)
    except (TypeError, ValueError, OverflowError):
        raise BadScore("timestamp", "must be an ISO 8601 time with a time zone") from None
    if stamp > now + CLOCK_LEEWAY:
        raise BadScore("timestamp", "lies in the future")
    return stamp
