"""Days on which somebody can be expected to read: Monday to Friday. Feast days aren't taken out: who waits, waits."""

from __future__ import annotations

from datetime import date

_WEEK, _WORKING = 7, 5


def between(first: date, last: date) -> int:
    """How many working days passed from `first` until `last`: of Friday and the Monday after it that is one; of a day
    and itself none. 0 when `last` comes before."""
    days = (last - first).days
    if days <= 0:
        return 0
    weeks, rest = divmod(days, _WEEK)
    return weeks * _WORKING + sum((first.weekday() + ahead) % _WEEK < _WORKING for ahead in range(1, rest + 1))
