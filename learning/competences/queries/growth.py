"""What somebody reads of their own growth: the ten at once, and of one why it stands where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.competences import framework, rules, words
from learning.competences.drawing import Grown
from learning.competences.framework import Competence
from learning.competences.models import EvidenceItem, EvidenceObjection, Framework, Reached, Stale
from learning.competences.rules import CODES, Item, LearningLevel, Level, Missing, Need, Source
from learning.competences.services.evidence import item_of, series_of
from learning.people.models import Person
from learning.practice.queries.evidence import Practised, practised_by
from learning.tracks import queries as tracks
from learning.tracks.addresses import page_address, unit_address
from learning.tracks.content import Activity, Edition, Kind, Unit
from modules import coverage

MOST_STEPS = 3


@dataclass(frozen=True)
class Standing:
    """`behind`: something of theirs is still to be worked out, or nothing ever was. `number`: of the framework."""

    framework: framework.Framework
    number: int
    behind: bool
    worked_out_at: datetime | None


@cache
def built_in() -> framework.Framework:
    return framework.built_in()


def standing(person: Person) -> Standing:
    """One query."""
    newest = Framework.objects.order_by("-number")
    found = Person.objects.filter(pk=person.pk).annotate(
        stale=Exists(Stale.objects.filter(person=OuterRef("pk"))),
        worked_out_at=Subquery(Reached.objects.filter(person=OuterRef("pk")).values("worked_out_at")[:1]),
        number=Subquery(newest.values("number")[:1]),
        document=Subquery(newest.values("document")[:1]),
    )
    stale, worked_out_at, number, document = found.values_list("stale", "worked_out_at", "number", "document").get()
    read = framework.read(document) if document else built_in()
    return Standing(read, number or 1, stale or worked_out_at is None, worked_out_at)


# --- the ten


@dataclass(frozen=True)
class Line:
    """`means`: {"zelf", "peer", "trainer": from 1 to 4}, those there are."""

    competence: Competence
    level: Level
    breadth: int
    means: Mapping[str, float]

    @property
    def grown(self) -> Grown:
        short = words.SHORT.get(self.competence.name, "")
        grey = self.level.level > 0 and not self.level.current
        return Grown(self.competence.code, short, self.level.level, self.breadth, self.means, grey)


def lines(person: Person, there: Standing) -> list[Line]:
    """Of the ten, in their order. One query."""
    items: dict[str, list[Item]] = {code: [] for code in CODES}
    for row in EvidenceItem.objects.filter(person=person).exclude(objection__stands=False):
        items[row.competence].append(item_of(row))
    today = timezone.localdate()
    return [
        Line(
            competence_of(there.framework, code),
            rules.level_of(found, today=today),
            len(rules.breadth(found)),
            series_of(found),
        )
        for code, found in items.items()
    ]


def competence_of(read: framework.Framework, code: str) -> Competence:
    found = read.of(code) or built_in().of(code)
    assert found is not None
    return found


# --- why


@dataclass(frozen=True)
class Shown:
    """A piece of evidence as its maker reads it. `state`: of their objection: "", "loopt", "blijft" or "vervalt"."""

    row: EvidenceItem
    title: str
    href: str
    on: date
    source: str
    score: str
    learning_level: str
    days_later: int
    counts: bool
    state: str

    @property
    def can_object(self) -> bool:
        return self.counts and not self.state


@dataclass(frozen=True)
class Next:
    """Something that would bring them further. `kind`: its source. `waits`: a trainer reads it now."""

    title: str
    href: str
    kind: str
    waits: bool = False


@dataclass(frozen=True)
class Why:
    """`used`: what the level rests on; `beside`: what doesn't help (yet). `breadth`: at which learning levels.
    `asks`: what is still missing for the next, in words."""

    competence: Competence
    level: Level
    used: Sequence[Shown]
    beside: Sequence[Shown]
    breadth: Sequence[str]
    asks: Sequence[str]
    next: Sequence[Next]

    @property
    def says(self) -> str:
        """What somebody does at the level that was reached; "" before the first."""
        return self.competence.levels[self.level.level - 1] if self.level.level else ""

    @property
    def next_level(self) -> int | None:
        return self.level.level + 1 if self.level.level < 4 else None

    @property
    def next_says(self) -> str:
        return self.competence.levels[self.level.level] if self.level.level < 4 else ""


def why(person: Person, there: Standing, code: str) -> Why:
    """Three queries, with the one of `standing` four (issue 7), however much there is."""
    rows = list(
        EvidenceItem.objects.filter(person=person, competence=code).select_related("objection").order_by("on", "key")
    )
    places = Places(tracks.followed_by(person.pk), practised_by(person.pk))
    items = {row.key: item_of(row) for row in rows if _state(row) != "vervalt"}
    level = rules.level_of(items.values(), today=timezone.localdate())
    used = {item.key for item in level.used}
    later = _days_later(items.values())
    shown = [(row.key in used, _shown(row, places, later)) for row in rows]
    cells = rules.breadth(items.values())
    return Why(
        competence=competence_of(there.framework, code),
        level=level,
        used=[each for is_used, each in shown if is_used],
        beside=[each for is_used, each in shown if not is_used],
        breadth=[words.learning_level_name(each) for each in LearningLevel if each in cells],
        asks=words.still_missing(level.missing),
        next=next_steps(code, level.missing, rows, places),
    )


def _state(row: EvidenceItem) -> str:
    objection: EvidenceObjection | None = getattr(row, "objection", None)
    if objection is None:
        return ""
    return {None: "loopt", True: "blijft", False: "vervalt"}[objection.stands]


def _days_later(items: Iterable[Item]) -> dict[str, int]:
    """{key: days after the first} of what counts for N2 as seen again later."""
    good = sorted(
        (i for i in items if rules.COUNTS_FOR[i.source] >= 2 and i.score >= rules.ENOUGH_TO_DECIDE),
        key=lambda item: (item.on, item.key),
    )
    return {item.key: (item.on - good[0].on).days for item in (rules.delayed(good) if good else [])}


def _shown(row: EvidenceItem, places: Places, later: Mapping[str, int]) -> Shown:
    source = Source(row.source)
    title, href = places.of(row)
    return Shown(
        row=row,
        title=title,
        href=href,
        on=row.on,
        source=words.source_name(source),
        score=words.score_of(source, row.score),
        learning_level=words.learning_level_name(LearningLevel(row.learning_level)),
        days_later=later.get(row.key, 0),
        counts=rules.COUNTS_FOR[source] > 0,
        state=_state(row),
    )


# --- where things are


class Places:
    """Titles and addresses of what evidence came from, for the person themselves."""

    def __init__(self, editions: Mapping[str, Edition], practised: Sequence[Practised]) -> None:
        self.editions, self.practised = editions, practised
        self._works = {each.number: each for each in practised}

    def of(self, row: EvidenceItem) -> tuple[str, str]:
        """(title, address); the address is "" where it can't be opened any more."""
        kind, _colon, number = row.situation.partition(":")
        work = self._works.get(int(number)) if kind == "praktijk" and number.isdecimal() else None
        if work:
            return work.title, reverse("practice:work", args=[work.key])
        return self.at(row.activity)

    def at(self, usage: str) -> tuple[str, str]:
        module, _slash, key = usage.partition("/")
        edition = self.editions.get(module)
        place = edition.by_key.get(key) if edition else None
        if place is None:
            return _("Iets wat je eerder deed"), ""
        return title_of(*place), address(module, *place)


def title_of(unit: Unit, activity: Activity) -> str:
    """What comes back at an Eindpunt or a Herhaalmoment is called the same there."""
    return activity.title if unit.is_unit else f"{activity.title} ({unit.title})"


def address(module: str, unit: Unit, activity: Activity) -> str:
    if activity.own_page:
        return page_address(module, unit.key, activity.key)
    return f"{unit_address(module, unit.key)}#{activity.key}"


# --- what brings further

_PRACTICE = frozenset({Need.SITUATIONS, Need.CONFIRMED})
_DECISIONS = frozenset({Need.DECIDED, Need.DECIDED_ACTIVITIES, Need.DELAYED})
_KNOWLEDGE = frozenset({Need.RECOGNISED, Need.ACTIVITIES})


def next_steps(code: str, missing: Iterable[Missing], rows: Sequence[EvidenceItem], places: Places) -> list[Next]:
    """What they can open now and that would yield what is missing; nothing where no content does. No query."""
    needs = {each.need for each in missing}
    found: list[Next] = []
    if needs & _PRACTICE:
        found += _works(code, places)
        found += _activities(code, {coverage.Source.PRACTICE}, rows, places)
    if needs & _DECISIONS:
        found += _activities(code, {coverage.Source.DECISION}, rows, places)
        found += _works(code, places)
    if needs & _KNOWLEDGE:
        found += _activities(code, {coverage.Source.KNOWLEDGE, coverage.Source.DECISION}, rows, places)
    return list({each.href: each for each in reversed(found)}.values())[::-1][:MOST_STEPS]


def _works(code: str, places: Places) -> list[Next]:
    there = [each for each in places.practised if each.open and code in each.competences]
    return [
        Next(each.title, reverse("practice:work", args=[each.key]), _("praktijk"), each.waits)
        for each in sorted(there, key=lambda each: each.waits)
    ]


def _activities(code: str, wanted: set[coverage.Source], rows: Sequence[EvidenceItem], places: Places) -> list[Next]:
    """Not done yet; of knowledge also what can be better. What comes back later first, for that is also seen later."""
    done = {row.activity for row in rows if row.source != Source.KNOWLEDGE or row.score >= rules.ENOUGH_TO_RECOGNISE}
    found = []
    for module, edition in places.editions.items():
        for unit, activity in edition.activities():
            authored = activity.fields["authored"]
            source = coverage.source_of_type(activity.type, authored)
            if source not in wanted or unit.kind is Kind.START or activity.usage in done:
                continue
            if code in coverage.yielded_by(activity.type, authored):
                kind = words.source_name(Source(source.value))
                found.append(
                    (
                        unit.kind is not Kind.RETURN,
                        Next(title_of(unit, activity), address(module, unit, activity), kind),
                    )
                )
    return [each for _first, each in sorted(found, key=lambda pair: pair[0])]
