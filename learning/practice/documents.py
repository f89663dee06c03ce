"""What a case says (curriculum 3.g), as plain data: read from the JSON of `CaseVersion.document` or `Case.draft`.

The JSON has the names of the authors' YAML (docs/authors.md, `practicecase`):

    titel, inleiding, opdracht, doel, gebied        texts
    voorbereiding, na                               {minuten, vragen: [text]}; `na` asks four or more
    gesprek                                         {minuten, stappen: [text]}
    veiligheidscheck                                [text]
    inleveren, voldoende                            texts
    bewijsvormen                                    [a code of `models.Form`]
    rubric                                          [{id, naam, competentie, niveaus: [{label, gedrag} × 4]}], 3 to 5
    termijn_dagen, rondes_max, peers, tweede_lezer  how it is given out, unless its giver says otherwise
    varianten                                       [{naam, opdracht}]
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from modules.authoring import Path, Problem
from modules.blocks.gates import check_texts
from modules.blocks.practicecase.gates import check_case
from modules.blocks.practicecase.rules import DEFAULTS

LONGEST_TITLE = 200
LONGEST_LINE = 1000
LONGEST_TEXT = 5000
MOST_LINES = 20
_LONG = frozenset({"inleiding", "opdracht", "doel", "inleveren", "voldoende"})
_SHORT = frozenset({"titel", "naam", "label", "gebied", "id"})


@dataclass(frozen=True)
class Part:
    """A part of the case: what it takes, and its questions or steps."""

    minutes: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    label: str
    behaviour: str


@dataclass(frozen=True)
class Criterion:
    """`levels`: four, from low to high; level 1 is `levels[0]`."""

    id: str
    name: str
    competence: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Variant:
    """The same case with a task of its own."""

    name: str
    task: str


@dataclass(frozen=True)
class Document:
    """`preparation` and `after` hold questions, `talk` steps. `forms`: codes of `models.Form`."""

    title: str
    intro: str
    task: str
    goal: str
    area: str
    preparation: Part
    talk: Part
    after: Part
    safety: tuple[str, ...]
    handing_in: str
    enough: str
    forms: tuple[str, ...]
    rubric: tuple[Criterion, ...]
    days: int
    rounds_max: int
    peers: int
    second_reader: bool
    variants: tuple[Variant, ...]

    def task_of(self, variant: str) -> str:
        """What somebody does who was given this variant; the case's own task for "" or one that isn't there."""
        return next((each.task for each in self.variants if each.name == variant), self.task)

    def criterion(self, id_: str) -> Criterion | None:
        return next((each for each in self.rubric if each.id == id_), None)


EMPTY: dict[str, Any] = {
    "titel": "", "inleiding": "", "opdracht": "", "doel": "", "gebied": "",
    "voorbereiding": {"minuten": 20, "vragen": []},
    "gesprek": {"minuten": 45, "stappen": []},
    "na": {"minuten": 20, "vragen": []},
    "veiligheidscheck": [], "inleveren": "", "voldoende": "", "bewijsvormen": [], "rubric": [], **DEFAULTS,
}  # fmt: skip
"""All that a document has, in its order."""


def complete(data: Mapping[str, Any]) -> dict[str, Any]:
    """Only what a document has, in the one order, and all of it: from an activity of a module, or what was sent."""
    # Whoever writes on in it, writes in their own: what is empty is nobody's.
    return {name: data[name] if name in data else copy.deepcopy(empty) for name, empty in EMPTY.items()}


def hash_of(data: Mapping[str, Any]) -> str:
    """The same for the same text."""
    return hashlib.sha256(json.dumps(complete(data)).encode()).hexdigest()


def read(data: Mapping[str, Any]) -> Document:
    """From JSON in which `problems` found nothing."""
    data = complete(data)
    return Document(
        title=data["titel"],
        intro=data["inleiding"],
        task=data["opdracht"],
        goal=data["doel"],
        area=data["gebied"],
        preparation=Part(data["voorbereiding"]["minuten"], tuple(data["voorbereiding"]["vragen"])),
        talk=Part(data["gesprek"]["minuten"], tuple(data["gesprek"]["stappen"])),
        after=Part(data["na"]["minuten"], tuple(data["na"]["vragen"])),
        safety=tuple(data["veiligheidscheck"]),
        handing_in=data["inleveren"],
        enough=data["voldoende"],
        forms=tuple(data["bewijsvormen"]),
        rubric=tuple(_criterion(each) for each in data["rubric"]),
        days=data["termijn_dagen"],
        rounds_max=data["rondes_max"],
        peers=data["peers"],
        second_reader=data["tweede_lezer"],
        variants=tuple(Variant(each["naam"], each["opdracht"]) for each in data["varianten"]),
    )


def _criterion(data: Mapping[str, Any]) -> Criterion:
    levels = tuple(Level(each["label"], each["gedrag"]) for each in data["niveaus"])
    return Criterion(data["id"], data["naam"], data["competentie"], levels)


def problems(data: Mapping[str, Any]) -> list[Problem]:
    """What must be mended before this is a version, in words for a trainer; `path` is in the JSON's names. Never
    raises, whatever the JSON holds."""
    data = complete(data)
    found = [*check_texts(data, (), "titel"), *check_case(data)]
    told = {problem.path: Problem(problem.path, _words(problem)) for problem in reversed(found)}
    if not isinstance(data["inleiding"], str):
        told[("inleiding",)] = Problem(("inleiding",), _("Hier hoort tekst."))
    for path, value in _leaves(data):
        if path not in told and (wrong := _too_much(path, value)):
            told[path] = Problem(path, wrong)
    return sorted(told.values(), key=lambda problem: list(EMPTY).index(str(problem.path[0])))


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every text and every list, with its path."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        yield path, value
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    elif isinstance(value, str):
        yield path, value


def _too_much(path: Path, value: Any) -> str:
    if isinstance(value, list):
        return _("Houd het bij hoogstens %(n)s.") % {"n": MOST_LINES} if len(value) > MOST_LINES else ""
    longest = LONGEST_TEXT if path[-1] in _LONG else LONGEST_TITLE if path[-1] in _SHORT else LONGEST_LINE
    return _("Houd het bij %(n)s tekens.") % {"n": longest} if len(value) > longest else ""


def _words(problem: Problem) -> str:
    """The gates speak to authors of files; somebody who fills in a form is told what to do there."""
    named = [name for name in problem.path if isinstance(name, str)]
    words = _advice()
    return words.get(" ".join(named), words.get(named[-1] if named else "", problem.reason))


def _advice() -> dict[str, str]:
    return {
        "titel": _("Geef de case een titel."),
        "opdracht": _("Schrijf wat iemand gaat doen."),
        "doel": _("Schrijf waar het om gaat."),
        "inleveren": _("Schrijf hoe en wanneer iemand inlevert."),
        "voldoende": _("Schrijf wanneer het voldoende is."),
        "minuten": _("Vul een heel aantal minuten in."),
        "voorbereiding vragen": _("Zet er minstens één vraag in."),
        "gesprek stappen": _("Zet er minstens één stap in."),
        "na vragen": _("Stel minstens vier vragen, elk één keer: wat gebeurde er, wat deed ik, wat deed dat, wat nu."),
        "veiligheidscheck": _("Zet er minstens één zin in. Zonder veiligheidscheck kan een case niet uit."),
        "bewijsvormen": _("Kies minstens één manier om te laten zien wat er gebeurde."),
        "rubric": _("Een meetlat heeft drie tot vijf criteria."),
        "rubric naam": _("Geef dit criterium een naam."),
        "competentie": _("Kies de competentie die hier te zien is."),
        "label": _("Geef dit niveau een naam."),
        "gedrag": _("Schrijf wat je iemand ziet doen. Alleen hoe goed of hoe vaak is te weinig."),
        "niveaus": _("Twee niveaus zeggen hetzelfde, op hoe goed of hoe vaak na. Beschrijf ander gedrag."),
        "termijn_dagen": _("Vul een aantal dagen in, van 1 tot en met 365."),
        "rondes_max": _("Kies één tot vijf rondes."),
        "peers": _("Kies nul, één of twee."),
        "varianten naam": _("Geef elke variant een naam van zichzelf."),
    }


def tidy(value: Any) -> Any:
    """Without spaces around texts, other ends of lines, and lines with nothing on them: as a form gives it back. Nor
    with the one sign that a database doesn't keep."""
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.replace("\x00", "").strip().splitlines())
    if isinstance(value, Mapping):
        return {name: tidy(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [each for each in map(tidy, value) if each != ""]
    return value
