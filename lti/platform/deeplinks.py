"""What a tool answers when somebody chose content there (LTI Deep Linking 2.0, 4.5).

The answer comes through the chooser's browser, so nothing in it is taken on trust: the signature is the tool's, the
`data` is ours, made for this person, tool and course and used once, and each item is read by itself. What fits waits
as a Choice until the chooser has looked at it; what doesn't is shown with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.people import queries as people
from lti.claims import (
    CONTENT_ITEMS,
    DEEP_LINKING_DATA,
    DEEP_LINKING_ERROR,
    DEEP_LINKING_MESSAGE,
    DEEP_LINKING_RESPONSE,
    DEPLOYMENT_ID,
    LTI_RESOURCE_LINK,
    MESSAGE_TYPE,
    VERSION,
    VERSION_1_3,
)
from lti.platform import launches, membership, services, signed
from lti.platform.addresses import belongs_to
from lti.platform.endpoints import issuer
from lti.platform.lineitems import WrongField, read_fields
from lti.platform.models import Choice, Course, Placement, Tool
from lti.platform.services import Item
from lti.platform.texts import moment, paragraph, plain

MOST_ITEMS = 50
MOST_PARAMETERS = 50
LONGEST_TITLE = 200
LONGEST_TEXT = 1000
KEPT = timedelta(days=1)
_MOMENTS = ("opens_at", "closes_at", "starts_at", "ends_at")


class Refused(Exception):
    """Nothing was taken. `code` chooses what the person reads; `reason` is for the tool's developer."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.code, self.reason = code, reason


class _WrongItem(Exception):
    """`code` says what is wrong with an item; `lti.platform.words` has it in words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def receive(answer: str) -> tuple[Choice, launches.Face]:
    """What was chosen, checked and kept, and where its chooser is signed in. Raises Refused."""
    try:
        tool, claims = signed.read(answer, tool_in="iss", audiences=(issuer(),))
        _check_message(tool, claims)
    except signed.NotBelieved as no:
        raise Refused("wrong_answer", no.reason) from None
    try:
        chosen = launches.read_data(claims[DEEP_LINKING_DATA])
    except launches.Refused as no:
        raise Refused(no.code) from None
    if chosen.client_id != tool.client_id:
        raise Refused("wrong_choice")
    person = people.person_by_pseudonym(chosen.subject)
    course = Course.objects.filter(key=chosen.course, organisation=tool.organisation_id).first()
    if person is None or course is None or not membership.may_choose(course, membership.role_in(course, person)):
        raise Refused("may_not_choose")
    items, refused = _read_items(tool, claims.get(CONTENT_ITEMS))
    with transaction.atomic():
        try:
            signed.use_once(tool, claims, name="nonce", kind="choice-nonce")
            services.spend(f"choice|{chosen.word}", until=timezone.now() + timedelta(seconds=launches.CHOOSING_LIFE))
        except (signed.NotBelieved, services.AlreadySpent):
            raise Refused("choice_used") from None
        choice = Choice.objects.create(
            person=person,
            course=course,
            tool=tool,
            items=[_kept(item) for item in items],
            refused=refused,
            message=_message(claims),
        )
    return choice, chosen.face


def forget_old() -> None:
    """Choices nobody placed."""
    Choice.objects.filter(made_at__lt=timezone.now() - KEPT).delete()


def items_of(choice: Choice) -> list[Item]:
    return [Item(**kept | {name: moment(kept[name]) for name in _MOMENTS}) for kept in choice.items]


@transaction.atomic
def place(choice: Choice, *, chosen: Mapping[int, str], after: int | None = None) -> list[Placement]:
    """Put the items with these numbers in the course, each with the title given. The choice is used up.

    Raises services.NotAllowed when the tool was switched off meanwhile; nothing is placed twice.
    """
    if not Choice.objects.filter(pk=choice.pk).delete()[0]:
        return []
    items = items_of(choice)
    wanted = [replace(items[number], title=title) for number, title in sorted(chosen.items()) if number < len(items)]
    return services.add_items(choice.course, choice.tool, wanted, after=after)


def throw_away(choice: Choice) -> None:
    Choice.objects.filter(pk=choice.pk).delete()


def choice_of(person_id: int, key: Any) -> Choice | None:
    """Somebody's own, as long as the tool is on and they may still choose. At most three queries."""
    choice = (
        Choice.objects.filter(person=person_id, key=key, tool__active=True)
        .select_related("person", "course__track", "tool")
        .first()
    )
    if choice and membership.may_choose(choice.course, membership.role_in(choice.course, choice.person)):
        return choice
    return None


