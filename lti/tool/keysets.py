"""The public keys of platforms: kept in the database, loaded once a process, asked again when that may help.

Asked again: when a token names a key we don't have, when the signature doesn't fit the key of that name (an LMS may
change a key and keep its name), and when the set is older than MAX_AGE (an LMS may withdraw a key). Never more often
than a cool-down allows, whatever anybody sends, and by one process at a time.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, When
from django.utils import timezone
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from lti import outbound
from lti.tool.models import ID_LENGTH, Platform, new_stamp

type PublicKey = RSAKey | ECKey

COOL_DOWN = dt.timedelta(seconds=10)
"""After asking in vain: forged tokens with made-up key names cost the platform IN_VAIN requests in this time. A key
that is new at the platform waits at most as long, and only while somebody is forging."""

IN_VAIN = 2
"""Just before a new key there may well be one launch with the old one, that is no more: it doesn't keep the new out."""

MAX_AGE = dt.timedelta(hours=1)
"""How long a key that was withdrawn at the platform may still open a launch here."""

LARGEST = 256 * 1024
"""Of a key set, in bytes: a hundred keys with certificate chains fit."""

SECONDS = 6.0
"""Somebody is waiting for a page meanwhile."""

PATIENCE = 3.0
"""Seconds a launch waits for another that is asking at this moment: the first four of a morning come at once. Less than
SECONDS, so that a platform that never answers doesn't hold a crowd of launches."""

MAX_KEYS = 50
RSA_BITS = range(2048, 8192 + 1)
"""Security Framework 1.0 §5.1.1: RSA keys of at least 2048 bits. Far larger ones only cost us time."""

_MODULUS_LENGTHS = range(RSA_BITS.start // 6, RSA_BITS.stop // 6 + 3)  # in base64url: looked at before it is loaded


@dataclass(frozen=True, slots=True)
class _Kind:
    algorithm: str
    members: tuple[str, ...]


_KINDS = {"RSA": _Kind("RS256", ("n", "e")), "EC": _Kind("ES256", ("crv", "x", "y"))}


def load(keys: Iterable[Mapping[str, str]]) -> dict[str, PublicKey]:
    """kid → key, of what `usable` let through."""
    return {key["kid"]: _import(key) for key in keys}


def fetch(platform: Platform) -> bool:
    """Ask the platform for its keys and keep them. False when it gave none that can be used, or when it isn't our turn
    to ask."""
    now = timezone.now()
    if not _take_turn(platform.pk, now):
        return False
    try:
        keys = usable(outbound.get_json(platform.jwks_url, largest=LARGEST, seconds=SECONDS))
    except (outbound.NotAllowed, outbound.NoAnswer):
        keys = []
    if not keys:
        Platform.objects.filter(pk=platform.pk).update(keys_missed_at=timezone.now(), keys_misses=IN_VAIN)
        return False
    Platform.objects.filter(pk=platform.pk).update(
        keys=keys, keys_fetched_at=now, algorithm=platform.algorithm or _algorithm(keys), stamp=new_stamp()
    )
    return True


def wait_for_other(platform_id: int) -> None:
    """While somebody else asks, at most PATIENCE. Returns at once when nobody does."""
    deadline = time.monotonic() + PATIENCE
    while _somebody_asks(platform_id) and time.monotonic() < deadline:
        time.sleep(0.05)


def missed(platform_id: int) -> None:
    """Asking brought keys, and not the one that was looked for: towards the cool-down."""
    now = timezone.now()
    lately = When(keys_missed_at__gte=now - COOL_DOWN, then=F("keys_misses") + 1)
    Platform.objects.filter(pk=platform_id).update(keys_missed_at=now, keys_misses=Case(lately, default=1))


def found(platform_id: int) -> None:
    """Asking brought the key that was looked for."""
    Platform.objects.filter(pk=platform_id, keys_misses__gt=0).update(keys_misses=0)


def usable(key_set: Any) -> list[dict[str, str]]:
    """The keys of a JWK set (RFC 7517 §5) that may verify a launch, public members only. Others are passed over, as §5
    asks of keys one doesn't understand."""
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(keys, list):
        return []
    found: dict[str, dict[str, str]] = {}
    for key in keys[:MAX_KEYS]:
        public = _public(key)
        if public is not None:
            found.setdefault(public["kid"], public)
    return list(found.values())


def _take_turn(platform_id: int, now: dt.datetime) -> bool:
    """One process asks at a time (SECONDS at most), and none during the cool-down."""
    free = Q(keys_tried_at__isnull=True) | Q(keys_tried_at__lt=now - dt.timedelta(seconds=SECONDS))
    free |= Q(keys_fetched_at__gte=F("keys_tried_at")) | Q(keys_missed_at__gte=F("keys_tried_at"))
    cool = Q(keys_missed_at__isnull=True) | Q(keys_missed_at__lt=now - COOL_DOWN) | Q(keys_misses__lt=IN_VAIN)
    return Platform.objects.filter(free, cool, pk=platform_id).update(keys_tried_at=now) == 1


def _somebody_asks(platform_id: int) -> bool:
    row = Platform.objects.values_list("keys_tried_at", "keys_fetched_at", "keys_missed_at").get(pk=platform_id)
    tried, *ended = row
    if tried is None or tried < timezone.now() - dt.timedelta(seconds=SECONDS):
        return False
    return all(moment is None or moment < tried for moment in ended)


def _public(key: Any) -> dict[str, str] | None:
    if not isinstance(key, dict) or key.get("use", "sig") != "sig" or str(key.get("kty")) not in _KINDS:
        return None
    kid, kind = key.get("kid"), _KINDS[key["kty"]]
    named = isinstance(kid, str) and 0 < len(kid) <= ID_LENGTH and kid.isprintable()
    if not named or key.get("alg", kind.algorithm) != kind.algorithm:
        return None
    public = {"kid": str(kid), "kty": str(key["kty"]), **{name: str(key.get(name)) for name in kind.members}}
    return public if _is_sound(public) else None


def _is_sound(key: Mapping[str, str]) -> bool:
    if key["kty"] == "RSA" and len(key["n"]) not in _MODULUS_LENGTHS:
        return False
    try:
        loaded = _import(key)
    except (JoseError, ValueError, TypeError):
        return False
    if isinstance(loaded, RSAKey):
        return loaded.public_key.key_size in RSA_BITS
    return key["crv"] == "P-256"


def _import(key: Mapping[str, Any]) -> PublicKey:
    members = {name: value for name, value in key.items() if name != "kid"}
    return RSAKey.import_key(members) if key["kty"] == "RSA" else ECKey.import_key(members)


def _algorithm(keys: Iterable[Mapping[str, str]]) -> str:
    """RS256 is what LTI asks for (Security Framework 1.0 §5.1.1); ES256 where a platform has nothing else."""
    return "RS256" if any(key["kty"] == "RSA" for key in keys) else "ES256"
