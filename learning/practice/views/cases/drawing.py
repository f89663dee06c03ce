"""The document of a case drawn as a form. Names of fields: see `learning.practice.views.cases.sent`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from learning.practice import documents
from learning.practice.documents import EMPTY, LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE
from learning.practice.models import Form
from learning.practice.services.library import mark
from modules.authoring import Path, Problem
from modules.blocks.gates import COMPETENCES
from modules.blocks.practicecase.rules import DAYS_MAX, MINUTES_MAX, PEERS_MAX, ROUNDS_MAX


@dataclass(frozen=True)
class Field:
    """`kind`: "kort", "lang", "getal", "keuze" or "vink"; `choices`: (value, words)."""

    name: str
    label: str
    value: Any
    kind: str = "lang"
    hint: str = ""
    error: str = ""
    longest: int = LONGEST_TEXT
    id: str = ""
    rows: int = 3
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 0
    least: int = 0

    @property
    def key(self) -> str:
        """Its place on the page."""
        return self.id or self.name


@dataclass(frozen=True)
class Lines:
    """A list of texts that grows. `one`: what one of them is called."""

    name: str
    label: str
    one: str
    items: tuple[Field, ...]
    hint: str = ""
    error: str = ""
    kind: str = "lijst"


@dataclass(frozen=True)
class Row:
    """A criterion or a variant. `levels`: of a criterion, (number, its name, its behaviour). `id`: the criterion's."""

    title: str
    fields: tuple[Field, ...]
    levels: tuple[tuple[int, Field, Field], ...] = ()
    id: str = ""
    error: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Rows:
    """Criteria or variants: a list that grows. `one`: what one of them is called."""

    name: str
    label: str
    one: str
    items: tuple[Row, ...]
    hint: str = ""
    error: str = ""
    kind: str = "rijen"


@dataclass(frozen=True)
class Block:
    """One name of the document. `clash`: what another page made of it meanwhile, as differences with this page."""

    name: str
    was: str
    parts: tuple[Field | Lines | Rows, ...]
    clash: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    intro: str
    blocks: tuple[Block, ...] = field(default_factory=tuple)


