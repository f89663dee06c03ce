"""From what an author wrote to a `Simulation`, with everything that doesn't read as one named by its place.

Fields are those of curriculum 3.c and the example in 5.1. Also read, all optional:

    per turn    spreker, kop (a few words as heading), wie (what happens) and stem (what is said) where `tekst` doesn't
                split well by itself; audio; beeld with beeld_alt; variant_als_<vlag>: other text when that flag
                stands, with kop_als_<vlag>, wie_als_<vlag>, stem_als_<vlag>, spreker_als_<vlag> beside it
    meters      richting: hoog|laag (which way is better; silent: spanning laag, others hoog), uitleg
    tafel       plaatsen: [{naam, plek}] with `jij` among them, bijschrift, beeld: keuken|tafel
    nabespreking  vragen: [three], <einde>: text, <einde>_als_<vlag>: text instead when that flag stands at the end
    vlagteksten   <vlag>: {aan: words for the moment it was raised, uit: for when it was taken back, kans: for when it
                could have been}
    testpaden   [{keuzes: "a,c,a", einde, score}]: paths that must come out so
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modules.authoring import Path, Problem
from modules.blocks.conversationsim import guards
from modules.blocks.conversationsim.rules import (
    HIGHEST,
    LOWEST,
    MOVES,
    Choice,
    Ending,
    Meter,
    Node,
    Rule,
    Simulation,
    Text,
    Turn,
    Weighing,
)

TOP_FIELDS = frozenset(
    {
        "id",
        "titel",
        "versie",
        "taal",
        "herkomst",
        "label",
        "unit",
        "minuten",
        "competenties",
        "leerniveaus",
        "bronnen",
        "privacyklasse",
        "type",
        "inleiding",
        "verplicht",
        "rol",
        "setting",
        "meters",
        "vlaggen",
        "start",
        "nodes",
        "tafel",
        "nabespreking",
        "vlagteksten",
        "testpaden",
    }
)
TEXT_FIELDS = frozenset({"tekst", "kop", "wie", "stem", "spreker"})
TURN_FIELDS = TEXT_FIELDS | {"soort", "keuzes", "max_bezoeken", "audio", "beeld", "beeld_alt"}
CHOICE_FIELDS = frozenset({"id", "zet", "tekst", "effect", "vlag", "als", "naar", "uitleg"})
ENDING_FIELDS = frozenset({"soort", "waarde", "titel", "tekst"})
VARIANT = "_als_"
PLACES = ("links", "rechts", "voor", "achter", "linksvoor", "rechtsvoor", "linksachter", "deur")
PICTURES = ("keuken", "tafel")
FLAG_WORDS = {"aan", "uit", "kans"}
LARGEST_EFFECT = 2


def read_simulation(data: Mapping[str, Any]) -> tuple[Simulation | None, list[Problem]]:
    """The simulation, or None when what is missing makes it impossible to say what would happen."""
    reader = _Reader(data)
    simulation = reader.read()
    return (None if reader.broken else simulation), reader.problems


class _Reader:
    """`broken`: something is wrong that the machine can't run with. Other problems leave it whole."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data, self.problems, self.broken = data, list[Problem](), False

    def say(self, path: Path, reason: str, rule: str = "", *, broken: bool = False) -> None:
        self.problems.append(Problem(path, reason, rule))
        self.broken = self.broken or broken

    def read(self) -> Simulation:
        for name in self.data:
            if name not in TOP_FIELDS:
                self.say((name,), f"het veld '{name}' bestaat hier niet")
        for name in ("rol", "setting"):
            self.words(self.data, name, ())
        self.meters = self._meters()
        self.flags = self._flags()
        nodes = self._mapping(self.data, "nodes", (), needed=True)
        self.node_ids = tuple(nodes)
        start = self.data.get("start")
        if start not in self.node_ids:
            self.say(("start",), f"het gesprek begint bij '{start}', en die beurt is er niet", "V1", broken=True)
        read = {str(node_id): self._node(str(node_id), node) for node_id, node in nodes.items()}
        return Simulation(str(start), self.meters, self.flags, read)

    # --- values

    def words(self, source: Mapping[str, Any], name: str, path: Path, *, rule: str = "", needed: bool = True) -> str:
        value = source.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if needed or value is not None:
            self.say((*path, name) if name in source else path, f"'{name}' is leeg of geen tekst", rule)
        return ""

    def _mapping(self, source: Mapping[str, Any], name: str, path: Path, *, needed: bool = False) -> Mapping[str, Any]:
        value = source.get(name, {})
        if isinstance(value, Mapping) and (value or not needed):
            return value
        self.say((*path, name), f"'{name}' bestaat uit velden (naam: waarde)", broken=True)
        return {}

    def _whole(self, value: object, lowest: int, highest: int) -> int | None:
        return value if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest else None

    # --- meters and flags

    def _meters(self) -> tuple[Meter, ...]:
        found = list[Meter]()
        for name, given in self._mapping(self.data, "meters", (), needed=True).items():
            path: Path = ("meters", name)
            spec = given if isinstance(given, Mapping) else {"start": given}
            start = self._whole(spec.get("start"), LOWEST, HIGHEST)
            if start is None:
                self.say(path, f"meter '{name}' begint op een heel getal van {LOWEST} tot {HIGHEST}", broken=True)
            direction = spec.get("richting", "laag" if name == "spanning" else "hoog")
            if direction not in ("hoog", "laag"):
                self.say((*path, "richting"), "'richting' is hoog of laag")
            found.append(Meter(str(name), start or 0, direction != "laag", str(spec.get("uitleg", ""))))
        return tuple(found)

    def _flags(self) -> dict[str, bool]:
        flags = self._mapping(self.data, "vlaggen", ())
        for name, on in flags.items():
            if not isinstance(on, bool):
                self.say(("vlaggen", name), f"vlag '{name}' begint als true of false", broken=True)
            if name in [meter.name for meter in self.meters]:
                self.say(("vlaggen", name), f"'{name}' is al een meter", broken=True)
        return dict(flags)

    def guard(self, written: object, path: Path) -> guards.Guard | None:
        try:
            guard = guards.parse(written)
        except guards.GuardError as error:
            self.say(path, str(error), broken=True)
            return None
        meters = {meter.name for meter in self.meters}
        for name, as_meter in guard.names():
            if name not in (meters if as_meter else self.flags):
                self.say(
                    path,
                    f"de voorwaarde gaat over {'meter' if as_meter else 'vlag'} '{name}', en die is er niet",
                    broken=True,
                )
        return guard

    # --- nodes

    def _node(self, node_id: str, node: Any) -> Node:
        path: Path = ("nodes", node_id)
        kinds: dict[str, Callable[[str, Mapping[str, Any], Path], Node]] = {
            "beurt": self._turn,
            "weging": self._weighing,
            "einde": self._ending,
        }
        if not isinstance(node, Mapping):
            self.say(path, f"'{node_id}' bestaat uit velden (naam: waarde)", broken=True)
            node = {}
        kind = node.get("soort", "beurt")
        if not isinstance(kind, str) or kind not in kinds:
            self.say((*path, "soort"), f"'soort' is beurt, weging of einde, geen '{kind}'", broken=True)
            kind = "beurt"
        return kinds[kind](node_id, node, path)

    def _unknown(self, source: Mapping[str, Any], known: frozenset[str], path: Path) -> None:
        for name in source:
            field = str(name).partition(VARIANT)[0]
            varies = known is TURN_FIELDS and field != name and field in {"variant", *TEXT_FIELDS}
            if name not in known and not varies:
                self.say((*path, name), f"het veld '{name}' bestaat hier niet")

    def target(self, source: Mapping[str, Any], path: Path) -> str:
        target = source.get("naar")
        if target not in self.node_ids:
            self.say(
                (*path, "naar") if "naar" in source else path,
                f"dit leidt naar '{target}', en dat is er niet" if target else "hier ontbreekt 'naar'",
                "V1",
                broken=True,
            )
        return str(target)

    def _turn(self, node_id: str, node: Mapping[str, Any], path: Path) -> Turn:
        self._unknown(node, TURN_FIELDS, path)
        most = node.get("max_bezoeken", 0)
        if "max_bezoeken" in node and not self._whole(most, 1, 9):
            self.say((*path, "max_bezoeken"), "'max_bezoeken' is een heel getal van 1 tot 9", "V6", broken=True)
        written = node.get("keuzes")
        if not isinstance(written, list) or not written:
            self.say(path, f"bij '{node_id}' valt niets te kiezen", "V7", broken=True)
            written = []
        choices = tuple(self._choice(choice, (*path, "keuzes", place)) for place, choice in enumerate(written))
        ids = [choice.id for choice in choices]
        if len(set(ids)) < len(ids):
            self.say((*path, "keuzes"), "twee keuzes hebben hetzelfde id", broken=True)
        if node.get("beeld"):
            self.words(node, "beeld_alt", path)
        return Turn(
            node_id,
            self._text(node, path),
            choices,
            self._variants(node, path),
            most if isinstance(most, int) else 0,
            self.words(node, "audio", path, needed=False),
            self.words(node, "beeld", path, needed=False),
            str(node.get("beeld_alt", "")),
        )

    def _text(self, source: Mapping[str, Any], path: Path) -> Text:
        given = {name: self.words(source, name, path, needed=False) for name in TEXT_FIELDS}
        if not given["tekst"]:
            given["tekst"] = " ".join(part for part in (given["wie"], given["stem"]) if part)
        if not given["tekst"]:
            self.say(path, "deze beurt heeft geen tekst")
        scene, said, speaker = split(given["tekst"])
        if given["stem"] or given["wie"]:
            scene, said = given["wie"], given["stem"]
        return Text(given["tekst"], given["spreker"] or speaker, given["kop"], scene, said)

    def _variants(self, node: Mapping[str, Any], path: Path) -> dict[str, Text]:
        """{flag: text}. A variant gives its own words, or only another speaker, heading, scene or voice."""
        written: dict[str, dict[str, Any]] = {}
        for name, value in node.items():
            field, mark, flag = str(name).partition(VARIANT)
            if mark and field in {"variant", *TEXT_FIELDS}:
                written.setdefault(flag, {})["tekst" if field == "variant" else field] = value
                if flag not in self.flags:
                    self.say((*path, name), f"vlag '{flag}' is er niet")
        plain = {name: value for name, value in node.items() if name in TEXT_FIELDS}
        return {
            flag: self._text(given if "tekst" in given else {**plain, **given}, path) for flag, given in written.items()
        }

    def _choice(self, choice: Any, path: Path) -> Choice:
        if not isinstance(choice, Mapping):
            self.say(path, "een keuze bestaat uit velden (naam: waarde)", broken=True)
            choice = {}
        self._unknown(choice, CHOICE_FIELDS, path)
        if choice.get("zet") not in MOVES:
            self.say(path, f"elke keuze heeft een 'zet': {', '.join(MOVES)}", "V8")
        choice_id = choice.get("id")
        if not isinstance(choice_id, str) or not choice_id:
            self.say(path, "elke keuze heeft een 'id' (een letter)", broken=True)
        return Choice(
            str(choice_id),
            str(choice.get("zet", "")),
            self.words(choice, "tekst", path),
            self.target(choice, path),
            self.words(choice, "uitleg", path, rule="V8"),
            self._effect(choice, path),
            self._raised(choice, path),
            self.guard(choice["als"], (*path, "als")) if "als" in choice else None,
        )

    def _effect(self, choice: Mapping[str, Any], path: Path) -> dict[str, int]:
        effect, names = dict[str, int](), {meter.name for meter in self.meters}
        for name, delta in self._mapping(choice, "effect", path).items():
            change = self._whole(delta, -LARGEST_EFFECT, LARGEST_EFFECT)
            if name not in names or change is None:
                self.say(
                    (*path, "effect"), f"'{name}: {delta}' is geen meter met een stap van −2 tot en met +2", broken=True
                )
                continue
            effect[name] = change
        return effect

    def _raised(self, choice: Mapping[str, Any], path: Path) -> dict[str, bool]:
        raised = self._mapping(choice, "vlag", path)
        for name, on in raised.items():
            if name not in self.flags or not isinstance(on, bool):
                self.say((*path, "vlag"), f"'{name}: {on}' is geen vlag die waar of onwaar wordt", broken=True)
        return dict(raised)

    def _weighing(self, node_id: str, node: Mapping[str, Any], path: Path) -> Weighing:
        self._unknown(node, frozenset({"soort", "regels"}), path)
        written = node.get("regels")
        if not isinstance(written, list) or not written:
            self.say(path, f"weging '{node_id}' heeft geen regels", "V4", broken=True)
            return Weighing(node_id, ())
        rules = list[Rule]()
        for place, rule in enumerate(written):
            here: Path = (*path, "regels", place)
            if not isinstance(rule, Mapping):
                self.say(here, "een regel bestaat uit velden (naam: waarde)", broken=True)
                continue
            self._unknown(rule, frozenset({"als", "anders", "naar"}), here)
            otherwise = rule.get("anders") is True
            last = place == len(written) - 1
            if otherwise != last or otherwise == ("als" in rule):
                self.say(
                    here, "de laatste regel van een weging is 'anders: true', en alleen die", "V4", broken=not last
                )
            guard = self.guard(rule["als"], (*here, "als")) if "als" in rule else None
            rules.append(Rule(self.target(rule, here), guard))
        return Weighing(node_id, tuple(rules))

    def _ending(self, node_id: str, node: Mapping[str, Any], path: Path) -> Ending:
        self._unknown(node, ENDING_FIELDS, path)
        value = node.get("waarde")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.say(path, "een einde heeft een 'waarde' van 0 tot en met 1", broken=True)
            value = 0
        return Ending(node_id, float(value), self.words(node, "titel", path), self.words(node, "tekst", path))


