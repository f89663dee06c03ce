"""From DATABASE_URL to Django's DATABASES."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Durable at every commit (FULL), readers never wait for a writer (WAL). See research on starving writers in
# docs/decisions: transactions start IMMEDIATE, so that waiting happens in our queue and not half-way.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-20000;"


# What libpq may be told besides (PostgreSQL manual, 34.1.2): how to trust the server, and how long to wait for it.
_TOLD = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"})


def from_url(url: str) -> dict[str, Any]:
    """`sqlite:///path` or `postgresql://user:password@host:port/name?sslmode=verify-full`.

    Raises ValueError, in words that hold nothing of the address: there is a password in it.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "config.sqlite",
            "NAME": unquote(parts.path.removeprefix("/")) if parts.path.startswith("//") else unquote(parts.path),
            "OPTIONS": {"init_command": SQLITE_PRAGMAS, "transaction_mode": "IMMEDIATE"},
            "CONN_MAX_AGE": None,
        }
    told = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not _TOLD.issuperset(told):
        raise ValueError("after the ? only " + ", ".join(sorted(_TOLD)) + " are understood")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A pool bounds the connections of a process; it costs a little per read (research: 450 against 390 µs).
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}, **told},
    }


def is_embedded(url: str) -> bool:
    return url.startswith("sqlite:")
