"""Our competences beside those of other frameworks, as a CSV that goes out and comes in."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from learning.competences import cells
from learning.competences.framework import CantBeRead, Wrong
from learning.competences.rules import CODES

COLUMNS = ("competentie", "kader", "code", "naam")
LONGEST_NAME, LONGEST_CODE = 200, 60
LARGEST = 500_000
MOST = 1_000


@dataclass(frozen=True)
class Pair:
    """A competence of ours, and one (`code`, `label`) of another framework. `code` may be ""."""

    competence: str
    framework: str
    code: str
    label: str


def to_csv(pairs: Iterable[Pair]) -> str:
    return cells.written([COLUMNS, *((each.competence, each.framework, each.code, each.label) for each in pairs)])


def from_csv(text: str) -> list[Pair]:
    """Raises CantBeRead with all that is wrong, by row."""
    if len(text) > LARGEST:
        raise CantBeRead([Wrong(0, _("Dit bestand is te groot."))])
    try:
        rows = cells.lines_of(text, len(COLUMNS))
    except csv.Error:
        raise CantBeRead([Wrong(0, _("Dit is geen CSV-bestand."))]) from None
    if not rows or [cell.strip().lower() for cell in rows[0]] != list(COLUMNS):
        raise CantBeRead([Wrong(1, _("De eerste regel moet zijn: %(columns)s.") % {"columns": ", ".join(COLUMNS)})])
    found = cells.below_the_first(rows)
    if wrong := list(_wrong(found)):
        raise CantBeRead(wrong)
    return [Pair(*row) for _n, row in found]


def _wrong(rows: list[tuple[int, list[str]]]) -> Iterator[Wrong]:
    if len(rows) > MOST:
        yield Wrong(0, _("Dit zijn meer dan %(n)s regels.") % {"n": MOST})
        return
    seen: dict[tuple[str, str, str], int] = {}
    for number, row in rows:
        if len(row) != len(COLUMNS):
            yield Wrong(number, _("Deze regel heeft niet vier vakken."))
            continue
        pair = Pair(*row)
        for reason in problems(pair).values():
            yield Wrong(number, reason)
        first = seen.setdefault((pair.competence, pair.framework, pair.label), number)
        if first != number:
            yield Wrong(number, _("Dit staat ook op regel %(n)s.") % {"n": first})


def problems(pair: Pair) -> dict[str, str]:
    """{column: what is wrong}"""
    found = {}
    if pair.competence not in CODES:
        found["competentie"] = _("%(code)s kennen we niet.") % {"code": pair.competence[:20] or "–"}
    longest = {
        "kader": (pair.framework, LONGEST_NAME),
        "code": (pair.code, LONGEST_CODE),
        "naam": (pair.label, LONGEST_NAME),
    }
    for column, (text, most) in longest.items():
        if not text and column != "code":
            found[column] = _("Vul in: %(column)s.") % {"column": column}
        elif len(text) > most:
            found[column] = _("Houd het bij %(n)s tekens.") % {"n": most}
        elif not text.isprintable():
            found[column] = _("Hierin staat een teken dat we niet kunnen bewaren.")
    return found
