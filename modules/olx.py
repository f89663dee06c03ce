"""A module as its folder holds it: `course.xml` (OLX) and the files its activities name.

    course    the module       url_name, display_name, nummer, inleiding, uren
    chapter   a unit           url_name, display_name, nummer, inleiding, minuten; soort, one of KINDS (unit)
    sequential, vertical       as OLX wants them; they carry nothing of ours
    anything in a vertical     an activity: an XBlock with a url_name and the `src` of what its author wrote; some
                               types take attributes of their own, which count instead of what the file says

The keys (`url_name`) are in the state of learners: unique in the module, and never given to something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree
from xblock.core import XBlock
from xblock.plugin import PluginMissingError

from modules.authoring import Authored, AuthoringError
from modules.blocks.base import ActivityBlock

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CONTENT = Path(__file__).parent / "content"
# Bytes of what is read as a whole; our largest has a tenth of it. A folder may come from anywhere.
LARGEST_TEXT = 1_000_000

# Curriculum 2.0: the frame around the units of a module, in this order. A module may do without any part of it.
# A Terugblik comes three months later (6.2).
START, UNIT, END, RETURN, LOOK_BACK = "startpunt", "unit", "eindpunt", "herhaalmoment", "terugblik"
KINDS = (START, UNIT, END, RETURN, LOOK_BACK)
# What comes when the module is done.
AFTER = (RETURN, LOOK_BACK)


@dataclass(frozen=True)
class Finding:
    """Something to mend before this may be published. `file` is relative to the module's folder."""

    file: str
    line: int
    reason: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {f'{self.rule}: ' if self.rule else ''}{self.reason}"


@dataclass(frozen=True)
class ActivitySource:
    key: str
    block: type[ActivityBlock]
    file: str
    authored: Authored
    required: bool
    display_name: str


@dataclass(frozen=True)
class UnitSource:
    key: str
    number: str
    title: str
    intro: str
    minutes: int
    kind: str
    activities: tuple[ActivitySource, ...]

    @property
    def counts(self) -> bool:
        """Whether it has to be done for the module to be done: some moments come after that (curriculum 2.0, 6.2)."""
        return self.kind not in AFTER


@dataclass(frozen=True)
class ModuleSource:
    folder: Path
    key: str
    number: str
    title: str
    intro: str
    units: tuple[UnitSource, ...]

    def activities(self) -> Iterator[ActivitySource]:
        for unit in self.units:
            yield from unit.activities

    @property
    def required(self) -> int:
        """How many activities must be done for the module to be done."""
        return sum(activity.required for unit in self.units if unit.counts for activity in unit.activities)


_TOO_LARGE = "te groot om te lezen: een tekst is hoogstens een miljoen tekens"


