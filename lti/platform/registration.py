"""Tools that register themselves here (LTI Dynamic Registration 1.0; OpenID Connect Dynamic Client Registration 1.0).

A redacteur invites one: an address of the tool, opened with where our configuration is and a token that is good for
one registration within the hour. What the tool says is read strictly and becomes a new tool, which may do nothing
until a person has looked at it. A registration never changes a tool that is there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from lti.claims import DEEP_LINKING_REQUEST, RESOURCE_LINK_REQUEST
from lti.platform import services
from lti.platform.addresses import host, is_usable, with_parameters
from lti.platform.endpoints import endpoint
from lti.platform.models import Tool, ToolInvitation
from lti.platform.texts import paragraph, plain

if TYPE_CHECKING:
    from learning.people.models import Person

LIFE = timedelta(hours=1)
KEPT = timedelta(days=1)
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
LONGEST_NAME = 200
LONGEST_TEXT = 1000
MOST = 50  # of redirect addresses, parameters, messages, claims
# What we can share of a person and the claims with which a tool asks for it (LTI-DR 1.0, 4.1).
NAME_CLAIMS = frozenset({"name", "given_name", "family_name", "middle_name", "preferred_username", "nickname"})
EMAIL_CLAIMS = frozenset({"email"})


class Refused(Exception):
    """`code` is of OAuth 2.0 Dynamic Client Registration (RFC 7591, 3.2.2); `description` for the tool's developer."""

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(description)
        self.status, self.code, self.description = status, code, description


def invite(person: Person, address: str) -> tuple[ToolInvitation, str]:
    """An invitation, and the tool's address with it: the only place where its token stands.

    The address must be usable (`addresses.is_usable`).
    """
    token = secrets.token_urlsafe(32)
    invitation = ToolInvitation.objects.create(
        organisation_id=person.organisation_id,
        invited_by=person,
        digest=_digest(token),
        expires_at=timezone.now() + LIFE,
    )
    parameters = {"openid_configuration": endpoint("configuration"), "registration_token": token}
    return invitation, with_parameters(address, parameters)


def forget_unused() -> None:
    """Invitations of which no tool came."""
    ToolInvitation.objects.filter(tool=None, expires_at__lt=timezone.now() - KEPT).delete()


def register(authorization: str, read: Callable[[], Any]) -> dict[str, Any]:
    """The answer to a registration; the token is used up by one that succeeds. Raises Refused.

    `read` gives what the tool sent: asked only of who has a token.
    """
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused(401, "invalid_token", "a registration token is required")
    digest = _digest(token)
    if not _open().filter(digest=digest).exists():
        raise _bad_token()
    said = _Said.read(read())
    with transaction.atomic():
        # Of two with one token at once, the second waits here and then finds it used.
        invitation = (
            _open().select_for_update(of=("self",)).select_related("organisation").filter(digest=digest).first()
        )
        if invitation is None:
            raise _bad_token()
        tool = services.add_tool(
            invitation.organisation,
            name=said.name,
            description=said.description,
            login_url=said.login_url,
            target_link_uris=said.targets,
            redirect_uris=said.redirect_uris,
            jwks_url=said.jwks_url,
            choosing_url=said.choosing_url,
            custom=said.custom,
            asks={"scopes": said.scopes, "claims": said.claims},
            awaits_approval=True,
        )
        invitation.tool = tool
        invitation.save(update_fields=["tool"])
    return _answer(tool, said)


def _open() -> Any:
    return ToolInvitation.objects.filter(tool=None, expires_at__gt=timezone.now(), invited_by__is_active=True)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def _bad_token() -> Refused:
    return Refused(401, "invalid_token", "the registration token is unknown, used or older than an hour")


@dataclass(frozen=True)
class _Said:
    """What a tool says of itself, checked."""

    name: str
    description: str
    login_url: str
    jwks_url: str
    redirect_uris: list[str]
    targets: list[str]
    choosing_url: str
    custom: dict[str, str]
    scopes: list[str]
    claims: list[str]
    domain: str

    @classmethod
    def read(cls, payload: Any) -> _Said:
        """Raises Refused."""
        sent = _object(payload, "the body")
        tool = _object(sent.get(TOOL_CONFIGURATION), "lti-tool-configuration")
        _check_ways(sent)
        name = plain(sent.get("client_name"), LONGEST_NAME)
        if not name:
            raise _wrong("client_name must be a text of at most 200 characters")
        target = _address(tool.get("target_link_uri"), "target_link_uri")
        targets, choosing = [target], ""
        for message in _objects(tool.get("messages", []), "messages"):
            where = message.get("target_link_uri")
            where = _address(where, "target_link_uri of a message") if where else target
            if message.get("type") == DEEP_LINKING_REQUEST:
                choosing = choosing or where
            elif message.get("type") == RESOURCE_LINK_REQUEST and where not in targets:
                targets.append(where)
        domain = _domain(tool.get("domain"))
        if not all(_is_in(address, domain) for address in (*targets, *filter(None, [choosing]))):
            raise _wrong("target_link_uri must be in domain")
        return cls(
            name,
            paragraph(tool.get("description", ""), LONGEST_TEXT) or "",
            _address(sent.get("initiate_login_uri"), "initiate_login_uri"),
            _address(sent.get("jwks_uri"), "jwks_uri"),
            _redirect_uris(sent.get("redirect_uris")),
            targets,
            choosing,
            _custom(tool.get("custom_parameters", {})),
            [scope for scope in services.SCOPES if scope in _words(sent.get("scope", ""), "scope")],
            _claims(tool.get("claims", [])),
            domain,
        )


