"""Writes about notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from learning.notices import kinds
from learning.notices.models import Notice, NoticeChoice
from learning.people.models import Person

AT_ONCE = 500  # so that whoever is answering at that moment hardly waits for the database
ALL = ""  # the choice about all mail together


class OutsideTransaction(RuntimeError):
    """A notice is told in the transaction of what happened, else one can be there without the other."""


@dataclass(frozen=True)
class Telling:
    """What one person is told: see `tell`."""

    person_id: int
    key: str
    facts: Mapping[str, Any]


def tell(person_id: int, kind: str, *, key: str, facts: Mapping[str, Any]) -> None:
    """Somebody who is there should know this; said before under the same kind and key it is nothing new.

    `facts`: ids, dates (ISO) and numbers from which the kind makes its sentence, never words of people. One statement.
    Raises OutsideTransaction, and ValueError for a kind that nobody registered.
    """
    _insert(kind, [Telling(person_id, key, facts)])


def tell_many(kind: str, tellings: Iterable[Telling]) -> None:
    """The same to thousands: two statements for each five hundred. Who isn't there any more is passed over."""
    for some in batched(tellings, AT_ONCE):
        there = set(
            Person.objects.filter(pk__in=[each.person_id for each in some], is_active=True).values_list("pk", flat=True)
        )
        _insert(kind, [each for each in some if each.person_id in there])


def untell(kind: str, told: Mapping[str, int]) -> None:
    """What it was about was taken back: it was never said. {key: whom}. One statement for each five hundred."""
    for keys in batched(told, AT_ONCE):
        people = [told[key] for key in keys]
        Notice.objects.filter(person__in=people, kind=kind, key__in=keys).delete()


def _insert(kind: str, tellings: Iterable[Telling]) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    if kinds.find(kind) is None:
        raise ValueError(f"no notices of kind {kind}")
    now = timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(person_id=each.person_id, kind=kind, key=each.key, facts=dict(each.facts), made_at=now)
            for each in tellings
        ],
        ignore_conflicts=True,
    )


def seen(person: Person, *, kind: str, key: str) -> None:
    """They saw what a notice is about, by whichever way they came there. One statement."""
    Notice.objects.filter(person=person, kind=kind, key=key, seen_at=None).update(seen_at=timezone.now())


def see(person: Person, number: int) -> Notice | None:
    """They open a notice of theirs. Two statements, one when they saw it before."""
    notice = Notice.objects.filter(person=person, pk=number).first()
    if notice and notice.seen_at is None:
        Notice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=timezone.now())
    return notice


def see_all(person: Person, *, until: int) -> None:
    """All notices up to that number: what came in while they were reading stays new."""
    Notice.objects.filter(person=person, pk__lte=until, seen_at=None).update(seen_at=timezone.now())


@transaction.atomic
def choose(person: Person, names: Iterable[str], *, on_page: Iterable[str], by_mail: Iterable[str], mail: bool) -> None:
    """Of the kinds of these names exactly those on their page and those by mail; `mail` off: nothing by mail at all."""
    page, mailed, names = set(on_page), set(by_mail), set(names)
    NoticeChoice.objects.filter(person=person, kind__in=[ALL, *names]).delete()
    choices = [
        NoticeChoice(person=person, kind=name, on_page=name in page, by_mail=name in mailed) for name in sorted(names)
    ]
    wish = NoticeChoice(person=person, kind=ALL, by_mail=mail)
    NoticeChoice.objects.bulk_create(
        [each for each in [wish, *choices] if not (each.on_page and each.by_mail)], ignore_conflicts=True
    )


def want_mail(person_id: int, *, on: bool) -> None:
    """Asked twice it is the same; of somebody who isn't there any more it is nothing."""
    if on:
        NoticeChoice.objects.filter(person=person_id, kind=ALL).delete()
    elif Person.objects.filter(pk=person_id).exists():
        NoticeChoice.objects.get_or_create(person_id=person_id, kind=ALL, defaults={"by_mail": False})
