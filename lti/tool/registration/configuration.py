"""What an LMS says of itself (LTI-DR 1.0 §3.4 and §3.5; OpenID Connect Discovery 1.0 §3), read with distrust.

Whoever asks chose the address, so everything is bounded and nothing is followed. Its issuer must be the one who can
put a page at that address, else anybody with an invitation could speak for another's LMS.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from lti import claims as words
from lti import outbound
from lti.tool import texts
from lti.tool.registration.refusals import NotRegistrable
from lti.tool.services import is_id

LARGEST = 256 * 1024
"""Bytes. Real ones are 2 to 4 KB."""

SECONDS = 6.0
"""Somebody is waiting for a page meanwhile."""

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
SCOPES = (
    words.AGS_LINE_ITEM_SCOPE, words.AGS_LINE_ITEM_READ_SCOPE, words.AGS_RESULT_SCOPE, words.AGS_SCORE_SCOPE,
    words.NRPS_SCOPE,
)  # fmt: skip
PLACEMENT = "ContentArea"
HISTORIES = {"context_history": "Context.id.history", "resourcelink_history": "ResourceLink.id.history"}
"""Our custom parameter → the variable of the LMS (LTI Core, appendix B) with which a copied course is recognised."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """`scopes`, `placements`, `histories`: of what we use, those it offers. `algorithm` is what it signs with, "" where
    its keys must tell; `audience` who grants access to its services, "" where that is the address for tokens itself."""

    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    algorithm: str
    product: str
    scopes: tuple[str, ...]
    deep_linking: bool
    placements: tuple[str, ...]
    histories: tuple[str, ...]
    audience: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Of all its addresses, its own first."""
        own = urlsplit(self.issuer).netloc
        others = {urlsplit(url).netloc for url in (self.auth_url, self.token_url, self.jwks_url, self.registration_url)}
        return (own, *sorted(others - {own}))

    @property
    def tokens_are_its_own(self) -> bool:
        """Whether they are granted by the very issuer, which was proven, and not by others on its host or elsewhere."""
        return all(belongs(self.issuer, url) for url in (self.token_url, self.audience) if url)


def fetch(address: str) -> Configuration:
    """Raises NotRegistrable. One request, no redirects."""
    return check(read_object(_get(address), "configuration"), address)


def _get(address: str) -> outbound.Answer:
    try:
        outbound.check_address(address)
        answer = outbound.request(
            "GET", address, headers={"Accept": "application/json"}, largest=LARGEST, seconds=SECONDS
        )
    except outbound.NotAllowed as error:
        raise NotRegistrable("configuration-address") from error
    except outbound.NoAnswer as error:
        raise NotRegistrable("configuration-unreachable") from error
    if 300 <= answer.status < 400:
        raise NotRegistrable("configuration-moved")
    if answer.status != 200:
        raise NotRegistrable("configuration-unreachable")
    return answer


def read_object(answer: outbound.Answer, what: str) -> Mapping[str, Any]:
    """Of `configuration` or `answer`. Raises NotRegistrable: `what`-unreadable."""
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NotRegistrable(f"{what}-unreadable") from error
    if not (media_type == "application/json" or media_type.endswith("+json")) or not isinstance(value, dict):
        raise NotRegistrable(f"{what}-unreadable")
    return value


def check(said: Mapping[str, Any], address: str) -> Configuration:
    """What stands at that address, as facts. Raises NotRegistrable."""
    issuer = _endpoint(said, "issuer")
    if not is_id(issuer):
        raise NotRegistrable("configuration-incomplete")
    if not belongs(issuer, address):
        raise NotRegistrable("configuration-issuer")
    platform = said.get(PLATFORM)
    if not isinstance(platform, dict):
        raise NotRegistrable("configuration-incomplete")
    offered, token_url = _messages(platform), _endpoint(said, "token_endpoint")
    return Configuration(
        issuer=issuer,
        auth_url=_endpoint(said, "authorization_endpoint"), token_url=token_url,
        audience=_audience(said.get("authorization_server"), {outbound.origin(issuer), outbound.origin(token_url)}),
        jwks_url=_endpoint(said, "jwks_uri"), registration_url=_endpoint(said, "registration_endpoint"),
        algorithm=_algorithm(said), product=texts.words(platform.get("product_family_code"), 100),
        scopes=_ours(SCOPES, said.get("scopes_supported")), deep_linking=words.DEEP_LINKING_REQUEST in offered,
        placements=tuple(each for each in (PLACEMENT,) if each in offered.get(words.DEEP_LINKING_REQUEST, ())),
        histories=tuple(name for name, of in HISTORIES.items() if of in _variables(platform)),
    )  # fmt: skip


def belongs(issuer: str, address: str) -> bool:
    """Whether the issuer is who can put a page at that address (LTI-DR 1.0 §3.5.1: the same domain).

    The same host to the letter and the same port, never a part of its name. Where an issuer has a path it shares its
    host with others, and only what stands below that path, or in the host's own /.well-known/, is its.
    """
    try:
        outbound.check_address(issuer)
        outbound.check_address(address)
    except outbound.NotAllowed:
        return False
    ours, theirs = urlsplit(issuer), urlsplit(address)
    if ours.query or "?" in issuer or outbound.origin(issuer) != outbound.origin(address):
        return False
    way, place = (list(filter(None, parts.path.split("/"))) for parts in (ours, theirs))
    if {".", ".."} & {unquote(step) for step in (*way, *place)}:
        return False
    return place[: len(way)] == way or place[:1] == [".well-known"]


def _endpoint(said: Mapping[str, Any], name: str) -> str:
    url = said.get(name)
    if not isinstance(url, str) or not url:
        raise NotRegistrable("configuration-incomplete")
    try:
        outbound.check_address(url)
    except outbound.NotAllowed as error:
        raise NotRegistrable("configuration-endpoint") from error
    return url


def _audience(server: Any, own: Container[str]) -> str:
    """What the assertions must be for, with which we ask for access (LTI-DR 1.0 §3.4, `authorization_server`). Only a
    name on the LMS's own sites: in that of another they would open whatever we may do there."""
    try:
        return str(server) if outbound.origin(_endpoint({"server": server}, "server")) in own else ""
    except NotRegistrable:
        return ""


def _algorithm(said: Mapping[str, Any]) -> str:
    """RS256 wherever it is offered (Security Framework 1.0 §5.1.1). What isn't said is taken to be as LTI asks."""
    methods = said.get("token_endpoint_auth_methods_supported")
    types = said.get("response_types_supported")
    algorithms = said.get("id_token_signing_alg_values_supported")
    fits = methods is None or "private_key_jwt" in _texts(methods)
    fits = fits and (types is None or any("id_token" in each.split() for each in _texts(types)))
    found = [name for name in ("RS256", "ES256") if name in _texts(algorithms)]
    if not fits or (algorithms is not None and not found):
        raise NotRegistrable("configuration-unsupported")
    return found[0] if found else ""


def _messages(platform: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Each type of message it can send, with its placements."""
    listed = platform.get("messages_supported")
    messages = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return {str(each.get("type")): _texts(each.get("placements")) for each in messages[:100]}


def _variables(platform: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each.removeprefix("$") for each in _texts(platform.get("variables")))


def _ours(wanted: Iterable[str], offered: Any) -> tuple[str, ...]:
    return tuple(each for each in wanted if offered is None or each in _texts(offered))


def _texts(value: Any) -> frozenset[str]:
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
