"""Reads about notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from learning.notices import kinds
from learning.notices.kinds import Kind, Line
from learning.notices.models import Notice, NoticeChoice
from learning.notices.services import ALL
from learning.people import carried
from learning.people.models import Person

PAGE = 30
MOST_COUNTED = 10

# As `_on_page` below; no longer than it takes to know that there are many.
carried.add(
    "unseen",
    f"""SELECT count(*) FROM (
        SELECT 1 FROM learning_notice n WHERE n.person_id = p.id AND n.seen_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM learning_noticechoice c WHERE c.person_id = n.person_id AND c.kind = n.kind AND NOT c.on_page
        ) LIMIT {MOST_COUNTED}) few""",  # noqa: S608 our own number
)


@dataclass(frozen=True)
class Shown:
    """A notice as it is read now; `line` is None where what it was about is gone."""

    notice: Notice
    label: str | Promise
    line: Line | None


@dataclass(frozen=True)
class Wish:
    kind: Kind
    on_page: bool
    by_mail: bool


@dataclass(frozen=True)
class Wishes:
    """`mail`: whether anything may be mailed at all."""

    mail: bool
    kinds: tuple[Wish, ...]


def notices_of(person: Person, *, page: str) -> Page[Notice]:
    """What is new first, then by day. Two queries."""
    seen = ExpressionWrapper(Q(seen_at__isnull=False), BooleanField())
    shown = _on_page().filter(person=person).order_by(seen.asc(), "-made_at", "-pk")
    return Paginator(shown, PAGE).get_page(page)


def unseen(person: Person) -> int:
    """At most MOST_COUNTED, as it was when this page began. It came along with who is signed in: no query."""
    return carried.of(person, "unseen") or 0


def newest(person: Person) -> int:
    """The number of their last notice, 0 for none: what `services.see_all` may go up to. One query."""
    return Notice.objects.filter(person=person).order_by("-pk").values_list("pk", flat=True).first() or 0


def shown(person: Person, notices: Iterable[Notice]) -> list[Shown]:
    """In the order they have, in the language that is on. As many queries as their kinds ask."""
    told: dict[int, Line | None] = {}
    grouped: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        grouped[notice.kind].append(notice)
    for name, some in grouped.items():
        kind = kinds.find(name)
        lines = kind.tell(person, [notice.facts for notice in some]) if kind else [None] * len(some)
        told.update(zip((notice.pk for notice in some), lines, strict=True))
    return [
        Shown(notice, kind.label if (kind := kinds.find(notice.kind)) else "", told[notice.pk]) for notice in notices
    ]


def wishes(person: Person) -> Wishes:
    """About the kinds that who is signed in may be told. One query."""
    chosen = {choice.kind: choice for choice in NoticeChoice.objects.filter(person=person)}
    return Wishes(
        chosen[ALL].by_mail if ALL in chosen else True,
        tuple(
            Wish(kind, choice.on_page, choice.by_mail) if (choice := chosen.get(kind.name)) else Wish(kind, True, True)
            for kind in kinds.kinds_for(carried.roles(person))
        ),
    )


def wants_mail(person_id: int) -> bool:
    """Of any kind at all. One query."""
    return not NoticeChoice.objects.filter(person=person_id, kind=ALL, by_mail=False).exists()


def _on_page() -> QuerySet[Notice]:
    off = NoticeChoice.objects.filter(person=OuterRef("person"), kind=OuterRef("kind"), on_page=False)
    return Notice.objects.exclude(Exists(off))
