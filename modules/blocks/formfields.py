"""The fields of a form one works on over time, and what happens when it is changed in two places.

Plain functions over `values`: {field name: text, or a list of chosen options}; what is empty isn't in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from webob.multidict import MultiDict

Value = str | list[str]
Values = dict[str, Value]

# Kinds of fields. LINES is text of several lines; CHECK is one box, "ja" or nothing; SEVERAL are boxes.
TEXT, LINES, NUMBER, DATE, ONE, SELECT, SEVERAL, CHECK = (
    "tekst", "regels", "getal", "datum", "een", "lijst", "meer", "vink",
)  # fmt: skip
YES = "ja"

_ROW = re.compile(r"([a-z_]+)-([0-9]{1,3})-[a-z_]+")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,2})?")


@dataclass(frozen=True)
class Field:
    """`options`: [(value, words)] of ONE, SELECT and SEVERAL.

    `ours`, `options_ours`: those words are the product's, not the author's. `optional`: says that it may stay empty.
    """

    name: str
    label: str
    kind: str = LINES
    help: str = ""
    rows: int = 3
    maximum: int = 2000
    options: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    ours: bool = False
    options_ours: bool = False

    @property
    def is_group(self) -> bool:
        """Several inputs under one legend."""
        return self.kind in (ONE, SEVERAL)


@dataclass(frozen=True)
class Row:
    """Fields that belong together, such as one stop of a walk."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Part:
    """A section of the form: fields, then rows of fields.

    `more`: words of the button that draws more rows, or "". `beside`: its fields are short and stand beside each other.
    `folded`: whether it is closed at first, for one of many alike; None can't be folded.
    """

    id: str
    title: str
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    help: str = ""
    warning: str = ""
    more: str = ""
    ours: bool = False
    beside: bool = False
    folded: bool | None = None

    @property
    def all_fields(self) -> Iterable[Field]:
        yield from self.fields
        for row in self.rows:
            yield from row.fields


def repeated(
    name: str, values: Mapping[str, Value], row: Callable[[int], Row], *, least: int, most: int, spare: int = 1
) -> tuple[Row, ...]:
    """As many rows as are filled and `spare` empty ones, within `least` and `most`. Fields are `name-<n>-…`."""
    numbers = (_ROW.fullmatch(key) for key in values)
    used = [int(found[2]) for found in numbers if found and found[1] == name]
    return tuple(row(n) for n in range(min(most, max([least, *(n + 1 + spare for n in used)]))))


def filled_rows(name: str, values: Mapping[str, Value], columns: Sequence[str], most: int) -> list[dict[str, str]]:
    """The rows in which something stands, each {column: text}."""
    rows = [{column: text(values, f"{name}-{n}-{column}") for column in columns} for n in range(most)]
    return [row for row in rows if any(row.values())]


def text(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def number(written: str) -> float | None:
    """'7,5' → 7.5. None for what isn't a number."""
    return float(written.replace(",", ".")) if _NUMBER.fullmatch(written.strip()) else None


def is_date(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


# --- reading a form


def sent(form: MultiDict, fields: Iterable[Field]) -> Values:
    """What the form says of the fields it was drawn with, without judging it. An empty one is ""."""
    found: Values = {}
    for field in fields:
        if field.kind == SEVERAL:
            found[field.name] = [str(value) for value in form.getall(field.name)]
        elif field.kind == CHECK:
            found[field.name] = YES if form.get(field.name) else ""
        elif field.name in form:
            found[field.name] = str(form[field.name]).replace("\r\n", "\n").strip()
    return found


# What is wrong with a value: a word that the block turns into a sentence.
TOO_LONG, NO_NUMBER, NO_DATE, NO_OPTION = "te_lang", "geen_getal", "geen_datum", "geen_keuze"


def wrong(field: Field, value: Value) -> str:
    """Why this can't be kept, or ""."""
    options = {option for option, _ in field.options}
    if isinstance(value, list):
        return "" if set(value) <= options else NO_OPTION
    faults = {
        TOO_LONG: len(value) > field.maximum,
        NO_NUMBER: field.kind == NUMBER and number(value) is None,
        NO_DATE: field.kind == DATE and not is_date(value),
        NO_OPTION: field.kind in (ONE, SELECT) and value not in options,
    }
    return next((why for why, is_so in faults.items() if is_so), "") if value else ""


# --- two windows


def mark(value: Value | None) -> str:
    """Tells whether a field still holds what a form was drawn from; "" for an empty one."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:10] if value else ""


def marks(values: Mapping[str, Value]) -> str:
    """What a form says of the values it was drawn from."""
    return json.dumps({name: mark(value) for name, value in values.items() if value}, separators=(",", ":"))


def read_marks(written: str) -> dict[str, str]:
    """Back from `marks`; what isn't that counts as drawn from nothing."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


# What somebody chooses who is shown two texts: the other one, or their own in the place of this mark (or of nothing).
OTHER, NOTHING = "ander", "leeg"


def merged(
    current: Mapping[str, Value], base: Mapping[str, str], sent: Mapping[str, Value], chosen: Mapping[str, str]
) -> tuple[Values, list[str]]:
    """What is kept, and the names of the fields that were changed in two places and need a choice.

    `base`: {name: mark} of what the form was drawn from. `chosen`: {name: OTHER, or the mark of what was there (or
    NOTHING) when the learner chose their own text}. A field that clashes keeps what it holds.
    """
    result, clashes = dict(current), []
    for name, value in sent.items():
        here, mine = mark(current.get(name)), mark(value)
        choice = chosen.get(name, "")
        if mine == here or choice == OTHER:
            continue
        if choice != (here or NOTHING):
            if mine == base.get(name, ""):
                continue  # untouched in this window
            if here != base.get(name, ""):
                clashes.append(name)
                continue
        if value:
            result[name] = value
        else:
            result.pop(name, None)
    return result, clashes


def changed(old: Mapping[str, Value], new: Mapping[str, Value]) -> dict[str, Value | None]:
    """{name: what it held before} of each field that differs; None where it was empty."""
    names = [*old, *(name for name in new if name not in old)]
    return {name: old.get(name) for name in names if old.get(name) != new.get(name)}


def restored(values: Mapping[str, Value], was: Mapping[str, Value | None]) -> Values:
    """`values` with the fields of `was` as they were."""
    kept = {name: value for name, value in values.items() if name not in was}
    return kept | {name: value for name, value in was.items() if value}