# --- text

_SPEECH = re.compile(r'"[^"]*"|“[^”]*”')


def split(text: str) -> tuple[str, str, str]:
    """(what happens, what is said, by whom) of a turn in which somebody acts and then speaks; else empty strings.

    Only the plain shape is split: narration first, then speech to the end. A name before a colon is the speaker.
    """
    speeches = list(_SPEECH.finditer(text))
    if not speeches or len(text) - speeches[-1].end() > 0:
        return "", "", ""
    scene, said = text[: speeches[0].start()].strip(), text[speeches[0].start() :]
    if _SPEECH.sub("", said).strip():
        return "", "", ""
    if scene.endswith(":"):
        return "", said, scene[:-1]
    return scene, said, ""


_OPENS_DOUBLE = re.compile(r'(^|[\s(\[“‘—–])"')
_OPENS_SINGLE = re.compile(r"(^|[\s(\[“])'(?!(?:t|s|n|k|m|r|ns)\b)")


def typographic(text: str) -> str:
    """Straight quotes as printed ones: “Zo,” ‘zoekgebied’, ’t."""
    text = _OPENS_DOUBLE.sub("\\1“", text).replace('"', "”")
    return _OPENS_SINGLE.sub("\\1‘", text).replace("'", "’")


# --- what stands around the conversation


