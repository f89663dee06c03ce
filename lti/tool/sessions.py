"""Signing in who was launched."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.http import HttpRequest, HttpResponse

from lti.tool import frames
from lti.tool.entry import Entry

BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin_session(request: HttpRequest, response: HttpResponse, entry: Entry, *, origins: Iterable[str]) -> None:
    """A new session under a new key; who is signed in already goes on in theirs, so that a form that is open in another
    tab still goes through."""
    person = get_user_model()(pk=entry.person_id, password=entry.password)
    session, proof = request.session, person.get_session_auth_hash()
    goes_on = session.get(SESSION_KEY) == str(entry.person_id) and hmac.compare_digest(
        session.get(HASH_SESSION_KEY, ""), proof
    )
    if not goes_on:
        # Nothing of whoever was here before, and no key somebody else may have set.
        session.flush()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY], session[HASH_SESSION_KEY] = (
            str(entry.person_id),
            BACKEND,
            proof,
        )
    if session.get(frames.SESSION_KEY) != list(origins):
        session[frames.SESSION_KEY] = list(origins)
