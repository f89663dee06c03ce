"""The competences and what each level looks like (curriculum 4.1, 4.2), as data that can go out and come in.

Two forms: CSV, for whoever works in a spreadsheet, and 1EdTech CASE 1.1, for other systems. What comes in is a new
version; the ones before stay, for levels say by which they were found. Problems are found before anything is kept.
"""

from __future__ import annotations

import csv
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from learning.competences import cells

LEVELS = ("N1", "N2", "N3", "N4")
COLUMNS = ("code", "naam", *LEVELS)
LONGEST = 500
LARGEST = 2_000_000
MOST = 100
# Ours, so that the same competence has the same identifier in every installation.
_SPACE = uuid.UUID("8d0a6a6e-9a0f-5a6c-8f0e-3c1d6b1f2a70")
_CHILD, _FRAMEWORK_TYPE = "isChildOf", "Competentie"


@dataclass(frozen=True)
class Competence:
    """`levels`: what somebody does at N1 to N4."""

    code: str
    name: str
    levels: tuple[str, str, str, str]


@dataclass(frozen=True)
class Framework:
    competences: tuple[Competence, ...]

    def of(self, code: str) -> Competence | None:
        return next((each for each in self.competences if each.code == code), None)


@dataclass(frozen=True)
class Wrong:
    """A problem in what came in: `row` counts from 1, the heading is row 1; 0 is the file itself. What has no rows
    says with which competence it is, by `code`."""

    row: int
    reason: str
    code: str = ""


class CantBeRead(Exception):
    """`wrong` says what to mend."""

    def __init__(self, wrong: Iterable[Wrong]) -> None:
        self.wrong = tuple(wrong)
        super().__init__("; ".join(f"{each.code or each.row}: {each.reason}" for each in self.wrong))


def built_in() -> Framework:
    """As the curriculum has it."""
    return from_csv((Path(__file__).parent / "framework.csv").read_text(), known=None)


def document_of(framework: Framework) -> dict[str, Any]:
    """The JSON of `models.Framework.document`."""
    return {
        "competences": [
            {"code": each.code, "naam": each.name, "niveaus": list(each.levels)} for each in framework.competences
        ]
    }


def read(document: Mapping[str, Any]) -> Framework:
    """From `document_of`."""
    return Framework(
        tuple(Competence(each["code"], each["naam"], tuple(each["niveaus"])) for each in document["competences"])
    )


def hash_of(framework: Framework) -> str:
    return hashlib.sha256(json.dumps(document_of(framework)).encode()).hexdigest()


# --- CSV


def to_csv(framework: Framework) -> str:
    return cells.written([COLUMNS, *((each.code, each.name, *each.levels) for each in framework.competences)])


def from_csv(text: str, *, known: Iterable[str] | None) -> Framework:
    """`known`: the codes there may be, all of them wanted; None takes what comes. Raises CantBeRead."""
    if len(text) > LARGEST:
        raise CantBeRead([Wrong(0, _("Dit bestand is te groot."))])
    try:
        rows = cells.lines_of(text, len(COLUMNS))
    except csv.Error:
        raise CantBeRead([Wrong(0, _("Dit is geen CSV-bestand."))]) from None
    if not rows or [cell.strip().lower() for cell in rows[0]] != [column.lower() for column in COLUMNS]:
        raise CantBeRead([Wrong(1, _("De eerste regel moet zijn: %(columns)s.") % {"columns": ", ".join(COLUMNS)})])
    return _framework(cells.below_the_first(rows), known)


def _framework(rows: list[tuple[int, list[str]]], known: Iterable[str] | None) -> Framework:
    wrong = list(_wrong(rows, None if known is None else set(known)))
    if wrong:
        raise CantBeRead(wrong)
    return Framework(tuple(Competence(row[0], row[1], (row[2], row[3], row[4], row[5])) for _number, row in rows))


def _wrong(rows: list[tuple[int, list[str]]], known: set[str] | None) -> Iterator[Wrong]:
    seen: set[str] = set()
    if not rows or len(rows) > MOST:
        yield Wrong(0, _("Er staan geen of te veel competenties in."))
        return
    for number, row in rows:
        if len(row) != len(COLUMNS):
            yield Wrong(number, _("Deze regel heeft niet zes vakken."))
            continue
        if row[0] in seen:
            yield Wrong(number, _("%(code)s staat er al.") % {"code": row[0]})
        if known is not None and row[0] not in known:
            yield Wrong(number, _("%(code)s kennen we niet.") % {"code": row[0][:20]})
        seen.add(row[0])
        if not all(row):
            yield Wrong(number, _("Er is een vak leeg."))
        if any(len(cell) > LONGEST for cell in row):
            yield Wrong(number, _("Houd het bij %(n)s tekens.") % {"n": LONGEST})
        if not all(cell.isprintable() for cell in row):
            yield Wrong(number, _("Hierin staat een teken dat we niet kunnen bewaren."))
    for code in sorted((known or set()) - seen):
        yield Wrong(0, _("%(code)s ontbreekt.") % {"code": code})


