"""Launching a tool: the initiation we send, and the authorization request it must come back with.

OpenID Connect third-party-initiated login as LTI Security 1.0, 5.1.1 has it. Between the two, everything we must
remember travels in `lti_message_hint`: signed, for one person and one placement, for five minutes, and good for one
id_token. Nothing is stored for a launch that never comes back.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.core import signing
from django.utils.translation import gettext as _

from lti.keys import signing_key
from lti.platform import adapter, queries, services
from lti.platform.endpoints import endpoint, has_lms, issuer, lms_page
from lti.platform.models import CourseMember, Placement, Tool

if TYPE_CHECKING:
    from learning.people.models import Person

HINT_LIFE = 300  # seconds: a tool's login page may first have to find out about cookies
ID_TOKEN_LIFE = 60  # seconds
LONGEST_TEXT = 2000  # characters of state and nonce; what we echo is bounded
_SALT = "lti.platform.hint"


class Refused(Exception):
    """Nothing may be sent to the tool. `code` says why and chooses what the person reads."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class FormPost:
    """What the browser must post to the tool: an id_token, or an error (OAuth 2.0 Form Post Response Mode)."""

    redirect_uri: str
    fields: Mapping[str, str]


def begin(person: Person, placement: Placement, *, target: str) -> str:
    """The address at the tool where this person's launch starts. `target`: "iframe" or "window". Raises Refused."""
    tool = placement.tool
    if tool is None or not tool.active:
        raise Refused("nothing_to_launch")
    if not CourseMember.objects.filter(course=placement.course_id, person=person).exists():
        raise Refused("not_a_member")
    hint = signing.dumps(
        [str(person.pseudonym), str(placement.key), target, secrets.token_urlsafe(16)], salt=_SALT, compress=False
    )
    return login_address(
        tool.login_url,
        {
            "iss": issuer(),
            "login_hint": str(person.pseudonym),
            "target_link_uri": placement.target_link_uri,
            "lti_message_hint": hint,
            "client_id": tool.client_id,
            "lti_deployment_id": tool.deployment_id,
        },
    )


def login_address(address: str, parameters: Mapping[str, str]) -> str:
    """The tool's login address with these parameters after those it has; its fragment, if any, goes."""
    parts = urlsplit(address)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def authorise(person: Person, parameters: Mapping[str, str]) -> FormPost:
    """Answer an authorization request of this person's browser.

    Raises Refused while we don't know that the redirect_uri is the tool's own, and for what only the person can mend.
    What the tool did wrong is told to the tool.
    """
    tool = queries.active_tool(parameters.get("client_id"))
    if tool is None:
        raise Refused("unknown_tool")
    redirect_uri = parameters.get("redirect_uri", "")
    if redirect_uri not in tool.redirect_uris:
        raise Refused("wrong_redirect_uri")
    error = _what_the_tool_did_wrong(parameters)
    if error:
        code, description = error
        return _post(redirect_uri, parameters, {"error": code, "error_description": description})
    placement, target, spent = _open_hint(person, tool, parameters)
    member = CourseMember.objects.filter(course=placement.course_id, person=person).first()
    if member is None:
        raise Refused("not_a_member")
    try:
        services.spend(spent, until=datetime.fromtimestamp(time.time() + HINT_LIFE, UTC))
    except services.AlreadySpent:
        raise Refused("hint_used") from None
    message = _message(person, tool, placement, member.role, target, parameters["nonce"])
    return _post(redirect_uri, parameters, {"id_token": _sign(adapter.claims(message))})


def _what_the_tool_did_wrong(parameters: Mapping[str, str]) -> tuple[str, str] | None:
    """An OAuth error code and its description, or None. OpenID Connect Core 3.1.2.1 and LTI Security 5.1.1.2."""

    def given(name: str) -> str:
        return parameters.get(name, "")

    rules = (
        (given("response_type") == "id_token", "unsupported_response_type", "response_type must be id_token"),
        ("openid" in given("scope").split(), "invalid_scope", "scope must hold openid"),
        (given("response_mode") == "form_post", "invalid_request", "response_mode must be form_post"),
        (given("prompt") == "none", "invalid_request", "prompt must be none"),
        (0 < len(given("nonce")) <= LONGEST_TEXT, "invalid_request", "nonce is missing or too long"),
        (len(given("state")) <= LONGEST_TEXT, "invalid_request", "state is too long"),
        (given("login_hint") != "", "invalid_request", "login_hint is missing"),
        (given("lti_message_hint") != "", "invalid_request", "lti_message_hint is missing"),
    )
    return next(((code, told) for holds, code, told in rules if not holds), None)


def _open_hint(person: Person, tool: Tool, parameters: Mapping[str, str]) -> tuple[Placement, str, str]:
    """The placement to launch, in what, and the hint's own word. Raises Refused unless it fits person and tool."""
    try:
        subject, key, target, spent = signing.loads(parameters["lti_message_hint"], salt=_SALT, max_age=HINT_LIFE)
    except signing.SignatureExpired:
        raise Refused("hint_expired") from None
    except (signing.BadSignature, ValueError):
        raise Refused("wrong_hint") from None
    if not subject == parameters["login_hint"] == str(person.pseudonym):
        raise Refused("another_person")
    placement = Placement.objects.select_related("course").filter(key=key, tool=tool).first()
    if placement is None:
        raise Refused("wrong_hint")
    return placement, target, spent


def _message(person: Person, tool: Tool, placement: Placement, role: str, target: str, nonce: str) -> adapter.Message:
    course = placement.course
    return adapter.Message(
        issuer=issuer(),
        client_id=tool.client_id,
        deployment_id=tool.deployment_id,
        target_link_uri=placement.target_link_uri,
        nonce=nonce,
        subject=str(person.pseudonym),
        role=role,
        name=person.name if tool.shares_name else "",
        email=person.email if tool.shares_email else "",
        locale=person.language,
        link_id=str(placement.key),
        link_title=placement.title,
        link_description=placement.summary,
        context_id=str(course.key),
        context_label=course.slug,
        context_title=course.title,
        custom=placement.custom,
        target=target,
        return_url=lms_page("course", course.slug) if has_lms() else "",
        platform_guid=issuer(),
        platform_name=_("Leeromgeving"),
        grades=_grades(tool, placement),
    )


def _grades(tool: Tool, placement: Placement) -> adapter.GradeService | None:
    if not tool.scopes:
        return None
    own = list(placement.line_items.filter(tool=tool).values_list("key", flat=True)[:2])
    return adapter.GradeService(
        tool.scopes,
        endpoint("line-items", placement.course.key),
        endpoint("line-item", placement.course.key, own[0]) if len(own) == 1 else None,
    )


def _sign(claims: Mapping[str, Any]) -> str:
    now = int(time.time())
    return signing_key("platform").sign({**claims, "iat": now, "exp": now + ID_TOKEN_LIFE})


def _post(redirect_uri: str, parameters: Mapping[str, str], fields: Mapping[str, str]) -> FormPost:
    """`state` goes back exactly as it came, and only when it came (OAuth 2.0, 4.2.2)."""
    state = parameters.get("state", "")
    return FormPost(redirect_uri, {**fields, "state": state} if state else fields)
