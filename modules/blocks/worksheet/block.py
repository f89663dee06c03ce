"""Werkblad: a plan or an analysis in parts, such as the four knobs of curriculum 2.4 or the four levels of 3.6.

Class B or C: private. No score; done when the parts that the author asks for are filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from modules.authoring import Path, Problem
from modules.blocks import formfields as f
from modules.blocks.drafts import Draft, check_optional
from modules.blocks.formfields import Field, Part, Value
from modules.blocks.gates import check_choice, check_common, check_texts, entries
from modules.blocks.worksheet import rules

MOST_LINES = 6


class Worksheet(Draft):
    """Parts with questions, and perhaps something to choose from."""

    block_type = "worksheet"
    privacy = "C"

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    def parts(self, values: Mapping[str, Value]) -> list[Part]:
        return [
            Part(
                part["id"], part["kop"], tuple(self._fields_of(part)),
                help=part.get("uitleg", ""), warning=part.get("pas_op", ""),
            )
            for part in self.authored["delen"]
        ]  # fmt: skip

    def to_do(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        heads = {part["id"]: part["kop"] for part in self.authored["delen"]}
        missing, open_ = rules.short(self.authored, values)
        besides = [(id_, heads[id_]) for id_ in rules.open_besides(self.authored, values)]
        if missing == len(open_):
            return [*besides, *((id_, heads[id_]) for id_ in open_)]
        if not missing:
            return besides
        words = self.ngettext("Vul nog een deel in", "Vul nog %(n)s delen in", missing)
        return [*besides, (open_[0], words)]

    def _fields_of(self, part: Mapping[str, Any]) -> Iterator[Field]:
        if part.get("kies"):
            several = bool(part.get("meer"))
            label = self.gettext("Kies wat past. Meer mag.") if several else self.gettext("Kies er een")
            options = tuple((option["id"], _words(option)) for option in part["kies"])
            kind = f.SEVERAL if several else f.ONE
            yield Field(rules.choice(part["id"]), label, kind, options=options, ours=True)
        yield from _questions(part)


def _questions(part: Mapping[str, Any]) -> Iterator[Field]:
    questions = part.get("vragen", [])
    some_required = any(question.get("verplicht") for question in questions)
    for question in questions:
        rows = question.get("regels", 3)
        yield Field(
            rules.question(question["id"]), question["vraag"], f.LINES if rows > 1 else f.TEXT, rows=rows,
            help=question.get("hulp", ""), maximum=2000 if rows > 1 else 300,
            optional=some_required and not question.get("verplicht"),
        )  # fmt: skip


def _words(option: Mapping[str, Any]) -> str:
    if not option.get("toelichting"):
        return str(option["tekst"])
    return Markup("{}: <span class='zacht'>{}</span>").format(option["tekst"], option["toelichting"])


# --- publish gates


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_choice({"privacyklasse": "C", **data}, (), "privacyklasse", ("B", "C"))
    yield from check_optional(data, "inleiding", "let_op")
    parts, problems = entries(data, "delen")
    yield from problems
    seen: set[str] = set()
    for path, part in parts:
        yield from _part(part, path, seen)
    yield from _rule(data, [part.get("id") for _, part in parts])
    if "model" in data:
        model = data["model"]
        yield from (
            check_texts(model, ("model",), "titel", "tekst")
            if isinstance(model, Mapping)
            else [Problem(("model",), "moet een 'titel' en een 'tekst' hebben")]
        )


def _part(part: Mapping[str, Any], path: Path, seen: set[str]) -> Iterator[Problem]:
    yield from check_texts(part, path, "kop", *(name for name in ("uitleg", "pas_op") if name in part))
    if not isinstance(part.get("meer", False), bool):
        yield Problem((*path, "meer"), "moet true of false zijn")
    options = part.get("kies", [])
    yield from _list(part, path, "kies", set())
    if isinstance(options, list) and len(options) == 1:
        yield Problem((*path, "kies"), "er horen minstens twee keuzes te staan")
    for index, option in _mappings(options):
        yield from check_texts(option, (*path, "kies", index), "tekst", *(n for n in ("toelichting",) if n in option))
    yield from _list(part, path, "vragen", seen)
    if not part.get("vragen") and not part.get("kies"):
        yield Problem(path, "een deel heeft minstens één vraag of een keuze")
    for index, question in _mappings(part.get("vragen", [])):
        here = (*path, "vragen", index)
        yield from check_texts(question, here, "vraag", *(name for name in ("hulp",) if name in question))
        lines = question.get("regels", 3)
        if isinstance(lines, bool) or not isinstance(lines, int) or not 1 <= lines <= MOST_LINES:
            yield Problem((*here, "regels"), f"moet 1 t/m {MOST_LINES} zijn")
        if not isinstance(question.get("verplicht", False), bool):
            yield Problem((*here, "verplicht"), "moet true of false zijn")


def _mappings(values: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if isinstance(values, list):
        yield from ((index, value) for index, value in enumerate(values) if isinstance(value, Mapping))


def _list(part: Mapping[str, Any], path: Path, name: str, seen: set[str]) -> Iterator[Problem]:
    """A list of fields with ids of their own, which `seen` adds to."""
    values = part.get(name, [])
    if not isinstance(values, list):
        yield Problem((*path, name), "moet een lijst zijn")
        return
    for index, value in enumerate(values):
        here: Path = (*path, name, index)
        if not isinstance(value, Mapping):
            yield Problem(here, "moet uit velden bestaan")
            continue
        yield from check_texts(value, here, "id")
        if isinstance(value.get("id"), str):
            if value["id"] in seen:
                yield Problem((*here, "id"), f"de id '{value['id']}' komt twee keer voor")
            seen.add(value["id"])


def _rule(data: Mapping[str, Any], parts: list[Any]) -> Iterator[Problem]:
    if "regel" not in data:
        return
    rule = data["regel"]
    if not isinstance(rule, Mapping):
        yield Problem(("regel",), "moet 'minstens' en 'van' hebben")
        return
    among = rule.get("van", parts)
    if not isinstance(among, list) or not among or any(id_ not in parts for id_ in among):
        yield Problem(("regel", "van"), "noem hier de id's van delen uit dit werkblad")
        return
    least = rule.get("minstens")
    if isinstance(least, bool) or not isinstance(least, int) or not 1 <= least <= len(set(map(str, among))):
        yield Problem(("regel", "minstens"), "moet een aantal zijn van 1 t/m het aantal delen in 'van'")
