"""A ticket with which the demo signs somebody in here without a password, from this host or from the tool's."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.utils import timezone

from lti.platform import services

if TYPE_CHECKING:
    from learning.people.models import Person

LIFE = 900  # seconds: as long as a page with its button may stand open
_SALT = "lti.platform.ticket"


class WontDo(Exception):
    """Not a ticket of ours, too old, or used before."""


def issue(person: Person) -> str:
    return signing.dumps([person.username, secrets.token_urlsafe(16)], salt=_SALT)


def redeem(ticket: str) -> str:
    """The username it was made for; once. Raises WontDo."""
    try:
        username, word = signing.loads(ticket, salt=_SALT, max_age=LIFE)
        services.spend(word, until=timezone.now() + timedelta(seconds=LIFE))
    except (signing.BadSignature, ValueError, services.AlreadySpent):
        raise WontDo from None
    return str(username)
