"""Who is in which row of what was shown (`ShownOf`), written by hand.

Of a large organisation there are millions of these the first time: with the ORM each takes six times the processor of
what it does here.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched

from django.db import connection

from learning.competences.models import ShownOf

_AT_ONCE = 5_000
_KEEP = """
INSERT INTO learning_shownof (person_id, "table", "row", "values") {rows}
ON CONFLICT (person_id, "table", "row") DO UPDATE SET "values" = excluded."values"
"""
_ONE = _KEEP.format(rows="VALUES (%s, %s, %s, %s)")
_MANY = _KEEP.format(rows="SELECT * FROM unnest(%s::bigint[], %s::varchar[], %s::integer[], %s::varchar[])")

Remembered = tuple[int, int, str]
"""(person, row, values)"""


def remember(table: str, rows: Iterable[Remembered]) -> None:
    """In the place of what was there of those people in those rows: each person once in a row. Some at a time, inside a
    transaction.

    PostgreSQL gets them as columns: there a message for each row costs more than the row.
    """
    with connection.cursor() as cursor:
        for some in batched(((person, table, row, values) for person, row, values in rows), _AT_ONCE):
            if connection.vendor == "postgresql":
                cursor.execute(_MANY, [list(column) for column in zip(*some, strict=True)])
            else:
                cursor.executemany(_ONE, some)


def forget(table: str, row: int, people: Iterable[int]) -> None:
    """Whether they are remembered there or not."""
    for some in batched(people, _AT_ONCE):
        ShownOf.objects.filter(table=table, row=row, person__in=some).delete()
