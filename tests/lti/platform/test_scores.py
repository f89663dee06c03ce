from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti.platform import scores
from lti.platform.scores import Verdict

NOW = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)


def payload(**changed: Any) -> dict[str, Any]:
    """A good score; None leaves a field out."""
    good = {
        "userId": "someone",
        "scoreGiven": 0.5,
        "scoreMaximum": 1,
        "activityProgress": "InProgress",
        "gradingProgress": "Pending",
        "timestamp": "2026-11-25T11:59:59.999+00:00",
    }
    return {name: value for name, value in (good | changed).items() if value is not None}


def parse(**changed: Any) -> scores.Score:
    return scores.parse(payload(**changed), now=NOW)


def test_a_timestamp_counts_in_whole_seconds_of_utc() -> None:
    assert parse(timestamp="2026-11-25T12:59:59.999+01:00").stamped_at == NOW - timedelta(seconds=1)
    assert parse(timestamp="2026-11-25T11:59:59Z").stamped_at == NOW - timedelta(seconds=1)


def test_a_score_may_come_without_a_grade() -> None:
    assert parse(scoreGiven=None, scoreMaximum=None).score is None


def test_more_than_the_maximum_is_a_grade_too() -> None:
    assert parse(scoreGiven=12, scoreMaximum=10).score == 12


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"userId": None}, "userId"),
        ({"userId": ""}, "userId"),
        ({"userId": 5}, "userId"),
        ({"scoreGiven": "1"}, "scoreGiven"),
        ({"scoreGiven": True}, "scoreGiven"),
        ({"scoreGiven": -0.1}, "scoreGiven"),
        ({"scoreGiven": 1e300}, "scoreGiven"),
        ({"scoreGiven": float("inf")}, "scoreGiven"),
        ({"scoreGiven": float("nan")}, "scoreGiven"),
        ({"scoreGiven": 10**400}, "scoreGiven"),
        ({"scoreMaximum": None}, "scoreMaximum"),
        ({"scoreMaximum": 0}, "scoreMaximum"),
        ({"scoreMaximum": -1}, "scoreMaximum"),
        ({"scoreMaximum": []}, "scoreMaximum"),
        ({"activityProgress": None}, "activityProgress"),
        ({"activityProgress": "Done"}, "activityProgress"),
        ({"activityProgress": []}, "activityProgress"),
        ({"gradingProgress": None}, "gradingProgress"),
        ({"gradingProgress": "fullygraded"}, "gradingProgress"),
        ({"timestamp": None}, "timestamp"),
        ({"timestamp": 5}, "timestamp"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "2026-11-25"}, "timestamp"),
        ({"timestamp": "2026-11-25T11:00:00"}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"timestamp": "2026-11-25T12:01:01Z"}, "timestamp"),
        ({"timestamp": "9999-12-31T23:59:59-14:00"}, "timestamp"),
    ],
)
def test_a_field_that_is_wrong_is_named(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(scores.BadScore, match=f"^{field} "):
        parse(**changed)


@pytest.mark.parametrize("body", [None, [], "text", 5, True])
def test_what_is_no_object_is_no_score(body: Any) -> None:
    with pytest.raises(scores.BadScore, match=r"^body "):
        scores.parse(body, now=NOW)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(list(payload())), anything))
def test_whatever_a_tool_sends_is_a_score_or_refused(changed: dict[str, Any]) -> None:
    try:
        score = scores.parse(payload() | changed, now=NOW)
    except scores.BadScore:
        return
    assert score.score is None or (score.score >= 0 and score.maximum and score.maximum > 0)
    assert score.stamped_at.microsecond == 0
    assert score.stamped_at <= NOW + scores.CLOCK_LEEWAY
    json.dumps([score.score, score.maximum], allow_nan=False)


progress = st.sampled_from(sorted(scores.GRADING_PROGRESS))
seconds = st.integers(-5, 5).map(lambda number: NOW + timedelta(seconds=number))


def _decide(grading: str, at: datetime, kept: tuple[str, datetime] | None) -> Verdict:
    score = scores.Score("someone", None, None, "InProgress", grading, at)
    return scores.decide(score, kept_at=kept[1] if kept else None, kept_is_final=bool(kept and kept[0] == scores.FINAL))


@given(progress, seconds, progress, seconds)
def test_only_a_newer_score_changes_anything_and_a_final_one_yields_only_to_a_final_one(
    grading: str, at: datetime, kept_grading: str, kept_at: datetime
) -> None:
    verdict = _decide(grading, at, (kept_grading, kept_at))
    if at <= kept_at:
        assert verdict is Verdict.STALE
    elif kept_grading == scores.FINAL and grading != scores.FINAL:
        assert verdict is Verdict.KEEP
    else:
        assert verdict is Verdict.REPLACE


@given(st.lists(st.tuples(progress, seconds)))
def test_in_whatever_order_scores_come_a_final_one_is_never_lost(sent: list[tuple[str, datetime]]) -> None:
    kept: tuple[str, datetime] | None = None
    was_final = False
    for grading, at in sent:
        if _decide(grading, at, kept) is Verdict.REPLACE:
            kept = (grading, at)
        assert kept is not None
        assert not was_final or kept[0] == scores.FINAL
        was_final = kept[0] == scores.FINAL


@given(progress, seconds)
def test_the_first_score_is_always_kept(grading: str, at: datetime) -> None:
    assert _decide(grading, at, None) is Verdict.REPLACE
