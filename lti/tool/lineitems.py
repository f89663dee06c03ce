"""The column of a module in an LMS's gradebook, where the launch doesn't name one (AGS 2.0 §3.2).

One a module in a course: a link without a column gets the one that is there, or has one made. We change and remove
none, ours or not: Moodle removes an activity's own column with all its grades when it is told to delete it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from jobs.registry import GiveUp, TryLater
from jobs.services import record
from learning.tracks import queries as tracks
from lti import claims as words
from lti import outbound
from lti.tool import calls, paging, scores
from lti.tool.messages import case_of
from lti.tool.models import Context, LineItem, Participation, Platform, ResourceLink, Seat
from lti.tool.retry import receiver
from lti.tool.roles import LEARNER

KIND = "lti.line_item"
TAG = "voortgang"
LARGEST = 1024 * 1024
SECONDS = 80.0
PAGE = 100


def seek(link_id: int, context_id: int) -> None:
    """Record that this link must get its column. Inside the transaction of the launch. One at a time in a course: two
    links of one module share it."""
    record(KIND, f"{KIND}:{link_id}", {"link": link_id}, serial=f"{KIND}:{context_id}")


def connect(link_id: int) -> None:
    """Find or make the column of a link, and report to it whoever learns there. May run twice. Raises TryLater or
    GiveUp."""
    link = ResourceLink.objects.select_related("context", "deployment__platform").filter(pk=link_id).first()
    if link is None or not link.module or not link.line_item_sought_at:
        # Gone, or a later launch named the column itself.
        return
    context, platform = link.context, link.deployment.platform
    scopes = context.line_item_scopes.split()
    if not context.line_items_url or words.AGS_SCORE_SCOPE not in scopes:
        return
    if not platform.active:
        raise GiveUp("the platform is switched off")
    found, made = _find(link, context, platform), False
    if found is None and words.AGS_LINE_ITEM_SCOPE in scopes:
        found, made = _make(link, context, platform), True
    if found is not None:
        _connect(link, platform, found, made_here=made, scopes=context.line_item_scopes)


def _find(link: ResourceLink, context: Context, platform: Platform) -> str | None:
    """The address of the column of this link; else of the one of ours for its module in this course."""
    if not _read_scope(context):
        return None
    url = context.line_items_url
    patience = calls.Patience.of(SECONDS)
    of_link = [
        item
        for item in _listed(url, context, platform, patience, resource_link_id=link.resource_link_id)
        if item.get("resourceLinkId") == link.resource_link_id
    ]
    ours = [item for item in of_link if _is_ours(item, link)]
    if ours or len(of_link) == 1:
        return _address(ours[0] if ours else of_link[0], url)
    of_module = _listed(url, context, platform, patience, resource_id=_resource(link), tag=TAG)
    return next((_address(item, url) for item in of_module if _is_ours(item, link)), None)


def _read_scope(context: Context) -> str:
    """The least that lets us read the list; "" where nothing does."""
    scopes = context.line_item_scopes.split()
    wanted = (words.AGS_LINE_ITEM_READ_SCOPE, words.AGS_LINE_ITEM_SCOPE)
    return next((scope for scope in wanted if scope in scopes), "")


def _resource(link: ResourceLink) -> str:
    """What the column is of: a module, or the practice case that a link gives out."""
    return f"{link.module}/{link.activity}" if case_of(link.activity) else link.module


def _is_ours(item: Mapping[str, Any], link: ResourceLink) -> bool:
    return item.get("resourceId") == _resource(link) and item.get("tag") == TAG


def _listed(
    url: str, context: Context, platform: Platform, patience: calls.Patience, **wanted: str
) -> Iterator[Mapping[str, Any]]:
    """The columns an LMS shows for this question; it may pass over the question, so who asks looks for themselves."""
    call = calls.Call(
        "GET", paging.with_query(url, **wanted, limit=PAGE), _read_scope(context), LARGEST, words.AGS_LINE_ITEMS_TYPE
    )
    for answer, _ in paging.pages(call, platform, patience=patience):
        listed = calls.read_json(answer)
        if not isinstance(listed, list):
            raise TryLater("the LMS's answer isn't a list of line items", receiver=receiver(platform.pk, url))
        yield from map(calls.members_of, listed)


def _make(link: ResourceLink, context: Context, platform: Platform) -> str:
    """§3.2.4. When the answer gets lost, the next try finds what was made."""
    module = tracks.module(link.module)
    if module is None:
        raise GiveUp("the module isn't there")
    item = {
        "label": (link.title if case_of(link.activity) else "") or module.title,
        "scoreMaximum": 1, "resourceId": _resource(link), "tag": TAG,
        "resourceLinkId": link.resource_link_id,
    }  # fmt: skip
    call = calls.Call(
        "POST", context.line_items_url, words.AGS_LINE_ITEM_SCOPE, LARGEST, words.AGS_LINE_ITEM_TYPE,
        content=json.dumps(item).encode(), content_type=words.AGS_LINE_ITEM_TYPE,
    )  # fmt: skip
    answer = calls.answer_to(call, platform)
    if answer.status == calls.CONFLICT:
        raise TryLater("the LMS answered 409", receiver=receiver(platform.pk, call.url))
    return _address(calls.members_of(calls.read_json(answer)), context.line_items_url)


def _address(item: Mapping[str, Any], url: str) -> str:
    """A column's own address (its id, §3.2.3). Raises GiveUp for one that isn't beside the list: scores, and the token
    that goes with them, are for this LMS only."""
    address = item.get("id")
    if not isinstance(address, str):
        raise GiveUp("the line item has no address")
    try:
        outbound.check_address(address)
    except outbound.NotAllowed as error:
        raise GiveUp(f"the line item's address {error.reason}") from error
    if outbound.site(address) != outbound.site(url):
        raise GiveUp("the line item is at another site")
    return address


@transaction.atomic
def _connect(link: ResourceLink, platform: Platform, address: str, *, made_here: bool, scopes: str) -> None:
    item, _ = LineItem.objects.get_or_create(
        platform=platform, url=address, defaults={"scopes": scopes, "made_here": made_here}
    )
    still = ResourceLink.objects.filter(pk=link.pk, module=link.module, line_item_sought_at__gt=0)
    if not still.update(line_item=item):
        # While we asked, a launch named a column or another module.
        return
    if not platform.reports_progress:
        return
    learners = [
        account
        for account, roles in Participation.objects.filter(context=link.context_id).values_list("account", "roles")
        if LEARNER in roles.split()
    ]
    seats = Seat.objects.filter(resource_link=link.pk).exclude(line_item=item)
    for seat in seats.filter(account__in=learners):
        Seat.objects.filter(pk=seat.pk).update(line_item=item, last_sent_at=0, last_given=None, final=False)
        scores.report(seat.enrolment_id)
