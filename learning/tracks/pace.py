"""How long people are busy with a unit (curriculum 2.0: "the app shows measured medians after 20 completions").

Measured is from one thing somebody does to the next; whoever does nothing for longer than AWAY is away, and that time
isn't counted. Of one person it is never shown: only the median of at least FEWEST who did the unit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

AWAY = timedelta(minutes=15)
FEWEST = 20


def longer(pace: str, unit: str, *, last: datetime | None, now: datetime) -> str:
    """The seconds somebody was busy with each unit, as the JSON it is kept as, with those since `last` for `unit`."""
    since = now - last if last else timedelta()
    if not timedelta(seconds=1) <= since <= AWAY:
        return pace
    seconds: dict[str, int] = json.loads(pace)
    seconds[unit] = seconds.get(unit, 0) + round(since.total_seconds())
    return json.dumps(seconds)


def median_minutes(seconds: Sequence[int]) -> int | None:
    """In whole minutes, at least one; None while too few were measured."""
    if len(seconds) < FEWEST:
        return None
    return max(1, round(median(seconds) / 60))
