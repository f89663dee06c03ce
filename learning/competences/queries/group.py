"""What a trainer reads of the levels in their group (curriculum 4.5: "of competences in own module").

The module of a group is one that at least half of those who learn in it follow: what one of them follows beside it is
their own business. Its competences are those of which it may yield evidence (4.4), in the editions that are followed.

A level rests on all that somebody showed, wherever. Of what was shown in the modules of this group, and of practice
that was given in it, a trainer reads what it was; of the rest only when. How somebody saw themselves, how colleagues
did, scores, and who disagrees with what are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from learning.competences import rules, words
from learning.competences.framework import Competence, Framework
from learning.competences.models import EvidenceItem
from learning.competences.queries.growth import competence_of, title_of
from learning.competences.rules import CODES, Item, LearningLevel, Level, Source
from learning.competences.services.evidence import BESIDE, item_of
from learning.people.models import Group, Person
from learning.practice.models import Work
from learning.tracks import queries as tracks
from learning.tracks.content import Edition, Kind
from learning.tracks.groups.queries import PAGE
from learning.tracks.models import Enrolment
from modules import coverage


@dataclass(frozen=True)
class Own:
    """What a group learns. `modules`: {slug: (number, title)} in their order; `codes`: of which competences its trainer
    sees levels, in their order."""

    modules: Mapping[str, tuple[str, str]]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a competence. `breadth`: at how many of the four learning levels."""

    level: Level
    breadth: int

    @property
    def is_grey(self) -> bool:
        return self.level.level > 0 and not self.level.current


NOWHERE = Standing(rules.level_of((), today=date.min), 0)
"""Who showed nothing of it yet."""


def learners_of(group: Group) -> QuerySet[Person]:
    """Who learn in it now and are here still, by name; who has no name here comes last. No query by itself."""
    members = group.members.filter(is_trainer=False).values("person")
    nameless = ExpressionWrapper(Q(name=""), BooleanField())
    here = Person.objects.filter(pk__in=members, organisation=group.organisation_id, is_active=True)
    return here.order_by(nameless.asc(), Lower("name"), "pk")


def page_of(group: Group, *, page: str) -> Page[Person]:
    """Two queries."""
    return Paginator(learners_of(group), PAGE).get_page(page)


def own(group: Group) -> Own:
    """Two queries, and one for an edition this process hasn't met."""
    learners = learners_of(group).order_by()
    half = learners.count() / 2
    rows = Enrolment.objects.filter(person__in=learners.values("pk")).values_list(
        "module__slug", "module__number", "module__title", "edition", "edition__content_hash"
    )
    followed: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    people: dict[tuple[str, str, str], int] = {}
    for slug, number, title, edition, content_hash, n in rows.annotate(n=Count("pk")).order_by(
        "module__number", "edition"
    ):
        module = (slug, number, title)
        followed.setdefault(module, []).append((edition, content_hash))
        people[module] = people.get(module, 0) + n
    modules = [module for module, n in people.items() if n >= half]
    editions = [tracks.edition(*each) for module in modules for each in followed[module]]
    found = {code for edition in editions for code in yielded(edition)}
    return Own(
        {slug: (number, title) for slug, number, title in modules}, tuple(code for code in CODES if code in found)
    )


def yielded(edition: Edition) -> set[str]:
    """The competences of which a module may yield evidence. No query."""
    found: set[str] = set()
    for unit, activity in edition.activities():
        authored = activity.fields["authored"]
        if unit.kind is not Kind.START and coverage.source_of_type(activity.type, authored):
            found |= coverage.yielded_by(activity.type, authored)
    return found


def standings(people: Iterable[int], codes: Sequence[str]) -> dict[int, dict[str, Standing]]:
    """{person: {competence: where they stand}}, of those who showed anything. One query, whatever the number."""
    items: dict[int, dict[str, list[Item]]] = {}
    for row in _evidence(codes).filter(person__in=people).iterator(chunk_size=2_000):
        items.setdefault(row.person_id, {}).setdefault(row.competence, []).append(item_of(row))
    today = timezone.localdate()
    return {
        person: {
            code: Standing(rules.level_of(found, today=today), len(rules.breadth(found)))
            for code, found in of_them.items()
        }
        for person, of_them in items.items()
    }


def _evidence(codes: Sequence[str]) -> QuerySet[EvidenceItem]:
    """What counts, as the learner's own page counts it."""
    rows = EvidenceItem.objects.filter(competence__in=codes)
    return rows.exclude(source__in=BESIDE).exclude(objection__stands=False)


# --- one learner


@dataclass(frozen=True)
class Piece:
    """A piece of evidence a level rests on. `title`: "" of what was shown elsewhere."""

    title: str
    on: date
    source: str
    learning_level: str


@dataclass(frozen=True)
class Why:
    """`used`: what the level rests on, `more`: how many pieces there are beside it. `breadth`: at which learning
    levels. `asks`: what the next one still asks, in words."""

    competence: Competence
    standing: Standing
    used: Sequence[Piece]
    more: int
    breadth: Sequence[str]
    asks: Sequence[str]

    @property
    def next_level(self) -> int:
        return self.standing.level.level + 1

    @property
    def says(self) -> str:
        """What somebody does at this level; "" before the first."""
        level = self.standing.level.level
        return self.competence.levels[level - 1] if level else ""


def whys(person: Person, group: Group, own: Own, read: Framework) -> list[Why]:
    """Three queries, however much there is."""
    rows: dict[str, list[EvidenceItem]] = {code: [] for code in own.codes}
    for row in _evidence(own.codes).filter(person=person).order_by("on", "key"):
        rows[row.competence].append(row)
    titles = _Titles(person, group, own)
    return [_why(competence_of(read, code), found, titles) for code, found in rows.items()]


def _why(competence: Competence, rows: Sequence[EvidenceItem], titles: _Titles) -> Why:
    items = [item_of(row) for row in rows]
    level, cells = rules.level_of(items, today=timezone.localdate()), rules.breadth(items)
    used = {item.key for item in level.used}
    return Why(
        competence=competence,
        standing=Standing(level, len(cells)),
        used=[titles.piece(row) for row in rows if row.key in used],
        more=sum(row.key not in used for row in rows),
        breadth=[words.learning_level_of_another(each) for each in LearningLevel if each in cells],
        asks=words.still_missing(level.missing),
    )


class _Titles:
    """What evidence came from, where that was in this group."""

    def __init__(self, person: Person, group: Group, own: Own) -> None:
        """Two queries."""
        self._editions = {slug: each for slug, each in tracks.followed_by(person.pk).items() if slug in own.modules}
        works = Work.objects.filter(person=person, group=group)
        self._works = {str(pk): title for pk, title in works.values_list("pk", "assignment__version__case__title")}

    def piece(self, row: EvidenceItem) -> Piece:
        return Piece(
            title=self._title(row),
            on=row.on,
            source=words.source_name(Source(row.source)),
            learning_level=words.learning_level_of_another(LearningLevel(row.learning_level)),
        )

    def _title(self, row: EvidenceItem) -> str:
        kind, _colon, number = row.situation.partition(":")
        if kind == "praktijk":
            return self._works.get(number, "")
        module, _slash, key = row.activity.partition("/")
        place = self._editions[module].by_key.get(key) if module in self._editions else None
        return title_of(*place) if place else ""
