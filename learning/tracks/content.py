"""What an edition holds: frozen once published, shared by everybody who follows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Activity:
    """`fields` are the XBlock's authored fields. `usage` is the key of its state: "dialoogprincipes/lens-1"."""

    key: str
    type: str
    title: str
    minutes: int | None
    required: bool
    own_page: bool
    usage: str
    fields: Mapping[str, Any]


class Kind(StrEnum):
    """The frame of a module (curriculum 2.0, 6.2), in its order."""

    START = "startpunt"
    UNIT = "unit"
    END = "eindpunt"
    RETURN = "herhaalmoment"
    LOOK_BACK = "terugblik"


# What comes when the module is done.
AFTER = (Kind.RETURN, Kind.LOOK_BACK)


@dataclass(frozen=True, eq=False)
class Unit:
    """Equal to itself alone: it is shared, and comparing all that is in it would cost as much as a page.

    `kind`: a unit, or what stands before and after the units of a module.
    """

    key: str
    number: str
    title: str
    intro: str
    minutes: int
    activities: tuple[Activity, ...]
    kind: Kind = Kind.UNIT

    @cached_property
    def required(self) -> tuple[Activity, ...]:
        return tuple(activity for activity in self.activities if activity.required)

    @property
    def is_unit(self) -> bool:
        return self.kind is Kind.UNIT

    @property
    def counts(self) -> bool:
        """Whether the module asks for it: Herhaalmoment and Terugblik come when the module is done."""
        return self.kind not in AFTER

    @property
    def name(self) -> str:
        """As people call it: "1.1 Twee stromen, één gesprek", "Eindpunt"."""
        return f"{self.number} {self.title}" if self.is_unit else self.title


@dataclass(frozen=True)
class Edition:
    """`assets`: path beside the content → name in the store of files ("static/a.opus" → "3f….opus")."""

    content_hash: str
    module: str
    number: str
    title: str
    intro: str
    units: tuple[Unit, ...]
    assets: Mapping[str, str]

    def activities(self) -> Iterator[tuple[Unit, Activity]]:
        for unit in self.units:
            for activity in unit.activities:
                yield unit, activity

    @cached_property
    def by_key(self) -> Mapping[str, tuple[Unit, Activity]]:
        return MappingProxyType({activity.key: (unit, activity) for unit, activity in self.activities()})

    @cached_property
    def unit_by_key(self) -> Mapping[str, Unit]:
        return MappingProxyType({unit.key: unit for unit in self.units})

    @property
    def minutes(self) -> int:
        """What the module takes; without what comes later."""
        return sum(unit.minutes for unit in self.units if unit.counts)

    @cached_property
    def herhaalmoment(self) -> Unit | None:
        return self.moment(Kind.RETURN)

    def moment(self, kind: Kind) -> Unit | None:
        """The unit of a kind that a module has once, where it has it."""
        return next((unit for unit in self.units if unit.kind is kind), None)


def read(content_hash: str, document: Mapping[str, Any]) -> Edition:
    """From the JSON of `ModuleEdition.document`, as `learning.runtime.publishing` writes it."""
    module = document["module"]
    units = tuple(
        Unit(
            **{name: unit[name] for name in ("key", "number", "title", "intro", "minutes")},
            kind=Kind(unit.get("kind", Kind.UNIT)),
            activities=tuple(
                Activity(usage=f"{module['key']}/{activity['key']}", **activity) for activity in unit["activities"]
            ),
        )
        for unit in document["units"]
    )
    return Edition(
        content_hash,
        module["key"],
        module["number"],
        module["title"],
        module["intro"],
        units,
        MappingProxyType(document["assets"]),
    )
