"""The form of a case as a browser sends it, read into the JSON of a document.

A field is called by its path in the JSON ("rubric-0-niveaus-1-gedrag"); all lines of a list share one name. Beside each
value of the document stands `was-<name>`, the mark of what it was when the page was drawn (`services.library.keep`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from learning.practice import documents
from learning.practice.documents import EMPTY, MOST_LINES
from learning.practice.models import Form
from modules.blocks.rubric.rules import LEVELS

# The lists that grow: {name of the form: place in the JSON}.
LISTS: dict[str, tuple[str, ...]] = {
    "veiligheidscheck": ("veiligheidscheck",), "voorbereiding-vragen": ("voorbereiding", "vragen"),
    "gesprek-stappen": ("gesprek", "stappen"), "na-vragen": ("na", "vragen"), "rubric": ("rubric",),
    "varianten": ("varianten",),
}  # fmt: skip
# Of curriculum 5.4, in the language of the content.
LEVEL_NAMES = ("Nog niet zichtbaar", "Begin", "Voldoet", "Sterk")
_ID = re.compile(r"[a-z0-9-]{1,40}")
_NUMBER = re.compile(r"[0-9]{1,5}")


def drawn(form: QueryDict) -> dict[str, str]:
    """{name: mark} of what stood on the page."""
    return {name: form.get(f"was-{name}", "") for name in EMPTY if f"was-{name}" in form}


def sent(form: QueryDict) -> dict[str, Any]:
    """{name: value} of all the page holds."""
    return {name: _READ.get(name, _text)(form, name) for name in drawn(form)}


def _words(text: str) -> str:
    return str(documents.tidy(text))


def _text(form: QueryDict, name: str) -> str:
    return _words(form.get(name, ""))


def _number(form: QueryDict, name: str) -> int | str:
    """What isn't a number stays as it was typed, for the page to say so."""
    typed = _words(form.get(name, ""))
    return int(typed) if _NUMBER.fullmatch(typed) else typed[:20]


def _lines(form: QueryDict, name: str) -> list[str]:
    """One that is empty stays while somebody is writing."""
    return [_words(line) for line in form.getlist(name)]


def _part(form: QueryDict, name: str) -> dict[str, Any]:
    inner = next(iter(set(EMPTY[name]) - {"minuten"}))
    return {"minuten": _number(form, f"{name}-minuten"), inner: _lines(form, f"{name}-{inner}")}


def _forms(form: QueryDict, name: str) -> list[str]:
    chosen = form.getlist(name)
    return [form.value for form in Form if form in chosen]


def _rows(form: QueryDict, name: str, key: str) -> Iterator[str]:
    """The names of rows that are there, to one more than may be."""
    for index in range(MOST_LINES + 1):
        if f"{name}-{index}-{key}" not in form:
            return
        yield f"{name}-{index}"


def _rubric(form: QueryDict, name: str) -> list[dict[str, Any]]:
    criteria: list[dict[str, Any]] = []
    for row in _rows(form, name, "naam"):
        id_ = form.get(f"{row}-id", "")
        taken = {each["id"] for each in criteria}
        criteria.append(
            {
                "id": id_ if _ID.fullmatch(id_) and id_ not in taken else _new_id(taken),
                "naam": _text(form, f"{row}-naam"),
                "competentie": _text(form, f"{row}-competentie"),
                "niveaus": [
                    {key: _text(form, f"{row}-niveaus-{level}-{key}") for key in ("label", "gedrag")}
                    for level in range(len(LEVELS))
                ],
            }
        )
    return criteria


def _new_id(taken: set[str]) -> str:
    return next(f"c{number}" for number in range(1, len(taken) + 2) if f"c{number}" not in taken)


def _variants(form: QueryDict, name: str) -> list[dict[str, str]]:
    rows = _rows(form, name, "naam")
    return [{key: _text(form, f"{row}-{key}") for key in ("naam", "opdracht")} for row in rows]


def _yes(form: QueryDict, name: str) -> bool:
    return form.get(name) == "ja"


_READ: dict[str, Any] = {
    **dict.fromkeys(("voorbereiding", "gesprek", "na"), _part), "veiligheidscheck": _lines, "bewijsvormen": _forms,
    "rubric": _rubric, **dict.fromkeys(("termijn_dagen", "rondes_max", "peers"), _number), "tweede_lezer": _yes,
    "varianten": _variants,
}  # fmt: skip


def change_list(text: dict[str, Any], wish: str) -> str:
    """Add, take away or move a row in `text`, as a button asks ("erbij:rubric", "weg:na-vragen:2", "op:…", "neer:…").
    Returns where on the page that was; "" for what isn't there."""
    what, name, number = (*wish.split(":"), "", "", "")[:3]
    place = LISTS.get(name)
    if place is None or place[0] not in text:
        return ""
    rows: Any = text
    for step in place:
        rows = rows[step]
    if what == "erbij":
        rows.append(_new_row(name, rows))
        return f"{name}-{len(rows) - 1}"
    at = int(number) if _NUMBER.fullmatch(number) else len(rows)
    to = {"weg": at, "op": at - 1, "neer": at + 1}.get(what, -1)
    if not (0 <= at < len(rows) and 0 <= to < len(rows)):
        return ""
    row = rows.pop(at)
    if what == "weg":
        return f"{name}-{min(at, len(rows) - 1)}" if rows else f"{name}-erbij"
    rows.insert(to, row)
    return f"{name}-{to}"


def _new_row(name: str, rows: list[Any]) -> Any:
    if name == "rubric":
        levels = [{"label": label, "gedrag": ""} for label in LEVEL_NAMES]
        return {"id": _new_id({row["id"] for row in rows}), "naam": "", "competentie": "", "niveaus": levels}
    return {"naam": "", "opdracht": ""} if name == "varianten" else ""
