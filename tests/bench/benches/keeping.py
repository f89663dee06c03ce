"""Keeps to its budgets."""

from bench.measuring.rows import Row, compared, limited

DATABASE = False


def rows() -> list[Row]:
    return [
        compared("ours beside theirs", value=1, reference=4, unit="µs CPU", at_most=1 / 3),
        limited("queries", value=7, reference=2, unit="queries", at_most=8),
        compared("only shown", value=9, reference=3, unit="µs CPU"),
    ]
