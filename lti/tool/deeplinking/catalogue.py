"""What can be chosen: the published modules of an organisation's tracks, their units, their activities."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learning.practice.models import Case
from learning.practice.queries import library
from learning.tracks import content
from learning.tracks import queries as tracks
from lti.tool.messages import CASE, Opens

MAX_SEARCH = 100

KINDS: Mapping[str, str | Promise] = {
    "lesson": _("les"),
    "quiz": _("quiz"),
    "streamlens": _("onder- en bovenstroomlens"),
    "cardsort": _("kaarten sorteren"),
    "dialoguefragment": _("luisterlab"),
    "conversationsim": _("gesprekssimulator"),
    "journal": _("journaal"),
    "practicecase": _("praktijkcase om te lezen"),
    "case": _("praktijkcase: wie hem opent, krijgt hem"),
}
_OTHER = _("activiteit")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose. `reference` names it in forms: "module", "module/unit" or "module/unit/activity"."""

    opens: Opens
    kind: str
    number: str
    title: str
    text: str
    minutes: int | None
    within: str = ""
    parts: tuple[Item, ...] = ()

    @property
    def reference(self) -> str:
        return "/".join(part for part in self.opens if part)

    @property
    def is_module(self) -> bool:
        return not (self.opens.unit or self.opens.activity)

    @property
    def is_case(self) -> bool:
        """A practice case that is given out to who opens it."""
        return self.opens.case is not None

    @property
    def kind_label(self) -> str | Promise:
        if self.is_module:
            return _("module")
        return KINDS.get(self.kind, _OTHER) if self.opens.activity else _("unit")

    @property
    def whole_title(self) -> str:
        """With its number, as the pages of the module say it."""
        return f"{self.number} {self.title}" if self.number and not self.is_module else self.title

    def walk(self) -> Iterator[Item]:
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(slots=True)
class Shown:
    """An item as the page draws it. `matches`: whether it is in sight; `opened`: whether what is inside must be."""

    item: Item
    matches: bool
    opened: bool
    chosen: bool
    parts: list[Shown] = field(default_factory=list)

    @property
    def units(self) -> list[Shown]:
        return [part for part in self.parts if not part.item.is_case]

    @property
    def cases(self) -> list[Shown]:
        return [part for part in self.parts if part.item.is_case]


def on_offer(organisation_id: int) -> tuple[Item, ...]:
    """Two queries; one more for editions that this process hasn't met."""
    cases = library.linked(organisation_id)
    return tuple(_module(edition, cases) for edition in tracks.on_offer(organisation_id))


def by_reference(modules: Sequence[Item]) -> dict[str, Item]:
    return {item.reference: item for module in modules for item in module.walk()}


def shown(modules: Sequence[Item], *, search: str, chosen: frozenset[str]) -> list[Shown]:
    """Found is what has all the words, of which one at least in itself and the others in what it is part of. In sight
    is what was found, what it is in, and all that is inside it where nothing in there was found by itself."""
    wanted = folded(search[:MAX_SEARCH]).split()
    return [_shown(module, wanted, chosen, "") for module in modules]


def folded(text: str) -> str:
    """Without capitals and accents, so that nobody has to type them."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _shown(item: Item, wanted: Sequence[str], chosen: frozenset[str], around: str) -> Shown:
    own = words_of(item)
    words = f"{around} {own}"
    parts = [_shown(part, wanted, chosen, words) for part in item.parts]
    inside = any(part.matches for part in parts)
    itself = not wanted or (all(word in words for word in wanted) and any(word in own for word in wanted))
    if itself and not inside:
        parts = [_shown(part, (), chosen, "") for part in item.parts]
    opened = bool(wanted and inside) or any(part.chosen or part.opened for part in parts)
    return Shown(item, itself or inside, opened, item.reference in chosen, parts)


def words_of(item: Item) -> str:
    """What a search looks in."""
    return folded(f"{item.number} {item.title} {item.text} {item.kind_label}")


def _module(edition: content.Edition, cases: Sequence[Case]) -> Item:
    """Its units, and the practice cases that count for it."""
    units = tuple(_unit(edition, unit) for unit in edition.units)
    own = tuple(_case(edition, case) for case in cases if case.usage.startswith(f"{edition.module}/"))
    opens = Opens(edition.module, "", "")
    return Item(opens, "module", edition.number, edition.title, edition.intro, edition.minutes, parts=units + own)


def _case(edition: content.Edition, case: Case) -> Item:
    return Item(Opens(edition.module, "", f"{CASE}{case.pk}"), "case", "", case.title, "", None, within=edition.title)


def _unit(edition: content.Edition, unit: content.Unit) -> Item:
    within = f"{unit.number} {unit.title}"
    activities = tuple(
        Item(
            Opens(edition.module, unit.key, activity.key), activity.type, "", activity.title,
            str(activity.fields.get("inleiding") or ""), activity.minutes, within=within,
        )
        for activity in unit.activities
    )  # fmt: skip
    opens = Opens(edition.module, unit.key, "")
    return Item(opens, "unit", unit.number, unit.title, unit.intro, unit.minutes, edition.title, activities)