# --- 1EdTech CASE 1.1


def to_case(framework: Framework, *, base_url: str, changed: str) -> dict[str, Any]:
    """A CFPackage: the framework, its competences, their levels, and which belongs to which. `changed`: ISO 8601."""
    document_id = _identifier("document")
    document = {
        "identifier": document_id,
        "uri": f"{base_url}/case/{document_id}",
        "creator": "Tussenruimte",
        "title": "Tussenruimte: tien competenties",
        "lastChangeDateTime": changed,
        "caseVersion": "1.1",
        "frameworkType": "Competency",
        "language": "nl",
        "adoptionStatus": "Adopted",
        "CFPackageURI": {"title": "CFPackage", "identifier": document_id, "uri": f"{base_url}/case/{document_id}"},
    }
    items, associations = [], []
    for each in framework.competences:
        items.append(_item(each.code, each.name, each.code, _FRAMEWORK_TYPE, base_url, changed))
        associations.append(_child(each.code, "document", base_url, changed))
        for level, behaviour in zip(LEVELS, each.levels, strict=True):
            code = f"{each.code}.{level}"
            items.append(_item(code, behaviour, code, "Gedragsniveau", base_url, changed))
            associations.append(_child(code, each.code, base_url, changed))
    return {"CFDocument": document, "CFItems": items, "CFAssociations": associations}


def _identifier(name: str) -> str:
    return str(uuid.uuid5(_SPACE, name))


def _item(name: str, statement: str, code: str, kind: str, base_url: str, changed: str) -> dict[str, Any]:
    identifier = _identifier(name)
    return {
        "identifier": identifier, "uri": f"{base_url}/case/{identifier}", "fullStatement": statement,
        "humanCodingScheme": code, "CFItemType": kind, "language": "nl", "lastChangeDateTime": changed,
    }  # fmt: skip


def _child(child: str, parent: str, base_url: str, changed: str) -> dict[str, Any]:
    identifier = _identifier(f"{child}<{parent}")

    def node(name: str) -> dict[str, str]:
        return {"title": name, "identifier": _identifier(name), "uri": f"{base_url}/case/{_identifier(name)}"}

    return {
        "identifier": identifier, "uri": f"{base_url}/case/{identifier}", "associationType": _CHILD,
        "originNodeURI": node(child), "destinationNodeURI": node(parent), "lastChangeDateTime": changed,
    }  # fmt: skip


def from_case(text: str, *, known: Iterable[str] | None) -> Framework:
    """Competences are children of the document (or of a group in it), levels their children in the order of their
    codes. Raises CantBeRead: also of a file in which something belongs to itself by a detour."""
    try:
        package = json.loads(text[:LARGEST])
        items = {item["identifier"]: item for item in package["CFItems"]}
        children = _children(package["CFAssociations"])
        competences = [item for item in items.values() if item.get("CFItemType") == _FRAMEWORK_TYPE]
        levels = [sorted(_below(item["identifier"], items, children), key=_code) for item in competences]
        ordered = sorted(zip(competences, levels, strict=True), key=lambda each: _natural(_code(each[0])))
        rows = [
            (number, [_code(item), str(item["fullStatement"]), *(str(level["fullStatement"]) for level in below)])
            for number, (item, below) in enumerate(ordered, 2)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise CantBeRead([Wrong(0, _("Dit is geen CASE-bestand dat we kunnen lezen."))]) from None
    if _has_circle(children):
        raise CantBeRead([Wrong(0, _("In dit bestand hoort een onderdeel bij zichzelf. Haal die kring eruit."))])
    four = _("Hierbij horen niet precies vier niveaus.")
    if wrong := [Wrong(0, four, row[0][:20]) for _number, row in rows if len(row) != len(COLUMNS)]:
        raise CantBeRead(wrong)
    try:
        return _framework(rows, known)
    except CantBeRead as problem:
        codes = {number: row[0][:20] for number, row in rows}
        raise CantBeRead(Wrong(0, each.reason, codes.get(each.row, "")) for each in problem.wrong) from None


def _code(item: Mapping[str, Any]) -> str:
    return str(item["humanCodingScheme"])


def _natural(code: str) -> tuple[str, int]:
    letters = code.rstrip("0123456789")
    return letters, int(code[len(letters) :] or 0)


def _children(associations: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in associations:
        if each["associationType"] == _CHILD:
            parent, child = each["destinationNodeURI"]["identifier"], each["originNodeURI"]["identifier"]
            found.setdefault(parent, set()).add(child)
    return found


def _below(
    parent: str, items: Mapping[str, Mapping[str, Any]], children: Mapping[str, set[str]]
) -> list[Mapping[str, Any]]:
    return [items[child] for child in children.get(parent, ()) if child in items]


def _has_circle(children: Mapping[str, set[str]]) -> bool:
    """Whether somewhere a child is its own ancestor."""
    try:
        TopologicalSorter(children).prepare()
    except CycleError:
        return True
    return False