class Drawing:
    """A document as a form. `errors`: by the name of a field. `clashes`: {name: what is there}."""

    def __init__(
        self,
        text: Mapping[str, Any],
        *,
        problems: list[Problem] | None = None,
        clashes: Mapping[str, Any] | None = None,
        marks: Mapping[str, str] | None = None,
        at: str = "",
    ) -> None:
        self.text, self.at = documents.complete(text), at
        self.problems = problems or []
        self.errors = {name_of(problem.path): problem.reason for problem in self.problems}
        self.clashes = clashes or {}
        self.marks = marks or {name: mark(value) for name, value in self.text.items()}

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """(place on the page, where that is in words, what to do) of all there is to mend."""
        return [
            (name_of(problem.path), place_words(self._place(problem.path), self.text), problem.reason)
            for problem in self.problems
        ]

    def _place(self, path: Path) -> str:
        """As `learning.comparing` calls it: a criterion by its id, other rows by their number."""
        steps = [str(step + 1) if isinstance(step, int) else step for step in path]
        if path[0] == "rubric" and len(path) > 1 and isinstance(path[1], int):
            steps[1] = self.text["rubric"][path[1]]["id"]
        return " › ".join(steps)

    def sections(self) -> list[Section]:
        return [
            Section("case", _("De case"), "", self._blocks("titel", "gebied", "inleiding", "opdracht", "doel")),
            Section(
                "vooraf", _("Voor het gesprek"), "", self._blocks("veiligheidscheck", "voorbereiding")
            ),
            Section("tijdens", _("Het gesprek"), "", self._blocks("gesprek")),
            Section(
                "erna", _("Na het gesprek"),
                _("Vier stappen: wat gebeurde er, wat deed ik, wat deed dat, wat nu."), self._blocks("na"),
            ),
            Section("bewijs", _("Inleveren"), "", self._blocks("inleveren", "bewijsvormen")),
            Section(
                "meetlat", _("De meetlat"),
                _("Drie tot vijf criteria met vier niveaus. Beschrijf wat je iemand ziet doen, niet hoe goed."),
                self._blocks("rubric", "voldoende"),
            ),
            Section(
                "uitzetten", _("Hoe je de case uitzet"), _("Bij het uitzetten kun je hiervan afwijken."),
                self._blocks("termijn_dagen", "rondes_max", "peers", "tweede_lezer"),
            ),
            Section(
                "varianten-deel", _("Varianten"),
                _("Dezelfde case met een andere opdracht, voor een andere plek of een ander soort gesprek."),
                self._blocks("varianten"),
            ),
        ]  # fmt: skip

    def _blocks(self, *names: str) -> tuple[Block, ...]:
        return tuple(
            Block(
                name, self.marks.get(name, ""), tuple(self._parts(name)),
                tuple(self.clashes[name]) if name in self.clashes else (),
            )
            for name in names
        )  # fmt: skip

    def _parts(self, name: str) -> Iterator[Field | Lines | Rows]:
        value = self.text[name]
        if name in ("voorbereiding", "gesprek", "na"):
            inner = next(iter(set(EMPTY[name]) - {"minuten"}))
            yield self._field(
                f"{name}-minuten", _("Minuten"), value["minuten"], kind="getal", least=1, most=MINUTES_MAX
            )
            yield self._lines(f"{name}-{inner}", value[inner])
        elif name == "veiligheidscheck":
            yield self._lines(name, value)
        elif name == "bewijsvormen":
            forms = tuple((str(code), str(words)) for code, words in Form.choices)
            yield self._field(
                name, _("Hoe iemand laat zien wat er gebeurde"), value, kind="vormen", choices=forms,
                hint=_("Een ingesproken reflectie is het meest aan te raden."),
            )  # fmt: skip
        elif name == "rubric":
            yield self._criteria(value)
        elif name == "varianten":
            yield self._variants(value)
        elif name == "tweede_lezer":
            yield self._field(name, _("Een tweede trainer leest mee voordat de feedback teruggaat"), value, kind="vink")
        else:
            yield self._plain(name, value)

    def _plain(self, name: str, value: Any) -> Field:
        short: dict[str, Any] = {"kind": "kort", "longest": LONGEST_TITLE}
        shapes: dict[str, dict[str, Any]] = {
            "titel": {"label": _("Titel"), **short},
            "gebied": {
                "label": _("Gebied"), **short, "hint": _("Waar deze versie voor is, zoals “Krimpenerwaard”. Mag leeg.")
            },
            "inleiding": {"label": _("Inleiding"), "hint": _("Mag leeg.")},
            "opdracht": {"label": _("Opdracht"), "rows": 5},
            "doel": {"label": _("Doel")},
            "inleveren": {"label": _("Hoe en wanneer iemand inlevert")},
            "voldoende": {"label": _("Wanneer het voldoende is")},
            "termijn_dagen": {"label": _("Dagen om het te doen"), "kind": "getal", "least": 1, "most": DAYS_MAX},
            "rondes_max": {"label": _("Rondes, hoogstens"), "kind": "getal", "least": 1, "most": ROUNDS_MAX},
            "peers": {"label": _("Collega’s die meelezen"), "kind": "getal", "least": 0, "most": PEERS_MAX},
        }  # fmt: skip
        return self._field(name, value=value, **shapes[name])

    def _field(self, name: str, label: str, value: Any, *, id: str = "", **more: Any) -> Field:  # noqa: A002 HTML's word
        return Field(name, label, value, id=id, error=self.errors.get(id or name, ""), **more)

    def _lines(self, name: str, values: list[str]) -> Lines:
        words = {
            "veiligheidscheck": (
                _("Veiligheidscheck"),
                _("Vraag"),
                _("Wat iemand nagaat voordat het gesprek er komt."),
            ),
            "voorbereiding-vragen": (_("Vragen om je voor te bereiden"), _("Vraag"), ""),
            "gesprek-stappen": (_("Stappen in het gesprek"), _("Stap"), ""),
            "na-vragen": (_("Vragen om op terug te kijken"), _("Vraag"), ""),
        }
        label, one, hint = words[name]
        items = tuple(
            self._field(name, f"{one} {index + 1}", value, id=f"{name}-{index}", rows=2, longest=LONGEST_LINE)
            for index, value in enumerate(values)
        )
        return Lines(name, label, one, items, hint, self.errors.get(name, ""))

    def _criteria(self, criteria: list[dict[str, Any]]) -> Rows:
        rows = tuple(self._criterion(index, each) for index, each in enumerate(criteria))
        return Rows("rubric", _("Criteria"), _("Criterium"), rows, error=self.errors.get("rubric", ""))

    def _criterion(self, index: int, criterion: Mapping[str, Any]) -> Row:
        at = f"rubric-{index}"
        codes = sorted(COMPETENCES, key=lambda code: int(code[1:]))
        fields = (
            self._field(f"{at}-naam", _("Naam"), criterion["naam"], kind="kort", longest=LONGEST_TITLE),
            self._field(
                f"{at}-competentie", _("Competentie"), criterion["competentie"], kind="keuze",
                choices=(("", _("Kies een competentie")), *((code, f"{code} {competences()[code]}") for code in codes)),
            ),
        )  # fmt: skip
        levels = tuple(
            (
                number,
                self._field(
                    f"{at}-niveaus-{number - 1}-label", _("Naam van niveau %(n)s") % {"n": number}, level["label"],
                    kind="kort", longest=LONGEST_TITLE,
                ),
                self._field(
                    f"{at}-niveaus-{number - 1}-gedrag", _("Wat je iemand ziet doen"), level["gedrag"],
                    longest=LONGEST_LINE,
                ),
            )
            for number, level in enumerate(criterion["niveaus"], 1)
        )  # fmt: skip
        wrong = any(name == at or name.startswith(f"{at}-") for name in self.errors)
        title = criterion["naam"] or _("Criterium zonder naam")
        error = self.errors.get(f"{at}-niveaus", "") or self.errors.get(at, "")
        return Row(title, fields, levels, criterion["id"], error, wrong or self.at == at)

    def _variants(self, variants: list[dict[str, str]]) -> Rows:
        rows = []
        for index, variant in enumerate(variants):
            at = f"varianten-{index}"
            fields = (
                self._field(f"{at}-naam", _("Naam"), variant["naam"], kind="kort", longest=LONGEST_TITLE),
                self._field(f"{at}-opdracht", _("Opdracht"), variant["opdracht"]),
            )
            rows.append(
                Row(variant["naam"] or _("Variant zonder naam"), fields, error=self.errors.get(at, ""), is_open=True)
            )
        return Rows("varianten", _("Varianten"), _("Variant"), tuple(rows), error=self.errors.get("varianten", ""))


