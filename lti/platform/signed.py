"""What a tool signed for us: believed only when the signature is of a key the tool publishes, for us, now, and once.

For client assertions (LTI Security 1.0, 4.1; RFC 7523) and for the answer of Deep Linking (LTI Security 1.0, 5.2).
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from lti.platform import queries, services, toolkeys
from lti.platform.models import Tool

CLOCK_LEEWAY = 60  # seconds a tool's clock may differ
LONGEST_LIFE = 3600  # seconds; bounds how long a used one must be remembered
LONGEST_NAME = 500  # characters of a jti or nonce
_KEYS_IN_HEADER = ("jwk", "jku", "x5u", "x5c", "crit")


class NotBelieved(Exception):
    """`reason` is for the tool's developer and repeats nothing of what came."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(text: str, *, tool_in: str, audiences: Collection[str]) -> tuple[Tool, Mapping[str, Any]]:
    """The active tool whose client_id stands in the claim `tool_in`, and what it says. Raises NotBelieved.

    Whether it came before is asked apart, by `use_once`, when all else is well.
    """
    header, claimed = _peek(text)
    if header.get("alg") != "RS256" or any(name in header for name in _KEYS_IN_HEADER):
        raise NotBelieved("must be signed with RS256 and a key from the registered key set")
    tool = queries.active_tool(claimed.get(tool_in))
    if tool is None:
        raise NotBelieved(f"{tool_in} is not a tool known here")
    claims = _verified(text, tool, header.get("kid"))
    _check_audience(claims.get("aud"), audiences)
    _check_times(claims)
    return tool, claims


def use_once(tool: Tool, claims: Mapping[str, Any], *, name: str, kind: str) -> None:
    """Remember the claim `name` of this tool until it would have expired. Raises NotBelieved when it came before."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        raise NotBelieved(f"{name} is required")
    until = datetime.fromtimestamp(claims["exp"] + CLOCK_LEEWAY + 1, UTC)
    try:
        services.spend(f"{kind}|{tool.client_id}|{value}", until=until)
    except services.AlreadySpent:
        raise NotBelieved(f"{name} was used before") from None


def _peek(text: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, not yet to be believed."""
    try:
        token = jws.extract_compact(text.encode())
        header = token.headers()
        claims = json.loads(token.payload)
    except (JoseError, ValueError, RecursionError):
        raise NotBelieved("is not a JWT") from None
    return header, claims if isinstance(claims, dict) else {}


def _verified(text: str, tool: Tool, kid: Any) -> Mapping[str, Any]:
    for afresh in (False, True):
        try:
            key = toolkeys.find(tool, kid, afresh=afresh)
            return jwt.decode(text, key, algorithms=["RS256"]).claims
        except toolkeys.NoSuchKey:
            break
        except (JoseError, ValueError):
            continue
    raise NotBelieved("can't be checked with the tool's key set")


def _check_audience(audience: Any, ours: Collection[str]) -> None:
    """One of our names must be in it. Who else it is for is the tool's business: it is used once, and here."""
    named = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    if not any(isinstance(name, str) and name in ours for name in named):
        raise NotBelieved("aud must be this platform")


def _check_times(claims: Mapping[str, Any]) -> None:
    now = time.time()
    issued, expires, not_before = (_moment(claims, name) for name in ("iat", "exp", "nbf"))
    if issued is None or expires is None:
        raise NotBelieved("iat and exp are required, in seconds")
    if issued > now + CLOCK_LEEWAY or (not_before is not None and not_before > now + CLOCK_LEEWAY):
        raise NotBelieved("is not valid yet")
    if expires <= now - CLOCK_LEEWAY:
        raise NotBelieved("has expired")
    if expires > now + LONGEST_LIFE + CLOCK_LEEWAY:
        raise NotBelieved(f"lives longer than {LONGEST_LIFE} seconds")


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**40:
        raise NotBelieved(f"{name} must be in seconds")
    return value