def questions(data: Mapping[str, Any]) -> list[str]:
    """The author's three questions, or none."""
    debrief = data.get("nabespreking")
    return list(debrief.get("vragen", [])) if isinstance(debrief, Mapping) else []


def debrief_text(data: Mapping[str, Any], ending: str, flags: frozenset[str]) -> str:
    """The words for this ending; those for a flag that stands replace the general ones, in the author's order."""
    debrief = data.get("nabespreking", {})
    for name, text in debrief.items():
        if str(name).startswith(f"{ending}_als_") and str(name).removeprefix(f"{ending}_als_") in flags:
            return str(text)
    return str(debrief.get(ending, ""))


def check_surroundings(data: Mapping[str, Any], simulation: Simulation) -> list[Problem]:
    """Debrief, table and words for flags: they must speak about endings, people and flags that are there."""
    return [*_debrief_problems(data, simulation), *_table_problems(data), *_flag_word_problems(data, simulation)]


def _debrief_problems(data: Mapping[str, Any], simulation: Simulation) -> list[Problem]:
    debrief = data.get("nabespreking")
    if debrief is None:
        return []
    if not isinstance(debrief, Mapping):
        return [Problem(("nabespreking",), "'nabespreking' bestaat uit velden (naam: waarde)")]
    problems, endings = list[Problem](), {ending.id for ending in simulation.endings}
    asked = debrief.get("vragen")
    if not isinstance(asked, list) or len(asked) != 3 or not all(isinstance(one, str) and one.strip() for one in asked):
        problems.append(Problem(("nabespreking", "vragen"), "de nabespreking stelt drie vragen"))
    for name, text in debrief.items():
        ending, _, flag = str(name).partition("_als_")
        if name != "vragen" and (ending not in endings or (flag and flag not in simulation.flags)):
            problems.append(Problem(("nabespreking", name), f"'{name}' is geen einde of einde_als_vlag"))
        elif name != "vragen" and (not isinstance(text, str) or not text.strip()):
            problems.append(Problem(("nabespreking", name), f"'{name}' is leeg of geen tekst"))
    problems += [
        Problem(("nabespreking",), f"over einde '{ending}' zegt de nabespreking niets")
        for ending in sorted(endings - set(debrief))
    ]
    return problems


