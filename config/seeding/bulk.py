"""Many rows at once, past the ORM: COPY on PostgreSQL, `executemany` on SQLite. Indexes and constraints stay.

Values go as both databases read them: dates and moments as text, JSON as text, what is true as 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

Row = Sequence[Any]
_AT_ONCE = 20_000


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """How many there were. `columns`: as the table has them. Inside a transaction."""
    into = f"{_quoted(model._meta.db_table)} ({', '.join(map(_quoted, columns))})"
    return _copy(into, rows) if connection.vendor == "postgresql" else _execute_many(into, len(columns), rows)


def _copy(into: str, rows: Iterable[Row]) -> int:
    written = 0
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
            written += 1
    return written


def _execute_many(into: str, width: int, rows: Iterable[Row]) -> int:
    """By the driver itself: Django's cursor would read each row for what to rewrite in it."""
    statement = f"INSERT INTO {into} VALUES ({', '.join('?' * width)})"  # noqa: S608 our own names
    written, left = 0, iter(rows)
    connection.ensure_connection()
    while some := list(islice(left, _AT_ONCE)):
        connection.connection.executemany(statement, some)
        written += len(some)
    return written


def check_at_once() -> None:
    """What one row says of another is checked with each statement: millions of checks aren't kept for the end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def numbers(model: type[Model], count: int) -> Iterator[int]:
    """So many primary keys that nobody else gets. Inside a transaction, on SQLite one that writes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return iter([number for (number,) in cursor.fetchall()])
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
        return iter(range(last + 1, last + 1 + count))


def key(random: Random) -> str:
    """A random UUID, as both databases read it."""
    return UUID(int=random.getrandbits(128), version=4).hex


def day(value: date) -> str:
    return value.isoformat()


def moment(value: datetime) -> str:
    """`value` in UTC, as the database keeps it."""
    return value.strftime("%Y-%m-%d %H:%M:%S") + utc()


def utc() -> str:
    """What is behind a moment that is written as text."""
    return "+00" if connection.vendor == "postgresql" else ""


def know_its_size() -> None:
    """Have PostgreSQL count what is there now, so that it finds its ways: it would do so by itself, some time later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
