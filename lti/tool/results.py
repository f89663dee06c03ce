"""What an LMS made of our scores: its results read back and laid beside what we sent (AGS 2.0 §3.3), on request.

Counted in people, and kept with the line item: "same", "other" (a teacher changed it, or a score got lost on its way),
"missing". A score that isn't final may be passed over by an LMS (Moodle shows nothing for it), so it is never missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobs.registry import GiveUp, TryLater
from jobs.services import record
from lti import claims as words
from lti.tool import calls, paging, scores
from lti.tool.models import LineItem, Platform, Seat
from lti.tool.retry import receiver

KIND = "lti.compare"
LARGEST = 4 * 1024 * 1024
SECONDS = 80.0
PAGE = 500
CLOSE = 0.005
"""Of 1. An LMS rescales to its own maximum and rounds; half a hundredth is no other score."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Over all line items of a platform: `line_items` can be read back, `compared` of them have been, the first of them
    at `since` (None: none yet). `same`, `other` and `missing` are numbers of people a line item, added up."""

    line_items: int
    compared: int
    since: dt.datetime | None
    same: int
    other: int
    missing: int


def compare(platform: Platform) -> int:
    """Record that every line item of this platform is to be compared. Returns how many can be."""
    return _record(platform, again=False)


def send_again(platform: Platform) -> int:
    """Record that every line item is compared once more, and that what is other or missing is sent again. Returns how
    many line items can be."""
    return _record(platform, again=True)


def summary(platform: Platform) -> Comparison:
    """What the last comparisons found. One query."""
    rows = [item for item in LineItem.objects.filter(platform=platform) if _is_readable(item)]
    done = [item for item in rows if item.compared_at]
    counts = {word: sum(item.compared.get(word, 0) for item in done) for word in ("same", "other", "missing")}
    since = min((item.compared_at for item in done if item.compared_at), default=None)
    return Comparison(len(rows), len(done), since, **counts)


@transaction.atomic
def _record(platform: Platform, *, again: bool) -> int:
    items = [item for item in LineItem.objects.filter(platform=platform) if _is_readable(item)]
    for item in items:
        record(KIND, f"{KIND}:{item.pk}", {"line_item": item.pk, "again": again})
    return len(items)


def _is_readable(item: LineItem) -> bool:
    return words.AGS_RESULT_SCOPE in item.scopes.split()


@dataclass(frozen=True, slots=True)
class _Sent:
    """The last score of somebody that the LMS took at a line item."""

    seat: int
    given: float
    final: bool


def read_back(line_item_id: int, *, again: bool) -> None:
    """Read the results of a line item and keep what differs, or send that again too. May run twice. Raises TryLater or
    GiveUp."""
    item = LineItem.objects.select_related("platform").filter(pk=line_item_id).first()
    if item is None:
        return
    if not item.platform.active:
        raise GiveUp("the platform is switched off")
    if not _is_readable(item):
        raise GiveUp("the LMS doesn't let us read results")
    sent, shown = _sent(item), dict(_results(item))
    words_of = {subject: _verdict(each, shown.get(subject)) for subject, each in sent.items()}
    counts = {word: list(words_of.values()).count(word) for word in ("same", "other", "missing")}
    LineItem.objects.filter(pk=item.pk).update(compared_at=timezone.now(), compared=counts)
    if again:
        _send([sent[subject] for subject, word in words_of.items() if word != "same"])


def _sent(item: LineItem) -> dict[str, _Sent]:
    """By the person's id in the LMS. Links may share a line item: the last score counts, as it does there."""
    seats = Seat.objects.filter(line_item=item, last_given__isnull=False).order_by("last_sent_at", "pk")
    rows = seats.values_list("account__subject", "pk", "last_given", "final")
    return {subject: _Sent(pk, given or 0.0, final) for subject, pk, given, final in rows}


def _results(item: LineItem) -> Iterator[tuple[str, float]]:
    """(id of a person, result from 0 to 1) for whoever has one."""
    call = calls.Call(
        "GET", paging.with_query(_results_address(item.url), limit=PAGE), words.AGS_RESULT_SCOPE, LARGEST,
        words.AGS_RESULTS_TYPE,
    )  # fmt: skip
    for answer, _ in paging.pages(call, item.platform, patience=calls.Patience.of(SECONDS)):
        listed = calls.read_json(answer)
        if not isinstance(listed, list):
            raise TryLater("the LMS's answer isn't a list of results", receiver=receiver(item.platform_id, item.url))
        for each in map(calls.members_of, listed):
            subject, share = each.get("userId"), _share(each.get("resultScore"), each.get("resultMaximum", 1))
            if isinstance(subject, str) and share is not None:
                yield subject, share


def _results_address(line_item: str) -> str:
    return scores.beside(line_item, "results")


def _share(score: Any, maximum: Any) -> float | None:
    numbers = [each for each in (score, maximum) if isinstance(each, int | float) and not isinstance(each, bool)]
    try:
        score, maximum = map(float, numbers)
    except (ValueError, OverflowError):
        return None
    return score / maximum if isfinite(score) and 0 < maximum < float("inf") else None


def _verdict(sent: _Sent, shown: float | None) -> str:
    if shown is None:
        return "missing" if sent.final else "same"
    return "same" if abs(shown - sent.given) <= CLOSE else "other"


def _send(wanted: list[_Sent]) -> None:
    for start in range(0, len(wanted), scores.BATCH):
        with transaction.atomic():
            for each in wanted[start : start + scores.BATCH]:
                scores.send_again(each.seat)
