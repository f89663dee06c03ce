"""Access tokens for tools: the client-credentials grant with a signed assertion (LTI Security 1.0, 4.1; RFC 7523).

An access token is opaque to the tool and signed by us; what it opens is what it says *and* what the tool may still
do now, so taking a scope away or switching a tool off works at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from joserfc import jws, jwt
from joserfc.errors import JoseError

from lti.claims import CLIENT_ASSERTION_TYPE
from lti.platform import queries, services, toolkeys
from lti.platform.endpoints import endpoint, issuer
from lti.platform.models import Tool

TOKEN_LIFE = 3600  # seconds, as LTI Security 1.0, 4.1 suggests
CLOCK_LEEWAY = 60  # seconds a tool's clock may differ
LONGEST_ASSERTION_LIFE = 3600  # seconds; bounds how long a used jti must be remembered
LONGEST_JTI = 500  # characters
_SALT = "lti.platform.access-token"
_KEYS_IN_HEADER = ("jwk", "jku", "x5u", "x5c", "crit")


class TokenRefused(Exception):
    """`code` is OAuth 2.0's (RFC 6749, 5.2); `description` is for the tool's developer."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code, self.description = code, description


class NoAccess(Exception):
    """The bearer token doesn't open anything. `reason` says why (RFC 6750, 3.1)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Access:
    """A tool and what it may do now."""

    tool: Tool
    scopes: frozenset[str]


def grant(form: Mapping[str, str]) -> dict[str, str | int]:
    """The answer to a token request. Raises TokenRefused."""
    if form.get("grant_type") != "client_credentials":
        raise TokenRefused("unsupported_grant_type", "grant_type must be client_credentials")
    if form.get("client_assertion_type") != CLIENT_ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type must be {CLIENT_ASSERTION_TYPE}")
    asked = form.get("scope", "").split()
    if not asked:
        raise TokenRefused("invalid_scope", "scope is missing")
    tool = _client(form.get("client_assertion", ""))
    if form.get("client_id", tool.client_id) != tool.client_id:
        raise TokenRefused("invalid_client", "client_id is not the assertion's")
    given = [scope for scope in tool.scopes if scope in asked]
    if not given:
        raise TokenRefused("invalid_scope", "none of these scopes is given to this tool")
    return {
        "access_token": signing.dumps(
            [tool.client_id, int(time.time()) + TOKEN_LIFE, given], salt=_SALT, compress=True
        ),
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFE,
        "scope": " ".join(given),
    }


def access(authorization: str) -> Access:
    """What an Authorization header opens. Raises NoAccess. One query."""
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NoAccess("a bearer token is required")
    try:
        client_id, expires, scopes = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        raise NoAccess("the token is not one of ours") from None
    if expires <= time.time():
        raise NoAccess("the token has expired")
    tool = queries.active_tool(client_id)
    if tool is None:
        raise NoAccess("the tool is switched off")
    return Access(tool, frozenset(scopes).intersection(tool.scopes))


def _client(assertion: str) -> Tool:
    """The tool that signed this assertion, for us, not long ago and not used before. Raises TokenRefused."""
    header, claimed = _peek(assertion)
    if header.get("alg") != "RS256" or any(name in header for name in _KEYS_IN_HEADER):
        raise _wrong_client("the assertion must be signed with RS256 and a key from the registered key set")
    tool = queries.active_tool(claimed.get("sub"))
    if tool is None:
        raise _wrong_client("the assertion's sub is not a tool known here")
    claims = _verified(assertion, tool, header.get("kid"))
    _check(claims, tool)
    try:
        services.spend(
            f"assertion|{tool.client_id}|{claims['jti']}",
            until=datetime.fromtimestamp(claims["exp"] + CLOCK_LEEWAY + 1, UTC),
        )
    except services.AlreadySpent:
        raise _wrong_client("the assertion's jti was used before") from None
    return tool


def _verified(assertion: str, tool: Tool, kid: Any) -> Mapping[str, Any]:
    for afresh in (False, True):
        try:
            key = toolkeys.find(tool, kid, afresh=afresh)
            return jwt.decode(assertion, key, algorithms=["RS256"]).claims
        except toolkeys.NoSuchKey:
            break
        except (JoseError, ValueError):
            continue
    raise _wrong_client("the assertion's signature can't be checked with the tool's key set")


def _peek(assertion: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, not yet to be believed."""
    try:
        token = jws.extract_compact(assertion.encode())
        header = token.headers()
        claims = json.loads(token.payload)
    except (JoseError, ValueError, RecursionError):
        raise _wrong_client("the assertion is not a JWT") from None
    return header, claims if isinstance(claims, dict) else {}


def _check(claims: Mapping[str, Any], tool: Tool) -> None:
    now = time.time()
    audience = claims.get("aud")
    if claims.get("iss") != tool.client_id or claims.get("sub") != tool.client_id:
        raise _wrong_client("the assertion's iss and sub must both be the client_id")
    if not {endpoint("token"), issuer()}.intersection([audience] if isinstance(audience, str) else _texts(audience)):
        raise _wrong_client("the assertion's aud must be this token endpoint")
    issued, expires, not_before = (_moment(claims, name) for name in ("iat", "exp", "nbf"))
    if issued is None or expires is None:
        raise _wrong_client("the assertion's iat and exp are required, in seconds")
    if issued > now + CLOCK_LEEWAY or (not_before is not None and not_before > now + CLOCK_LEEWAY):
        raise _wrong_client("the assertion is not valid yet")
    if expires <= now - CLOCK_LEEWAY:
        raise _wrong_client("the assertion has expired")
    if expires > now + LONGEST_ASSERTION_LIFE + CLOCK_LEEWAY:
        raise _wrong_client(f"the assertion lives longer than {LONGEST_ASSERTION_LIFE} seconds")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise _wrong_client("the assertion's jti is required")


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**40:
        raise _wrong_client(f"the assertion's {name} must be in seconds")
    return value


def _wrong_client(description: str) -> TokenRefused:
    return TokenRefused("invalid_client", description)