def _check_message(tool: Tool, claims: Mapping[str, Any]) -> None:
    """Raises signed.NotBelieved."""
    rules = (
        (claims.get("azp", tool.client_id) == tool.client_id, "azp must be the client_id"),
        (claims.get(MESSAGE_TYPE) == DEEP_LINKING_RESPONSE, f"message_type must be {DEEP_LINKING_RESPONSE}"),
        (claims.get(VERSION) == VERSION_1_3, f"version must be {VERSION_1_3}"),
        (claims.get(DEPLOYMENT_ID) == tool.deployment_id, "deployment_id is not this tool's"),
        (isinstance(claims.get(DEEP_LINKING_DATA), str), "data must come back"),
    )
    for holds, reason in rules:
        if not holds:
            raise signed.NotBelieved(reason)


def _message(claims: Mapping[str, Any]) -> str:
    """What the tool wants its user to read: a message, or what went wrong there."""
    for name in (DEEP_LINKING_ERROR, DEEP_LINKING_MESSAGE):
        if text := paragraph(claims.get(name), 500):
            return text
    return ""


def _read_items(tool: Tool, listed: Any) -> tuple[list[Item], list[dict[str, str]]]:
    """What can be placed, and what can't: [{"title", "code"}]. Raises Refused for what isn't a list of items."""
    if listed is None:
        return [], []
    if not isinstance(listed, list):
        raise Refused("wrong_answer", "content_items must be a list")
    if len(listed) > MOST_ITEMS:
        raise Refused("too_many_items", f"at most {MOST_ITEMS} items")
    items, refused = [], []
    for sent in listed:
        given = sent if isinstance(sent, dict) else {}
        try:
            items.append(_read_item(tool, given))
        except _WrongItem as wrong:
            refused.append({"title": paragraph(given.get("title"), LONGEST_TITLE) or "", "code": wrong.code})
    return items, refused


def _read_item(tool: Tool, sent: Mapping[str, Any]) -> Item:
    """Raises _WrongItem. LTI Deep Linking 2.0, 3.2."""
    if sent.get("type") != LTI_RESOURCE_LINK:
        raise _WrongItem("kind")
    address = sent.get("url") or tool.target_link_uris[0]
    if not isinstance(address, str) or not belongs_to(tool, address):
        raise _WrongItem("address")
    title = _text(sent, "title", LONGEST_TITLE) or tool.name
    opens_at, closes_at = _span(sent, "available")
    starts_at, ends_at = _span(sent, "submission")
    item = Item(
        title,
        address,
        summary=_text(sent, "text", LONGEST_TEXT),
        custom=_custom(sent.get("custom")),
        window=isinstance(sent.get("window"), dict) and "iframe" not in sent,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    if sent.get("lineItem") is None:
        return item
    try:
        column = read_fields(sent["lineItem"], label=title)
    except WrongField:
        raise _WrongItem("score") from None
    return replace(
        item,
        maximum=column.maximum,
        label=column.label,
        resource_id=column.resource_id,
        tag=column.tag,
        starts_at=column.starts_at or starts_at,
        ends_at=column.ends_at or ends_at,
    )


def _text(sent: Mapping[str, Any], field: str, longest: int) -> str:
    value = sent.get(field)
    text = "" if value is None else paragraph(value, longest)
    if text is None:
        raise _WrongItem("text")
    return text


def _custom(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MOST_PARAMETERS:
        raise _WrongItem("parameters")
    read: dict[str, str] = {}
    for name, text in value.items():
        key, held = plain(name, LONGEST_TITLE), plain(text, LONGEST_TEXT)
        if not key or held is None:
            raise _WrongItem("parameters")
        read[key] = held
    return read


def _span(sent: Mapping[str, Any], field: str) -> tuple[datetime | None, datetime | None]:
    given = sent.get(field)
    if given is None:
        return None, None
    if not isinstance(given, dict):
        raise _WrongItem("dates")
    start, end = (_moment(given.get(name)) for name in ("startDateTime", "endDateTime"))
    if start and end and end < start:
        raise _WrongItem("dates")
    return start, end


def _moment(value: Any) -> datetime | None:
    read = moment(value) if value not in (None, "") else None
    if read is None and value not in (None, ""):
        raise _WrongItem("dates")
    return read


def _kept(item: Item) -> dict[str, Any]:
    kept = asdict(item)
    return kept | {name: kept[name].isoformat() if kept[name] else None for name in _MOMENTS}
