"""The public keys of tools: asked once, kept in the database, asked again when a tool signs with one we don't know.

An unknown `kid` costs at most one request a COOL_DOWN, however many bad assertions come in.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lti import outbound
from lti.platform.models import Tool

COOL_DOWN = timedelta(seconds=30)
LARGEST = 64 * 1024  # bytes of a key set
SECONDS = 6.0  # however slowly it drips
MOST_KEYS = 20
KEY_BITS = range(2048, 8193)  # at least what 1EdTech's Security Framework 1.0, 5.1 asks; at most what is quick to check


class NoSuchKey(Exception):
    """The tool has no such key, or its key set can't be had now."""


def find(tool: Tool, kid: Any, *, afresh: bool = False) -> RSAKey:
    """The tool's key of that name. `afresh`: not the one we have, for a tool may change a key and keep its name.

    Raises NoSuchKey.
    """
    if not isinstance(kid, str) or not kid:
        raise NoSuchKey
    found = None if afresh else _among(tool.keys, kid)
    if found is None and _may_ask(tool):
        try:
            keys = _usable(outbound.get_json(tool.jwks_url, largest=LARGEST, seconds=SECONDS))
        except (outbound.NotAllowed, outbound.NoAnswer) as error:
            raise NoSuchKey from error
        Tool.objects.filter(pk=tool.pk).update(keys=keys)
        found = _among(keys, kid)
    if found is None:
        raise NoSuchKey
    return RSAKey.import_key(dict(found))


def _among(keys: list[dict[str, str]], kid: str) -> dict[str, str] | None:
    return next((key for key in keys if key["kid"] == kid), None)


def _may_ask(tool: Tool) -> bool:
    """Takes the turn to ask, before asking: of several at once, one asks; a tool that hangs isn't asked again."""
    now = timezone.now()
    ready = Q(keys_asked_at__isnull=True) | Q(keys_asked_at__lte=now - COOL_DOWN)
    return bool(Tool.objects.filter(ready, pk=tool.pk).update(keys_asked_at=now))


def _usable(key_set: Any) -> list[dict[str, str]]:
    """RSA signing keys with a name, their public parts only. What isn't one is passed over."""
    listed = key_set.get("keys") if isinstance(key_set, dict) else None
    keys = []
    for key in listed[:MOST_KEYS] if isinstance(listed, list) else []:
        if not isinstance(key, dict) or key.get("kty") != "RSA" or not isinstance(key.get("kid"), str):
            continue
        if key.get("use", "sig") != "sig" or key.get("alg", "RS256") != "RS256":
            continue
        public = {"kty": "RSA", "kid": key["kid"], "n": key.get("n"), "e": key.get("e")}
        if _fits(public):
            keys.append(public)
    return keys


def _fits(public: dict[str, Any]) -> bool:
    try:
        modulus = base64.urlsafe_b64decode(public["n"] + "==")
        if int.from_bytes(modulus).bit_length() not in KEY_BITS:
            return False
        RSAKey.import_key(public)
    except (JoseError, ValueError, TypeError):
        return False
    return True
