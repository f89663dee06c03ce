"""What an LMS asks to choose (Deep Linking 2.0 §4.4.1). What must be there is refused by name; a hint that can't be
used is passed over."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti import claims as words
from lti import outbound
from lti.tool import messages, roles, texts
from lti.tool.refusals import Refused

MAX_RETURN_URL = 4000
"""Characters. Canvas puts a token of its own of about 1 KB in its query."""

MAX_DATA = 128 * 1024
"""Characters of JSON. It is kept for hours and sent back; real ones are below 2 KB."""

MAX_TYPES = 100
MAX_DESCRIPTION = 1000
_QUERY = re.compile(r"[!-\[\]-~]*")  # visible ASCII without a backslash
WINDOWS = ("iframe", "window")
"""Where an LMS can open us, of the ones it names (§3.2). `embed` is for fragments of HTML."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the LMS takes. `line_item` is None where it doesn't say; `auto_create` whether it asks nobody to
    confirm. `title` and `text` are its own proposals."""

    multiple: bool
    line_item: bool | None
    windows: tuple[str, ...]
    auto_create: bool
    title: str
    text: str
    course: str


@dataclass(frozen=True, slots=True)
class Request:
    """`visit` is who comes, `data` the JSON of what goes back to the letter ("" for nothing). `cannot` is the code of a
    refusal that the LMS can be told, for its return address is good; "" when there is something to choose."""

    visit: messages.Launch
    deployment_id: str
    return_url: str
    data: str
    wish: Wish
    cannot: str


def read_request(claims: Mapping[str, Any], *, target: str, deployments: Mapping[str, int]) -> Request:
    """Raises Refused."""
    visit = messages.read_visit(claims, target=target, deployments=deployments)
    settings = claims.get(words.DEEP_LINKING_SETTINGS)
    if not isinstance(settings, dict):
        raise Refused("deep-linking-settings")
    return_url = _return_url(settings.get("deep_link_return_url"))
    types = _texts(settings, "accept_types", "deep-linking-types")
    targets = _texts(settings, "accept_presentation_document_targets", "deep-linking-targets")
    wish = Wish(
        multiple=_flag(settings.get("accept_multiple")) is True,
        line_item=_flag(settings.get("accept_lineitem")),
        windows=tuple(each for each in WINDOWS if each in targets),
        auto_create=_flag(settings.get("auto_create")) is True,
        title=texts.words(settings.get("title")),
        text=texts.words(settings.get("text"), MAX_DESCRIPTION),
        course=visit.context_title,
    )
    cannot = ""
    if not roles.may_choose(claims.get(words.ROLES) or ()):
        cannot = "deep-linking-role"
    elif words.LTI_RESOURCE_LINK not in types:
        cannot = "deep-linking-no-links"
    return Request(visit, claims[words.DEPLOYMENT_ID], return_url, _data(settings.get("data")), wish, cannot)


def _return_url(value: Any) -> str:
    """An address of the same kind as all others of an LMS. Only the person's own browser is ever sent there, by a form
    that our page's policy ties to its origin. It needn't be on the issuer's own site: hosted LMSes have one issuer for
    all their schools."""
    if not isinstance(value, str) or len(value) > MAX_RETURN_URL:
        raise Refused("deep-linking-return")
    address, _, query = value.partition("?")
    try:
        outbound.check_address(address)
    except outbound.NotAllowed:
        raise Refused("deep-linking-return") from None
    if not _QUERY.fullmatch(query) or "#" in query:
        raise Refused("deep-linking-return")
    return value


def _texts(settings: Mapping[str, Any], name: str, code: str) -> list[str]:
    value = settings.get(name)
    if not isinstance(value, list) or len(value) > MAX_TYPES or not all(isinstance(each, str) for each in value):
        raise Refused(code)
    return value


def _flag(value: Any) -> bool | None:
    """The specification's text says Boolean, its schema "true" or "false"; LMSes follow either."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def _data(value: Any) -> str:
    """Any JSON, and null as absent."""
    if value is None:
        return ""
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError:
        raise Refused("deep-linking-data") from None
    if len(text) > MAX_DATA:
        raise Refused("deep-linking-data")
    return text
