"""The versions of the framework, and what HR put beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from learning.competences import framework
from learning.competences.framework import Framework as Read
from learning.competences.mapping import Pair
from learning.competences.models import Framework, FrameworkMapping
from learning.competences.queries.growth import built_in
from learning.competences.rules import CODES
from learning.people.models import Organisation


@dataclass(frozen=True)
class Version:
    """`made_at`: None for the one that came with the house, while none was ever kept. `again`: the number of the first
    version with the same text, where that is an older one."""

    number: int
    made_at: datetime | None
    read: Read
    again: int | None = None


def versions() -> list[Version]:
    """The newest first, which is the one that counts. One query."""
    first: dict[str, int] = {}
    found = []
    for row in Framework.objects.order_by("number"):
        same = first.setdefault(row.content_hash, row.number)
        again = same if same != row.number else None
        found.append(Version(row.number, row.made_at, framework.read(row.document), again))
    return found[::-1] or [Version(1, None, built_in())]


def first_with(read: Read, found: Sequence[Version]) -> Version | None:
    """The oldest of these `versions` that says exactly this. No query."""
    return next((each for each in reversed(found) if each.read == read), None)


def current() -> Read:
    """The one that counts. One query."""
    document = Framework.objects.order_by("-number").values_list("document", flat=True).first()
    return framework.read(document) if document else built_in()


def version(number: str) -> Version | None:
    """That one; the newest for "". One query."""
    every = versions()
    return next((each for each in every if not number or str(each.number) == number), None)


@dataclass(frozen=True)
class Changed:
    """A text that differs: of which competence, where ("naam" or a level), and both texts."""

    code: str
    where: str
    before: str
    after: str


def differences(before: Read, after: Read) -> list[Changed]:
    """No query."""
    found = []
    for new in after.competences:
        old = before.of(new.code)
        pairs = [("naam", old.name if old else "", new.name)]
        pairs += [(name, old.levels[at] if old else "", new.levels[at]) for at, name in enumerate(framework.LEVELS)]
        found += [Changed(new.code, where, was, now) for where, was, now in pairs if was != now]
    return found


def mappings(organisation: Organisation) -> list[FrameworkMapping]:
    """In the order of our ten. One query."""
    order = {code: at for at, code in enumerate(CODES)}
    found = FrameworkMapping.objects.filter(organisation=organisation).order_by("framework", "label")
    return sorted(found, key=lambda row: order.get(row.competence, len(order)))


def pairs(organisation: Organisation) -> list[Pair]:
    return [Pair(row.competence, row.framework, row.code, row.label) for row in mappings(organisation)]
