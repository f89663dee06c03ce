"""Reading what authors write: YAML that remembers its lines, and the problems found in it.

A problem names a place as a path of keys and positions, ("nodes", "k01", "keuzes", 0, "naar"); the file
it came from turns that into `file:line`. Rules never see files, so the same rules check an upload.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

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


def read_yaml(text: str) -> Authored:
    """Parse `text`, refusing repeated keys. A single wrapping key (`simulatie:`) is taken off.

    Raises AuthoringError with the line.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise AuthoringError(error.problem or "geen geldige YAML", mark.line + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise AuthoringError("geen geldige YAML") from error
    if not isinstance(root, yaml.MappingNode) or not isinstance(data, dict):
        raise AuthoringError("de tekst moet uit velden bestaan (naam: waarde)")
    if len(data) == 1 and isinstance(root.value[0][1], yaml.MappingNode):
        root = root.value[0][1]
        data = next(iter(data.values()))
    return Authored(data, dict(_lines(root, ())))


def _lines(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise AuthoringError(f"het veld '{key.value}' staat er twee keer", key.start_mark.line + 1)
            seen.add(key.value)
            for place, line in _lines(value, (*path, key.value)):
                yield place, key.start_mark.line + 1 if place == (*path, key.value) else line
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index))
