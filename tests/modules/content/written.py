"""What the tests of the written modules share: reading one, and playing its conversations to the end."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from lxml import etree

from modules.blocks.conversationsim import rules
from modules.blocks.conversationsim.block import simulation_of
from modules.blocks.lesson.block import Lesson

CONTENT = Path("modules/content")
MODULES = ("dialoogprincipes", "depolarisatie", "ongenoegen", "reflectietafel")

# Curriculum 5.6 says only what 1 and 5 are called; what lies between is the same in all modules.
SCALE = {1: "bijna nooit", 2: "soms", 3: "de helft van de keren", 4: "vaak", 5: "bijna altijd"}
# What a decision task at the Eindpunt asks (2.0).
ASKED = 0.65

# Named in the seed or Annex A. Every module says which of them it may name.
REAL = {
    "Argyris", "Balint", "Bohm", "Bos", "Brandsma", "Doorne", "Glasl", "Hendriksen", "Hospers", "Isaacs", "Lewis",
    "Mindell", "Ree", "Remkes", "Rogers", "Rosenberg", "Ross", "Schulz", "Schuyt", "Senge", "Smit", "Steur", "Teisman",
    "Twist", "Velden", "Zandstra",
}  # fmt: skip


class Played(NamedTuple):
    """One way through a conversation, and how often somebody who picks blindly goes it."""

    chance: float
    score: float
    ending: str
    flags: frozenset[str]


class Module:
    """A module as its folder holds it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = CONTENT / name

    @property
    def files(self) -> list[Path]:
        """All that somebody who learns reads: no notes of the writer, no sound."""
        found = [*self.folder.rglob("*.md"), *self.folder.rglob("*.yaml")]
        return sorted(path for path in found if path.name != "nalezen.md")

    @cached_property
    def course(self) -> Any:
        return etree.parse(self.folder / "course.xml").getroot()

    def read(self, name: str) -> dict[str, Any]:
        """What stands in a file, without the key around it."""
        return _read(self.folder / name)

    def minutes(self, name: str) -> int:
        data = Lesson.read((self.folder / name).read_text()).data if name.endswith(".md") else self.read(name)
        return int(data["minuten"])

    @property
    def named_in_the_course(self) -> list[str]:
        return sorted({element.get("src") for element in self.course.iter() if element.get("src")})

    @property
    def chapters(self) -> dict[str, Any]:
        return {chapter.get("nummer"): chapter for chapter in self.course.findall("chapter")}

    @property
    def planned(self) -> dict[str, int]:
        """{number: minutes} of all chapters."""
        return {number: int(chapter.get("minuten")) for number, chapter in self.chapters.items()}

    @property
    def spent(self) -> dict[str, int]:
        """{number: minutes its activities say they take}, without the exit card: that is asked besides."""
        return {
            number: sum(
                self.minutes(activity.get("src"))
                for activity in chapter.iter()
                if activity.get("src") and activity.tag != "exitcard"
            )
            for number, chapter in self.chapters.items()
        }

    @property
    def needed(self) -> dict[str, list[str]]:
        """{unit: what it takes to be done}."""
        return {
            number: [child.tag for child in chapter.iter() if child.get("src") and child.get("verplicht") != "false"]
            for number, chapter in self.chapters.items()
            if chapter.get("soort", "unit") == "unit"
        }

    @cached_property
    def text(self) -> str:
        return "\n".join(path.read_text() for path in self.files)

    @property
    def real_people(self) -> set[str]:
        return {name for name in REAL if re.search(rf"\b{name}\b", self.text)}

    @property
    def lesson_lengths(self) -> dict[str, int]:
        """{unit: words in its lesson}."""
        return {
            number: int(Lesson.read((self.folder / number / "les.md").read_text()).data["woorden"])
            for number in self.needed
        }

    @property
    def self_checks(self) -> list[dict[str, Any]]:
        return [self.read(element.get("src")) for element in self.course.iter("selfcheck")]

    @property
    def tasks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read("beslistaken.yaml")["taken"]
        return found

    @property
    def questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read("kennis.yaml")["items"]
        return found


@cache
def _read(path: Path) -> dict[str, Any]:
    inside: dict[str, Any] = next(iter(yaml.safe_load(path.read_text()).values()))
    return inside


def competences(data: Mapping[str, Any]) -> dict[str, float]:
    return {each["code"]: each["gewicht"] for each in data["competenties"]}


def turns(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: node for name, node in data["nodes"].items() if "keuzes" in node}


def endings(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: node for name, node in data["nodes"].items() if node.get("soort") == "einde"}


def plays(data: Mapping[str, Any]) -> Iterator[Played]:
    """Every way through a conversation."""
    simulation = simulation_of(data)
    waiting: list[tuple[float, rules.State, tuple[rules.Step, ...]]] = [(1.0, rules.begin(simulation), ())]
    while waiting:
        chance, state, steps = waiting.pop()
        open_ways = rules.ways(simulation, state)
        if not open_ways:
            yield Played(chance, rules.score(simulation, steps), state.node, state.flags)
        for choice, after in open_ways:
            waiting.append((chance / len(open_ways), after, (*steps, rules.Step(state, choice, after))))


def passes_blindly(data: Mapping[str, Any]) -> float:
    """How often somebody who picks without reading gets what the Eindpunt asks."""
    return sum(played.chance for played in plays(data) if played.score >= ASKED)


def best_by_ending(data: Mapping[str, Any]) -> dict[str, float]:
    best: dict[str, float] = defaultdict(float)
    for played in plays(data):
        best[played.ending] = max(best[played.ending], played.score)
    return dict(best)


def best_with(data: Mapping[str, Any], flag: str) -> float:
    """The best score of somebody who ends with this flag up; 0 where nobody can."""
    return max((played.score for played in plays(data) if flag in played.flags), default=0)


def right_places(questions: Sequence[Mapping[str, Any]]) -> list[int]:
    """Where the right answer stands, of the questions with one."""
    return [
        [bool(option.get("goed")) for option in question["opties"]].index(True)
        for question in questions
        if question["soort"] == "enkel"
    ]


def criteria(data: Mapping[str, Any]) -> list[str]:
    return [criterion["competentie"] for criterion in data["rubric"]]
