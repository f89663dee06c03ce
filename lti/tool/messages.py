"""What a verified id_token says, as facts we may rely on (LTI Core 1.3 §5.3 and §5.4, AGS 2.0 §3.1).

What must be there is checked and refused by name. What is only nice to have (names, titles, locale, scores) is taken
when it is usable and passed over when it isn't: a course with an odd title must open all the same.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.urls import reverse

from lti import claims as words
from lti import outbound
from lti.tool import texts
from lti.tool.refusals import Refused
from lti.tool.roles import ours
from lti.tool.services import is_id

MAX_HISTORY = 20
MAX_ROLES = 100
_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_TARGET_PARAMETERS = frozenset({"module", "unit", "activity"})
_OUR_SCOPES = frozenset(
    {words.AGS_SCORE_SCOPE, words.AGS_LINE_ITEM_SCOPE, words.AGS_LINE_ITEM_READ_SCOPE, words.AGS_RESULT_SCOPE}
)


CASE = "case."
"""Begins what stands for an activity where a link gives a practice case out: "case.12". No activity is called so."""


class Opens(NamedTuple):
    """What a link opens: a module, or a unit or an activity of it, or a practice case that counts for it. "" for what
    isn't named."""

    module: str
    unit: str
    activity: str

    @property
    def case(self) -> int | None:
        """The number of the case it gives out."""
        return case_of(self.activity)


def case_of(activity: str) -> int | None:
    number = activity.removeprefix(CASE)
    return int(number) if number != activity and number.isascii() and number.isdigit() and len(number) < 12 else None


NOTHING = Opens("", "", "")


@dataclass(frozen=True, slots=True)
class Launch:
    """`opens` is what the link itself names; `roles` are ours. `resource_link_id` is "" where there is no link yet.

    `line_item` is the column of this link, `line_items` where columns are looked for and made, `scopes` what we may do
    there; `memberships` is where the class list is. "" and ∅ where the LMS offers none we can use.
    """

    subject: str
    deployment: int
    resource_link_id: str
    resource_link_title: str
    resource_link_history: tuple[str, ...]
    context_id: str
    context_title: str
    context_history: tuple[str, ...]
    opens: Opens
    roles: frozenset[str]
    name: str
    email: str
    language: str
    line_item: str
    line_items: str
    scopes: frozenset[str]
    memberships: str


def launch_address() -> str:
    """Where launches come in: our one redirect_uri, and the target_link_uri of every link."""
    return str(settings.BASE_URL) + _launch_path()


@functools.cache
def _launch_path() -> str:
    return reverse("lti:launch")


def is_target(address: str) -> bool:
    """Whether an address may be a target_link_uri: ours, to the letter, with at most what it opens."""
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
    if claims.get(words.MESSAGE_TYPE) != words.RESOURCE_LINK_REQUEST:
        raise Refused("claim-message-type")
    _check_message(claims, target)
    link = _object(claims, words.RESOURCE_LINK)
    if not is_id(link.get("id")):
        raise Refused("claim-resource-link")
    return _read(claims, link, _opens(_object(claims, words.CUSTOM), target), deployments)


def read_visit(claims: Mapping[str, Any], *, target: str, deployments: Mapping[str, int]) -> Launch:
    """Who comes to choose for which course (Deep Linking 2.0 §4.4: all that a launch has, but no link; roles may be
    left out, and the examples have no target_link_uri). Raises Refused."""
    optional = {words.TARGET_LINK_URI: target, words.ROLES: []}
    given = {name: value for name, value in claims.items() if value is not None}
    claims = {**optional, **given}
    _check_message(claims, target)
    return _read(claims, {"id": ""}, NOTHING, deployments)


def _read(claims: Mapping[str, Any], link: Mapping[str, Any], opens: Opens, deployments: Mapping[str, int]) -> Launch:
    context, custom = _object(claims, words.CONTEXT), _object(claims, words.CUSTOM)
    if not is_id(context.get("id", "-")):
        raise Refused("claim-form")
    if not is_id(claims.get("sub")):
        raise Refused("claim-sub")
    line_item, line_items, scopes = _grades(claims)
    return Launch(
        subject=claims["sub"], deployment=_deployment(claims, deployments), resource_link_id=link["id"],
        resource_link_title=texts.words(link.get("title")),
        resource_link_history=_history(custom, "resourcelinkhistory", "linkhistory"),
        context_id=context.get("id", ""), context_title=texts.words(context.get("title") or context.get("label")),
        context_history=_history(custom, "contexthistory"), opens=opens, roles=_roles(claims),
        name=texts.name(claims), email=texts.email(claims), language=_language(claims), line_item=line_item,
        line_items=line_items, scopes=scopes, memberships=_memberships(claims),
    )  # fmt: skip


def _check_message(claims: Mapping[str, Any], target: str) -> None:
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


def _opens(custom: Mapping[str, Any], target: str) -> Opens:
    """From `custom`, where a deep link puts it, else from the target_link_uri."""
    query = dict(parse_qsl(urlsplit(target).query))
    named = Opens(*(_custom(custom, part) for part in Opens._fields))
    if named.module:
        return named
    return Opens(
        query.get("module", ""), named.unit or query.get("unit", ""), named.activity or query.get("activity", "")
    )


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


def _grades(claims: Mapping[str, Any]) -> tuple[str, str, frozenset[str]]:
    """The column of this link, the place of all columns, and what we may do there (AGS 2.0 §3.1); nothing at all when
    we may not send scores."""
    endpoint = claims.get(words.AGS_ENDPOINT)
    if not isinstance(endpoint, dict) or not isinstance(endpoint.get("scope"), list):
        return "", "", frozenset()
    scopes = _OUR_SCOPES.intersection(each for each in endpoint["scope"] if isinstance(each, str))
    line_item, line_items = _address(endpoint.get("lineitem")), _address(endpoint.get("lineitems"))
    if words.AGS_SCORE_SCOPE not in scopes or not (line_item or line_items):
        return "", "", frozenset()
    return line_item, line_items, scopes


def _memberships(claims: Mapping[str, Any]) -> str:
    """Where the class list of the course is (NRPS 2.0 §3.6.1.1)."""
    service = claims.get(words.NRPS_SERVICE)
    if not isinstance(service, dict):
        return ""
    versions = service.get("service_versions")
    if not isinstance(versions, list) or words.NRPS_VERSION_2 not in versions:
        return ""
    return _address(service.get("context_memberships_url"))


def _address(value: Any) -> str:
    """An address that we would send to, else ""."""
    if not isinstance(value, str):
        return ""
    try:
        outbound.check_address(value)
    except outbound.NotAllowed:
        return ""
    return value


def _language(claims: Mapping[str, Any]) -> str:
    """A language of ours, or ""."""
    presentation = claims.get(words.LAUNCH_PRESENTATION)
    locale = presentation.get("locale") if isinstance(presentation, dict) else None
    short = re.split(r"[-_]", locale[:20].lower())[0] if isinstance(locale, str) else ""
    return short if short in dict(settings.LANGUAGES) else ""