def _check_ways(sent: Mapping[str, Any]) -> None:
    """That the tool means to do it the one way there is (LTI Security 1.0, 4 and 5)."""
    if sent.get("application_type", "web") != "web":
        raise _wrong("application_type must be web")
    if "id_token" not in _texts(sent.get("response_types"), "response_types"):
        raise _wrong("response_types must hold id_token")
    if "implicit" not in _texts(sent.get("grant_types"), "grant_types"):
        raise _wrong("grant_types must hold implicit")
    if sent.get("token_endpoint_auth_method", "private_key_jwt") != "private_key_jwt":
        raise _wrong("token_endpoint_auth_method must be private_key_jwt")


def _redirect_uris(value: Any) -> list[str]:
    listed = _texts(value, "redirect_uris")
    if not listed or not all(is_usable(address) for address in listed):
        raise Refused(400, "invalid_redirect_uri", "redirect_uris must be https addresses without a fragment")
    return list(dict.fromkeys(listed))


def _address(value: Any, field: str) -> str:
    if not isinstance(value, str) or not is_usable(value):
        raise _wrong(f"{field} must be an https address")
    return value


def _domain(value: Any) -> str:
    """Without the port that some tools write behind it."""
    text = plain(value, LONGEST_NAME)
    if not text:
        raise _wrong("domain is required")
    return text.lower().partition(":")[0]


def _is_in(address: str, domain: str) -> bool:
    return host(address) == domain or host(address).endswith(f".{domain}")


def _custom(value: Any) -> dict[str, str]:
    given = _object(value, "custom_parameters")
    read = {plain(name, LONGEST_NAME): plain(text, LONGEST_TEXT) for name, text in given.items()}
    if len(read) > MOST or None in read or None in read.values():
        raise _wrong(f"custom_parameters must be at most {MOST} texts")
    return {str(name): str(text) for name, text in read.items()}


def _claims(value: Any) -> list[str]:
    known = {*NAME_CLAIMS, *EMAIL_CLAIMS, "iss", "sub", "locale"}
    return sorted(known.intersection(_texts(value, "claims")))


def _words(value: Any, field: str) -> list[str]:
    if not isinstance(value, str):
        raise _wrong(f"{field} must be a text")
    return value.split()


def _texts(value: Any, field: str) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST or not all(isinstance(each, str) for each in value):
        raise _wrong(f"{field} must be a list of at most {MOST} texts")
    return value


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(f"{field} must be a JSON object")
    return value


def _objects(value: Any, field: str) -> Iterable[Mapping[str, Any]]:
    if not isinstance(value, list) or len(value) > MOST:
        raise _wrong(f"{field} must be a list of at most {MOST}")
    return [_object(each, field) for each in value]


def _wrong(description: str) -> Refused:
    return Refused(400, "invalid_client_metadata", description)


def _answer(tool: Tool, said: _Said) -> dict[str, Any]:
    """RFC 7591, 3.2.1 and LTI-DR 1.0, 3.6: what we understood of it, and the names under which it is known here."""
    choosing = [{"type": DEEP_LINKING_REQUEST, "target_link_uri": tool.choosing_url}] if tool.choosing_url else []
    return {
        "client_id": tool.client_id,
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": tool.name,
        "initiate_login_uri": tool.login_url,
        "redirect_uris": tool.redirect_uris,
        "jwks_uri": tool.jwks_url,
        "scope": " ".join(said.scopes),
        TOOL_CONFIGURATION: {
            "deployment_id": tool.deployment_id,
            "domain": said.domain,
            "description": tool.description,
            "target_link_uri": tool.target_link_uris[0],
            "custom_parameters": tool.custom,
            "claims": said.claims,
            "messages": [{"type": RESOURCE_LINK_REQUEST}, *choosing],
        },
    }
