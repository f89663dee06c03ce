"""A row of `bench/results.json`: a figure, what it stands beside, and whether it is good enough."""

from __future__ import annotations

from typing import TypedDict


class Row(TypedDict):
    """`ratio` is value / reference. `budget`: the most that `budget_on` ("ratio" or "value") may be; None: no limit.

    `unit` is that of `value` and `reference`. `ok`: within the budget.
    """

    name: str
    unit: str
    value: float
    reference: float
    ratio: float | None
    budget: float | None
    budget_on: str
    ok: bool


def compared(name: str, *, value: float, reference: float, unit: str, at_most: float | None = None) -> Row:
    """`value` may be `at_most` times `reference`. Without `at_most` it is only shown."""
    ratio = value / reference
    return _row(name, unit, value, reference, at_most, "ratio", at_most is None or ratio <= at_most)


def limited(name: str, *, value: float, reference: float, unit: str, at_most: float) -> Row:
    """`value` itself may be `at_most`; the reference says what that means."""
    return _row(name, unit, value, reference, at_most, "value", value <= at_most)


def _row(name: str, unit: str, value: float, reference: float, budget: float | None, on: str, ok: bool) -> Row:
    return {
        "name": name,
        "unit": unit,
        "value": round(value, 3),
        "reference": round(reference, 3),
        "ratio": round(value / reference, 3) if reference else None,
        "budget": budget,
        "budget_on": on,
        "ok": bool(ok),
    }
