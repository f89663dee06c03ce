"""Access tokens for tools: the client-credentials grant with a signed assertion (LTI Security 1.0, 4.1; RFC 7523).

An access token is opaque to the tool and signed by us; what it opens is what it says *and* what the tool may still
do now, so taking a scope away or switching a tool off works at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing

from lti.claims import CLIENT_ASSERTION_TYPE
from lti.platform import queries, signed
from lti.platform.endpoints import endpoint, issuer
from lti.platform.models import Tool

TOKEN_LIFE = 3600  # seconds, as LTI Security 1.0, 4.1 suggests
_SALT = "lti.platform.access-token"


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
    try:
        tool, claims = signed.read(assertion, tool_in="sub", audiences=(endpoint("token"), issuer()))
        if claims.get("iss") != tool.client_id or claims.get("sub") != tool.client_id:
            raise signed.NotBelieved("iss and sub must both be the client_id")
        signed.use_once(tool, claims, name="jti", kind="assertion")
    except signed.NotBelieved as no:
        raise TokenRefused("invalid_client", f"the assertion: {no.reason}") from None
    return tool
