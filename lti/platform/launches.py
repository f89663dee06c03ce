"""Launching a tool: the initiation we send, and the authorization request it must come back with.

OpenID Connect third-party-initiated login as LTI Security 1.0, 5.1.1 has it. Between the two, everything we must
remember travels in `lti_message_hint`: signed, for one person and one place (or one course to choose content for),
for five minutes, and good for one id_token. Nothing is stored for a launch that never comes back.

Somebody begins in the demo LMS or at a page of Tussenruimte itself; where these have different host names, a session
of one isn't seen at the other. The hint says where it was, so that the request is answered there.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.tracks import services as tracks
from lti.claims import AGS
from lti.keys import signing_key
from lti.platform import adapter, custom, membership, queries, services
from lti.platform.addresses import with_parameters
from lti.platform.endpoints import endpoint, has_lms, issuer, lms_page
from lti.platform.models import Course, CourseRole, Placement, Tool

if TYPE_CHECKING:
    from learning.people.models import Person

HINT_LIFE = 300  # seconds: a tool's login page may first have to find out about cookies
ID_TOKEN_LIFE = 60  # seconds
CHOOSING_LIFE = 4 * 60 * 60  # seconds: who chooses content may take their time
LONGEST_TEXT = 2000  # characters of state and nonce; what we echo is bounded
_SALT = "lti.platform.hint"
_DATA_SALT = "lti.platform.choosing"

type Face = Literal["lms", "house"]
"""Where somebody is signed in: the demo LMS, or Tussenruimte itself."""


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


@dataclass(frozen=True)
class _Hint:
    """`key` is that of a placement, or with `choosing` that of the course to choose for."""

    subject: str
    choosing: bool
    key: str
    target: str
    face: Face
    word: str


@dataclass(frozen=True)
class Choosing:
    """For whom, in which course and where somebody chooses content; travels in `data`, signed. `word` is used once."""

    subject: str
    client_id: str
    course: str
    face: Face
    word: str


def begin(person: Person, placement: Placement, *, target: str, face: Face) -> str:
    """The address at the tool where this person's launch starts. `target`: "iframe" or "window". Raises Refused."""
    tool = placement.tool
    if tool is None or not tool.active:
        raise Refused("nothing_to_launch")
    _check_open(placement, membership.role_in(placement.course, person))
    return _start(person, tool, placement.target_link_uri, _hint(person, False, str(placement.key), target, face))


def begin_choosing(person: Person, tool: Tool, course: Course, *, target: str, face: Face) -> str:
    """The address at the tool where choosing content for a course starts. Raises Refused."""
    if not tool.active or not tool.choosing_url or tool.organisation_id != course.organisation_id:
        raise Refused("nothing_to_launch")
    if not membership.may_choose(course, membership.role_in(course, person)):
        raise Refused("not_a_member")
    return _start(person, tool, tool.choosing_url, _hint(person, True, str(course.key), target, face))


def _start(person: Person, tool: Tool, target_link_uri: str, hint: _Hint) -> str:
    # The page around the frame keeps things for a tool whose browser won't (LTI postMessage Storage).
    storage = {"lti_storage_target": "_parent"} if hint.target == "iframe" else {}
    return with_parameters(
        tool.login_url,
        {
            **storage,
            "iss": issuer(),
            "login_hint": str(person.pseudonym),
            "target_link_uri": target_link_uri,
            "lti_message_hint": signing.dumps(list(vars(hint).values()), salt=_SALT, compress=False),
            "client_id": tool.client_id,
            "lti_deployment_id": tool.deployment_id,
        },
    )


def _hint(person: Person, choosing: bool, key: str, target: str, face: Face) -> _Hint:
    return _Hint(str(person.pseudonym), choosing, key, target, face, secrets.token_urlsafe(16))


def _check_open(placement: Placement, role: CourseRole | None) -> None:
    """Raises Refused. Who makes the course may look before it opens and after it closes."""
    if role is None:
        raise Refused("not_a_member")
    now = timezone.now()
    if role is CourseRole.LEARNER and placement.opens_at and now < placement.opens_at:
        raise Refused("not_open_yet")
    if role is CourseRole.LEARNER and placement.closes_at and now > placement.closes_at:
        raise Refused("closed")


