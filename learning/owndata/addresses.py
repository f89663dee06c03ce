"""Where somebody's own file is downloaded: an address for them, of this one file, that lives as long as a session."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse

from learning.people.models import Person


def address(key: uuid.UUID, person: Person) -> str:
    return reverse("owndata:file", args=[key, _signer(key, person).sign("").lstrip(":")])


def is_signed(key: uuid.UUID, person: Person, signature: str) -> bool:
    """For who is signed in now."""
    try:
        _signer(key, person).unsign(f":{signature}", max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return False
    return True


def _signer(key: uuid.UUID, person: Person) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"owndata.file|{key}|{person.pk}")
