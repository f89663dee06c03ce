"""A change of keys: all that is sealed (`learning.sealing`), seen and sealed anew with the first of SEALING_KEYS.

Each room says in `sealed.py` what it seals and where:

    column(JournalEntry, "sealed", lambda row: place(row.person_id, row.token))

and what lies inside JSON, or outside the database, as a source of its own:

    @sealed_in("learning.Attempt.answers")
    def _attempts() -> Iterator[Held]: …

A test holds that against every BinaryField. Sealing anew may be broken off and begun again anywhere: what says that it
is of the first key is passed over. A value is only put back where it is still what was opened, in one statement, so
whoever writes meanwhile is never undone; nothing is held while they do. What won't open is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Model

from learning.sealing import WontOpen, names_first_key, opened_by, seal_file

AT_ONCE = 200
FILES_AT_ONCE = 10
"""Rows in memory, where each may be a few megabytes."""
MOST_NAMED = 20


@dataclass(frozen=True)
class Held:
    """A sealed value. `where` says which, for an operator, and nothing of anybody. `places`: it opens in one of these.
    `swap` puts another in its stead if it is still the same, and says whether it was."""

    where: str
    sealed: bytes
    places: Sequence[str]
    swap: Callable[[bytes], bool]


Source = Callable[[], Iterator[Held]]

_sources: dict[str, Source] = {}
_columns: set[tuple[type[Model], str]] = set()


def column(model: type[Model], name: str, place: Callable[[Any], str], *, at_once: int = AT_ONCE) -> None:
    """Registers a BinaryField: `place` says of a row where its value opens."""
    _columns.add((model, name))
    sealed_in(f"{model._meta.label}.{name}")(partial(_rows, model, name, place, at_once))


def sealed_in(name: str) -> Callable[[Source], Source]:
    """Registers a source of sealed values."""

    def register(source: Source) -> Source:
        return _sources.setdefault(name, source)

    return register


def columns() -> frozenset[tuple[type[Model], str]]:
    return frozenset(_columns)


def sources() -> Sequence[str]:
    return sorted(_sources)


def rows_after(rows: Any, at_once: int = AT_ONCE) -> Iterator[Any]:
    """Of a QuerySet, in the order of their numbers: a query for each `at_once`, none of which stays open."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:at_once]):
        yield from some
        last = some[-1].pk


def _rows(model: type[Model], name: str, place: Callable[[Any], str], at_once: int) -> Iterator[Held]:
    for row in rows_after(model._base_manager.exclude(**{name: None}), at_once):
        sealed = bytes(getattr(row, name))
        yield Held(str(row.pk), sealed, (place(row),), partial(_swap, model, row.pk, name, sealed))


def _swap(model: type[Model], number: int, name: str, before: bytes, after: bytes) -> bool:
    return model._base_manager.filter(pk=number, **{name: before}).update(**{name: after}) > 0


@dataclass
class Seen:
    """What a source holds: how many of each of SEALING_KEYS (by number, from 0), how many were sealed anew just now and
    how many changed under our hands; and what won't open: how many, with the first of them."""

    of_key: Counter[int] = field(default_factory=Counter)
    anew: int = 0
    changed: int = 0
    shut: int = 0
    named: list[str] = field(default_factory=list)

    @property
    def remains(self) -> int:
        """What isn't known to be of the first key."""
        return self.changed + self.shut + sum(n for key, n in self.of_key.items() if key)

    def cant_open(self, where: str) -> None:
        self.shut += 1
        if self.shut <= MOST_NAMED:
            self.named.append(where)


def look(name: str) -> Seen:
    """Opens all that a source holds."""
    seen = Seen()
    for held in _sources[name]():
        try:
            seen.of_key[_opened(held)[0]] += 1
        except WontOpen:
            seen.cant_open(held.where)
    return seen


def rotate(name: str) -> Seen:
    """Seals anew what doesn't say that it is of the first key. May be killed, and run again."""
    seen = Seen()
    for held in _sources[name]():
        if names_first_key(held.sealed):
            seen.of_key[0] += 1
            continue
        try:
            _key, place, data = _opened(held)
        except WontOpen:
            seen.cant_open(held.where)
            continue
        if held.swap(seal_file(data, place)):
            seen.anew += 1
            seen.of_key[0] += 1
        else:
            seen.changed += 1
    return seen


def _opened(held: Held) -> tuple[int, str, bytes]:
    """(key, place, what is in it). Raises WontOpen."""
    for place in held.places:
        try:
            key, data = opened_by(held.sealed, place)
        except WontOpen:
            continue
        return key, place, data
    raise WontOpen
