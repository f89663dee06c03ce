"""Reading what authors write: YAML that remembers its lines, and the problems found in it.

A problem names a place as a path of keys and positions, ("nodes", "k01", "keuzes", 0, "naar"); the file
it came from turns that into `file:line`. Rules never see files, so the same rules check an upload.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """Something an author has to mend. `rule` is the curriculum's name for it ("V4"), or "" where it has none."""

    path: Path
    reason: str
    rule: str = ""


class AuthoringError(ValueError):
    """The text can't be read at all. `line` counts from 1."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


@dataclass(frozen=True)
class Authored:
    """A mapping as an author wrote it, with the line on which each of its values starts."""

    data: dict[str, Any]
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that the text holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


MOST_DEPTH = 30
"""Of lists and fields in each other; the deepest content we have is seven."""

_VALUES = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map"))
_NO_NUMBERS = frozenset({".inf", ".nan"})


# The parser in C reads our content ten times as fast; where it wasn't built, the other reads the same.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _composed(text: str) -> yaml.Node | None:
    """What JSON can hold too, and nothing that grows: a file may come from anywhere.

    Twenty lines of aliases (`*a`) can stand for a thousand million values, or for themselves; so they are refused
    before anything is built.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise AuthoringError("een verwijzing (*naam) kan hier niet: schrijf het uit", line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise AuthoringError("te veel lijsten en velden in elkaar", line)
    root: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return root


def _only_values(node: yaml.Node) -> None:
    if node.tag not in _VALUES or _is_no_number(node):
        reason = "geen tekst, getal, lijst of veld: zet het tussen aanhalingstekens"
        raise AuthoringError(reason, node.start_mark.line + 1)
    if isinstance(node, yaml.CollectionNode):
        for each in node.value:
            for inner in each if isinstance(each, tuple) else (each,):
                _only_values(inner)


def _is_no_number(node: yaml.Node) -> bool:
    return node.tag.endswith(":float") and node.value.lower().lstrip("+-") in _NO_NUMBERS


def read_yaml(text: str) -> Authored:
    """Parse `text`, refusing repeated keys. A single wrapping key (`simulatie:`) is taken off.

    Raises AuthoringError with the line, and nothing else.
    """
    try:
        root = _composed(text)
        if root is not None:
            _only_values(root)
        lines = dict(_lines(root, ())) if isinstance(root, yaml.MappingNode) else {}
        data = SafeConstructor().construct_document(root) if lines else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise AuthoringError(error.problem or "geen geldige YAML", mark.line + 1 if mark else 1) from error
    except AuthoringError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise AuthoringError("geen geldige YAML") from error
    if not isinstance(root, yaml.MappingNode) or not isinstance(data, dict):
        raise AuthoringError("de tekst moet uit velden bestaan (naam: waarde)")
    if len(data) == 1 and isinstance(root.value[0][1], yaml.MappingNode):
        root = root.value[0][1]
        data = next(iter(data.values()))
        lines = dict(_lines(root, ()))
    return Authored(data, lines)


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise AuthoringError("de naam van een veld is een woord", key.start_mark.line + 1)
            if key.value in seen:
                raise AuthoringError(f"het veld '{key.value}' staat er twee keer", key.start_mark.line + 1)
            seen.add(key.value)
            for place, line in _lines(value, (*path, key.value)):
                yield place, key.start_mark.line + 1 if place == (*path, key.value) else line
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index))
