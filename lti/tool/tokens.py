"""Is this id_token from that platform, for us, now, and once? (Security Framework 1.0 §5.1.2 and §5.1.3.)

Nothing the token says about itself decides how it is checked: the algorithm is fixed per platform and the key comes
from the key set that was registered.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import math
from typing import Any, NoReturn

from django.utils import timezone
from joserfc.jws import JWSRegistry

from lti.tool import keysets
from lti.tool.models import Platform
from lti.tool.queries import LoadedPlatform, platform_of_state
from lti.tool.refusals import Refused
from lti.tool.state import LIFETIME, Login

type Claims = dict[str, Any]

LEEWAY = 30
"""Seconds that an LMS's clock may differ from ours. Servers keep time within a second; half a minute forgives one that
doesn't, and is short beside the minute a Moodle token lives."""

LARGEST = 256 * 1024
"""Of an id_token, in characters. Real ones are 2 to 8 KB."""

LARGEST_HEADER = 2048
"""Of its header, in characters: a kid of 255 and the names of a certificate fit."""

_HEADER = frozenset({"alg", "kid", "typ"})
"""What a header may hold. Everything else either brings its own key (jwk, jku, x5u, x5c) or asks for rules we don't
apply (crit, b64, zip, cty)."""

_IGNORED = frozenset({"x5t", "x5t#S256"})
"""Names of a certificate: harmless, some platforms add them; we never look at them."""


_ALGORITHMS = {name: JWSRegistry(algorithms=[name]).get_alg(name) for name in Platform.Algorithm.values}


class _WrongSignature(Exception):
    """The signature doesn't fit the key of that name."""


def verify(token: str, *, platform: LoadedPlatform, login: Login, now: float) -> tuple[Claims, LoadedPlatform]:
    """The claims of a token that is the platform's and answers this login; and the platform as it is by then, for its
    keys may have been asked anew. Raises Refused."""
    claims, platform = _signed_claims(token, platform)
    _check(claims, platform, login, now)
    return claims, platform


def verify_at_hand(token: str, *, platform: LoadedPlatform, login: Login, now: float) -> Claims | None:
    """The same with nothing but the keys at hand: no query, no request. None when anything at all isn't in order: the
    platform may have changed, and `verify` knows why."""
    try:
        kid = _key_id(token, platform)
        if _is_old(platform) or kid not in platform.keys:
            return None
        claims = _verified(token, platform, kid)
        _check(claims, platform, login, now)
    except (Refused, _WrongSignature):
        return None
    return claims


def _check(claims: Claims, platform: LoadedPlatform, login: Login, now: float) -> None:
    """What a token says, once it is certain who says it. Raises Refused."""
    _check_parties(claims, platform)
    _check_times(claims, now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce.isascii() or not hmac.compare_digest(nonce, login.nonce):
        raise Refused("claim-nonce")


def _signed_claims(token: str, platform: LoadedPlatform) -> tuple[Claims, LoadedPlatform]:
    kid = _key_id(token, platform)
    if _is_old(platform) and keysets.fetch(platform.row):
        platform = platform_of_state(platform.row.pk)
    if kid not in platform.keys:
        platform = _with_newer_keys(platform, kid)
    try:
        return _verified(token, platform, kid), platform
    except _WrongSignature:
        # The platform may have changed the key and kept its name.
        if not keysets.fetch(platform.row):
            raise Refused("token-signature") from None
    try:
        platform = platform_of_state(platform.row.pk)
        return _verified(token, platform, kid), platform
    except (_WrongSignature, KeyError):
        keysets.missed(platform.row.pk)
        raise Refused("token-signature") from None


def _key_id(token: str, platform: LoadedPlatform) -> str:
    """The header's kid, once the header is one we accept."""
    if not token:
        raise Refused("token-missing")
    if len(token) > LARGEST:
        raise Refused("token-too-large")
    if token.count(".") != 2 or not token.isascii():
        raise Refused("token-malformed")
    encoded = token.partition(".")[0]
    if len(encoded) > LARGEST_HEADER:
        raise Refused("token-too-large")
    header = _json(_decoded(encoded))
    if header.keys() - _HEADER - _IGNORED or header.get("typ", "JWT") != "JWT":
        raise Refused("token-header")
    if header.get("alg") not in ([platform.row.algorithm] if platform.row.algorithm else ["RS256", "ES256"]):
        raise Refused("token-algorithm")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Refused("token-kid")
    return kid


def _is_old(platform: LoadedPlatform) -> bool:
    fetched = platform.keys_fetched_at
    return fetched is not None and timezone.now() - fetched > keysets.MAX_AGE


def _with_newer_keys(platform: LoadedPlatform, kid: str) -> LoadedPlatform:
    fetched = keysets.fetch(platform.row)
    if not fetched:
        keysets.wait_for_other(platform.row.pk)
    platform = platform_of_state(platform.row.pk)
    if kid in platform.keys:
        if fetched:
            keysets.found(platform.row.pk)
        return platform
    if fetched:
        keysets.missed(platform.row.pk)
    raise Refused("key-unknown" if platform.keys else "keys-unreachable")


def _verified(token: str, platform: LoadedPlatform, kid: str) -> Claims:
    """The header was checked before, by `_key_id`, more strictly than a JOSE library would."""
    if platform.keys[kid].key_type != ("RSA" if platform.row.algorithm == "RS256" else "EC"):
        raise Refused("token-algorithm")
    signed, _, signature = token.rpartition(".")
    algorithm = _ALGORITHMS[platform.row.algorithm]
    if not algorithm.verify(signed.encode(), _decoded(signature), platform.keys[kid]):
        raise _WrongSignature
    return _json(_decoded(signed.partition(".")[2]))


def _check_parties(claims: Claims, platform: LoadedPlatform) -> None:
    """OpenID Connect Core §3.1.3.7, 2 to 5."""
    client_id = platform.row.client_id
    if claims.get("iss") != platform.row.issuer:
        raise Refused("claim-iss")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise Refused("claim-aud")
    party = claims.get("azp")
    if party != client_id and not (party is None and len(audiences) == 1):
        raise Refused("claim-azp")


def _check_times(claims: Claims, now: float) -> None:
    """OpenID Connect Core §3.1.3.7, 9 and 10. A token older than a login can be can't be the answer to it."""
    if not _moment(claims.get("exp"), "claim-exp") > now - LEEWAY:
        raise Refused("claim-exp")
    if not now - LIFETIME - LEEWAY <= _moment(claims.get("iat"), "claim-iat") <= now + LEEWAY:
        raise Refused("claim-iat")
    if claims.get("nbf") is not None and not _moment(claims["nbf"], "claim-nbf") <= now + LEEWAY:
        raise Refused("claim-nbf")


def _moment(value: Any, code: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused(code)
    return float(value) if abs(value) < 1e15 and math.isfinite(value) else math.nan


def _decoded(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("token-malformed") from None


def _json(raw: bytes) -> dict[str, Any]:
    """A JSON object, strictly: no NaN or Infinity, no nesting that would exhaust the stack, UTF-8."""
    try:
        found = json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("token-malformed") from None
    if not isinstance(found, dict):
        raise Refused("token-malformed")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
