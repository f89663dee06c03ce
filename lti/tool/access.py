"""Access tokens of an LMS's services (Security Framework 1.0 §4: client credentials with a signed assertion)."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache

from jobs.asked import retry_after
from jobs.registry import GiveUp, TryLater
from learning.sealing import WontOpen, seal, unseal
from lti import claims as words
from lti import outbound
from lti.keys import signing_key
from lti.tool.models import Platform
from lti.tool.retry import receiver

BACKDATE = 5
"""Seconds: Moodle refuses an assertion whose iat is in its future, without any leeway, and clocks differ a little."""

ASSERTION_LIFETIME = 60
"""Seconds: it is used at once (Security Framework §4.1.1 advises a short life)."""

MARGIN = 60
"""Seconds before its end that a token isn't used any more: a request with it must still arrive."""

DEFAULT_LIFETIME = 300
"""Seconds, where the LMS doesn't say (RFC 6749 §5.1 leaves it open)."""

LARGEST = 64 * 1024
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class AccessToken:
    text: str
    kept: bool


def access_token(platform: Platform, scopes: str, *, fresh: bool = False) -> AccessToken:
    """A token for these scopes (with spaces), kept until shortly before it ends; `fresh` asks a new one.

    Raises jobs.registry.TryLater or GiveUp.
    """
    key = _cache_key(platform, scopes)
    if not fresh:
        kept = cache.get(key)
        if kept is not None:
            try:
                return AccessToken(unseal(kept, key), kept=True)
            except WontOpen:
                pass
    text, lifetime = _ask(platform, scopes)
    if lifetime > MARGIN:
        cache.set(key, seal(text, key), lifetime - MARGIN)
    return AccessToken(text, kept=False)


def _ask(platform: Platform, scopes: str) -> tuple[str, int]:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": words.CLIENT_ASSERTION_TYPE,
        "client_assertion": _assertion(platform),
        "scope": scopes,
    }
    try:
        answer = outbound.request(
            "POST", platform.token_url, content=urlencode(form).encode(), largest=LARGEST, seconds=SECONDS,
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        )  # fmt: skip
    except outbound.NotAllowed as error:
        raise GiveUp(f"the token address {error.reason}") from error
    except outbound.NoAnswer as error:
        raise TryLater(f"token: {error.reason}", receiver=receiver(platform.pk, platform.token_url)) from error
    if answer.status != 200:
        # Also a refusal may pass: an LMS that still has our former keys, or a tool that is waiting to be activated.
        raise TryLater(
            f"token: the LMS answered {answer.status}",
            retry_after(answer.headers),
            receiver=receiver(platform.pk, platform.token_url),
        )
    return _read(answer.body)


def _assertion(platform: Platform) -> str:
    issued = int(time.time()) - BACKDATE
    return signing_key("tool").sign(
        {
            "iss": platform.client_id,
            "sub": platform.client_id,
            "aud": platform.audience or platform.token_url,
            "iat": issued,
            "exp": issued + BACKDATE + ASSERTION_LIFETIME,
            "jti": secrets.token_urlsafe(16),
        }
    )


def _read(body: bytes) -> tuple[str, int]:
    """Token and seconds that it lives. An answer that isn't one may be a proxy's page: it is asked again later."""
    try:
        answer: Any = json.loads(body)
        token, lifetime = answer["access_token"], _lifetime(answer.get("expires_in"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise TryLater("token: the LMS's answer isn't a token") from error
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not 0 < len(token) <= 16_000:
        raise TryLater("token: the LMS's answer isn't a token")
    return token, lifetime


def _lifetime(said: Any) -> int:
    """Some say it as text; where it can't be read, the token is good all the same."""
    try:
        return min(int(said), 24 * 60 * 60)
    except (ValueError, TypeError, OverflowError):
        return DEFAULT_LIFETIME


def _cache_key(platform: Platform, scopes: str) -> str:
    return f"lti.token:{platform.pk}:{platform.stamp}:{hashlib.sha256(scopes.encode()).hexdigest()[:16]}"