def _table_problems(data: Mapping[str, Any]) -> list[Problem]:
    table = data.get("tafel")
    if table is None:
        return []
    if not isinstance(table, Mapping) or not isinstance(table.get("plaatsen"), list):
        return [Problem(("tafel",), "'tafel' heeft 'plaatsen': [{naam, plek}]")]
    problems, taken = list[Problem](), set[str]()
    for place, seat in enumerate(table["plaatsen"]):
        path: Path = ("tafel", "plaatsen", place)
        if not isinstance(seat, Mapping) or not isinstance(seat.get("naam"), str) or seat.get("plek") not in PLACES:
            problems.append(Problem(path, f"een plaats heeft een 'naam' en een 'plek': {', '.join(PLACES)}"))
        elif seat["plek"] in taken:
            problems.append(Problem(path, f"op plek '{seat['plek']}' zit al iemand"))
        else:
            taken.add(seat["plek"])
    if table.get("beeld", "tafel") not in PICTURES:
        problems.append(Problem(("tafel", "beeld"), f"'beeld' is een van deze: {', '.join(PICTURES)}"))
    return problems


def _flag_word_problems(data: Mapping[str, Any], simulation: Simulation) -> list[Problem]:
    words = data.get("vlagteksten", {})
    if not isinstance(words, Mapping):
        return [Problem(("vlagteksten",), "'vlagteksten' bestaat uit velden (naam: waarde)")]
    return [
        Problem(("vlagteksten", name), f"'{name}' is een vlag met woorden voor 'aan', 'uit' of 'kans'")
        for name, given in words.items()
        if name not in simulation.flags
        or not isinstance(given, Mapping)
        or set(given) - FLAG_WORDS
        or not all(isinstance(text, str) for text in given.values())
    ]


def test_paths(data: Mapping[str, Any]) -> Sequence[Any]:
    written = data.get("testpaden", [])
    return written if isinstance(written, list) else [written]
