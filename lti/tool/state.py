"""The `state` of a login: signed, never stored, so that logins and bad launches cost no rows and no memory.

It binds the id_token that comes back to the platform that was asked, to the nonce, to the address that was to be opened
and to the browser the login was in (by the hash of a cookie). It is used up together with its nonce.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, fields

from django.conf import settings

from lti.tool.refusals import Refused

LIFETIME = 600
"""Seconds between login and launch: somebody may have to sign in to their LMS in between. Ten minutes is what most
tools allow; the cookie lives as long."""

MAX_LENGTH = 6000
"""Of the whole `state`: it travels in a URL, of which servers take 8 KiB."""

MAX_RESTART = 2000
"""Of the query that would start the login again: with more than this the state would not fit in a URL."""


@dataclass(frozen=True, slots=True)
class Login:
    """`browser` is the digest of the secret this browser keeps: in the cookie called `cookie`, or with the LMS, in the
    frame called `storage` ("" where it offers none). `restart` is the login's own query, to start it again in a new
    window where this browser sends no cookies ("" where it was too long)."""

    platform: int
    nonce: str
    cookie: str
    browser: str
    target: str
    issued: int
    restart: str
    storage: str


_FIELDS = tuple(field.name for field in fields(Login))


def digest(value: str) -> str:
    return _text(hashlib.sha256(value.encode()).digest())


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def seal(login: Login) -> str:
    values = [getattr(login, name) for name in _FIELDS]
    body = _text(json.dumps(values, separators=(",", ":")).encode())
    return f"{body}.{_signature(body)}"


def unseal(state: str, *, now: float) -> Login:
    """Raises Refused: state-missing, -invalid or -expired."""
    if not state or len(state) > MAX_LENGTH or not state.isascii():
        raise Refused("state-missing")
    body, _, signature = state.partition(".")
    if not hmac.compare_digest(signature, _signature(body)):
        raise Refused("state-invalid")
    login = Login(*json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
    if not login.issued <= now + 1 or now > login.issued + LIFETIME:
        raise Refused("state-expired")
    return login


def _signature(body: str) -> str:
    return _text(hmac.digest(_key(settings.SECRET_KEY), body.encode(), "sha256"))


@functools.lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    """A key of its own: what signs a session or a reset link doesn't sign a state."""
    return hashlib.sha256(b"tussenruimte.lti.state|" + secret.encode()).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