def began_in(parameters: Mapping[str, str]) -> Face | None:
    """Where the launch began that this request belongs to; None when it isn't one of ours, or is too old."""
    try:
        return _read_hint(parameters).face
    except Refused:
        return None


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
    hint = _read_hint(parameters)
    if not hint.subject == parameters["login_hint"] == str(person.pseudonym):
        raise Refused("another_person")
    nonce = parameters["nonce"]
    placement = None if hint.choosing else _placement(tool, hint)
    message = (
        _link_message(person, placement, hint, nonce) if placement else _choosing_message(person, tool, hint, nonce)
    )
    try:
        services.spend(hint.word, until=datetime.fromtimestamp(time.time() + HINT_LIFE, UTC))
    except services.AlreadySpent:
        raise Refused("hint_used") from None
    if placement and placement.link_id is not None:
        tracks.open_link(placement.link_id, person_id=person.pk)
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


def _read_hint(parameters: Mapping[str, str]) -> _Hint:
    """Raises Refused."""
    try:
        return _Hint(*signing.loads(parameters.get("lti_message_hint", ""), salt=_SALT, max_age=HINT_LIFE))
    except signing.SignatureExpired:
        raise Refused("hint_expired") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("wrong_hint") from None


def _placement(tool: Tool, hint: _Hint) -> Placement:
    """The hint's place, if it is this tool's and stands. Raises Refused."""
    placement = queries.standing().select_related("course", "tool").filter(key=hint.key, tool=tool).first()
    if placement is None:
        raise Refused("wrong_hint")
    return placement


def _link_message(person: Person, placement: Placement, hint: _Hint, nonce: str) -> adapter.Message:
    """Raises Refused unless this person may go there."""
    tool, course = placement.tool, placement.course
    assert tool is not None
    role = membership.role_in(course, person)
    _check_open(placement, role)
    return replace(
        _message(person, tool, course, str(role), hint, nonce),
        target_link_uri=placement.target_link_uri,
        link_id=str(placement.key),
        link_title=placement.title,
        link_description=placement.summary,
        custom=custom.filled_in(placement.custom, placement, tool, person),
        grades=_grades(tool, placement),
    )


def _choosing_message(person: Person, tool: Tool, hint: _Hint, nonce: str) -> adapter.Message:
    """Raises Refused unless this person may choose this tool's content for the hint's course."""
    course = Course.objects.filter(key=hint.key, organisation=tool.organisation_id).first()
    if course is None or not tool.choosing_url:
        raise Refused("wrong_hint")
    role = membership.role_in(course, person)
    if not membership.may_choose(course, role):
        raise Refused("not_a_member")
    chosen = Choosing(hint.subject, tool.client_id, hint.key, hint.face, secrets.token_urlsafe(16))
    return replace(
        _message(person, tool, course, str(role), hint, nonce),
        target_link_uri=tool.choosing_url,
        custom=custom.filled_in(tool.custom, None, tool, person),
        choosing=adapter.Choosing(
            endpoint("deep-links"), signing.dumps(list(vars(chosen).values()), salt=_DATA_SALT), course.title
        ),
    )


def read_data(data: str) -> Choosing:
    """What came back in `data`. Raises Refused when it isn't ours or too old."""
    try:
        return Choosing(*signing.loads(data, salt=_DATA_SALT, max_age=CHOOSING_LIFE))
    except signing.SignatureExpired:
        raise Refused("choice_expired") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("wrong_choice") from None


def _message(person: Person, tool: Tool, course: Course, role: str, hint: _Hint, nonce: str) -> adapter.Message:
    """What every launch says."""
    members = services.MEMBERS_READ in tool.scopes
    return adapter.Message(
        issuer=issuer(),
        client_id=tool.client_id,
        deployment_id=tool.deployment_id,
        target_link_uri="",
        nonce=nonce,
        subject=str(person.pseudonym),
        role=role,
        name=person.name if tool.shares_name else "",
        email=person.email if tool.shares_email else "",
        locale=person.language,
        link_id="",
        link_title="",
        link_description="",
        context_id=str(course.key),
        context_label=course.slug,
        context_title=course.title,
        custom={},
        target=hint.target,
        return_url=_return_address(course, hint.face),
        platform_guid=issuer(),
        platform_name=_("Leeromgeving") if hint.face == "lms" else "Tussenruimte",
        grades=None,
        members=endpoint("members", course.key) if members else "",
    )


def _return_address(course: Course, face: Face) -> str:
    if face == "lms":
        return lms_page("course", course.slug) if has_lms() else ""
    return f"{settings.BASE_URL}{reverse('tracks:home', urlconf='config.urls')}"


def _grades(tool: Tool, placement: Placement) -> adapter.GradeService | None:
    scopes = [scope for scope in tool.scopes if scope.startswith(AGS)]
    if not scopes:
        return None
    own = list(placement.line_items.filter(tool=tool).values_list("key", flat=True)[:2])
    return adapter.GradeService(
        scopes,
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
