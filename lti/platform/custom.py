"""Custom parameters of a launch, with the variables in them filled in (LTI Core 1.3, 5.4.6 and appendix B).

What is a variable we know is the whole of a value and begins with `$`. One we don't know, or whose value the tool may
not have, goes out as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lti.platform.models import Placement, Tool

if TYPE_CHECKING:
    from learning.people.models import Person


@dataclass(frozen=True)
class _Launch:
    placement: Placement | None
    tool: Tool
    person: Person


def filled_in(custom: Mapping[str, str], placement: Placement | None, tool: Tool, person: Person) -> dict[str, str]:
    launch = _Launch(placement, tool, person)
    return {name: _value(value, launch) for name, value in custom.items()}


def _value(value: str, launch: _Launch) -> str:
    known = _VARIABLES.get(value.removeprefix("$")) if value.startswith("$") else None
    found = known(launch) if known else None
    return value if found is None else found


def _of_place(read: Callable[[Placement], str]) -> Callable[[_Launch], str | None]:
    return lambda launch: read(launch.placement) if launch.placement else None


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _column(placement: Placement, name: str) -> str:
    item = placement.line_items.order_by("pk").first()
    return _moment(getattr(item, name)) if item else ""


_VARIABLES: Mapping[str, Callable[[_Launch], str | None]] = {
    "User.id": lambda launch: str(launch.person.pseudonym),
    "Person.name.full": lambda launch: launch.person.name if launch.tool.shares_name else None,
    "Person.email.primary": lambda launch: launch.person.email if launch.tool.shares_email else None,
    "Message.locale": lambda launch: launch.person.language,
    "Context.id": _of_place(lambda place: str(place.course.key)),
    "Context.title": _of_place(lambda place: place.course.title),
    "ResourceLink.id": _of_place(lambda place: str(place.key)),
    "ResourceLink.title": _of_place(lambda place: place.title),
    "ResourceLink.description": _of_place(lambda place: place.summary),
    "ResourceLink.available.startDateTime": _of_place(lambda place: _moment(place.opens_at)),
    "ResourceLink.available.endDateTime": _of_place(lambda place: _moment(place.closes_at)),
    "ResourceLink.submission.startDateTime": _of_place(lambda place: _column(place, "starts_at")),
    "ResourceLink.submission.endDateTime": _of_place(lambda place: _column(place, "ends_at")),
}
NAMES = tuple(_VARIABLES)
