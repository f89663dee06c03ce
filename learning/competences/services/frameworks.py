"""Versions of the framework, and what of it lies beside other frameworks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from learning.competences import framework
from learning.competences.framework import Framework as Read
from learning.competences.mapping import Pair
from learning.competences.models import Framework, FrameworkMapping
from learning.people.models import Organisation

MOST_MAPPINGS = 1_000


class AlreadyThere(Exception):
    """`number`: the version that counts, which says exactly this."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Overtaken(Exception):
    """Another version came in since."""


class TooMany(Exception):
    """More than MOST_MAPPINGS in one organisation."""


def begin() -> None:
    """Version 1 is the curriculum's. May run twice, and changes nothing once there is one."""
    if not Framework.objects.exists():
        with suppress(IntegrityError):
            _keep(1, framework.built_in())


@transaction.atomic
def bring_in(read: Read, *, after: int) -> Framework:
    """A new version, from now on the one that counts; also of a text that an older version has. `after`: the version
    that counted when somebody looked at what differs. Raises AlreadyThere where the newest says exactly this, and
    Overtaken where the newest is another than they saw."""
    begin()
    newest = Framework.objects.order_by("-number").only("number", "content_hash")[0]
    if newest.content_hash == framework.hash_of(read):
        raise AlreadyThere(newest.number)
    if newest.number != after:
        raise Overtaken
    try:
        return _keep(after + 1, read)
    except IntegrityError:  # somebody else did, at the same moment
        raise Overtaken from None


@transaction.atomic
def _keep(number: int, read: Read) -> Framework:
    """Raises IntegrityError where there is one of that number."""
    return Framework.objects.create(
        number=number,
        document=framework.document_of(read),
        content_hash=framework.hash_of(read),
        made_at=timezone.now(),
    )


@transaction.atomic
def put_beside(organisation: Organisation, pair: Pair) -> None:
    """Again it changes its code. Raises TooMany."""
    place: dict[str, Any] = {"competence": pair.competence, "framework": pair.framework, "label": pair.label}
    there = FrameworkMapping.objects.filter(organisation=organisation)
    if there.count() >= MOST_MAPPINGS and not there.filter(**place).exists():
        raise TooMany
    FrameworkMapping.objects.update_or_create(organisation=organisation, defaults={"code": pair.code}, **place)


def take_away(organisation: Organisation, number: int) -> bool:
    """False when it wasn't there."""
    return FrameworkMapping.objects.filter(organisation=organisation, pk=number).delete()[0] > 0


@transaction.atomic
def replace_all(organisation: Organisation, pairs: Iterable[Pair]) -> int:
    """These and no others; how many. They were read by `mapping.from_csv`."""
    FrameworkMapping.objects.filter(organisation=organisation).delete()
    rows = [
        FrameworkMapping(
            organisation=organisation, competence=each.competence, framework=each.framework, code=each.code,
            label=each.label,
        )
        for each in pairs
    ]  # fmt: skip
    return len(FrameworkMapping.objects.bulk_create(rows, batch_size=500))
