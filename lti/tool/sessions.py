"""Signing in who was launched."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from lti.tool import frames
from lti.tool.entry import Entry

BACKEND = "learning.people.backend.PersonBackend"


def begin_session(request: HttpRequest, entry: Entry, *, origins: Iterable[str]) -> str | None:
    """The key of a new session, kept with all else of the launch in its one transaction, by one statement.

    None when they are signed in here already: they go on in that session, so that a form that is open in another tab
    still goes through. Nothing of whoever was here before is kept, and no key that somebody else may have set.
    """
    held, proof, allowed = request.session, _proof(entry.password), list(origins)
    if held.get(SESSION_KEY) == str(entry.person_id) and hmac.compare_digest(held.get(HASH_SESSION_KEY, ""), proof):
        if held.get(frames.SESSION_KEY) != allowed:
            held[frames.SESSION_KEY] = allowed
        return None
    held.flush()
    key = secrets.token_hex(16)
    data = held.encode(
        {
            SESSION_KEY: str(entry.person_id),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: proof,
            frames.SESSION_KEY: allowed,
        }
    )
    ends = timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Session._meta.db_table} (session_key, session_data, expire_date) VALUES (%s, %s, %s)",  # noqa: S608
            [key, data, connection.ops.adapt_datetimefield_value(ends)],
        )
    request.session = type(held)(key)
    return key


def _proof(password: str) -> str:
    """What a session holds so that it ends when the password changes; it needs nothing else of the person."""
    model = get_user_model()
    person = model.__new__(model)
    person.password = password
    return person.get_session_auth_hash()
