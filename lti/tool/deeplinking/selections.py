"""A choice in progress, kept from the launch until its answer.

Kept here, not in the address: what the LMS wants back may be longer than an address can be, and a page drawn as the
answer to the launch's POST would send that POST again when it is reloaded. The address holds a random key that works
for one person, so tabs don't mix and one that leaks opens nothing. Written only after all of a launch was verified.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from lti import claims as words
from lti.tool.deeplinking.answer import LIFETIME as ANSWER_LIFETIME
from lti.tool.deeplinking.answer import Answer, Asker, sign
from lti.tool.deeplinking.request import Request, Wish
from lti.tool.models import Selection
from lti.tool.refusals import Refused

LIFETIME = 8 * 60 * 60
"""Seconds: a working day. Somebody may look around first, and sessions last twelve hours."""

MOST = 10
"""Choices somebody has open at once; the oldest make way."""

SWEEP_MOST = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice in progress, as the pages need it."""

    pk: int
    key: str
    organisation: int
    wish: Wish
    asker: Asker
    draft: Mapping[str, Any]


def begin(request: Request, *, person_id: int) -> str:
    """The key of a new one. Two statements, inside the launch's transaction."""
    now, key = int(time.time()), secrets.token_urlsafe(24)
    Selection.objects.create(
        key=key, deployment_id=request.visit.deployment, person_id=person_id, return_url=request.return_url,
        data=request.data, asked=asdict(request.wish), expires_at=now + LIFETIME,
    )  # fmt: skip
    mine = Selection.objects.filter(person=person_id)
    expired = Selection.objects.filter(expires_at__lt=now).values("pk")[:SWEEP_MOST]
    swept = Q(person=person_id) & ~Q(pk__in=mine.order_by("-pk").values("pk")[:MOST]) | Q(pk__in=expired)
    # Nothing hangs on them: straight from the table.
    Selection.objects.filter(swept)._raw_delete(Selection.objects.db)
    return key


def find(key: str, *, person_id: int | None) -> Chosen:
    """One query. Raises Refused: one that isn't this person's is as unknown as one that never was."""
    if not key.isprintable():
        raise Refused("selection-gone")  # PostgreSQL would refuse to look for a NUL
    found = (
        Selection.objects.filter(key=key, person=person_id)
        .select_related("deployment__platform")
        .first()
    )  # fmt: skip
    if found is None or found.expires_at < time.time():
        raise Refused("selection-gone")
    platform = found.deployment.platform
    if not platform.active:
        raise Refused("platform-off")
    asked = {**found.asked, "windows": tuple(found.asked["windows"])}
    asker = Asker(platform.issuer, platform.client_id, found.deployment.deployment_id, found.return_url, found.data)
    return Chosen(found.pk, found.key, platform.organisation_id, Wish(**asked), asker, found.draft)


def remember(chosen: Chosen, draft: Mapping[str, Any]) -> None:
    """What was typed so far, so that choosing something else loses nothing."""
    Selection.objects.filter(pk=chosen.pk).update(draft=dict(draft))


@transaction.atomic
def answer(chosen: Chosen, items: Sequence[Mapping[str, Any]], **said: str) -> Answer:
    """Once. The same choice again, by a double click, gets the very same answer as long as that works at the LMS; any
    other raises Refused."""
    row = Selection.objects.select_for_update().get(pk=chosen.pk)
    if row.answer:
        claims = _claims(row.answer)
        if claims[words.CONTENT_ITEMS] != list(items) or claims["iat"] + ANSWER_LIFETIME < time.time():
            raise Refused("selection-sent")
        return Answer(chosen.asker.return_url, row.answer)
    signed = sign(chosen.asker, items, **said)
    Selection.objects.filter(pk=row.pk).update(answer=signed.token, data="")
    return signed


def _claims(token: str) -> dict[str, Any]:
    """Of a token of our own."""
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims
