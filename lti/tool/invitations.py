"""Invitations: an address to paste into an LMS, with which it registers itself once, within a day.

The address holds a secret of which only a digest is kept. An invitation is used up when a registration has succeeded,
not before: whoever gave up half-way can begin again. While an LMS is being asked nobody else can use it, so a button
that is pressed twice asks once.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from lti.tool import state, texts
from lti.tool.models import Invitation, Platform

if TYPE_CHECKING:
    from learning.people.models import Organisation

LIFETIME = dt.timedelta(hours=24)

KEPT = dt.timedelta(days=30)
"""After its end, for who wants to see what it was used for."""

BUSY = dt.timedelta(seconds=30)
"""An LMS is given this long to answer; then another try may begin."""

MAX_TOKEN = 100


class Unusable(Exception):
    """There is no such invitation, it was used or it is over. `code` is one of registration's REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Invited:
    """`url` is shown once: it can't be made again from what is kept."""

    url: str
    expires_at: dt.datetime


def invite(organisation: Organisation, *, name: str, once: str = "") -> Invited:
    """A new invitation; with the same `once` (random, of the form it was asked with) the same one again.

    `name` is what the LMS will be called here.
    """
    token = _token(once, organisation) if once else secrets.token_urlsafe(32)
    now = timezone.now()
    Invitation.objects.filter(expires_at__lt=now - KEPT).delete()
    row, _ = Invitation.objects.get_or_create(
        digest=state.digest(token),
        defaults={"organisation": organisation, "name": texts.words(name), "expires_at": now + LIFETIME},
    )
    return Invited(f"{settings.BASE_URL}{reverse('lti:register')}?invite={token}", row.expires_at)


def find(token: str) -> Invitation:
    """The invitation of an address, as long as it can be used. One query. Raises Unusable."""
    if not 0 < len(token) <= MAX_TOKEN or not token.isascii():
        raise Unusable("invitation-unknown")
    return usable(Invitation.objects.filter(digest=state.digest(token)).select_related("organisation").first())


def usable(row: Invitation | None) -> Invitation:
    """Raises Unusable."""
    if row is None:
        raise Unusable("invitation-unknown")
    if row.used_at is not None:
        raise Unusable("invitation-used")
    if row.expires_at <= timezone.now():
        raise Unusable("invitation-over")
    return row


def take(row: Invitation) -> bool:
    """Ours alone for a moment, to ask an LMS with. False when another press has it, or when it can't be used."""
    now = timezone.now()
    free = Q(busy_until__isnull=True) | Q(busy_until__lt=now)
    open_ = Invitation.objects.filter(free, pk=row.pk, used_at=None, expires_at__gt=now)
    return open_.update(busy_until=now + BUSY) == 1


def release(row: Invitation) -> None:
    """It came to nothing: another try may begin at once."""
    Invitation.objects.filter(pk=row.pk, used_at=None).update(busy_until=None)


def use_up(row: Invitation, *, platform: Platform) -> None:
    """Inside the transaction that makes the registration, which another may have been before. Raises Unusable."""
    ours = Invitation.objects.filter(pk=row.pk, used_at=None)
    if not ours.update(used_at=timezone.now(), busy_until=None, platform=platform):
        raise Unusable("invitation-used")


def _token(once: str, organisation: Organisation) -> str:
    """Follows from what the form brought and from a secret of ours: the form alone doesn't give it."""
    key = hashlib.sha256(f"tussenruimte.lti.invitation|{settings.SECRET_KEY!s}".encode()).digest()
    made = hmac.digest(key, f"{organisation.pk}|{once}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