def name_of(path: Path) -> str:
    return "-".join(map(str, path))


def competences() -> dict[str, str]:
    """Curriculum 4.1."""
    return {
        "C1": _("Luisteren en doorvragen"), "C2": _("Oordeel uitstellen"), "C3": _("Eerlijk je stem laten horen"),
        "C4": _("Onder- en bovenstroom verbinden"), "C5": _("Polarisatie doorzien en keren"),
        "C6": _("Omgaan met ongenoegen"), "C7": _("Tussenruimte maken en begeleiden"),
        "C8": _("Reflecteren en leren met anderen"), "C9": _("Betekenis geven aan verhalen"),
        "C10": _("Achtjes draaien"),
    }  # fmt: skip


def place_words(place: str, text: Mapping[str, Any]) -> str:
    """Where a difference is, in words: "rubric › luisteren › niveaus › 2 › gedrag" → "Luisteren, niveau 2"."""
    name, *rest = place.split(" › ")
    if name == "rubric" and rest:
        names = {each["id"]: each["naam"] for each in text.get("rubric", ())}
        criterion = names.get(rest[0]) or _("Criterium zonder naam")
        return (
            f"{criterion}, {_('niveau %(n)s') % {'n': rest[2]}}" if rest[1:2] == ["niveaus"] and rest[2:] else criterion
        )
    words = {
        "titel": _("Titel"), "gebied": _("Gebied"), "inleiding": _("Inleiding"), "opdracht": _("Opdracht"),
        "doel": _("Doel"), "voorbereiding": _("Voor het gesprek"), "gesprek": _("Het gesprek"),
        "na": _("Na het gesprek"), "veiligheidscheck": _("Veiligheidscheck"), "inleveren": _("Inleveren"),
        "voldoende": _("Voldoende"), "bewijsvormen": _("Hoe iemand het laat zien"), "rubric": _("De meetlat"),
        "termijn_dagen": _("Dagen om het te doen"), "rondes_max": _("Rondes, hoogstens"),
        "peers": _("Collega’s die meelezen"), "tweede_lezer": _("Tweede lezer"), "varianten": _("Varianten"),
    }  # fmt: skip
    at = next((step for step in rest if step.isdigit()), "")
    minutes = _("minuten") if rest[:1] == ["minuten"] else ""
    return " ".join(filter(None, (words.get(name, name), at, minutes)))
