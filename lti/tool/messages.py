"""What a verified id_token says, as facts we may rely on (LTI Core 1.3 §5.3 and §5.4, AGS 2.0 §3.1).

What must be there is checked and refused by name. What is only nice to have (names, titles, locale, scores) is taken
when it is usable and passed over when it isn't: a course with an odd title must open all the same.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.urls import reverse

from lti import claims as words
from lti import outbound
from lti.tool.refusals import Refused
from lti.tool.roles import ours
from lti.tool.services import is_id

MAX_TEXT = 200
MAX_HISTORY = 20
MAX_ROLES = 100
_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[^\s@<>\"',;:]+")
_TARGET_PARAMETERS = frozenset({"module", "unit"})


@dataclass(frozen=True, slots=True)
class Launch:
    """`module` and `unit` are what the link itself names ("" when it doesn't); `roles` are ours."""

    subject: str
    deployment: int
    resource_link_id: str
    resource_link_title: str
    resource_link_history: tuple[str, ...]
    context_id: str
    context_title: str
    context_history: tuple[str, ...]
    module: str
    unit: str
    roles: frozenset[str]
    name: str
    email: str
    language: str
    line_item: str
    scopes: frozenset[str]


def launch_address() -> str:
    """Where launches come in: our one redirect_uri, and the target_link_uri of every link."""
    return str(settings.BASE_URL) + _launch_path()


@functools.cache
def _launch_path() -> str:
    return reverse("lti:launch")


def is_target(address: str) -> bool:
    """Whether an address may be a target_link_uri: ours, to the letter, with at most the module and unit it opens."""
    base, mark, query = address.partition("?")
    if base != launch_address() or "#" in address or not address.isprintable():
        return False
    try:
        pairs = parse_qsl(query, strict_parsing=True, keep_blank_values=True) if mark else []
    except ValueError:
        return False
    names = [name for name, _ in pairs]
    fits = _TARGET_PARAMETERS.issuperset(names) and len(set(names)) == len(names)
    return fits and all(_KEY.fullmatch(value) for _, value in pairs)


def read_launch(claims: Mapping[str, Any], *, target: str, deployments: Mapping[str, int]) -> Launch:
    """A resource link launch. `target` is what the login named. Raises Refused."""
    _check_message(claims, target)
    link, context, custom = (_object(claims, name) for name in (words.RESOURCE_LINK, words.CONTEXT, words.CUSTOM))
    if not is_id(link.get("id")):
        raise Refused("claim-resource-link")
    if not is_id(context.get("id", "-")):
        raise Refused("claim-form")
    if not is_id(claims.get("sub")):
        raise Refused("claim-sub")
    module, unit = _opens(custom, target)
    line_item, scopes = _line_item(claims)
    return Launch(
        subject=claims["sub"], deployment=_deployment(claims, deployments), resource_link_id=link["id"],
        resource_link_title=_words(link.get("title")),
        resource_link_history=_history(custom, "resourcelinkhistory", "linkhistory"),
        context_id=context.get("id", ""), context_title=_words(context.get("title") or context.get("label")),
        context_history=_history(custom, "contexthistory"), module=module, unit=unit, roles=_roles(claims),
        name=_name(claims), email=_email(claims), language=_language(claims), line_item=line_item, scopes=scopes,
    )  # fmt: skip


def _check_message(claims: Mapping[str, Any], target: str) -> None:
    if claims.get(words.MESSAGE_TYPE) != words.RESOURCE_LINK_REQUEST:
        raise Refused("claim-message-type")
    if claims.get(words.VERSION) != words.VERSION_1_3:
        raise Refused("claim-version")
    # Core §4.1.1: the same value as in the login. Both were registered: the login checked it.
    if claims.get(words.TARGET_LINK_URI) != target:
        raise Refused("claim-target")


def _object(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A claim that is an object; {} when it isn't there. Null is as absent."""
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused("claim-form")
    return {key: each for key, each in value.items() if each is not None}


def _deployment(claims: Mapping[str, Any], deployments: Mapping[str, int]) -> int:
    named = claims.get(words.DEPLOYMENT_ID)
    if not is_id(named):
        raise Refused("claim-deployment")
    if named not in deployments:
        raise Refused("deployment-unknown")
    return deployments[str(named)]


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    named = claims.get(words.ROLES)
    if not isinstance(named, list) or len(named) > MAX_ROLES or not all(isinstance(role, str) for role in named):
        raise Refused("claim-roles")
    return ours(named)


def _opens(custom: Mapping[str, Any], target: str) -> tuple[str, str]:
    """Module and unit: from `custom`, where a deep link puts them, else from the target_link_uri."""
    query = dict(parse_qsl(urlsplit(target).query))
    module, unit = _custom(custom, "module"), _custom(custom, "unit")
    return (module, unit) if module else (query.get("module", ""), unit or query.get("unit", ""))


def _custom(custom: Mapping[str, Any], name: str) -> str:
    """A custom parameter; "" when it is absent or came back as the variable it should have been replaced for."""
    value = custom.get(name, "")
    if not isinstance(value, str) or not value or value.startswith("$"):
        return ""
    if not _KEY.fullmatch(value):
        raise Refused("module-unknown")
    return value


def _history(custom: Mapping[str, Any], *subjects: str) -> tuple[str, ...]:
    """The ids something was copied from, newest first (Core, appendix C.2: a list with commas). Whatever the LMS's
    administrator called the parameter: `ResourceLink.id.history`, `resource_link_id_history`, `link_history` …"""
    for name, value in custom.items():
        if "history" not in name.lower() or not isinstance(value, str) or value.startswith("$"):
            continue
        if re.sub(r"[^a-z]", "", name.lower()).replace("idhistory", "history") in subjects:
            ids = [each.strip() for each in value.split(",")]
            return tuple(each for each in ids if is_id(each))[:MAX_HISTORY]
    return ()


def _line_item(claims: Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    """Where a score goes; ("", ∅) when the LMS takes none from us, or names an address we wouldn't send to."""
    endpoint = claims.get(words.AGS_ENDPOINT)
    if not isinstance(endpoint, dict):
        return "", frozenset()
    address, scopes = endpoint.get("lineitem"), endpoint.get("scope")
    if not isinstance(address, str) or not isinstance(scopes, list):
        return "", frozenset()
    ours_too = frozenset({words.AGS_SCORE_SCOPE}.intersection(each for each in scopes if isinstance(each, str)))
    try:
        outbound.check_address(address)
    except outbound.NotAllowed:
        return "", frozenset()
    return (address, ours_too) if ours_too else ("", frozenset())


def _words(value: Any, most: int = MAX_TEXT) -> str:
    """Text for people to read, made fit to keep: without control characters and half characters, cut to length."""
    return _UNUSABLE.sub("", value[: 2 * most]).strip()[:most] if isinstance(value, str) else ""


def _name(claims: Mapping[str, Any]) -> str:
    whole = _words(claims.get("name"))
    if whole:
        return whole
    return _words(" ".join(_words(claims.get(part)) for part in ("given_name", "family_name")))


def _email(claims: Mapping[str, Any]) -> str:
    address = _words(claims.get("email"), 254)
    return address if _EMAIL.fullmatch(address) else ""


def _language(claims: Mapping[str, Any]) -> str:
    """A language of ours, or ""."""
    presentation = claims.get(words.LAUNCH_PRESENTATION)
    locale = presentation.get("locale") if isinstance(presentation, dict) else None
    short = re.split(r"[-_]", locale[:20].lower())[0] if isinstance(locale, str) else ""
    return short if short in dict(settings.LANGUAGES) else ""
