"""Doesn't keep to its budget."""

from bench.measuring.rows import Row, limited

DATABASE = False


def rows() -> list[Row]:
    return [limited("too heavy", value=151, reference=400, unit="KiB", at_most=150)]
