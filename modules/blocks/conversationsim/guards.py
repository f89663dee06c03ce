"""The guard language of curriculum 3.c: comparisons on meters and flags, joined by `and`, `or` and `not`.

    spanning >= 8 or vertrouwen <= 1
    vertrouwen >= 7 and not (belofte or punten)
    {belofte: true, ruimte: 3}            the mapping form: all of these

Text becomes a small tree by the parser below; nothing an author writes is ever run as code. `str` of a tree is text
that parses to the same tree again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

# Ample for anything a reader can follow, and far from the depth at which Python itself would give up.
MAX_LENGTH, MAX_DEPTH = 500, 30

_NAME = r"[^\W\d]\w*"
_TOKEN = re.compile(rf"\s*(?:{_NAME}|\d{{1,3}}(?!\w)|<=|>=|==|!=|<|>|[()])")
_RESERVED = frozenset({"and", "or", "not", "true", "false"})
_MIRRORED = {"==": "!=", "!=": "=="}


class GuardError(ValueError):
    """The text isn't in the guard language. The message is a sentence for the author."""


class Guard(Protocol):
    """A condition on where the meters and flags stand."""

    def holds(self, meters: Mapping[str, int], flags: Collection[str]) -> bool: ...

    def names(self) -> Iterator[tuple[str, bool]]:
        """Every name in it, and whether it is used as a meter (True) or as a flag (False)."""


@dataclass(frozen=True)
class MeterIs:
    name: str
    sign: str
    value: int

    def holds(self, meters: Mapping[str, int], flags: Collection[str]) -> bool:
        level = meters[self.name]
        match self.sign:
            case "<":
                return level < self.value
            case "<=":
                return level <= self.value
            case ">":
                return level > self.value
            case ">=":
                return level >= self.value
            case "==":
                return level == self.value
        return level != self.value

    def names(self) -> Iterator[tuple[str, bool]]:
        yield self.name, True

    def __str__(self) -> str:
        return f"{self.name} {self.sign} {self.value}"


@dataclass(frozen=True)
class FlagIs:
    name: str
    value: bool = True

    def holds(self, meters: Mapping[str, int], flags: Collection[str]) -> bool:
        return (self.name in flags) is self.value

    def names(self) -> Iterator[tuple[str, bool]]:
        yield self.name, False

    def __str__(self) -> str:
        return self.name if self.value else f"{self.name} == false"


@dataclass(frozen=True)
class Not:
    part: Guard

    def holds(self, meters: Mapping[str, int], flags: Collection[str]) -> bool:
        return not self.part.holds(meters, flags)

    def names(self) -> Iterator[tuple[str, bool]]:
        return self.part.names()

    def __str__(self) -> str:
        return f"not {_bracketed(self.part)}"


@dataclass(frozen=True)
class AllOf:
    parts: tuple[Guard, ...]

    def holds(self, meters: Mapping[str, int], flags: Collection[str]) -> bool:
        return all(part.holds(meters, flags) for part in self.parts)

    def names(self) -> Iterator[tuple[str, bool]]:
        for part in self.parts:
            yield from part.names()

    def __str__(self) -> str:
        return " and ".join(map(_bracketed, self.parts))


@dataclass(frozen=True)
class AnyOf:
    parts: tuple[Guard, ...]

    def holds(self, meters: Mapping[str, int], flags: Collection[str]) -> bool:
        return any(part.holds(meters, flags) for part in self.parts)

    def names(self) -> Iterator[tuple[str, bool]]:
        for part in self.parts:
            yield from part.names()

    def __str__(self) -> str:
        return " or ".join(map(_bracketed, self.parts))


def _bracketed(part: Guard) -> str:
    return f"({part})" if isinstance(part, AllOf | AnyOf | Not) else str(part)


def parse(written: object) -> Guard:
    """A tree of what an author wrote at `als`: a sentence or a mapping. Raises GuardError."""
    if isinstance(written, str):
        return _Reader(written).read()
    if isinstance(written, Mapping) and written:
        return _joined(AllOf, [_from_pair(name, value) for name, value in written.items()])
    raise GuardError("een voorwaarde is een zin ('spanning >= 8 and not belofte') of velden ({belofte: true})")


def _from_pair(name: object, value: object) -> Guard:
    if not isinstance(name, str) or not re.fullmatch(_NAME, name) or name in _RESERVED:
        raise GuardError(f"'{name}' is geen naam van een meter of vlag")
    if isinstance(value, bool):
        return FlagIs(name, value)
    if isinstance(value, int):
        return MeterIs(name, "==", value)
    raise GuardError(f"'{name}' is waar (true), onwaar (false) of een heel getal")


def _joined(kind: type[AllOf] | type[AnyOf], parts: Sequence[Guard]) -> Guard:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


class _Reader:
    """Recursive descent: either := both ("or" both)*, both := single ("and" single)*, single := "not" single | …"""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise GuardError(f"een voorwaarde is hoogstens {MAX_LENGTH} tekens lang")
        self.tokens: list[str] = []
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if not found:
                raise GuardError(f"'{text[place:].strip()[:20]}' hoort niet in een voorwaarde")
            self.tokens.append(found.group().strip())
            place = found.end()
        self.next = 0

    def read(self) -> Guard:
        guard = self._either(0)
        if self.next < len(self.tokens):
            raise GuardError(f"'{self.tokens[self.next]}' staat op een plek waar het niet kan")
        return guard

    def _look(self) -> str:
        return self.tokens[self.next] if self.next < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._look()
        if not token:
            raise GuardError("de voorwaarde houdt te vroeg op")
        self.next += 1
        return token

    def _either(self, depth: int) -> Guard:
        parts = [self._both(depth)]
        while self._look() == "or":
            self._take()
            parts.append(self._both(depth))
        return _joined(AnyOf, parts)

    def _both(self, depth: int) -> Guard:
        parts = [self._single(depth)]
        while self._look() == "and":
            self._take()
            parts.append(self._single(depth))
        return _joined(AllOf, parts)

    def _single(self, depth: int) -> Guard:
        if depth > MAX_DEPTH:
            raise GuardError("deze voorwaarde is te diep genest")
        found = self._take()
        if found == "not":
            return Not(self._single(depth + 1))
        if found == "(":
            inner = self._either(depth + 1)
            if self._take() != ")":
                raise GuardError("er ontbreekt een haakje")
            return inner
        if found in _RESERVED or not (found[0].isalpha() or found[0] == "_"):
            raise GuardError(f"hier hoort een meter of vlag, geen '{found}'")
        return self._comparison(found)

    def _comparison(self, name: str) -> Guard:
        if not self._look() or self._look()[0] not in "<>=!":
            return FlagIs(name)
        sign, value = self._take(), self._take()
        if value in {"true", "false"} and sign in _MIRRORED:
            return FlagIs(name, (value == "true") is (sign == "=="))
        if not value.isdecimal():
            raise GuardError(f"na '{name} {sign}' hoort een heel getal, geen '{value}'")
        return MeterIs(name, sign, int(value))