@dataclass
class _Reader:
    folder: Path
    load_class: Callable[[str], type[Any]]
    findings: list[Finding] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    # A file that several activities are drawn from (the conversations of Startpunt and Eindpunt) is read once.
    read: dict[tuple[str, str], Authored] = field(default_factory=dict)

    def complain(self, node: Any, reason: str) -> None:
        self.findings.append(Finding("course.xml", node.sourceline or 1, reason))

    def key(self, node: Any) -> str:
        key = str(node.get("url_name") or "")
        if not _KEY.fullmatch(key):
            self.complain(node, f"<{node.tag}> heeft geen url_name van kleine letters, cijfers en streepjes")
        elif key in self.keys:
            self.complain(node, f"url_name '{key}' is al gebruikt")
        self.keys.add(key)
        return key

    def words(self, node: Any, *names: str) -> list[str]:
        for name in names:
            if not node.get(name):
                self.complain(node, f"<{node.tag}> mist {name}")
        return [str(node.get(name) or "") for name in names]

    def minutes(self, node: Any) -> int:
        text = str(node.get("minuten") or "")
        if not re.fullmatch(r"[0-9]{1,5}", text):
            self.complain(node, f"<{node.tag}> mist minuten (een getal)")
            return 0
        return int(text)

    def module(self, root: Any) -> ModuleSource:
        number, title, intro = self.words(root, "nummer", "display_name", "inleiding")
        nodes = list(root.iterchildren("chapter"))
        units = tuple(self.unit(node) for node in nodes)
        if not any(unit.kind == UNIT for unit in units):
            self.complain(root, "de module heeft geen units (<chapter>)")
        self.frame(nodes, units)
        return ModuleSource(self.folder, self.key(root), number, title, intro, units)

    def frame(self, nodes: list[Any], units: tuple[UnitSource, ...]) -> None:
        """Startpunt, units, Eindpunt, Herhaalmoment, Terugblik: in this order, and of all but units at most one."""
        latest = 0
        for node, unit in zip(nodes, units, strict=True):
            place = KINDS.index(unit.kind)
            if place < latest:
                self.complain(node, f"een {unit.kind} komt niet na een {KINDS[latest]}")
            elif place == latest and unit.kind != UNIT and node is not nodes[0]:
                self.complain(node, f"er is al een {unit.kind}")
            if unit.kind in AFTER and not any(other.kind == END for other in units):
                self.complain(node, f"een {unit.kind} vraagt om een eindpunt")
            latest = max(place, latest)

    def kind(self, node: Any) -> str:
        kind = str(node.get("soort") or UNIT)
        if kind in KINDS:
            return kind
        self.complain(node, f"soort '{kind}' bestaat niet; wel {', '.join(KINDS)}")
        return UNIT

    def unit(self, node: Any) -> UnitSource:
        number, title, intro = self.words(node, "nummer", "display_name", "inleiding")
        found = (self.activity(leaf) for leaf in node.iterfind("sequential/vertical/*") if isinstance(leaf.tag, str))
        activities = tuple(activity for activity in found if activity)
        if not activities:
            self.complain(node, f"unit {number} heeft geen activiteiten")
        return UnitSource(self.key(node), number, title, intro, self.minutes(node), self.kind(node), activities)

    def activity(self, node: Any) -> ActivitySource | None:
        key = self.key(node)
        try:
            block = self.load_class(node.tag)
        except PluginMissingError:
            self.complain(node, f"<{node.tag}> is geen blok dat hier kan draaien")
            return None
        source = str(node.get("src") or "")
        file = file_of(self.folder, source)
        if file is None:
            self.complain(node, f"src '{source}' is geen bestand van deze module")
            return None
        if file.stat().st_size > LARGEST_TEXT:
            self.findings.append(Finding(source, 1, _TOO_LARGE))
            return None
        try:
            authored = self.read.get((node.tag, source)) or block.read(file.read_text(encoding="utf-8"))
        except AuthoringError as error:
            self.findings.append(Finding(source, error.line, error.reason))
            return None
        except UnicodeDecodeError:
            self.findings.append(Finding(source, 1, "geen tekst in UTF-8"))
            return None
        self.read[node.tag, source] = authored
        authored = self.with_attributes(node, block, authored)
        if block.never_required and node.get("verplicht") != "false":
            self.complain(node, f'<{node.tag}> hoort verplicht="false" te hebben: niemand hoeft dit te doen')
        title = str(node.get("display_name") or authored.data.get("titel") or "")
        return ActivitySource(key, block, source, authored, node.get("verplicht") != "false", title)

    def with_attributes(self, node: Any, block: type[ActivityBlock], authored: Authored) -> Authored:
        try:
            said = block.said_in_course(node)
        except ValueError as error:
            self.complain(node, f"<{node.tag}> {error}")
            return authored
        return Authored({**authored.data, **said}, authored.lines) if said else authored


def module_folders() -> list[Path]:
    """The modules that come with the house, in alphabetical order."""
    return sorted(file.parent for file in CONTENT.glob("*/course.xml"))


def file_of(folder: Path, path: str) -> Path | None:
    """The file a module calls `path`; None when there is none in its folder, wherever a link in it leads."""
    parts = PurePosixPath(path)
    if not path or parts.is_absolute() or ".." in parts.parts:
        return None
    file = folder / parts
    try:
        return file if file.is_file() and file.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None


def read_module(
    folder: Path, load_class: Callable[[str], type[Any]] = XBlock.load_class
) -> tuple[ModuleSource | None, list[Finding]]:
    """The module in `folder`, and what stops it from being read. The module is None when there is no tree."""
    reader = _Reader(folder, load_class)
    # No entities, no network, no huge trees: an imported folder may come from anywhere.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        if (folder / "course.xml").stat().st_size > LARGEST_TEXT:
            return None, [Finding("course.xml", 1, _TOO_LARGE)]
        root = etree.fromstring((folder / "course.xml").read_bytes(), parser)
    except FileNotFoundError:
        return None, [Finding("course.xml", 1, "ontbreekt")]
    except etree.XMLSyntaxError as error:
        return None, [Finding("course.xml", error.lineno or 1, str(error.msg))]
    if root.tag != "course":
        return None, [Finding("course.xml", root.sourceline or 1, "begint niet met <course>")]
    return reader.module(root), reader.findings


def check_module(folder: Path) -> list[Finding]:
    """Every publish gate of the curriculum for the module in `folder`; empty when it may be published."""
    return checked_module(folder)[1]


def checked_module(folder: Path) -> tuple[ModuleSource | None, list[Finding]]:
    """The module in `folder`, read once, and what `check_module` says of it."""
    module, findings = read_module(folder)
    if module is None:
        return None, findings
    for activity in module.activities():
        problems = activity.block.check(activity.authored.data)
        for problem in problems:
            line = activity.authored.line(problem.path)
            findings.append(Finding(activity.file, line, problem.reason, problem.rule))
        # What isn't written as it should be can't be asked for its files.
        for asset in [] if problems else activity.block.assets(activity.authored.data):
            if file_of(folder, asset) is None:
                findings.append(Finding(activity.file, 1, f"het bestand '{asset}' ontbreekt"))
    return module, sorted(findings, key=lambda finding: (finding.file, finding.line))
